import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { groupKey, groupsOf } from '../../../scripts/matching/publish/groups.ts';
import { toEvidence } from '../../../scripts/matching/publish/evidence.ts';
import { matched, recordOfRow } from './matched.ts';

const silent = () => [];
const idsOf = (groups: ReturnType<typeof groupsOf>['groups']) =>
  groups.map(({ members }) => members.map(({ record }) => record.id).join(' '));

describe('groups to publish', () => {
  it('are the review links by default, most probable first, with the strongest link of each member', () => {
    const { groups } = groupsOf(
      {
        result: matched(8, [
          { a: 0, b: 1, probability: 0.7 },
          { a: 2, b: 3, probability: 0.9 },
          { a: 3, b: 4, probability: 0.6 },
          { a: 5, b: 6, probability: 0.9999, zone: 'auto' },
        ]),
        recordOf: recordOfRow,
      },
      (a, b) => [{ comparison: 'email', level: `${a}-${b}`, weight: 3, words: { en: '', fr: '' } }],
    );
    expect(idsOf(groups)).toEqual(['r0 r1', 'r2 r3 r4']);
    expect(groups.map(({ probability }) => probability)).toEqual([0.7, 0.6]);
    expect(groups[1]?.members.map(({ score, linkedTo, evidence }) => [score, linkedTo.id, evidence[0]?.level])).toEqual(
      [
        [0.9, 'r3', '2-3'],
        [0.9, 'r2', '2-3'],
        [0.6, 'r3', '3-4'],
      ],
    );
  });

  it('take a whole automatic cluster along when a review link touches it', () => {
    const result = matched(4, [
      { a: 0, b: 1, probability: 0.9999, zone: 'auto' },
      { a: 1, b: 2, probability: 0.8 },
    ]);
    const { groups } = groupsOf({ result, recordOf: recordOfRow }, silent);
    expect(idsOf(groups)).toEqual(['r0 r1 r2']);
    expect(groups[0]).toMatchObject({ zone: 'review', probability: 0.8 });
  });

  it('hold automatic clusters and households on request only, and never mix links', () => {
    const result = matched(6, [
      { a: 0, b: 1, probability: 0.9999, zone: 'auto' },
      { a: 2, b: 3, probability: 0.8, link: 'household' },
      { a: 3, b: 4, probability: 0.7 },
    ]);
    expect(idsOf(groupsOf({ result, recordOf: recordOfRow }, silent).groups)).toEqual(['r3 r4']);
    const all = groupsOf(
      { result, recordOf: recordOfRow, zones: ['auto', 'review'], links: ['person', 'household'] },
      silent,
    ).groups;
    expect(all.map(({ link, zone }) => `${link} ${zone}`)).toEqual([
      'person auto',
      'household review',
      'person review',
    ]);
  });

  it('stay small enough to be looked at: a link too many makes a group of its own, and is counted', () => {
    const chain = Array.from({ length: 5 }, (_, i) => ({ a: i, b: i + 1, probability: 0.9 - i / 100 }));
    const { groups, tooLarge } = groupsOf({ result: matched(6, chain), recordOf: recordOfRow, largest: 3 }, silent);
    expect(tooLarge).toBeGreaterThan(0);
    expect(Math.max(...groups.map(({ members }) => members.length))).toBe(3);
    const linked = new Set(groups.flatMap(({ members }) => members.map(({ record }) => record.id)));
    expect(linked.size).toBe(6);
  });

  it('are at most as many as asked for, and rows of a file are left out, both counted', () => {
    const pairs = Array.from({ length: 5 }, (_, i) => ({ a: 2 * i, b: 2 * i + 1, probability: 0.5 + i / 100 }));
    const { groups, overLimit, withoutRecord } = groupsOf(
      { result: matched(10, pairs), recordOf: (row) => (row === 9 ? undefined : recordOfRow(row)), limit: 2 },
      silent,
    );
    expect(idsOf(groups)).toEqual(['r6 r7', 'r4 r5']);
    expect({ overLimit, withoutRecord }).toEqual({ overLimit: 2, withoutRecord: 1 });
  });

  it('are the same whatever the order of rows', () => {
    const link = fc.record({ a: fc.nat(9), b: fc.nat(9), step: fc.nat(5) });
    const given = fc.tuple(
      fc.uniqueArray(link, { maxLength: 12, selector: ({ a, b }) => [a, b].sort((x, y) => x - y).join() }),
      fc.shuffledSubarray(
        Array.from({ length: 10 }, (_, i) => i),
        { minLength: 10 },
      ),
    );
    fc.assert(
      fc.property(given, ([links, order]) => {
        const own = links.filter(({ a, b }) => a !== b);
        const place = (row: number): number => order.indexOf(row);
        const straight = matched(
          10,
          own.map(({ a, b, step }) => ({ a, b, probability: 0.5 + step / 20 })),
        );
        const moved = matched(
          10,
          own.map(({ a, b, step }) => ({ a: place(a), b: place(b), probability: 0.5 + step / 20 })),
        );
        const request = { largest: 4 };
        const before = groupsOf({ ...request, result: straight, recordOf: recordOfRow }, silent);
        const after = groupsOf({ ...request, result: moved, recordOf: (row) => recordOfRow(order[row] ?? -1) }, silent);
        expect(after.groups.map(({ key, probability }) => [key, probability])).toEqual(
          before.groups.map(({ key, probability }) => [key, probability]),
        );
      }),
    );
  });
});

describe('the key of a group', () => {
  it('is its members and its link, in whatever order', () => {
    const [a, b] = [recordOfRow(1), recordOfRow(2)];
    expect(groupKey('person', [a, b])).toBe(groupKey('person', [b, a]));
    expect(groupKey('person', [a, b])).not.toBe(groupKey('household', [a, b]));
    expect(groupKey('person', [a, b])).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('evidence for people', () => {
  it('holds words and weights, the heaviest first, and no value', () => {
    const secret = { left: 'Zoé Invented', right: 'Zoe Invented' };
    const evidence = toEvidence(
      {
        ...{ probability: 0.9, link: 'person', zone: 'review', prior: -10 },
        evidence: [
          { comparison: 'given-name', level: 'close', weight: 2.04, frequency: 0.51, ...secret },
          { comparison: 'birth-date', level: 'conflict', weight: -6, frequency: 0, ...secret },
        ],
      },
      (comparison, level) => ({ en: `${comparison} ${level}`, fr: level }),
    );
    expect(evidence).toEqual([
      { comparison: 'birth-date', level: 'conflict', weight: -6, words: { en: 'birth-date conflict', fr: 'conflict' } },
      { comparison: 'given-name', level: 'close', weight: 2.6, words: { en: 'given-name close', fr: 'close' } },
    ]);
    expect(JSON.stringify(evidence)).not.toContain('Invented');
  });
});

import { describe, expect, it } from '@jest/globals';
import { LINKS, ZONES } from '../../../scripts/matching/contract.ts';
import { conclude } from '../../../scripts/matching/model/conclude.ts';
import { GUARDS, type ConcludeInput, type ScoredPairs } from '../../../scripts/matching/model/contract.ts';
import { fitModel } from '../../../scripts/matching/model/fit.ts';
import { people, shown } from './drawn.ts';

const model = fitModel(shown(people()));
type Pair = {
  readonly a: number;
  readonly b: number;
  readonly match: number;
  readonly household?: number;
  readonly guards?: number;
};

const scored = (pairs: readonly Pair[]): ScoredPairs => ({
  count: pairs.length,
  a: Int32Array.from(pairs, ({ a }) => a),
  b: Int32Array.from(pairs, ({ b }) => b),
  match: Float64Array.from(pairs, ({ match }) => match),
  household: Float64Array.from(pairs, ({ household }) => household ?? 0),
  guards: Uint8Array.from(pairs, ({ guards }) => guards ?? 0),
  rule: new Uint8Array(pairs.length),
});

const concluded = (pairs: readonly Pair[], more: Partial<ConcludeInput> = {}) => {
  const judge: ConcludeInput['judge'] = (a, b) => {
    const known = pairs.find((pair) => pair.a === a && pair.b === b);
    return { match: known?.match ?? 0.5, household: known?.household ?? 0, guards: known?.guards ?? 0 };
  };
  const input: ConcludeInput = {
    rows: 8,
    model: { ...model, missed: { value: 0, low: 0, high: 0 } },
    pairs: scored(pairs),
    decisions: [],
    targetError: 0.001,
    entity: new Uint8Array(8),
    judge,
    ...more,
  };
  const found = conclude(input);
  const told = Array.from({ length: found.count }, (_one, at) =>
    [found.a[at], found.b[at], LINKS[found.link[at] ?? 0], ZONES[found.zone[at] ?? 0]].join(' '),
  );
  return { ...found, told };
};

describe('the conclusion of a run', () => {
  it('tells sure pairs as automatic, doubtful ones for review, unlikely ones not at all', () => {
    const { told, clusters } = concluded([
      { a: 0, b: 1, match: 0.99999 },
      { a: 2, b: 3, match: 0.7 },
      { a: 4, b: 5, match: 0.05 },
    ]);
    expect(told).toEqual(['0 1 person auto', '2 3 person review']);
    expect(Array.from(clusters)).toEqual([0, 0, 2, 3, 4, 5, 6, 7]);
  });

  it('never merges a guarded pair, however probable it is', () => {
    for (const guards of [
      GUARDS.birthAndName,
      GUARDS.generation,
      GUARDS.identifier,
      GUARDS.givenName,
      GUARDS.section,
      GUARDS.siblings,
      GUARDS.nothingPersonal,
    ]) {
      const { told, clusters } = concluded([{ a: 0, b: 1, match: 0.999999, guards }]);
      expect(told).toEqual(['0 1 person review']);
      expect(clusters[1]).toBe(1);
    }
  });

  it('merges people of whom name and home alone agree only as far as the expected share of relatives allows', () => {
    const sure = Array.from({ length: 99 }, (_one, at) => ({ a: 2 * at, b: 2 * at + 1, match: 1 }));
    const zone = (household: number) =>
      concluded([...sure, { a: 198, b: 199, match: 1 - household, household }], {
        rows: 200,
        entity: new Uint8Array(200),
      })
        .told.at(-1)
        ?.split(' ')
        .at(-1);
    expect(zone(0.05)).toBe('auto');
    expect(zone(0.2)).toBe('review');
  });

  it('asks about people of one home whose given names are alike and not the same', () => {
    const { told } = concluded([{ a: 0, b: 1, match: 0.999999, guards: GUARDS.nearNames }]);
    expect(told).toEqual(['0 1 person review']);
  });

  it('estimates nothing from nothing: the whole interval, and numbers that JSON can hold', () => {
    const { precision, recall } = concluded([]);
    expect([precision, recall]).toEqual([
      { value: 0.5, low: 0, high: 1 },
      { value: 0.5, low: 0, high: 1 },
    ]);
  });

  it('proposes two people of one household as a household only', () => {
    const { told, clusters, groups, households } = concluded([
      { a: 0, b: 1, match: 0.01, household: 0.98, guards: GUARDS.birthAndName },
    ]);
    expect(told).toEqual(['0 1 household review']);
    expect([clusters[1], groups[1], households[1]]).toEqual([1, 1, 0]);
  });

  it('takes a pair back to review when its group was not joined', () => {
    const { told } = concluded([
      { a: 0, b: 1, match: 0.99999 },
      { a: 0, b: 2, match: 0.001, guards: GUARDS.birthAndName },
      { a: 1, b: 2, match: 0.9999 },
    ]);
    expect(told).toEqual(['0 1 person auto', '1 2 person review']);
  });

  it('calls links between organisations by their name', () => {
    expect(concluded([{ a: 0, b: 1, match: 0.99999 }], { entity: new Uint8Array(8).fill(1) }).told).toEqual([
      '0 1 organisation auto',
    ]);
  });

  it('obeys decisions before evidence', () => {
    const { told, clusters, households } = concluded(
      [
        { a: 0, b: 1, match: 0.99999 },
        { a: 2, b: 3, match: 0.2 },
        { a: 4, b: 5, match: 0.99999 },
      ],
      {
        decisions: [
          { a: 1, b: 0, decision: 'not-duplicate' },
          { a: 2, b: 3, decision: 'duplicate' },
          { a: 4, b: 5, decision: 'related' },
        ],
      },
    );
    expect(told).toEqual(['2 3 person auto', '4 5 household review']);
    expect(Array.from(clusters)).toEqual([0, 1, 2, 2, 4, 5, 6, 7]);
    expect(households[5]).toBe(4);
  });

  it('joins what a decision joined though no rule ever brought the two together', () => {
    const { clusters, groups } = concluded([], { decisions: [{ a: 6, b: 7, decision: 'duplicate' }] });
    expect([clusters[7], groups[7]]).toEqual([6, 6]);
  });

  it('estimates precision of the automatic zone and recall of what is told, with intervals', () => {
    const { precision, recall } = concluded(
      [
        { a: 0, b: 1, match: 0.9999 },
        { a: 2, b: 3, match: 0.9 },
      ],
      { model: { ...model, missed: { value: 0.5, low: 0.2, high: 1 } } },
    );
    expect(precision.value).toBeCloseTo(0.9999, 4);
    expect(precision.low).toBeLessThan(precision.value);
    expect(recall.value).toBeCloseTo(1.8999 / 2.3999, 3);
    expect(recall.low).toBeLessThan(recall.value);
  });
});

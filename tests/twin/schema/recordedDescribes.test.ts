import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { TwinShape } from '../../../scripts/twin/contract.ts';
import { renderDescribe, renderGlobal } from '../../../scripts/twin/schema/describe.ts';
import { allowed, allowedOfNpsp } from './allowedDifferences.ts';
import type { Difference } from './allowedDifferences.ts';
import { freshOrg } from './freshOrg.ts';
import type { FreshOrg } from './freshOrg.ts';
import { packDescribe, unpackField } from './packDescribe.ts';
import type { PackedDescribe } from './packDescribe.ts';

type Recording = PackedDescribe & {
  readonly object: string;
  readonly recording: string;
  readonly apiVersion: number;
  readonly shape: TwinShape;
};

const { recorded, global } = JSON.parse(readFileSync(new URL('recordedDescribes.json', import.meta.url), 'utf8')) as {
  readonly recorded: readonly Recording[];
  readonly global: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

const orgs: Readonly<Record<TwinShape, FreshOrg>> = { bare: freshOrg('bare'), npsp: freshOrg('npsp') };

const unionOf = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): readonly string[] => [
  ...new Set([...Object.keys(a), ...Object.keys(b)]),
];

type Place = Pick<Difference, 'recording' | 'part' | 'name' | 'known'>;

const fieldDifferences = (place: Place, recording: string, ours: string): readonly Difference[] => {
  const [theirs, own] = [unpackField(recording), unpackField(ours)];
  return [...new Set([...theirs.keys(), ...own.keys()])]
    .map((fact) => ({ ...place, fact, recorded: theirs.get(fact) ?? '', ours: own.get(fact) ?? '' }))
    .filter((difference) => difference.recorded !== difference.ours);
};

const differencesOf = (recording: Recording): readonly Difference[] => {
  const org = orgs[recording.shape];
  const ours = packDescribe(renderDescribe(org.registry, org.access('admin'), recording.object, recording.apiVersion));
  return (['facts', 'fields', 'children'] as const).flatMap((part) =>
    unionOf(recording[part], ours[part]).flatMap((name) => {
      const [theirs, own] = [recording[part][name], ours[part][name]];
      const known = org.registry.object(name.split('.')[0] ?? '') !== undefined;
      const place = { recording: recording.recording, part, name, known };
      if (theirs === own) return [];
      if (part === 'fields' && theirs !== undefined && own !== undefined) return fieldDifferences(place, theirs, own);
      return [{ ...place, fact: '', recorded: theirs ?? '', ours: own ?? '' }];
    }),
  );
};

describe('describe compared with real orgs, fact by fact', () => {
  for (const recording of recorded)
    it(`answers ${recording.object} as the recording ${recording.recording} of API ${recording.apiVersion} does`, () => {
      const rules = recording.shape === 'npsp' ? [...allowedOfNpsp, ...allowed] : allowed;
      const open = differencesOf(recording).filter((difference) => !rules.some(({ allows }) => allows(difference)));
      expect(open).toEqual([]);
    });

  it('allows nothing that no longer differs', () => {
    const all = recorded.flatMap(differencesOf);
    for (const { reason, allows } of [...allowed, ...allowedOfNpsp]) {
      expect([reason, all.some(allows)]).toEqual([reason, true]);
    }
  });

  it('answers the rows of the global describe as recorded', () => {
    const { registry, access } = orgs.bare;
    const rows = new Map(renderGlobal(registry, access('admin')).map((row) => [row['name'], row]));
    for (const [name, facts] of Object.entries(global)) expect(rows.get(name)).toMatchObject(facts);
  });

  it('compares enough to be worth it', () => {
    const fields = recorded.reduce((sum, { fields: each }) => sum + Object.keys(each).length, 0);
    expect(fields).toBeGreaterThan(500);
  });
});

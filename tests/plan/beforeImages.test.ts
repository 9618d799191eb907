import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../scripts/kernel/canonicalJson.ts';
import { OPERATIONS, type PlanStep } from '../../scripts/model/plan.ts';
import { OPERATION_DEFINITIONS } from '../../scripts/plan/operations/registry.ts';
import {
  createSealer,
  openBefore,
  openValues,
  withOpenValues,
  type SealedPlace,
} from '../../scripts/plan/undo/beforeImages.ts';
import { examplePerson, ORG, recordId } from './examplePlan.ts';
import { temporaryVault } from './temporaryVault.ts';

const home = temporaryVault('images');
const EXPIRY = '2027-01-01T00:00:00.000Z';
let place: Parameters<typeof createSealer>[0];
beforeAll(() => {
  const { store } = home.vault.createStore('plan-steps', ORG, EXPIRY);
  place = { vault: home.vault, orgId: ORG, store };
});
afterAll(() => {
  place.store.close();
  home.remove();
});

const stepOf = (n: number, over: Partial<PlanStep> = {}): PlanStep => ({
  ...examplePerson(2 * n).steps[0]!,
  ...{ key: `step ${n}`, operation: 'update', inverse: 'restore-values', settle: 'record-values' },
  ...over,
});
const values = fc.dictionary(
  fc.constantFrom('FirstName', 'Phone', 'Count__c'),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
);

describe('before-images', () => {
  it('open as they were sealed, and nothing of them is in the step', () => {
    fc.assert(
      fc.property(values, fc.nat({ max: 50 }), (content, n) => {
        const sealer = createSealer(place);
        const step = sealer.sealBefore(stepOf(n), { values: content });
        const sealed = sealer.sealValues(stepOf(n), content);
        sealer.flush();
        expect(openBefore(place, step)).toEqual({ state: 'open', image: { values: content } });
        expect(openValues(place, sealed)).toEqual({ state: 'open', image: content });
        expect(withOpenValues(place, sealed).payload).toEqual({ values: content });
        const text = canonicalJson(step) + canonicalJson(sealed);
        for (const value of Object.values(content))
          if (typeof value === 'string' && value.length > 3) expect(text).not.toContain(value);
      }),
      { numRuns: 40 },
    );
  });

  it('give the same step for the same content, whatever the sealing drew', () => {
    const [a, b] = [createSealer(place), createSealer(place)];
    const image = { values: { FirstName: 'Ada' } };
    expect(a.sealBefore(stepOf(3), image)).toEqual(b.sealBefore(stepOf(3), image));
    expect(a.sealBefore(stepOf(3), image).before).not.toBe(b.sealBefore(stepOf(4), image).before);
  });

  it('are in no irreversible step, whatever the operation', () => {
    const sealer = createSealer(place);
    fc.assert(
      fc.property(fc.constantFrom(...OPERATIONS), values, (operation, content) => {
        const step = stepOf(1, { operation, inverse: 'none' });
        expect(() => sealer.sealBefore(step, { values: content })).toThrow(RangeError);
        const forged = { ...step, before: 'ab'.repeat(32) };
        const problems = OPERATION_DEFINITIONS[operation].problemsOf(forged);
        expect(problems.map((problem) => problem.subject)).toContain(`${step.key}: before`);
      }),
    );
  });

  it('open no more once their person was forgotten, and those of others do', () => {
    const sealer = createSealer(place);
    const [gone, kept] = [stepOf(11), stepOf(12)].map((step) => sealer.sealBefore(step, { values: { Phone: '1' } }));
    sealer.flush();
    home.vault.forgetSubject(ORG, gone!.subject);
    expect(openBefore(place, gone!)).toEqual({ state: 'forgotten' });
    expect(openBefore(place, kept!)).toMatchObject({ state: 'open' });
    expect(withOpenValues(place, gone!)).toBe(gone);
  });

  it('are refused when somebody moved a box to another step', () => {
    const sealer = createSealer(place);
    const subject = recordId('003', 77);
    const [one, two] = [1, 2].map((n) => sealer.sealBefore(stepOf(20 + n, { subject }), { values: { Count__c: n } }));
    sealer.flush();
    const box = (name: string) => [...place.store.read('SELECT box FROM sealed WHERE name = ?', [name])][0]!['box']!;
    place.store.run('UPDATE sealed SET box = ? WHERE name = ?', [box(one!.before!), two!.before!]);
    expect(() => openBefore(place, two!)).toThrow(expect.objectContaining({ name: 'PlanAltered' }));
  });

  it('of a store without any are gone', () => {
    const { store } = home.vault.createStore('plan-steps', ORG, EXPIRY);
    const empty: SealedPlace = { ...place, store };
    expect(openBefore(empty, stepOf(1))).toEqual({ state: 'none' });
    expect(openBefore(empty, { ...stepOf(1), before: 'ab'.repeat(32) })).toEqual({ state: 'forgotten' });
    store.close();
  });
});

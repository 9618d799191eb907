import { describe, expect, it } from '@jest/globals';
import { nameOf, type PlannedOperation } from '../../scripts/disposal/contract.ts';
import { toSteps, type Bound } from '../../scripts/disposal/steps.ts';
import type { PlanStep } from '../../scripts/model/plan.ts';
import { stepProblems } from '../../scripts/plan/operations/registry.ts';
import { referencesOf, withIds } from '../../scripts/plan/operations/references.ts';
import type { Sealer } from '../../scripts/plan/undo/beforeImages.ts';

const PERSON = '003000000000001AAA';
const GIFT = '006000000000001AAA';
const bound: Bound = {
  ...{ subject: PERSON, rule: 'donors', reason: { code: 'no-contact', facts: {} }, decision: 'a'.repeat(64) },
};
const sealer: Sealer = {
  sealBefore: (step) => ({ ...step, before: 'b'.repeat(64) }),
  sealValues: (step) => ({ ...step, payload: { ...step.payload, sealed: 'c'.repeat(64) } }),
  sealFile: (step) => step,
  flush: () => undefined,
};
const sealing = { sealer, valueSalt: new Uint8Array(32) };
const one = (over: Partial<PlannedOperation> & Pick<PlannedOperation, 'operation'>): PlannedOperation => ({
  ...{ wave: 0, object: 'Contact', id: PERSON, goesWith: [] },
  ...over,
});
const ends = (steps: readonly PlanStep[]) => steps.map(({ settle, inverse }) => [settle, inverse]);

describe('operations as steps', () => {
  it('settle and go back as each operation can, and the executor takes them', () => {
    const steps = toSteps(
      [
        one({ operation: 'delete' }),
        one({ operation: 'purge', wave: 1 }),
        one({ operation: 'update', payload: { values: { HasOptedOutOfEmail: true } } }),
        one({ operation: 'deleteHistory', object: 'ContactHistory', payload: { historyIds: ['017000000000001AAA'] } }),
        one({ operation: 'create', object: 'Note__c', id: 'new:note', payload: { values: { Name: 'x' } } }),
      ],
      bound,
    );
    expect(ends(steps)).toEqual([
      ['record-state', 'undelete'],
      ['record-state', 'none'],
      ['record-values', 'none'],
      ['history-rows', 'none'],
      ['run-mark', 'delete'],
    ]);
    expect(stepProblems(steps)).toEqual([]);
  });

  it('let a purge wait for its own deletion, and whatever names another operation for that', () => {
    const [deletion, purge, history] = toSteps(
      [
        one({ operation: 'delete' }),
        one({ operation: 'purge', wave: 1 }),
        one({ operation: 'deleteHistory', object: 'ContactHistory', part: '2', dependsOn: [`delete/${PERSON}`] }),
      ],
      bound,
    );
    expect(purge?.dependsOn).toEqual([deletion?.key]);
    expect(history?.dependsOn).toEqual([deletion?.key]);
    expect(history?.key).toBe(`${PERSON}/deleteHistory/${PERSON}/2`);
    expect(() => toSteps([one({ operation: 'delete', dependsOn: ['purge/x'] })], bound)).toThrow(RangeError);
    expect(() => toSteps([one({ operation: 'delete' }), one({ operation: 'delete' })], bound)).toThrow(RangeError);
  });

  it('name a record to come by the step that makes it, in values and as the place of a file', () => {
    const archive = one({
      ...{ operation: 'create', object: 'GardeArchive__c', id: 'new:archive' },
      payload: { values: { Key__c: 'k' }, externalId: { field: 'Key__c', value: 'k' } },
    });
    const file = { holding: 'h', title: 't', fileName: 'f', linkTo: 'new:archive' };
    const upload = one({ ...{ operation: 'uploadFile', wave: 1, id: 'new:file' }, payload: { file } });
    const note = one({ operation: 'update', wave: 2, id: 'new:archive', payload: { values: { File__c: 'new:file' } } });
    const steps = toSteps([archive, upload, note], bound);
    const [made, sent, noted] = steps;
    expect(stepProblems(steps)).toEqual([]);
    expect(made).toMatchObject({ recordId: `new:${made!.key}`, settle: 'external-id', inverse: 'delete' });
    expect(sent).toMatchObject({ inverse: 'delete', dependsOn: [made!.key] });
    expect(referencesOf(sent!)).toEqual([made!.key]);
    expect(withIds(sent!, new Map([[made!.key, GIFT]])).step.payload?.file?.linkTo).toBe(GIFT);
    expect(noted?.payload?.values).toEqual({ File__c: `new:${sent!.key}` });
    expect(() => toSteps([note], bound)).toThrow(RangeError);
    expect(nameOf(archive)).toBe('create/new:archive');
  });

  it('seal what only the subject’s key opens, and keep what they replace as digests', () => {
    const update = one({
      ...{ operation: 'update', secret: { LastName: 'X' }, expects: { LastName: 'Martin' } },
      before: { values: { LastName: 'Martin' } },
    });
    const [step] = toSteps([update], { ...bound, sealing });
    expect(step).toMatchObject({
      inverse: 'restore-values',
      before: 'b'.repeat(64),
      payload: { sealed: 'c'.repeat(64) },
    });
    expect(step?.precondition).toMatchObject({ ifUnmodified: true, values: { LastName: expect.any(String) } });
    expect(JSON.stringify(step)).not.toContain('Martin');
    expect(stepProblems([step!])).toEqual([]);
    expect(() => toSteps([update], bound)).toThrow(RangeError);
  });
});

import { PLAN_VERSION } from '../../scripts/model/plan.ts';
import type { PlanFrame } from '../../scripts/plan/file/writePlan.ts';
import type { PlannedPerson } from '../../scripts/plan/file/planStore.ts';
import { idSuffix } from '../../scripts/kernel/recordId.ts';

const DIGEST = 'ab'.repeat(32);
export const ORG = '00D000000000001EAA';
export const USER = '005000000000001AAA';

/** The n-th record id of a key prefix. */
export const recordId = (prefix: string, n: number): string => {
  const id15 = `${prefix}${String(n).padStart(12, '0')}`;
  return id15 + idSuffix(id15);
};

export const exampleFrame = (over: Partial<PlanFrame> = {}): PlanFrame => ({
  planVersion: PLAN_VERSION,
  kind: 'retention',
  orgId: ORG,
  orgName: 'Association',
  userId: USER,
  toolVersion: '0.1.0',
  charterDigest: DIGEST,
  packs: { core: '2026.11.0' },
  ruleSets: { 'fr-cnil': '2026.11.0' },
  asOf: '2026-01-15',
  snapshot: { from: '2026-01-15T08:00:00.000Z', to: '2026-01-15T08:01:00.000Z' },
  completeness: { state: 'complete', hidden: [], absent: [], filesVisible: 'seen' },
  expiresAt: '2026-01-23T00:00:00.000Z',
  rules: [],
  ...over,
});

/** A person who is due (even n) or kept (odd n). */
export const examplePerson = (n: number): PlannedPerson => {
  const subject = recordId('003', n);
  const reason = { code: 'no-contact', facts: { source: 'call', date: '2019-01-01' } };
  const base = { subject, object: 'Contact', rule: 'prospects' };
  if (n % 2 === 1) {
    const kept = { code: 'hold', facts: { by: 'lawsuit', until: null } };
    return { decision: { ...base, verdict: 'kept', reason: kept, until: null, effects: [] }, steps: [] };
  }
  const effects = [{ object: 'Task', effect: 'cascade' as const, count: 2 }];
  return {
    decision: { ...base, verdict: 'due', reason, until: null, effects },
    steps: (['delete', 'purge'] as const).map((operation, i) => ({
      key: `${subject}/${operation}/${subject}`,
      ...{ subject, operation, object: 'Contact', recordId: subject, rule: 'prospects', reason, wave: i + 1 },
      precondition: { decision: DIGEST, goesWith: [] },
      settle: 'record-state',
      inverse: operation === 'delete' ? 'undelete' : 'none',
      dependsOn: [],
    })),
  };
};

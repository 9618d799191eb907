import type { PlanStep } from '../../../scripts/model/plan.ts';
import type { CallPorts } from '../../../scripts/plan/apply/callPorts.ts';
import { createJournal, type Journal } from '../../../scripts/plan/apply/journal.ts';
import { operationPorts } from '../../../scripts/plan/apply/callPorts.ts';
import { definitionOf } from '../../../scripts/plan/operations/registry.ts';
import { valueDigest } from '../../../scripts/plan/operations/values.ts';
import { startDigest } from '../../../scripts/plan/file/planDigest.ts';
import { createPlanTables, writePeople } from '../../../scripts/plan/file/planStore.ts';
import { callSteps } from '../../../scripts/plan/apply/runCalls.ts';
import { settlePending } from '../../../scripts/plan/apply/settleCalls.ts';
import { exampleFrame } from '../examplePlan.ts';
import type { temporaryVault } from '../temporaryVault.ts';
import type { TestOrg } from '../testOrg.ts';

type Home = ReturnType<typeof temporaryVault>;
type Hand = Partial<PlanStep> & Pick<PlanStep, 'key' | 'operation' | 'object' | 'subject'>;

const SETTLE: Readonly<Record<PlanStep['operation'], PlanStep['settle']>> = {
  create: 'run-mark',
  update: 'record-values',
  upsert: 'external-id',
  delete: 'record-state',
  purge: 'record-state',
  undelete: 'record-state',
  merge: 'merge-state',
  deleteHistory: 'history-rows',
  uploadFile: 'file-version',
  sealLocal: 'local-holding',
  send: 'channel-log',
};

/** A step by what a test cares about. */
export const step = (hand: Hand): PlanStep => ({
  ...{ wave: 0, rule: 'by-hand', reason: { code: 'test', facts: {} }, inverse: 'none', dependsOn: [] },
  recordId: hand.operation === 'create' ? `new:${hand.key}` : hand.subject,
  settle: SETTLE[hand.operation],
  precondition: { decision: 'ab'.repeat(32), goesWith: [] },
  ...hand,
});

const FIGURES = { considered: 0, reasons: [], steps: 0, stepCounts: [], effects: [], calls: 0, irreversible: 0 };

export type CallRun = {
  readonly ports: CallPorts;
  readonly journal: Journal;
  /** Milliseconds waited, in order. */
  readonly waits: readonly number[];
  /** Carries out the steps of one operation that have no outcome yet; throws what ends the run. */
  readonly call: (operation: PlanStep['operation']) => Promise<void>;
  readonly settle: () => Promise<void>;
  /** `outcome code` by step key, the code left out where there is none. */
  readonly outcomes: () => Readonly<Record<string, string>>;
  readonly differences: (operation: PlanStep['operation']) => Promise<readonly unknown[]>;
  readonly digest: (object: string, recordId: string, field: string, value: string | null) => string;
  readonly close: () => void;
};

/** A run of hand-made steps, without the engine around the calls. */
export const openCalls = async (
  at: TestOrg,
  home: Home,
  steps: readonly PlanStep[],
  over: Partial<CallPorts> = {},
): Promise<CallRun> => {
  const { orgId } = await at.admin.identity();
  const expiresAt = new Date(Date.parse(at.clock.now()) + 86_400_000).toISOString();
  const { store } = home.vault.createStore('plan-steps', orgId, expiresAt);
  createPlanTables(store);
  const subjects = [...new Set(steps.map((one) => one.subject))];
  const people = subjects.map((subject) => ({
    decision: {
      ...{ subject, object: 'Contact', rule: 'by-hand', verdict: 'due' as const, until: null, effects: [] },
      reason: { code: 'test', facts: {} },
    },
    steps: steps.filter((one) => one.subject === subject),
  }));
  writePeople(store, people, startDigest(home.vault.deriveKey(orgId, 'plan-salt')));
  const journal = createJournal(home.vault, { orgId, expiresAt, meta: {} });
  const waits: number[] = [];
  const ports: CallPorts = {
    ...{ org: at.admin, journal, vault: home.vault, plan: store },
    header: { terms: { ...exampleFrame({ orgId }), ...FIGURES } },
    wait: (milliseconds) => Promise.resolve(waits.push(milliseconds)),
    ...over,
  };
  const keys = steps.map((one) => one.key);
  const of = (operation: PlanStep['operation']): readonly PlanStep[] =>
    steps.filter((one) => one.operation === operation);
  return {
    ...{ ports, journal, waits },
    call: async (operation) => {
      const known = journal.outcomesOf(keys);
      const left = of(operation).filter((one) => !known.has(one.key));
      if (left[0] !== undefined) await callSteps(ports, operation, left[0].object, left);
    },
    settle: () => settlePending(ports),
    outcomes: () => {
      const known = journal.outcomesOf(keys);
      return Object.fromEntries(
        [...keys].sort().flatMap((key) => {
          const found = known.get(key);
          if (found === undefined) return [];
          return [[key, found.code === null ? found.outcome : `${found.outcome} ${found.code}`]];
        }),
      );
    },
    differences: async (operation) => {
      const [first] = of(operation);
      return definitionOf(operation).readBack(operationPorts(ports), {
        object: first?.object ?? '',
        steps: of(operation),
      });
    },
    digest: (object, recordId, field, value) =>
      valueDigest(home.vault.deriveKey(orgId, 'step-values'), { object, recordId, field }, value),
    close: () => {
      journal.close();
      store.close();
    },
  };
};

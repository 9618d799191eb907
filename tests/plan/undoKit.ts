import { canonicalJson } from '../../scripts/kernel/canonicalJson.ts';
import { sha256Hex } from '../../scripts/kernel/hash.ts';
import type { PlanStep } from '../../scripts/model/plan.ts';
import type { OrgRow } from '../../scripts/org/port.ts';
import { applyPlan, type ApplyPorts, type ApplyResult } from '../../scripts/plan/apply/applyPlan.ts';
import type { CreateGuard, PlanGuard, StepsOfPerson, Verdict } from '../../scripts/plan/apply/guard.ts';
import { createSealer, type BeforeImage, type Sealer } from '../../scripts/plan/undo/beforeImages.ts';
import { planUndo, type UndoInput, type UndoResult } from '../../scripts/plan/undo/planUndo.ts';
import { createUndoGuard } from '../../scripts/plan/undo/undoGuard.ts';
import { stepsExpiry, writePlan, type NewPlan } from '../../scripts/plan/file/writePlan.ts';
import { applyInput, applyPorts, approve } from './cycle.ts';
import { exampleFrame } from './examplePlan.ts';
import { temporaryVault } from './temporaryVault.ts';
import type { TestOrg } from './testOrg.ts';

export type Home = ReturnType<typeof temporaryVault>;

/** A step by what the test cares about; the rest is as a planner would set it. */
export type HandStep = Pick<PlanStep, 'operation' | 'object'> &
  Partial<Omit<PlanStep, 'subject'>> & { readonly key: string; readonly image?: BeforeImage };
export type HandPerson = { readonly subject: string; readonly object: string; readonly steps: readonly HandStep[] };

const SETTLE: Readonly<Partial<Record<PlanStep['operation'], PlanStep['settle']>>> = {
  create: 'run-mark',
  update: 'record-values',
  merge: 'merge-state',
  uploadFile: 'file-version',
};
const INVERSE: Readonly<Partial<Record<PlanStep['operation'], PlanStep['inverse']>>> = {
  create: 'delete',
  update: 'restore-values',
  delete: 'recreate',
  merge: 'recreate',
  uploadFile: 'delete',
};

const fullStep = (subject: string, hand: HandStep, sealer: Sealer): PlanStep => {
  const { image, ...given } = hand;
  const key = `${subject}/${hand.key}`;
  const step: PlanStep = {
    ...{ subject, wave: 0, rule: 'by-hand', reason: { code: 'test', facts: {} }, dependsOn: [] },
    precondition: { decision: sha256Hex(canonicalJson(subject)), goesWith: [] },
    recordId: hand.operation === 'create' ? `new:${key}` : subject,
    settle: SETTLE[hand.operation] ?? 'record-state',
    inverse: INVERSE[hand.operation] ?? 'none',
    ...given,
    key,
  };
  return image === undefined ? step : sealer.sealBefore(step, image);
};

/** The key a hand-made step gets: for `new:` and `dependsOn`. */
export const keyOf = (subject: string, key: string): string => `${subject}/${key}`;

/** A plan of hand-made steps, bound to the org and the law of the test. */
export const handPlan = async (at: TestOrg, home: Home, people: readonly HandPerson[]): Promise<NewPlan> => {
  const identity = await at.admin.identity();
  const { orgId, orgName, userId } = identity;
  const { use } = applyInput(at, '');
  const now = at.clock.now();
  const expiresAt = new Date(Date.parse(now) + 7 * 86_400_000).toISOString();
  const snapshot = home.vault.createStore('snapshot', orgId, stepsExpiry(expiresAt));
  snapshot.store.close();
  const sealed = home.vault.createStore('plan-steps', orgId, stepsExpiry(expiresAt));
  const sealer = createSealer({ vault: home.vault, orgId, store: sealed.store });
  const planned = people.map(({ subject, object, steps }) => ({
    decision: {
      ...{ subject, object, rule: 'by-hand', verdict: 'due' as const },
      ...{ reason: { code: 'test', facts: {} }, until: null, effects: [] },
    },
    steps: steps.map((step) => fullStep(subject, step, sealer)),
  }));
  sealer.flush();
  const frame = exampleFrame({
    ...{ orgId, orgName, userId, ...use, asOf: now.slice(0, 10), expiresAt },
    snapshot: { from: now, to: now },
  });
  const plan = writePlan(home.vault, {
    ...{ frame, people: planned, sealed, calls: () => 0 },
    ...{ folder: home.folder, createdAt: now, snapshotHolding: snapshot.holding.id },
  });
  sealed.store.close();
  return plan;
};

/** Everybody's decision stands, but for one person's. */
export const standingUnless = (changed: string | null): CreateGuard => {
  const judge = (people: readonly StepsOfPerson[]): ReadonlyMap<string, Verdict> =>
    new Map(
      people.map(({ subject }) => [subject, subject === changed ? { stands: false, code: 'hold' } : { stands: true }]),
    );
  const guard: PlanGuard = {
    check: (people) =>
      Promise.resolve({
        ...{ verdicts: judge(people), memory: '{}' },
        afterDeletion: () => Promise.resolve(judge(people)),
      }),
    checkDeleted: (people) => Promise.resolve(judge(people)),
  };
  return () => Promise.resolve(guard);
};
const guardOf = standingUnless(null);

/** Approves and applies a plan of hand-made steps. */
export const runHandPlan = async (
  at: TestOrg,
  home: Home,
  people: readonly HandPerson[],
): Promise<ApplyResult & { readonly path: string }> => {
  const { path } = await handPlan(at, home, people);
  await approve(at, path);
  const result = await applyPlan(applyInput(at, path), applyPorts(at, home, { createGuard: guardOf }));
  return { ...result, path };
};

export const undoInput = (at: TestOrg, home: Home, over: Partial<UndoInput> = {}): UndoInput => ({
  ...{ charter: at.law.charter, folder: home.folder, limit: 100, use: applyInput(at, '').use },
  ...over,
});

/** The dry look. */
export const lookAtUndo = (at: TestOrg, home: Home, run: string): Promise<UndoResult> =>
  planUndo(undoInput(at, home, { run }), { org: at.admin, vault: home.vault, clock: at.clock });

export const undoPorts = (at: TestOrg, home: Home, over: Partial<ApplyPorts> = {}): ApplyPorts =>
  applyPorts(at, home, { createGuard: createUndoGuard(home.vault), ...over });

/** Looks, approves and applies. */
export const undoRun = async (
  at: TestOrg,
  home: Home,
  run: string,
): Promise<{ readonly looked: UndoResult; readonly applied: ApplyResult }> => {
  const looked = await lookAtUndo(at, home, run);
  const path = looked.plan!.path;
  await approve(at, path);
  return { looked, applied: await applyPlan(applyInput(at, path), undoPorts(at, home)) };
};

/** One row as it is, the recycle bin included; undefined when it is nowhere. */
export const rowById = async (
  at: TestOrg,
  object: string,
  id: string,
  fields: readonly string[],
): Promise<OrgRow | undefined> => {
  const soql = `SELECT ${[...fields, 'IsDeleted'].join(', ')} FROM ${object} WHERE Id = '${id}'`;
  for await (const row of at.admin.query(soql, { deletedToo: true })) return row;
  return undefined;
};

/** Rows of an object that meet a condition. */
export const rowsWhere = async (at: TestOrg, soql: string): Promise<readonly OrgRow[]> => {
  const rows: OrgRow[] = [];
  for await (const row of at.admin.query(soql)) rows.push(row);
  return rows;
};

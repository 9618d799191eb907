import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDays, localDateOf } from '../../kernel/legalPeriod.ts';
import { planTerms, type PlanDecision, type PlanHeader, type PlanStep, type PlanTerms } from '../../model/plan.ts';
import type { EncryptedStore, Holding, Vault } from '../../vault/port.ts';
import { assertSteps } from '../operations/registry.ts';
import { startDigest } from './planDigest.ts';
import { createPlanTables, writePeople, type PlannedPerson } from './planStore.ts';

/** Terms that only counting all steps can tell. */
type Counted = 'considered' | 'reasons' | 'steps' | 'stepCounts' | 'effects' | 'calls' | 'irreversible';
export type PlanFrame = Omit<PlanTerms, Counted>;

/** Days a plan's steps are kept after its expiry, so that an interrupted run can be resumed. */
const RESUME_DAYS = 30;

const byKey = <T>(counts: ReadonlyMap<string, T>): readonly T[] =>
  [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

const createCounts = () => {
  const counts = new Map<string, number>();
  return {
    add: (parts: readonly string[], n = 1): void => {
      const key = parts.join('|');
      counts.set(key, (counts.get(key) ?? 0) + n);
    },
    all: (): readonly (readonly [readonly string[], number])[] =>
      byKey(new Map([...counts].map(([key, n]) => [key, [key.split('|'), n] as const]))),
  };
};

const createTally = () => {
  const [steps, reasons, effects] = [createCounts(), createCounts(), createCounts()];
  const untils = new Map<string, { readonly first: string; readonly last: string }>();
  const noteUntil = (key: string, until: string | null): void => {
    if (until === null) return;
    const { first, last } = untils.get(key) ?? { first: until, last: until };
    untils.set(key, { first: until < first ? until : first, last: until > last ? until : last });
  };
  let [considered, all, irreversible] = [0, 0, 0];
  return {
    decision: ({ rule, verdict, reason, until, effects: own }: PlanDecision): void => {
      considered += 1;
      reasons.add([rule, verdict, reason.code]);
      noteUntil([rule, verdict, reason.code].join('|'), until);
      if (verdict === 'due') for (const { object, effect, count } of own) effects.add([object, effect], count);
    },
    step: ({ object, operation, rule, inverse }: PlanStep): void => {
      all += 1;
      if (inverse === 'none') irreversible += 1;
      steps.add([object, operation, rule]);
    },
    terms: (calls: (subjects: number, steps: number) => number): Pick<PlanTerms, Counted> => {
      const due = reasons.all().reduce((sum, [[, verdict], n]) => sum + (verdict === 'due' ? n : 0), 0);
      return {
        considered,
        steps: all,
        irreversible: all === 0 ? 0 : irreversible / all,
        calls: calls(due, all),
        stepCounts: steps.all().map(([[object = '', operation = '', rule = ''], count]) => ({
          ...{ object, rule, count },
          operation: operation as PlanStep['operation'],
        })),
        reasons: reasons.all().map(([[rule = '', verdict = '', code = ''], count]) => ({
          ...{ rule, code, count },
          verdict: verdict as PlanDecision['verdict'],
          until: untils.get([rule, verdict, code].join('|')) ?? null,
        })),
        effects: effects.all().map(([[object = '', effect = ''], count]) => ({
          ...{ object, count },
          effect: effect as PlanDecision['effects'][number]['effect'],
        })),
      };
    },
  };
};

/** When the sealed steps are swept: the plan's expiry and time to resume. */
export const stepsExpiry = (planExpiresAt: string): string =>
  `${addDays(localDateOf(planExpiresAt, 'UTC'), RESUME_DAYS)}T00:00:00.000Z`;

export type NewPlan = {
  readonly header: PlanHeader;
  /** Path of the readable header. */
  readonly path: string;
};

export type PlanToWrite = {
  readonly frame: PlanFrame;
  readonly people: Iterable<PlannedPerson>;
  /** The store the steps go into, made by the caller as a `plan-steps` holding. */
  readonly sealed: { readonly store: EncryptedStore; readonly holding: Holding };
  readonly calls: (subjects: number, steps: number) => number;
  /** Terms that are known once everybody was written. */
  readonly more?: () => Pick<PlanTerms, 'anonymisation' | 'pseudonymisation'>;
  readonly folder: string;
  readonly createdAt: string;
  readonly snapshotHolding: string;
  /** Of an erasure: what identifies the person, sealed for the scan after the run. */
  readonly needlesHolding?: string;
};

/** Checks, then seals the steps, digests them with the terms and writes `plan-<first 8 of the digest>.json`. */
export const writePlan = (vault: Pick<Vault, 'deriveKey'>, plan: PlanToWrite): NewPlan => {
  const { store, holding } = plan.sealed;
  const digest = startDigest(vault.deriveKey(plan.frame.orgId, 'plan-salt'));
  const tally = createTally();
  createPlanTables(store);
  const people = function* (): Iterable<PlannedPerson> {
    for (const person of plan.people) {
      tally.decision(person.decision);
      assertSteps(person.steps);
      for (const step of person.steps) tally.step(step);
      yield person;
    }
  };
  writePeople(store, people(), digest);
  const terms = planTerms.parse({ ...plan.frame, ...tally.terms(plan.calls), ...plan.more?.() });
  const header: PlanHeader = {
    garde: 'plan',
    terms,
    digest: digest.finish(terms),
    createdAt: plan.createdAt,
    holding: holding.id,
    snapshotHolding: plan.snapshotHolding,
    ...(plan.needlesHolding === undefined ? {} : { needlesHolding: plan.needlesHolding }),
  };
  store.flush();
  mkdirSync(plan.folder, { recursive: true });
  const path = join(plan.folder, `plan-${header.digest.slice(0, 8)}.json`);
  const fresh = `${path}.new`;
  writeFileSync(fresh, `${JSON.stringify(header, null, 2)}\n`);
  renameSync(fresh, path);
  return { header, path };
};

import { canonicalJson } from '../kernel/canonicalJson.ts';
import type { Clock } from '../kernel/clock.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { addDays, endOfPeriod, localDateOf, type LocalDate } from '../kernel/legalPeriod.ts';
import { valueOf } from '../kernel/result.ts';
import type { Charter } from '../model/charter.ts';
import { PLAN_VERSION, type PlanHeader } from '../model/plan.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org, OrgIdentity } from '../org/port.ts';
import { predictCalls } from '../plan/apply/callBudget.ts';
import { batchesByObject } from '../plan/apply/planBatches.ts';
import type { PlannedPerson } from '../plan/file/planStore.ts';
import { stepsExpiry, writePlan, type PlanFrame } from '../plan/file/writePlan.ts';
import { createSnapshotReader, type SnapshotReader } from '../snapshot/reader.ts';
import { takeSnapshot, type Snapshot } from '../snapshot/takeSnapshot.ts';
import { dropScratch, factsByPerson, gatherFacts } from '../standing/gatherFacts.ts';
import type { EncryptedStore, Vault } from '../vault/port.ts';
import { planPerson } from './planRetention.ts';
import { createPlanTally, type PlanTally } from './planTally.ts';
import { retentionScope, scopeFields, type RetentionLaw, type RetentionScope } from './retentionScope.ts';
import { periodText } from './rules.ts';

export type RetentionPlanInput = RetentionLaw & {
  /** Keys of the charter's rules to plan; all when empty. */
  readonly only?: readonly string[];
  /** Folder for the plan's readable header. */
  readonly folder: string;
  readonly toolVersion: string;
  /** The day to decide for, in the controller's time zone; today by default. */
  readonly asOf?: LocalDate;
};

export type RetentionPorts = { readonly org: Org; readonly vault: Vault; readonly clock: Clock };

export type RetentionPlanResult = {
  readonly path: string;
  readonly header: PlanHeader;
  /** API calls that planning itself cost. */
  readonly calls: number;
};

/** What a plan is bound to of the charter; comments and layout of the file do not count. */
export const charterDigest = (charter: Charter): string =>
  sha256Hex(canonicalJson(Object.fromEntries(Object.entries(charter).filter(([part]) => !BESIDE.has(part)))));
/** Parts that decide about nobody: who vouches for the ledger, how duplicates are looked for. */
const BESIDE = new Set(['ledger', 'matching']);

export const packVersions = (law: Pick<RetentionLaw, 'packs'>): Readonly<Record<string, string>> =>
  Object.fromEntries(law.packs.map((pack) => [pack.pack, pack.version]));

export const ruleSetVersions = (law: Pick<RetentionLaw, 'ruleSets'>): Readonly<Record<string, string>> =>
  Object.fromEntries(law.ruleSets.map((set) => [set.ruleSet, set.version]));

const placeName = ({ object, field }: { readonly object: string; readonly field?: string }): string =>
  field === undefined ? object : `${object}.${field}`;

const ruleTerms = (scope: RetentionScope): PlanFrame['rules'] =>
  scope.groups.flatMap(({ rules }) =>
    rules.map(({ rule, law, duration }) => ({
      key: rule.key,
      from: rule.from,
      title: law.title,
      legalGround: law.legalGround,
      source: [law.source.title, law.source.url].filter((part) => part !== undefined).join(', '),
      clock: law.clock,
      duration: periodText(duration),
      people: rule.people,
    })),
  );

type Made = {
  readonly scope: RetentionScope;
  readonly snapshot: Snapshot;
  readonly asOf: LocalDate;
  /** Calls that reading the scope made: the guard reads it again. */
  readonly scopeCalls: number;
};

const frameOf = (input: RetentionPlanInput, identity: OrgIdentity, made: Made): PlanFrame => {
  const { completeness } = made.scope;
  const instants = made.snapshot.objects.map((object) => object.at).sort();
  const lastDay = endOfPeriod(made.asOf, input.charter.planExpiry);
  return {
    planVersion: PLAN_VERSION,
    kind: 'retention',
    orgId: identity.orgId,
    orgName: identity.orgName,
    userId: identity.userId,
    toolVersion: input.toolVersion,
    charterDigest: charterDigest(input.charter),
    packs: packVersions(input),
    ruleSets: ruleSetVersions(input),
    asOf: made.asOf,
    snapshot: { from: instants[0] ?? completeness.at, to: instants.at(-1) ?? completeness.at },
    completeness: {
      state: completeness.state,
      hidden: [...new Set(completeness.hidden.map(placeName))].sort(),
      absent: [...made.scope.absent],
      filesVisible: completeness.filesVisible,
    },
    expiresAt: `${addDays(lastDay, 1)}T00:00:00.000Z`,
    rules: ruleTerms(made.scope),
  };
};

type Planning = {
  readonly scope: RetentionScope;
  readonly reader: SnapshotReader;
  readonly store: EncryptedStore;
  readonly timeZone: string;
  readonly asOf: LocalDate;
  readonly tally: PlanTally;
  readonly tell: ReportProgress;
};

function* plannedPeople({ scope, reader, store, timeZone, asOf, tally, tell }: Planning): Iterable<PlannedPerson> {
  let done = 0;
  for (const group of scope.groups) {
    gatherFacts(store, group.spec, group.sources, { rowsOf: (object) => reader.rows(object), timeZone });
    for (const known of factsByPerson(store, group.sources)) {
      const planned = planPerson(known, group, asOf);
      tally.add(group, known, planned.steps);
      yield planned;
      done += 1;
      if (done % 1000 === 0) tell({ stage: 'retention.decide', done, subject: group.spec.object });
    }
  }
  dropScratch(store);
}

const write = (
  input: RetentionPlanInput,
  ports: RetentionPorts,
  made: Made & { readonly identity: OrgIdentity },
  tell: ReportProgress,
) => {
  const frame = frameOf(input, made.identity, made);
  const sealed = ports.vault.createStore('plan-steps', made.identity.orgId, stepsExpiry(frame.expiresAt));
  const { store } = sealed;
  let abandoned = false;
  try {
    const reader = createSnapshotReader(made.snapshot.store);
    const timeZone = input.charter.controller.timeZone;
    const tally = createPlanTally();
    return writePlan(ports.vault, {
      frame,
      people: plannedPeople({ scope: made.scope, reader, store, timeZone, asOf: made.asOf, tally, tell }),
      sealed,
      calls: () => {
        const groups = tally.groups();
        const batches = batchesByObject(
          store,
          groups.map((group) => group.object),
        );
        return predictCalls({ groups, batches, counted: tally.counted(), guard: made.scopeCalls });
      },
      folder: input.folder,
      createdAt: ports.clock.now(),
      snapshotHolding: made.snapshot.holding.id,
    });
  } catch (error) {
    abandoned = true;
    throw error;
  } finally {
    store.close();
    if (abandoned) ports.vault.remove(sealed.holding.id);
  }
};

/**
 * Plans what the charter's retention rules say is due, and explains everybody considered. Reads the org and writes to
 * this machine only: the sealed steps and the readable header. Errors: problems of retentionScope, the org's, the vault's.
 */
export const planRetention = async (
  input: RetentionPlanInput,
  ports: RetentionPorts,
  tell: ReportProgress = () => undefined,
): Promise<RetentionPlanResult> => {
  const before = ports.org.calls();
  const now = ports.clock.now();
  const identity = await ports.org.identity();
  const asOf = input.asOf ?? localDateOf(now, input.charter.controller.timeZone);
  tell({ stage: 'retention.scope' });
  const beforeScope = ports.org.calls();
  const scope = valueOf(
    await retentionScope(ports.org, input, { asOf, now, ...(input.only === undefined ? {} : { only: input.only }) }),
  );
  const scopeCalls = ports.org.calls() - beforeScope;
  const wants = [...scopeFields(scope)].map(([object, fields]) => ({ object, fields }));
  const expiresAt = stepsExpiry(`${endOfPeriod(asOf, input.charter.planExpiry)}T00:00:00.000Z`);
  const snapshot = await takeSnapshot({ wants, expiresAt }, ports, tell);
  let abandoned = false;
  try {
    const plan = write(input, ports, { identity, scope, snapshot, asOf, scopeCalls }, tell);
    return { ...plan, calls: ports.org.calls() - before };
  } catch (error) {
    abandoned = true;
    throw error;
  } finally {
    snapshot.store.close();
    if (abandoned) ports.vault.remove(snapshot.holding.id);
  }
};

import { canonicalJson } from '../kernel/canonicalJson.ts';
import type { Clock } from '../kernel/clock.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { addDays, endOfPeriod, localDateOf, type LocalDate } from '../kernel/legalPeriod.ts';
import { valueOf } from '../kernel/result.ts';
import type { Charter } from '../model/charter.ts';
import { ARCHIVE } from '../model/archive.ts';
import { PLAN_VERSION, type PlanHeader } from '../model/plan.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org, OrgIdentity } from '../org/port.ts';
import { predictCalls } from '../plan/apply/callBudget.ts';
import { batchesByObject } from '../plan/apply/planBatches.ts';
import type { PlannedPerson } from '../plan/file/planStore.ts';
import { VALUE_SALT } from '../plan/operations/values.ts';
import { createSealer, type Sealer } from '../plan/undo/beforeImages.ts';
import { stepsExpiry, writePlan, type PlanFrame } from '../plan/file/writePlan.ts';
import { createSnapshotReader, type SnapshotReader } from '../snapshot/reader.ts';
import { takeSnapshot, type Snapshot } from '../snapshot/takeSnapshot.ts';
import { factsByPerson } from '../standing/factsByPerson.ts';
import { gatherFacts } from '../standing/gatherFacts.ts';
import { withScratch } from '../standing/rooms.ts';
import type { EncryptedStore, Vault } from '../vault/port.ts';
import { actionKnowledge } from './actionKnowledge.ts';
import { archivesDue, endOfArchiveTerms } from './archivesDue.ts';
import { assertLawSeen, seenBy } from './lawChange.ts';
import { readLawMemory, rememberPlanned } from './lawMemory.ts';
import { takeNames, type NamesTaken } from './anonymiseGroups.ts';
import { readAnonymising, type Anonymising } from './dueToAnonymise.ts';
import { planPerson, type PlanningKit } from './planRetention.ts';
import { createPlanTally, type PlanTally } from './planTally.ts';
import {
  retentionScope,
  scopeFields,
  type PeopleInScope,
  type RetentionLaw,
  type RetentionScope,
} from './retentionScope.ts';
import { placeName, ruleTerms } from './ruleTerms.ts';

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

type Made = {
  readonly scope: RetentionScope;
  readonly snapshot: Snapshot;
  readonly asOf: LocalDate;
  /** Changes of the law that were shown before this plan was made under them. */
  readonly lawSeen?: ReturnType<typeof seenBy>;
  /** Calls that reading the scope made: the guard reads it again. */
  readonly scopeCalls: number;
  readonly reader: SnapshotReader;
  /** Archives are looked at when all rules are. */
  readonly archives: () => Iterable<PlannedPerson>;
  /** Whom rules anonymise, with their graphs; there when a rule does so. */
  readonly anonymising?: Anonymising | undefined;
};

const isNone = (people: Iterable<PlannedPerson>): boolean => people[Symbol.iterator]().next().done === true;

const frameOf = (
  input: RetentionPlanInput,
  identity: Pick<OrgIdentity, 'orgId' | 'orgName' | 'userId'>,
  made: Made,
): PlanFrame => {
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
    ...(made.lawSeen === undefined || made.lawSeen.length === 0 ? {} : { lawSeen: [...made.lawSeen] }),
    asOf: made.asOf,
    snapshot: { from: instants[0] ?? completeness.at, to: instants.at(-1) ?? completeness.at },
    completeness: {
      state: completeness.state,
      hidden: [...new Set(completeness.hidden.map(placeName))].sort(),
      absent: [...made.scope.absent],
      filesVisible: completeness.filesVisible,
    },
    expiresAt: `${addDays(lastDay, 1)}T00:00:00.000Z`,
    rules: [...ruleTerms(made.scope), ...(isNone(made.archives()) ? [] : [endOfArchiveTerms])],
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
  readonly kit: PlanningKit & { readonly sealing: { readonly sealer: Sealer } };
  readonly archives: Made['archives'];
  readonly prepare: (group: PeopleInScope) => NamesTaken;
};

function* plannedPeople(planning: Planning): Iterable<PlannedPerson> {
  const { scope, reader, store, timeZone, asOf, tally, tell, kit, archives } = planning;
  let done = 0;
  for (const group of scope.groups) {
    const gathered = gatherFacts(store, group.spec, group.sources, { reader, timeZone });
    // people to anonymise are looked at together before anybody's steps are written: nobody may stand out
    const taken = planning.prepare(group);
    for (const known of factsByPerson(gathered)) {
      const planned = planPerson(known, group, asOf, { ...kit, ...taken });
      tally.add(group, known, planned.steps);
      yield planned;
      done += 1;
      if (done % 1000 === 0) tell({ stage: 'retention.decide', done, subject: group.spec.object });
    }
  }
  for (const archive of archives()) {
    tally.addOther(archive.steps);
    yield archive;
  }
  kit.sealing.sealer.flush();
}

const callsOf = (tally: PlanTally, store: EncryptedStore, guard: number): number => {
  const groups = tally.groups();
  const objects = groups.map((group) => group.object);
  return predictCalls({ groups, batches: batchesByObject(store, objects), counted: tally.counted(), guard });
};

/** Decides about everybody of a snapshot and writes the plan: this machine alone, no call to the org. */
export const planFromSnapshot = (
  input: RetentionPlanInput,
  ports: Omit<RetentionPorts, 'org'>,
  made: Made & { readonly identity: Pick<OrgIdentity, 'orgId' | 'orgName' | 'userId'> },
  tell: ReportProgress,
) => {
  const frame = frameOf(input, made.identity, made);
  const sealed = ports.vault.createStore('plan-steps', made.identity.orgId, stepsExpiry(frame.expiresAt));
  const { store } = sealed;
  let abandoned = false;
  try {
    const { scope, reader, archives, asOf } = made;
    const timeZone = input.charter.controller.timeZone;
    const tally = createPlanTally();
    const { orgId } = made.identity;
    const sealer = createSealer({ vault: ports.vault, orgId, store });
    const org = actionKnowledge(reader, scope.describes, input);
    const bytesOf = (person: string): Uint8Array => ports.vault.deriveForSubject(orgId, person, 'pseudonym');
    const { prepare, more } = takeNames(input, made, { bytesOf, fingerprints: org.fingerprints });
    const kit = {
      org,
      sealing: { sealer, valueSalt: ports.vault.deriveKey(orgId, VALUE_SALT) },
    };
    const planning = { scope, reader, timeZone, asOf, tally, tell, kit, archives, prepare };
    const now = ports.clock.now();
    const written = (scratch: EncryptedStore) => ({
      frame,
      people: plannedPeople({ ...planning, store: scratch }),
      sealed,
      calls: () => callsOf(tally, store, made.scopeCalls),
      more,
      folder: input.folder,
      createdAt: now,
      snapshotHolding: made.snapshot.holding.id,
    });
    return withScratch(ports.vault, { orgId, now }, (scratch) => writePlan(ports.vault, written(scratch)));
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
 * this machine only: the sealed steps and the readable header. Errors: problems of retentionScope, RuleSetNotSeen, the
 * org's, the vault's.
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
  const rules = scope.groups.flatMap((group) => group.rules);
  const memory = await readLawMemory(ports, identity.orgId);
  assertLawSeen(rules, memory);
  const wants = [...scopeFields(scope)].map(([object, fields]) => ({ object, fields }));
  const expiresAt = stepsExpiry(`${endOfPeriod(asOf, input.charter.planExpiry)}T00:00:00.000Z`);
  const snapshot = await takeSnapshot({ wants, expiresAt }, ports, tell);
  let abandoned = false;
  try {
    const reader = createSnapshotReader(snapshot.store);
    const isAll = input.only === undefined || input.only.length === 0;
    const archives = () => (isAll ? archivesDue(reader.rows(ARCHIVE), asOf) : []);
    const scratch = { orgId: identity.orgId, now };
    const reading = { law: input, scope, reader, store: snapshot.store, asOf, scratch };
    const anonymising = await readAnonymising(reading, ports, tell);
    const lawSeen = seenBy(rules, memory);
    const made = { identity, scope, snapshot, asOf, scopeCalls, reader, archives, anonymising, lawSeen };
    const plan = planFromSnapshot(input, ports, made, tell);
    rememberPlanned(ports, identity.orgId, { rules, memory });
    anonymising?.graphs.drop();
    return { ...plan, calls: ports.org.calls() - before };
  } catch (error) {
    abandoned = true;
    throw error;
  } finally {
    snapshot.store.close();
    if (abandoned) ports.vault.remove(snapshot.holding.id);
  }
};

import { toSteps } from '../../disposal/steps.ts';
import type { Clock } from '../../kernel/clock.ts';
import { addDays, endOfPeriod, localDateOf, type LocalDate } from '../../kernel/legalPeriod.ts';
import { parseRecordId } from '../../kernel/recordId.ts';
import { valueOf } from '../../kernel/result.ts';
import type { Charter } from '../../model/charter.ts';
import type { Completeness } from '../../model/completeness.ts';
import type { ErasureItem, ErasureTerms } from '../../model/erasure.ts';
import { isHistoryObject } from '../../model/discoverPaths.ts';
import { PLAN_VERSION, type PlanDecision, type PlanHeader, type PlanStep, type Reason } from '../../model/plan.ts';
import type { ReportProgress } from '../../model/progress.ts';
import type { Org } from '../../org/port.ts';
import { countItems, itemsDigest, writeErasureItems } from '../../plan/file/erasureItems.ts';
import { stepsExpiry, writePlan, type NewPlan, type PlanFrame } from '../../plan/file/writePlan.ts';
import { orderSteps } from '../../plan/operations/order.ts';
import { VALUE_SALT } from '../../plan/operations/values.ts';
import { createSealer } from '../../plan/undo/beforeImages.ts';
import { tallyCalls } from '../../plan/undo/undoCalls.ts';
import { takeSnapshot } from '../../snapshot/takeSnapshot.ts';
import type { SnapshotWant } from '../../snapshot/wants.ts';
import { compileNeedles } from '../../subject/needles/compileNeedles.ts';
import type { Needles, SpellingKnowledge } from '../../subject/needles/contract.ts';
import { readOrgModel, type ModelSources } from '../../subject/readOrgModel.ts';
import type { ResidualFinding } from '../../subject/residual/contract.ts';
import type { EncryptedStore, Vault } from '../../vault/port.ts';
import type { ErasureInput } from '../erase/erasurePorts.ts';
import { ERASURE_RULE, erasureDecision } from '../erase/planErasure.ts';
import { tracesOf, type TraceFacts } from './contract.ts';
import { decideTraces, type DecidedTraces } from './decideTraces.ts';
import { readFileFacts } from './fileFacts.ts';
import { gatherTraces, isDue } from './gatherTraces.ts';
import { readHanging } from './hangingRows.ts';

export type TracesInput = Pick<ErasureInput, 'rules' | 'use' | 'folder'> &
  Omit<ModelSources, 'charter' | 'hidden'> & {
    readonly charter: Charter;
    readonly findings: readonly ResidualFinding[];
    /** The erasure whose person was looked for, and what it decided about each record. */
    readonly erasure: PlanHeader;
    readonly items: readonly ErasureItem[];
    readonly needles: Needles;
    readonly completeness: Completeness;
    /** API calls of the scan that follows the run. */
    readonly scanCalls: number;
  };

export type TracesPorts = {
  readonly org: Org;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly knowledge: SpellingKnowledge;
  readonly report?: ReportProgress;
};

export type TracesResult = {
  /** Null when nothing of what was found is to be changed: no plan is written then. */
  readonly plan: NewPlan | null;
  /** What was decided, in numbers. */
  readonly items: ErasureTerms['items'];
  /** What somebody must decide or knows to stay. */
  readonly left: readonly ErasureItem[];
};

type Made = {
  readonly input: TracesInput;
  readonly facts: TraceFacts;
  readonly decided: DecidedTraces;
  readonly subject: { readonly object: string; readonly id: string };
};

const reasonOf = ({ erasure }: TracesInput): Reason => ({
  code: 'erasure-traces',
  facts: { request: erasure.terms.erasure?.request ?? null },
});

const placeNames = (places: Completeness['hidden']): string[] =>
  [...new Set(places.map(({ object, field }) => (field === undefined ? object : `${object}.${field}`)))].sort();

const termsOf = ({ input, decided }: Made): ErasureTerms => {
  const { erasure } = input.erasure.terms;
  const items = [...decided.items];
  return {
    ...{ request: erasure?.request ?? null, roots: input.needles.roots.length, items: countItems(items) },
    ...{ laws: erasure?.laws ?? {}, itemsDigest: itemsDigest(items), elsewhere: erasure?.elsewhere ?? [] },
    ...{ traces: true, scan: { calls: input.scanCalls } },
  };
};

const frameOf = (made: Made, taken: PlanFrame['snapshot']): PlanFrame => {
  const { input, facts, subject } = made;
  const { completeness, rules, charter, use, erasure } = input;
  const { title, legalGround, source } = rules.ground;
  const { orgId, orgName, userId } = erasure.terms;
  return {
    ...{
      planVersion: PLAN_VERSION,
      kind: 'erasure',
      asOf: facts.asOf,
      snapshot: taken,
      ...use,
      orgId,
      orgName,
      userId,
    },
    completeness: {
      ...{ state: completeness.state, filesVisible: completeness.filesVisible },
      ...{ hidden: placeNames(completeness.hidden), absent: placeNames(completeness.absent) },
    },
    expiresAt: `${addDays(endOfPeriod(facts.asOf, charter.planExpiry), 1)}T00:00:00.000Z`,
    rules: [
      {
        ...{ key: ERASURE_RULE, from: 'gdpr/art-17', title, legalGround, clock: 'request', duration: '' },
        source: [source.title, source.url].filter((part) => part !== undefined).join(', '),
        people: subject.object,
      },
    ],
    erasure: termsOf(made),
  };
};

/** Objects whose history is kept in an object, as their describes say it. */
const objectsOf = (history: string, { describes }: Made['facts']): readonly string[] =>
  [...describes.values()]
    .filter(({ children }) => children.some(({ childObject }) => childObject === history))
    .map(({ name }) => name);

/**
 * Whatever is changed, whole, for rehearsals: history rows that are named, rows of the recycle bin among it. Of a record
 * that stays and only loses history, its id.
 */
const wantsOf = ({ decided, facts }: Made): readonly SnapshotWant[] => {
  const ids = new Map<string, Set<string>>();
  const parents = new Map<string, Set<string>>();
  const add = (to: typeof ids, object: string, some: readonly string[]): void => {
    to.set(object, new Set([...(to.get(object) ?? []), ...some]));
  };
  for (const { object, id, operation, payload } of decided.operations) {
    if (operation !== 'deleteHistory') add(ids, object, [id]);
    else if (payload?.historyIds !== undefined) {
      add(ids, object, payload.historyIds);
      for (const parent of objectsOf(object, facts)) add(parents, parent, [id]);
    }
  }
  // a rehearsal reads what hangs on the plan's records itself, but for objects of which rows were copied
  const copied = [...facts.describes.values()].filter(({ name }) => ids.has(name));
  for (const id of decided.operations.flatMap(({ goesWith }) => goesWith)) {
    const along = copied.find(({ keyPrefix }) => keyPrefix !== null && id.startsWith(keyPrefix));
    if (along !== undefined) add(ids, along.name, [id]);
  }
  for (const [object, own] of parents) if (ids.has(object)) add(ids, object, [...own]);
  const bare = [...parents].filter(([object]) => !ids.has(object));
  return [...ids, ...bare].map(([object, own]) => ({
    ...{ object, ids: [...own].flatMap((id) => parseRecordId(id) ?? []) },
    fields: ids.has(object) ? ('all' as const) : ['Id'],
    ...(facts.traces.some((trace) => trace.object === object && trace.deleted) ? { deletedToo: true } : {}),
  }));
};

const stepsFor = (made: Made, { vault }: TracesPorts, store: EncryptedStore): readonly PlanStep[] => {
  const { orgId } = made.input.erasure.terms;
  const { id } = made.subject;
  const sealing = {
    sealer: createSealer({ vault, orgId, store }),
    valueSalt: vault.deriveKey(orgId, VALUE_SALT),
  };
  const steps = toSteps(made.decided.operations, {
    ...{ subject: id, rule: ERASURE_RULE, reason: reasonOf(made.input), decision: erasureDecision(id), sealing },
  });
  return valueOf(orderSteps({ steps, links: [], describes: made.facts.describes }));
};

const write = (
  made: Made,
  ports: TracesPorts,
  copy: { readonly holding: string; readonly taken: PlanFrame['snapshot'] },
): NewPlan => {
  const { input, decided, subject } = made;
  const frame = frameOf(made, copy.taken);
  const sealed = ports.vault.createStore('plan-steps', frame.orgId, stepsExpiry(frame.expiresAt));
  const decision: PlanDecision = {
    ...{ subject: subject.id, object: subject.object, rule: ERASURE_RULE, verdict: 'due', until: null },
    ...{ reason: reasonOf(input), effects: [] },
  };
  const { needlesHolding } = input.erasure;
  let isKept = false;
  try {
    writeErasureItems(sealed.store, decided.items);
    const steps = stepsFor(made, ports, sealed.store);
    const calls = tallyCalls();
    calls.add(steps);
    const plan = writePlan(ports.vault, {
      ...{ frame, people: [{ decision, steps }], sealed, folder: input.folder, createdAt: ports.clock.now() },
      ...(needlesHolding === undefined ? {} : { needlesHolding }),
      ...{ snapshotHolding: copy.holding, calls: () => calls.predicted() + input.scanCalls },
    });
    isKept = true;
    return plan;
  } finally {
    sealed.store.close();
    if (!isKept) ports.vault.remove(sealed.holding.id);
  }
};

const writeWithSnapshot = async (made: Made, ports: TracesPorts): Promise<NewPlan> => {
  const expiresAt = stepsExpiry(`${endOfPeriod(made.facts.asOf, made.input.charter.planExpiry)}T00:00:00.000Z`);
  const copy = await takeSnapshot({ wants: wantsOf(made), expiresAt }, ports, ports.report);
  let isKept = false;
  try {
    const now = ports.clock.now();
    const instants = copy.objects.map(({ at }) => at).sort();
    const taken = { from: instants[0] ?? now, to: instants.at(-1) ?? now };
    const plan = write(made, ports, { holding: copy.holding.id, taken });
    isKept = true;
    return plan;
  } finally {
    copy.store.close();
    if (!isKept) ports.vault.remove(copy.holding.id);
  }
};

const addressesOf = ({ controller }: Charter): ReadonlySet<string> =>
  new Set([controller.contact, controller.officer ?? ''].map((text) => text.trim().toLowerCase()));

const factsOf = async (input: TracesInput, ports: TracesPorts): Promise<TraceFacts> => {
  const { org } = ports;
  const { needles, rules, charter, packs, fieldNames, technical, completeness } = input;
  const finder = compileNeedles(needles, ports.knowledge);
  const traces = tracesOf(input.findings);
  const model = await readOrgModel(org, { packs, charter, fieldNames, technical, hidden: completeness.hidden });
  const asked = { finder, needles, ownAddresses: addressesOf(charter) };
  const readAt = ports.clock.now();
  const asOf: LocalDate = localDateOf(readAt, charter.controller.timeZone);
  const gathered = await gatherTraces(traces, { packs, charter, model, finder, staffFields: technical.fields }, org);
  const files = await readFileFacts(traces.filter(isDue), asked, org);
  const hanging = await readHanging(mayGo(traces, gathered, files, rules), org);
  const known = new Map(input.items.map((item) => [item.id, item]));
  return { ...asked, ...gathered, ...{ traces, rules, asOf, readAt, known, files, hanging } };
};

/** Records that may be deleted whole: copies and logs, what takes no change, files. */
const mayGo = (
  traces: TraceFacts['traces'],
  { strays, describes }: Pick<TraceFacts, 'strays' | 'describes'>,
  files: TraceFacts['files'],
  rules: TraceFacts['rules'],
): ReadonlyMap<string, readonly string[]> => {
  const isFixed = (object: string): boolean =>
    describes.get(object)?.updateable !== true || rules.unchangeable.some((one) => one.object === object);
  const rows = traces
    .filter((trace) => isDue(trace) && !isHistoryObject(trace.object))
    .filter(({ object }) => strays.has(object) || isFixed(object));
  const all = [...rows, ...files.values()];
  return new Map(
    [...new Set(all.map(({ object }) => object))].map((object) => [
      object,
      [...new Set(all.filter((one) => one.object === object).map(({ id }) => id))],
    ]),
  );
};

/**
 * Plans what becomes of the traces that a scan found of somebody who was erased: in texts of others, files, feeds, copies and
 * history. Reads the org and writes to this machine only. Ambiguous findings are listed and never changed. The org's
 * errors, the vault's.
 */
export const planTraces = async (input: TracesInput, ports: TracesPorts): Promise<TracesResult> => {
  const [root] = input.needles.roots;
  if (root === undefined) throw new RangeError('a person that was erased had a record');
  const facts = await factsOf(input, ports);
  const decided = decideTraces(facts);
  const made: Made = { input, facts, decided, subject: { object: root.object, id: root.id } };
  return {
    plan: decided.operations.length === 0 ? null : await writeWithSnapshot(made, ports),
    items: countItems(decided.items),
    left: decided.items.filter(({ decision }) => ['leave', 'cannot', 'keep'].includes(decision)),
  };
};

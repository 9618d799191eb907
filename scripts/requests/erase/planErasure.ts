import { toSteps } from '../../disposal/steps.ts';
import { canonicalJson } from '../../kernel/canonicalJson.ts';
import { saltedCommitment, sha256Hex } from '../../kernel/hash.ts';
import { addDays, endOfPeriod } from '../../kernel/legalPeriod.ts';
import { valueOf } from '../../kernel/result.ts';
import type { ErasureItem, ErasureTerms } from '../../model/erasure.ts';
import { PLAN_VERSION, type PlanDecision, type PlanStep, type Reason } from '../../model/plan.ts';
import type { Completeness } from '../../model/completeness.ts';
import type { OrgIdentity } from '../../org/port.ts';
import { countItems, itemsDigest, writeErasureItems } from '../../plan/file/erasureItems.ts';
import { stepsExpiry, writePlan, type PlanFrame } from '../../plan/file/writePlan.ts';
import { orderSteps } from '../../plan/operations/order.ts';
import { VALUE_SALT } from '../../plan/operations/values.ts';
import { createSealer } from '../../plan/undo/beforeImages.ts';
import { compileNeedles } from '../../subject/needles/compileNeedles.ts';
import type { Needles } from '../../subject/needles/contract.ts';
import { sealNeedles } from '../../subject/needles/sealedNeedles.ts';
import { tallyCalls } from '../../plan/undo/undoCalls.ts';
import { takeSnapshot } from '../../snapshot/takeSnapshot.ts';
import type { SnapshotWant } from '../../snapshot/wants.ts';
import { parseRecordId } from '../../kernel/recordId.ts';
import type { EncryptedStore } from '../../vault/port.ts';
import type { Decided } from './contract.ts';
import { decideItems } from './decideItems.ts';
import { erasureOperations, type ErasurePlanned } from './erasureOperations.ts';
import type { ErasureInput, ErasurePorts, ErasureResult } from './erasurePorts.ts';
import { withMentions } from './mentions.ts';
import { gatherErasure, type GatheredErasure } from './gatherErasure.ts';

/** Key of the one rule of an erasure plan: GDPR, Art. 17. */
export const ERASURE_RULE = 'erasure';

/** What drift compares: the decision itself. */
export const erasureDecision = (subject: string): string =>
  sha256Hex(canonicalJson({ rule: ERASURE_RULE, subject, verdict: 'due' }));

type Made = {
  readonly input: ErasureInput;
  readonly identity: OrgIdentity;
  readonly found: GatheredErasure;
  readonly planned: ErasurePlanned;
  /** Whose steps they are, and whose key seals what is sealed. */
  readonly subject: { readonly object: string; readonly id: string };
  readonly needles: Needles | undefined;
  /** API calls of the scan that follows the run. */
  readonly scanCalls: number | undefined;
};

const plainItem = ({ object, id, path, decision, code, law, until, fields, because }: Decided): ErasureItem => ({
  ...{ object, id, path, decision, code, law, until, fields, because },
});

const reasonOf = ({ requestKey }: ErasureInput): Reason => ({
  code: 'erasure-request',
  facts: { request: requestKey ?? null },
});

const subjectOf = ({ facts }: GatheredErasure, { archived }: ErasurePlanned): Made['subject'] => {
  const root = archived ?? facts.roots[0];
  if (root === undefined) throw new RangeError('a person that was found has a record');
  return root;
};

const lawsOf = ({ input, planned }: Made): ErasureTerms['laws'] => {
  const named = new Set(planned.items.map(({ law }) => law));
  const duties = input.packs.flatMap((pack) => pack.fiscalRecords).map(({ key, law }) => [key, law] as const);
  const proofs = input.rules.proofs.map(({ key, law }) => [key, law] as const);
  return Object.fromEntries([...duties, ...proofs].filter(([key]) => named.has(key)));
};

/** What stays of records that are emptied because nobody can delete them. */
const staysOf = ({ input, planned }: Made): Pick<ErasureTerms, 'stays'> => {
  const emptied = new Set(planned.items.filter(({ decision }) => decision === 'anonymise').map(({ object }) => object));
  const named = input.rules.lasting.filter(({ object }) => emptied.has(object));
  return named.length === 0 ? {} : { stays: Object.fromEntries(named.map(({ object, stays }) => [object, stays])) };
};

const elsewhereOf = ({ input: { charter } }: Made): ErasureTerms['elsewhere'] => [
  ...(charter.access?.otherSystems ?? []).map((what) => ({ what, until: null })),
  ...(charter.backups ?? []).map(({ name, keptDays }) => ({ what: name, until: null, keptDays })),
];

const placeName = ({ object, field }: Completeness['hidden'][number]): string =>
  field === undefined ? object : `${object}.${field}`;

const placeNames = (places: Completeness['hidden']): string[] => [...new Set(places.map(placeName))].sort();

const frameOf = (made: Made, taken: { readonly from: string; readonly to: string }): PlanFrame => {
  const { input, identity, found } = made;
  const { completeness } = found.gathered;
  const { rules, charter, use, requestKey } = input;
  const { title, legalGround, source } = rules.ground;
  const items = made.planned.items.map(plainItem);
  return {
    ...{ planVersion: PLAN_VERSION, kind: 'erasure', asOf: found.asOf, snapshot: taken, ...use },
    ...{ orgId: identity.orgId, orgName: identity.orgName, userId: identity.userId },
    completeness: {
      ...{ state: completeness.state, filesVisible: completeness.filesVisible },
      ...{ hidden: placeNames(completeness.hidden), absent: placeNames(completeness.absent) },
    },
    expiresAt: `${addDays(endOfPeriod(found.asOf, charter.planExpiry), 1)}T00:00:00.000Z`,
    rules: [
      {
        ...{ key: ERASURE_RULE, from: 'gdpr/art-17', title, legalGround, clock: 'request', duration: '' },
        source: [source.title, source.url].filter((part) => part !== undefined).join(', '),
        people: made.subject.object,
      },
    ],
    erasure: {
      ...{ request: requestKey ?? null, roots: found.facts.roots.length, items: countItems(items) },
      ...{ laws: lawsOf(made), itemsDigest: itemsDigest(items), elsewhere: elsewhereOf(made) },
      ...staysOf(made),
      ...(made.scanCalls === undefined ? {} : { scan: { calls: made.scanCalls } }),
    },
  };
};

/** Everything that was found, whole, for rehearsals; rows of the recycle bin among it. */
const wantsOf = ({ facts }: GatheredErasure): readonly SnapshotWant[] => {
  const ids = new Map<string, string[]>();
  const found = [...facts.records.map(({ item }) => item), ...facts.hanging];
  for (const { object, id } of found) ids.set(object, [...(ids.get(object) ?? []), id]);
  return [...ids].map(([object, own]) => ({
    ...{ object, fields: 'all' as const, ids: own.flatMap((id) => parseRecordId(id) ?? []) },
    ...(facts.records.some(({ item }) => item.object === object && item.deleted) ? { deletedToo: true } : {}),
  }));
};

/** Values are sealed under the person's key only where an archive asks for it. */
const sealingFor = ({ identity, planned }: Made, { vault }: ErasurePorts, store: EncryptedStore) => {
  if (planned.archived === undefined) return undefined;
  const { orgId } = identity;
  return { sealer: createSealer({ vault, orgId, store }), valueSalt: vault.deriveKey(orgId, VALUE_SALT) };
};

const stepsFor = (made: Made, ports: ErasurePorts, store: EncryptedStore): readonly PlanStep[] => {
  const { id } = made.subject;
  const { operations, links } = made.planned;
  const sealing = sealingFor(made, ports, store);
  const steps = toSteps(operations, {
    ...{ subject: id, rule: ERASURE_RULE, reason: reasonOf(made.input), decision: erasureDecision(id) },
    ...(sealing === undefined ? {} : { sealing }),
  });
  sealing?.sealer.flush();
  return valueOf(orderSteps({ steps, links, describes: made.found.facts.describes }));
};

type Kept = { readonly holding: string; readonly instants: readonly string[]; readonly needles: string | undefined };

const write = (made: Made, ports: ErasurePorts, snapshot: Kept) => {
  const { planned, identity } = made;
  const now = ports.clock.now();
  const taken = { from: snapshot.instants[0] ?? now, to: snapshot.instants.at(-1) ?? now };
  const frame = frameOf(made, taken);
  const sealed = ports.vault.createStore('plan-steps', identity.orgId, stepsExpiry(frame.expiresAt));
  const { object, id } = made.subject;
  const decision: PlanDecision = {
    ...{ subject: id, object, rule: ERASURE_RULE, verdict: 'due', until: null },
    ...{ reason: reasonOf(made.input), effects: planned.effects },
  };
  let isKept = false;
  try {
    writeErasureItems(sealed.store, planned.items.map(plainItem));
    const steps = stepsFor(made, ports, sealed.store);
    const calls = tallyCalls();
    calls.add(steps);
    const plan = writePlan(ports.vault, {
      ...{ frame, people: [{ decision, steps }], sealed, folder: made.input.folder, createdAt: now },
      ...(snapshot.needles === undefined ? {} : { needlesHolding: snapshot.needles }),
      ...{
        snapshotHolding: snapshot.holding,
        calls: () => calls.predicted() + made.found.calls + (made.scanCalls ?? 0),
      },
    });
    isKept = true;
    return plan;
  } finally {
    sealed.store.close();
    if (!isKept) ports.vault.remove(sealed.holding.id);
  }
};

/** What identifies the person, kept for the scan after the run: once they are gone nothing else tells what to look for. */
const keepNeedles = async (made: Made, ports: ErasurePorts, expiresAt: string): Promise<string | undefined> =>
  made.needles === undefined
    ? undefined
    : (await sealNeedles(ports.vault, made.identity.orgId, made.needles, expiresAt)).id;

const writeWithSnapshot = async (made: Made, ports: ErasurePorts): Promise<NonNullable<ErasureResult['plan']>> => {
  const { charter } = made.input;
  const expiresAt = stepsExpiry(`${endOfPeriod(made.found.asOf, charter.planExpiry)}T00:00:00.000Z`);
  const snapshot = await takeSnapshot({ wants: wantsOf(made.found), expiresAt }, ports, ports.report);
  let needles: string | undefined;
  let isKept = false;
  try {
    const instants = snapshot.objects.map(({ at }) => at).sort();
    needles = await keepNeedles(made, ports, expiresAt);
    const plan = write(made, ports, { holding: snapshot.holding.id, instants, needles });
    isKept = true;
    return plan;
  } finally {
    snapshot.store.close();
    if (!isKept) ports.vault.remove(snapshot.holding.id);
    if (!isKept && needles !== undefined) ports.vault.remove(needles);
  }
};

const REVIEWED = new Set([
  'third-person',
  'third-person-kept',
  'goes-along',
  'names-others',
  'shared-with-others',
  'org-refuses',
  'own-account',
  'hidden',
]);

const reviewOf = ({ gathered }: GatheredErasure, items: readonly Decided[]): ErasureResult['review'] => {
  const groups = new Map<string, { code: string; object: string; ids: string[] }>();
  const add = (code: string, object: string, id: string): void => {
    const known = groups.get(`${code} ${object}`);
    if (known === undefined) groups.set(`${code} ${object}`, { code, object, ids: [id] });
    else known.ids.push(id);
  };
  for (const { code, object, id, fields } of items) {
    if (REVIEWED.has(code)) add(code, object, id);
    if (fields.length > 0) add('mention', object, id);
  }
  for (const { object, id } of gathered.sameEmail) add('same-email', object, id);
  for (const { object, ids } of gathered.strays.namesakes) for (const id of ids) add('namesake-copy', object, id);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
};

const decidedItems = (
  { facts }: GatheredErasure,
  needles: Needles | undefined,
  { knowledge }: ErasurePorts,
): readonly Decided[] => {
  const items = decideItems(facts);
  if (needles === undefined || knowledge === undefined) return items;
  return withMentions(items, facts, compileNeedles(needles, knowledge));
};

/**
 * Plans the erasure of one person (GDPR, Art. 17): every record found with its path and the decision on it. Reads the
 * org and writes to this machine only; the plan is shown, rehearsed, approved and applied like any other. Errors: those
 * of `gatherErasure`, StepsInCircle, the org's, the vault's.
 */
export const planErasure = async (input: ErasureInput, ports: ErasurePorts): Promise<ErasureResult> => {
  const before = ports.org.calls();
  const identity = await ports.org.identity();
  const found = await gatherErasure(input, ports);
  const key = ports.vault.deriveKey(identity.orgId, 'erasure-fingerprint');
  const fingerprint = (id: string): string => saltedCommitment(key, id).slice(0, 24);
  const needles = await ports.needlesOf?.(found.gathered);
  const scanCalls = needles === undefined ? undefined : await ports.scanCalls?.(needles);
  const decided = decidedItems(found, needles, ports);
  const planned = erasureOperations(found.facts, decided, fingerprint);
  const made: Made = { input, identity, found, planned, subject: subjectOf(found, planned), needles, scanCalls };
  const plan = planned.operations.length === 0 ? null : await writeWithSnapshot(made, ports);
  const { completeness } = found.gathered;
  return {
    plan,
    subject: found.facts.roots,
    completeness: completeness.state,
    hidden: placeNames(completeness.hidden),
    items: countItems(planned.items.map(plainItem)),
    review: reviewOf(found, decided),
    calls: ports.org.calls() - before,
  };
};

import { canonicalJson } from '../kernel/canonicalJson.ts';
import type { Clock } from '../kernel/clock.ts';
import { addDays, endOfPeriod, localDateOf } from '../kernel/legalPeriod.ts';
import { GardeError } from '../kernel/result.ts';
import { lawSeen, plannedLaw, type LawSeen, type PlannedLaw, type RememberedLaw } from '../model/plannedLaw.ts';
import type { Org, OrgRow } from '../org/port.ts';
import type { EncryptedStore, StoreValue, Vault } from '../vault/port.ts';
import { plannedLawOf, isSameLaw, type LawChange, type LawMemory } from './lawChange.ts';
import type { RuleInForce } from './rules.ts';

const OBJECT = 'GardeRetentionRule__c';
const FIELDS = ['DatedLaw__c', 'LawSeenBy__c', 'LawSeenAt__c'] as const;
const KIND = 'planned-law';
/** A plan renews it: five years without one, and there is nothing worth comparing with. */
const KEPT_YEARS = 5;

type MemoryVault = Pick<Vault, 'createStore' | 'openStore' | 'holdings' | 'remove'>;
export type MemoryPorts = { readonly org: Org; readonly vault: MemoryVault; readonly clock: Clock };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const unreadable = (rule: string): GardeError =>
  new GardeError([
    {
      code: 'PlannedLawUnreadable',
      subject: `${OBJECT} ${rule}`,
      message: 'What the org remembers of the law that its last plan was made under cannot be read.',
      actions: ['Empty the field DatedLaw__c of this rule’s record: the next plan writes it anew.'],
    },
  ]);

const lawIn = (json: string, rule: string): PlannedLaw => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw unreadable(rule);
  }
  const parsed = plannedLaw.safeParse(value);
  if (!parsed.success) throw unreadable(rule);
  return parsed.data;
};

const seenIn = (by: unknown, at: unknown): { readonly seen?: LawSeen } => {
  const when = text(at);
  const parsed = lawSeen.safeParse({ by, at: when === '' ? '' : new Date(when).toISOString() });
  return parsed.success ? { seen: parsed.data } : {};
};

/** What the org's own records remember; nothing where the package is not deployed or its fields are not seen. */
const inOrg = async (org: Org): Promise<readonly RememberedLaw[]> => {
  const described = await org.describe(OBJECT);
  const visible = new Set(described?.fields.map(({ name }) => name));
  if (!visible.has('DatedLaw__c')) return [];
  const fields = ['RuleKey__c', ...FIELDS.filter((name) => visible.has(name))].join(', ');
  const known: RememberedLaw[] = [];
  for await (const row of org.query(`SELECT ${fields} FROM ${OBJECT}`)) {
    const [rule, json] = [text(row['RuleKey__c']), text(row['DatedLaw__c'])];
    if (json !== '') known.push({ rule, law: lawIn(json, rule), ...seenIn(row['LawSeenBy__c'], row['LawSeenAt__c']) });
  }
  return known;
};

const holdingsOf = (vault: MemoryVault, orgId: string) => vault.holdings(orgId).filter(({ kind }) => kind === KIND);

const rowOf = (row: Readonly<Record<string, StoreValue>>): RememberedLaw => {
  const rule = text(row['rule']);
  return { rule, law: lawIn(text(row['law']), rule), ...seenIn(row['seenBy'], row['seenAt']) };
};

const here = (vault: MemoryVault, orgId: string): readonly RememberedLaw[] => {
  const latest = holdingsOf(vault, orgId)
    .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
    .at(-1);
  if (latest === undefined) return [];
  const store = vault.openStore(latest.id);
  try {
    return [...store.read('SELECT rule, law, seenBy, seenAt FROM law ORDER BY rule')].map(rowOf);
  } finally {
    store.close();
  }
};

/**
 * The law that the last plan of an org stood on, rule by rule: as the org's own records say, which every machine shares,
 * else as this machine remembers. Error: PlannedLawUnreadable.
 */
export const readLawMemory = async ({ org, vault }: Omit<MemoryPorts, 'clock'>, orgId: string): Promise<LawMemory> =>
  new Map([...here(vault, orgId), ...(await inOrg(org))].map((one) => [one.rule, one]));

const write = (store: EncryptedStore, laws: readonly RememberedLaw[]): void => {
  store.create({ name: 'law', columns: { rule: 'text', law: 'text', seenBy: 'text', seenAt: 'text' } });
  store.insert(
    'law',
    ['rule', 'law', 'seenBy', 'seenAt'],
    laws.map(({ rule, law, seen }) => [rule, canonicalJson(law), seen?.by ?? null, seen?.at ?? null]),
  );
  store.flush();
};

const keep = ({ vault, clock }: Omit<MemoryPorts, 'org'>, orgId: string, laws: LawMemory): void => {
  const before = holdingsOf(vault, orgId);
  const lastDay = endOfPeriod(localDateOf(clock.now(), 'UTC'), { years: KEPT_YEARS });
  const { store } = vault.createStore(KIND, orgId, `${addDays(lastDay, 1)}T00:00:00.000Z`);
  try {
    write(store, [...laws.values()]);
  } finally {
    store.close();
  }
  for (const { id } of before) vault.remove(id);
};

/** Remembers on this machine what a plan was made under; what it says of rules that were not planned stays. */
export const rememberPlanned = (
  ports: Omit<MemoryPorts, 'org'>,
  orgId: string,
  planned: { readonly rules: readonly RuleInForce[]; readonly memory: LawMemory },
): void => {
  const now = planned.rules.map((one): RememberedLaw => {
    const law = plannedLawOf(one);
    const known = planned.memory.get(one.rule.key);
    const isKnown = known?.seen !== undefined && isSameLaw(known.law, law);
    return { rule: one.rule.key, law, ...(isKnown ? { seen: known.seen } : {}) };
  });
  keep(ports, orgId, new Map([...planned.memory, ...now.map((one) => [one.rule, one] as const)]));
};

/** The field of a rule's record that says what a plan stood on. */
export const datedLawField = (law: PlannedLaw | undefined): OrgRow =>
  law === undefined ? {} : { DatedLaw__c: canonicalJson(law) };

const refused = (codes: readonly string[]): GardeError =>
  new GardeError([
    {
      code: 'RuleSetNotRecorded',
      subject: OBJECT,
      message: `The org refused to record who saw the change: ${[...new Set(codes)].sort().join(', ')}.`,
      actions: ['Deploy the package and assign the permission set GardeAdmin, then accept the rule set again.'],
    },
  ]);

/**
 * Records in the org, and on this machine, that the running user saw what a change of the law does. Error:
 * RuleSetNotRecorded, and nothing is remembered here either.
 */
export const recordLawSeen = async (
  { org, vault, clock }: MemoryPorts,
  changes: readonly LawChange[],
  memory: LawMemory,
): Promise<LawSeen> => {
  const { orgId, userId } = await org.identity();
  const described = await org.describe(OBJECT);
  if (described?.fields.some(({ name }) => name === 'DatedLaw__c') !== true) throw refused(['INVALID_FIELD']);
  const seen: LawSeen = { by: userId, at: clock.now() };
  const rows = changes.map(({ rule, after }) => ({
    ...{ RuleKey__c: rule, RuleSet__c: after.from, LawSeenBy__c: seen.by, LawSeenAt__c: seen.at },
    ...datedLawField(after),
  }));
  const outcomes = await org.upsert(OBJECT, 'RuleKey__c', rows);
  const codes = outcomes.flatMap(({ errors }) => errors.map(({ code }) => code));
  if (codes.length > 0) throw refused(codes);
  const now = changes.map(({ rule, after }) => [rule, { rule, law: after, seen }] as const);
  keep({ vault, clock }, orgId, new Map([...memory, ...now]));
  return seen;
};

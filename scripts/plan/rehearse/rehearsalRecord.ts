import { z } from 'zod';
import { canonicalJson } from '../../kernel/canonicalJson.ts';
import { sha256Hex } from '../../kernel/hash.ts';
import { GardeError, type Problem } from '../../kernel/result.ts';
import type { EncryptedStore } from '../../vault/port.ts';
import type { ApprovalPolicy } from '../approve/approvalPolicy.ts';
import type { OpenPlan } from '../file/openPlan.ts';

const difference = z.strictObject({
  /** How people name it: `not-predicted.Task.cascade`. */
  key: z.string(),
  kind: z.enum(['not-predicted', 'did-not-happen', 'step-not-done']),
  object: z.string(),
  /** Null where no single field is meant. */
  field: z.string().nullable(),
  /** Cause of the change, or code of a decision or of the org. */
  because: z.string(),
  /** Records concerned. */
  count: z.int().min(0),
});
/** Plain, as all that a command answers: its JSON Schema is made from it. */
export type RehearsalDifference = {
  readonly key: string;
  readonly kind: 'not-predicted' | 'did-not-happen' | 'step-not-done';
  readonly object: string;
  readonly field: string | null;
  readonly because: string;
  readonly count: number;
};

const notCovered = z.strictObject({
  /** A metadata type of the org (`ApexTrigger`), or a word of messages (`sharing`). */
  what: z.string(),
  /** Null: the org did not tell. */
  count: z.int().nullable(),
  /** The first of them by API name. */
  names: z.array(z.string()),
});
export type NotCovered = {
  readonly what: string;
  readonly count: number | null;
  readonly names: readonly string[];
};

const rehearsalRecord = z.strictObject({
  at: z.iso.datetime(),
  tier: z.enum(['twin', 'sandbox']),
  by: z.string(),
  notCovered: z.array(notCovered),
  differences: z.array(difference),
});
/** What one rehearsal found; without personal data. */
export type RehearsalRecord = {
  readonly at: string;
  readonly tier: 'twin' | 'sandbox';
  readonly by: string;
  readonly notCovered: readonly NotCovered[];
  readonly differences: readonly RehearsalDifference[];
};

const acceptance = z.strictObject({
  key: z.string(),
  /** Records concerned when it was accepted: more of them are another difference. */
  count: z.int().min(0),
  /** Username of who accepted. */
  by: z.string(),
  at: z.iso.datetime(),
});
export type Acceptance = {
  readonly key: string;
  readonly count: number;
  readonly by: string;
  readonly at: string;
};

const TABLE = 'CREATE TABLE IF NOT EXISTS rehearsal (number INTEGER PRIMARY KEY, kind text, json text)';

const append = (store: EncryptedStore, kind: 'record' | 'acceptance', value: unknown): void => {
  store.run(TABLE);
  store.run('INSERT INTO rehearsal (kind, json) VALUES (?, ?)', [kind, JSON.stringify(value)]);
  store.flush();
};

const readAll = (store: EncryptedStore, kind: 'record' | 'acceptance'): readonly unknown[] => {
  const known = [...store.read("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'rehearsal'")];
  if (known.length === 0) return [];
  return [...store.read('SELECT json FROM rehearsal WHERE kind = ? ORDER BY number', [kind])].map(({ json }): unknown =>
    JSON.parse(String(json)),
  );
};

/** Keeps what a rehearsal found with the plan's sealed steps, where nobody edits it without the org's key. */
export const writeRehearsal = (store: EncryptedStore, record: RehearsalRecord): void => {
  append(store, 'record', rehearsalRecord.parse(record));
};

/** Where a plan stands with its rehearsals. */
export type RehearsalState = {
  /** The last rehearsal of each tier. */
  readonly records: readonly RehearsalRecord[];
  /** Differences of these that nobody accepted. */
  readonly open: readonly RehearsalDifference[];
  readonly accepted: readonly Acceptance[];
  /** SHA-256 of records and acceptances; null when never rehearsed. */
  readonly hash: string | null;
};

const isAccepted = (one: RehearsalDifference, accepted: readonly Acceptance[]): boolean =>
  accepted.some(({ key, count }) => key === one.key && one.count <= count);

/** What the rehearsals of a plan found, and which differences somebody accepted. */
export const rehearsalState = (store: EncryptedStore): RehearsalState => {
  const all = readAll(store, 'record').map((one) => rehearsalRecord.parse(one));
  const accepted = readAll(store, 'acceptance').map((one) => acceptance.parse(one));
  const records = [...new Map(all.map((one) => [one.tier, one])).values()];
  return {
    records,
    open: records.flatMap((one) => one.differences).filter((one) => !isAccepted(one, accepted)),
    accepted,
    hash: records.length === 0 ? null : sha256Hex(canonicalJson({ records, accepted })),
  };
};

const refuse = (problems: readonly Problem[]): GardeError => new GardeError(problems);

const neverRehearsed = (subject: string): Problem => ({
  code: 'RehearsalMissing',
  subject,
  message: 'This plan was never rehearsed, and the charter asks for it.',
  actions: ['Run `garde plan rehearse`.'],
});

/**
 * Records that a person takes differences for harmless, by their names. All or none. Errors: RehearsalMissing,
 * DifferenceUnknown with the names there are.
 */
export const acceptDifferences = (
  plan: OpenPlan,
  keys: readonly string[],
  who: { readonly by: string; readonly at: string },
): RehearsalState => {
  const { open, hash } = rehearsalState(plan.store);
  if (hash === null) throw refuse([neverRehearsed(plan.header.digest.slice(0, 8))]);
  const unknown = keys.filter((key) => !open.some((one) => one.key === key));
  if (unknown.length > 0) {
    const names = open.map((one) => one.key).join(', ');
    throw refuse(
      unknown.map((key) => ({
        code: 'DifferenceUnknown',
        subject: key,
        message: 'No open difference of this plan’s rehearsals has this name.',
        actions: [names === '' ? 'Nothing is open: no difference needs accepting.' : `Give one of: ${names}.`],
      })),
    );
  }
  for (const key of new Set(keys)) {
    const count = Math.max(...open.filter((one) => one.key === key).map((one) => one.count));
    append(plan.store, 'acceptance', { key, count, ...who });
  }
  return rehearsalState(plan.store);
};

/** Refuses a plan that the charter wants rehearsed and that is not, or not as planned. Errors: RehearsalMissing, RehearsalDiffers. */
export const assertRehearsed = (plan: OpenPlan, { rehearsal }: Pick<ApprovalPolicy, 'rehearsal'>): void => {
  if (rehearsal === 'advised') return;
  const { open, hash } = rehearsalState(plan.store);
  if (hash === null) throw refuse([neverRehearsed(plan.header.digest.slice(0, 8))]);
  if (open.length === 0) return;
  throw refuse(
    open.map((one) => ({
      code: 'RehearsalDiffers',
      subject: one.key,
      message: `The rehearsal did not go as planned (${one.key}: ${one.count}).`,
      actions: [`Plan again, or, if it is harmless, accept it by name: garde plan rehearse --accept ${one.key}.`],
    })),
  );
};

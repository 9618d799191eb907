import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { ArchiveTerms } from '../model/archive.ts';
import type { Treatments } from '../model/treatments.ts';
import type { Values } from '../plan/undo/beforeImages.ts';
import { archiving, type ToSeal } from './archivePerson.ts';
import { nameOf, type PlannedOperation } from './contract.ts';

/** Letters and digits that are not taken for each other; 20 of them tell 2^100 people apart. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 20;

/**
 * The text that stands for one person: a word and a token of random bytes (20 at least), which say nothing about whom. The word is
 * that of the plan's language.
 */
export const pseudonymOf = (bytes: Uint8Array, word: string): string =>
  `${word} ${[...bytes.subarray(0, LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('')}`;

/** Whether a text is a pseudonym that an earlier plan gave, in any language. */
export const isPseudonym = (text: string, { names }: Pick<Treatments, 'names'>): boolean =>
  Object.values(names.pseudonym).some((word) => text.startsWith(`${word} `) && TOKEN.test(text.slice(word.length + 1)));
const TOKEN = new RegExp(`^[${LETTERS}]{${String(LENGTH)}}$`);

export type PersonToPseudonymise = {
  readonly object: string;
  readonly id: string;
  readonly pseudonym: string;
  /** What takes the values that identify out of the person's records, the person's own among them (anonymisePerson). */
  readonly operations: readonly PlannedOperation[];
  /** A record as it was copied; undefined where nothing of it was. */
  readonly rowOf: (id: string) => { readonly object: string; readonly values: Values } | undefined;
  /** Whether a field must still hold what was sealed when it is written over: nothing composes it, a rehearsal knows it. */
  readonly isFirm: (record: { readonly object: string; readonly id: string }, field: string) => boolean;
  readonly terms: ArchiveTerms;
  readonly until: LocalDate;
  readonly fingerprints?: readonly string[];
};

const pick = (values: Values, fields: readonly string[]): Values =>
  Object.fromEntries(fields.map((field) => [field, values[field] ?? null]));

type Writing = (operation: PlannedOperation) => readonly string[] | undefined;
const writtenBy: Writing = ({ operation, payload }) =>
  operation === 'update' ? Object.keys(payload?.values ?? {}) : undefined;

/** What each operation takes away, by record: values that are written over, rows that go. */
const takenAway = ({ operations, rowOf }: PersonToPseudonymise): ToSeal['rows'] => {
  const rows = new Map<string, ToSeal['rows'][number]>();
  for (const one of operations) {
    const fields = writtenBy(one);
    const isGoing = one.operation === 'delete' || one.operation === 'purge';
    if (fields === undefined && !isGoing) continue;
    for (const id of isGoing ? [one.id, ...one.goesWith] : [one.id]) {
      const row = rowOf(id);
      if (row === undefined || rows.has(id)) continue;
      rows.set(id, { object: row.object, id, values: fields === undefined ? row.values : pick(row.values, fields) });
    }
  }
  return [...rows.values()];
};

const guarded = (
  one: PlannedOperation,
  { rowOf, isFirm }: PersonToPseudonymise,
): Pick<PlannedOperation, 'expects' | 'maySave'> => {
  const row = rowOf(one.id);
  const fields = writtenBy(one)?.filter(
    (field) => row !== undefined && isFirm({ object: row.object, id: one.id }, field),
  );
  if (row === undefined || fields === undefined || fields.length === 0) return {};
  // changing a person may save their household, and a gift its donor
  return { expects: pick(row.values, fields), maySave: true };
};

/**
 * What the action *pseudonymise* expands into (GDPR, Art. 4(5)): everything that tells who the person is goes, sealed
 * under their own key, to an archive of the org that is opened for a role and a reason; their records say a random token
 * instead. Nothing is written over before the archive's record names its file, and nothing that was changed since it was
 * sealed. Once the person's key is destroyed nobody can tell any more whose the token was. None when nothing is left to
 * take away.
 */
export const pseudonymisePerson = (order: PersonToPseudonymise): readonly PlannedOperation[] => {
  const { object, id, pseudonym, operations, terms, until, fingerprints = [] } = order;
  const taken = takenAway(order);
  if (taken.length === 0) return [];
  const own = taken.find((row) => row.id === id);
  const sealed = archiving({
    ...{ terms, until, pseudonym, fingerprints },
    person: { object, id, values: own?.values ?? {} },
    rows: taken.filter((row) => row.id !== id),
  });
  const changes = new Set(operations.filter(({ operation }) => operation === 'update').map(nameOf));
  const changeOf = ({ operation, id: record }: PlannedOperation): readonly string[] =>
    // history of a record that could not be changed tells nothing that the record does not
    operation === 'deleteHistory' ? [`update/${record}`].filter((name) => changes.has(name)) : [];
  return [
    ...sealed.operations,
    ...operations.map((one) => ({
      ...one,
      wave: one.wave + sealed.waves,
      dependsOn: [...sealed.waits, ...changeOf(one), ...(one.dependsOn ?? [])],
      ...guarded(one, order),
    })),
  ];
};

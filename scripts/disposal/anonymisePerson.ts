import type { RowTreatment, Treatments } from '../model/treatments.ts';
import type { DescribedObject, OrgRow } from '../org/port.ts';
import { textIn } from '../plan/operations/values.ts';
import type { Finding, FindingCode } from './anonymity/contract.ts';
import { ANONYMISING, anonymiseRecord, type RecordTreatment, type Traces } from './anonymiseRecord.ts';
import type { PlannedOperation } from './contract.ts';

/** A record with what it becomes. */
export type RecordToTreat = {
  readonly described: DescribedObject;
  /** All fields of `fieldsToTreat`. */
  readonly row: OrgRow;
  readonly how: RecordTreatment;
  /** Rows of history and feeds that are there already, by their object. */
  readonly known?: ReadonlyMap<string, readonly string[]>;
};

/** A row of the person's graph. */
export type RowOfPerson = {
  readonly object: string;
  readonly id: string;
  /** The row also tells about others, or no pack names it as part of a person's graph. */
  readonly isShared: boolean;
  /** Rows that the org deletes with it. */
  readonly goesWith?: readonly string[];
  /** In the recycle bin already. */
  readonly isBinned?: boolean;
  /** Stays tied to the person by a lookup that keeps its value. */
  readonly isTied?: boolean;
  /** What it becomes where rows of its object are treated field by field; without it such a row stays as it is. */
  readonly record?: RecordToTreat;
};

/** A file, message or activity and every record it is tied to; the tie that says who made it counts as nobody's. */
export type FileOfPerson = {
  readonly document: { readonly object: string; readonly id: string };
  readonly ties: readonly { readonly object: string; readonly id: string; readonly to: string }[];
  /** Tied to others beside these ties, or to nobody else; by the ties alone when left out. */
  readonly isShared?: boolean;
  /** Rows beside the ties that the org deletes with it. */
  readonly goesWith?: readonly string[];
};

export type PersonToAnonymise = {
  readonly record: RecordToTreat;
  readonly rows: readonly RowOfPerson[];
  readonly files: readonly FileOfPerson[];
};

export type AnonymisedPerson = {
  readonly operations: readonly PlannedOperation[];
  readonly findings: readonly Finding[];
  /** Rows that stay as they are, by object: shared with others, or evidence. */
  readonly left: readonly { readonly object: string; readonly id: string }[];
};

const deletion = (object: string, id: string, goesWith: readonly string[] = []): PlannedOperation => ({
  ...{ operation: 'delete', wave: ANONYMISING.deletion, object, id, goesWith },
});

const emptying = ({ object, id, goesWith }: PlannedOperation): PlannedOperation => ({
  ...{ operation: 'purge', wave: ANONYMISING.purge, object, id, goesWith },
});

const treatmentOf = (
  { object, isShared, record, isBinned }: RowOfPerson,
  { rows }: Treatments,
): RowTreatment | 'empty' => {
  const own = rows[object] ?? 'treat';
  if (isBinned === true && !isShared) return 'empty';
  // what others share is neither taken from them nor rewritten
  if (isShared) return 'leave';
  return own === 'treat' && record === undefined ? 'leave' : own;
};

const isOwnFile = ({ ties, isShared }: FileOfPerson, own: ReadonlySet<string>): boolean =>
  isShared === undefined ? ties.every((tie) => own.has(tie.to)) : !isShared;

/** Documents that only this person's records are tied to go; of others the ties do. */
const fileDeletions = (files: readonly FileOfPerson[], own: ReadonlySet<string>): readonly PlannedOperation[] =>
  files.flatMap((file) => {
    const { document, ties, goesWith = [] } = file;
    const along = [...ties.map((tie) => tie.id), ...goesWith];
    if (isOwnFile(file, own)) return [deletion(document.object, document.id, along)];
    return ties.filter((tie) => own.has(tie.to)).map((tie) => deletion(tie.object, tie.id));
  });

const once = (operations: readonly PlannedOperation[]): readonly PlannedOperation[] => {
  const gone = new Set<string>();
  return operations.filter(({ id }) => {
    const isNew = !gone.has(id);
    gone.add(id);
    return isNew;
  });
};

const foundAt = (
  check: Finding['check'],
  code: FindingCode,
  { object }: { readonly object: string },
  until: Finding['until'] = null,
): Finding => ({ check, code, place: object, count: 1, until });

/** The same finding in the same place once, with how many records it is about. */
export const joinFindings = (findings: readonly Finding[]): readonly Finding[] => {
  const joined = new Map<string, Finding>();
  for (const one of findings) {
    const key = JSON.stringify([one.check, one.code, one.place ?? '', one.until]);
    const known = joined.get(key);
    joined.set(key, { ...one, count: (known?.count ?? 0) + (one.count ?? 1) });
  }
  return [...joined].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
};

/**
 * What the action *anonymise* of a person expands into: rows about them that tell more than they are worth go (messages,
 * notes, consents, files), then their own record and the rows that carry statistics are rewritten (anonymiseRecord), then
 * the history of those changes goes, at last the recycle bin. Deletions come first, because what the org refuses can be
 * put back as long as nothing was rewritten. Rows that others share and evidence stay and are findings: the word is then
 * *pseudonymised* (verdictOf). A person who already looks so gets no operation.
 */
export const anonymisePerson = (
  person: PersonToAnonymise,
  { treatments, traces }: { readonly treatments: Treatments; readonly traces: Traces },
): AnonymisedPerson => {
  const by = (wanted: RowTreatment | 'empty'): readonly RowOfPerson[] =>
    person.rows.filter((row) => treatmentOf(row, treatments) === wanted);
  const treatedRows = by('treat');
  const records = [person.record, ...treatedRows.flatMap(({ record }) => record ?? [])];
  const own = new Set([...records.map(({ row }) => textIn(row, 'Id')), ...by('delete').map(({ id }) => id)]);
  const deletions = once([
    ...fileDeletions(person.files, own),
    ...by('delete').map(({ object, id, goesWith }) => deletion(object, id, goesWith)),
  ]);
  const treated = records.map(({ row, described, how, known }) =>
    anonymiseRecord(row, described, how, known === undefined ? traces : { ...traces, known }),
  );
  const left = by('leave').map(({ object, id }) => ({ object, id }));
  const binned = by('empty').map(({ object, id, goesWith }) => deletion(object, id, goesWith));
  const emptied = [...deletions, ...binned].filter(({ object }) => traces.hasBin(object));
  const unbinned = [...deletions, ...binned].filter(({ object }) => !traces.hasBin(object));
  const files = person.files.filter((file) => !isOwnFile(file, own)).map(({ document }) => document);
  return {
    operations: [...deletions, ...treated.flatMap((one) => one.operations), ...emptied.map(emptying)],
    findings: joinFindings([
      ...treated.flatMap((one) => one.findings),
      ...left.map((row) => foundAt('linkability', 'row-remains', row)),
      ...treatedRows.filter(({ isTied }) => isTied === true).map((row) => foundAt('singling-out', 'row-tied', row)),
      ...files.map((file) => foundAt('linkability', 'file-remains', file)),
      ...unbinned.map((row) => foundAt('linkability', 'deleted-readable', row, traces.readableUntil)),
    ]),
    left: [...left, ...files],
  };
};

import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { Values } from '../plan/undo/beforeImages.ts';
import { ARCHIVE, fingerprintText, type ArchivedContent, type ArchiveTerms } from '../model/archive.ts';
import { nameOf, type PlannedOperation } from './contract.ts';

/** A record that goes into the archive and out of the active base. */
export type RowToArchive = {
  readonly object: string;
  readonly id: string;
  /** What goes into the archive. */
  readonly values: Values;
  /** What must still be so right before the record is deleted: what people write, no roll-ups. */
  readonly written: Values;
  /** 0: a row the duty is about; 1: a row that hangs on it, and so on. Deeper ones are deleted first. */
  readonly depth: number;
  /**
   * The archived record that the org deletes it with: it has no deletion of its own. A detail that lay in the recycle
   * bin before its master is past help there: neither put back nor emptied.
   */
  readonly goesWith?: string | undefined;
  /** No duty needs it: the org deletes it with its master, and the archive does not hold it. */
  readonly isLeftOut?: boolean;
};

export type PersonToArchive = {
  readonly object: string;
  readonly id: string;
  /** The part of the person's own record that duties need. */
  readonly values: Values;
  readonly written: Values;
};

export type ArchiveOrder = {
  readonly person: PersonToArchive;
  readonly rows: readonly RowToArchive[];
  readonly terms: ArchiveTerms;
  readonly until: LocalDate;
  readonly fingerprints?: readonly string[];
  /** What the action purge does with the person. */
  readonly purge: readonly PlannedOperation[];
};

const ARCHIVE_ID = 'new:archive';
const FILE_ID = 'new:file';

/** What is sealed: the person's own values first, then rows about them. */
export type ToSeal = Pick<ArchiveOrder, 'terms' | 'until'> & {
  readonly person: Pick<PersonToArchive, 'object' | 'id' | 'values'>;
  readonly rows: readonly Pick<RowToArchive, 'object' | 'id' | 'values' | 'isLeftOut'>[];
  /** What the person's records say instead of who it is. */
  readonly pseudonym?: string;
  /** Keyed fingerprints by which somebody who asks finds the archive; left out where the org has no place for them. */
  readonly fingerprints?: readonly string[];
};

const contentOf = ({ person, rows, terms, until, pseudonym }: ToSeal): ArchivedContent => ({
  garde: 'archive',
  ...{ key: terms.key, subject: person.id, object: person.object, until },
  ...(pseudonym === undefined ? {} : { pseudonym }),
  rows: [
    { object: person.object, id: person.id, values: person.values },
    ...rows.filter((row) => row.isLeftOut !== true).map(({ object, id, values }) => ({ object, id, values })),
  ],
});

/** `Opportunity 3, Payment 2`: how much of what, and nobody's name. */
const counted = (rows: readonly { readonly object: string }[]): string => {
  const counts = new Map<string, number>();
  for (const { object } of rows) counts.set(object, (counts.get(object) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([object, count]) => `${object} ${String(count)}`)
    .join(', ')
    .slice(0, 255);
};

const archiveRecord = (order: ToSeal): PlannedOperation => {
  const { terms, person, until, fingerprints = [] } = order;
  const { rows } = contentOf(order);
  const values = {
    ArchiveKey__c: terms.key,
    SubjectKey__c: person.id,
    SubjectType__c: person.object,
    RuleKey__c: terms.rule,
    PurposeKey__c: terms.purpose,
    LegalGround__c: terms.legalGround.slice(0, 255),
    UntilDate__c: until,
    Contents__c: counted(rows),
    ItemCount__c: rows.length,
    ...(fingerprints.length === 0 ? {} : { Fingerprints__c: fingerprintText(fingerprints) }),
  };
  return {
    ...{ wave: 0, operation: 'create', object: ARCHIVE, id: ARCHIVE_ID, goesWith: [] },
    payload: { values, externalId: { field: 'ArchiveKey__c', value: terms.key } },
    // taking the archive away again would lose the only copy there is
    isFinal: true,
  };
};

/**
 * Record, sealed file, and the file's place on the record: nothing is deleted or written over before these stand. Later
 * operations wait for `waits` and begin with the wave `waves`.
 */
export const archiving = (
  order: ToSeal,
): { readonly operations: readonly PlannedOperation[]; readonly waits: readonly string[]; readonly waves: number } => {
  const { key } = order.terms;
  const upload: PlannedOperation = {
    ...{ wave: 1, operation: 'uploadFile', object: 'ContentDocument', id: FILE_ID, goesWith: [], isFinal: true },
    payload: { file: { holding: '', title: key, fileName: `${key}.txt`, linkTo: ARCHIVE_ID } },
    secretFile: JSON.stringify(contentOf(order)),
  };
  const place: PlannedOperation = {
    ...{ wave: 2, operation: 'update', object: ARCHIVE, id: ARCHIVE_ID, goesWith: [] },
    payload: { values: { DocumentKey__c: FILE_ID } },
    dependsOn: [nameOf(upload)],
  };
  return { operations: [archiveRecord(order), upload, place], waits: [nameOf(place)], waves: ARCHIVING_WAVES };
};
const ARCHIVING_WAVES = 3;

/** Ids of the rows that go with a record, those that go with them included. */
const alongWith =
  (rows: readonly RowToArchive[]) =>
  (id: string): readonly string[] =>
    rows.filter((row) => row.goesWith === id).flatMap((row) => [row.id, ...alongWith(rows)(row.id)]);

/**
 * What the action *archive* expands into: the subset that duties and claims need goes, sealed under the person's own
 * key, as a file to a record of the org without a name on it; then its rows and the person leave the active base as in
 * a purge. Each deletion waits for the archive's record to name its file and is held back when a row is no longer as it
 * was sealed.
 */
export const archivePerson = (order: ArchiveOrder): readonly PlannedOperation[] => {
  const { operations: stored, waits } = archiving(order);
  const deepest = Math.max(0, ...order.rows.map(({ depth }) => depth));
  const own = new Set(order.rows.map(({ id }) => id));
  const rest = order.purge.filter(({ id }) => !own.has(id));
  const later = ARCHIVING_WAVES + deepest + 1;
  const purging = later + Math.max(0, ...rest.filter(({ operation }) => operation === 'purge').map(({ wave }) => wave));
  const along = alongWith(order.rows);
  const rows = order.rows
    .filter((row) => row.goesWith === undefined)
    .flatMap((row): readonly PlannedOperation[] => [
      {
        ...{ wave: ARCHIVING_WAVES + deepest - row.depth, operation: 'delete', object: row.object, id: row.id },
        ...{ goesWith: along(row.id), expects: row.written, dependsOn: waits },
      },
      { ...{ wave: purging, operation: 'purge', object: row.object, id: row.id, goesWith: [] } },
    ]);
  const person = rest.map((one) => ({
    ...one,
    wave: one.wave + later,
    ...(one.operation === 'delete' ? { dependsOn: waits } : {}),
    ...(one.operation === 'delete' && one.id === order.person.id ? { expects: order.person.written } : {}),
  }));
  return [...stored, ...rows, ...person];
};

/** What the end of an archive's period expands into: the file and the record go for good. */
export const endArchive = (archive: {
  readonly id: string;
  readonly documentId: string | null;
}): readonly PlannedOperation[] => {
  const records = [
    ...(archive.documentId === null ? [] : [{ object: 'ContentDocument', id: archive.documentId }]),
    { object: ARCHIVE, id: archive.id },
  ];
  return (['delete', 'purge'] as const).flatMap((operation, phase) =>
    records.map((record, place) => ({ ...record, operation, wave: 2 * phase + place, goesWith: [] })),
  );
};

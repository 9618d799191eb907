import { archivePerson, type PersonToArchive, type RowToArchive } from '../../disposal/archivePerson.ts';
import { nameOf, type PlannedOperation } from '../../disposal/contract.ts';
import { sha256Hex } from '../../kernel/hash.ts';
import type { LocalDate } from '../../kernel/legalPeriod.ts';
import { ARCHIVE } from '../../model/archive.ts';
import type { DescribedField } from '../../org/port.ts';
import { strengthOf } from '../../plan/operations/orderEdges.ts';
import type { Values } from '../../plan/undo/beforeImages.ts';
import type { ReadRecord } from '../readRecords.ts';
import type { Decided, ErasureFacts } from './contract.ts';
import type { Ties } from './decideItems.ts';
import { neededFields } from './emptiedValues.ts';

export type ArchivedDuties = {
  readonly operations: readonly PlannedOperation[];
  /** Names of what every deletion waits for: the archive stands before anything goes. */
  readonly waits: readonly string[];
  /** Whose key seals the archive. */
  readonly subject: { readonly object: string; readonly id: string };
};

const plain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

const valuesOf = ({ row }: ReadRecord, names: readonly string[]): Values =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = row[name];
      return plain(value) ? [[name, value] as const] : [];
    }),
  );

/** What people write: roll-ups and what the org computes may change by themselves. */
const isWritten = (field: DescribedField): boolean =>
  field.updateable && !field.calculated && !field.custom && field.referenceTo.length === 0;

const partOf = (item: Decided, record: ReadRecord, facts: ErasureFacts): Pick<RowToArchive, 'values' | 'written'> => {
  const needed = neededFields(item, facts);
  const described = facts.describes.get(item.object)?.fields ?? [];
  const written = described.filter((field) => isWritten(field) && needed.includes(field.name)).map(({ name }) => name);
  return { values: valuesOf(record, needed), written: valuesOf(record, written) };
};

const later = (a: LocalDate | null, b: string | null): LocalDate | null =>
  a !== null && (b === null || b <= a) ? a : (b as LocalDate | null);

/** The person whom the duties are about, with name and address as a receipt has them. */
const identityOf = (facts: ErasureFacts, archived: ReadonlySet<string>): PersonToArchive | undefined => {
  const target = facts.duties.find(({ record }) => archived.has(record))?.target;
  const root = facts.roots.find(({ id }) => id === target) ?? facts.roots[0];
  const record = facts.records.find(({ item }) => item.id === root?.id);
  if (root === undefined || record === undefined) return undefined;
  const item: Decided = {
    ...{ object: root.object, id: root.id, path: [], decision: 'anonymise', code: 'law-keeps-identity' },
    ...{ law: 'identity', until: null, fields: [], because: [], binned: false },
  };
  return { ...root, ...partOf(item, record, facts) };
};

/**
 * The archive of what fiscal duties keep of the person: name and address, the gifts and what belongs to them, sealed
 * under the person's key until the last duty ends. Undefined when no duty is archived.
 */
export const archiveDuties = (
  facts: ErasureFacts,
  items: readonly Decided[],
  ties: Ties,
): ArchivedDuties | undefined => {
  const kept = items.filter(({ decision }) => decision === 'archive');
  const person = identityOf(facts, new Set(kept.map(({ id }) => id)));
  const until = kept.reduce<LocalDate | null>((last, one) => later(last, one.until), null);
  if (facts.archive === null || person === undefined || until === null) return undefined;
  const records = new Map(facts.records.map((record) => [record.item.id, record]));
  const isKept = new Set(kept.map(({ id }) => id));
  const goesWith = (id: string): string | undefined =>
    (ties.from.get(id) ?? [])
      .filter((link) => isKept.has(link.to) && strengthOf(facts.describes, link) === 'cascade')
      .map(({ to }) => to)
      .sort()[0];
  const rows = kept.flatMap((item): readonly RowToArchive[] => {
    const record = records.get(item.id);
    if (record === undefined) return [];
    const { object, id } = item;
    return [{ object, id, depth: record.item.steps.length, goesWith: goesWith(id), ...partOf(item, record, facts) }];
  });
  const operations = archivePerson({
    ...{ person, rows, until, purge: [] },
    terms: {
      // the same for the same person and day; it tells nothing about whom
      key: `erasure-${facts.asOf}-${sha256Hex(`${person.id} ${facts.asOf}`).slice(0, 24)}`,
      ...{ rule: 'erasure', purpose: facts.archive.purpose, legalGround: facts.archive.legalGround },
    },
  });
  const waits = operations.filter((one) => one.operation === 'update' && one.object === ARCHIVE).map(nameOf);
  return { operations, waits, subject: { object: person.object, id: person.id } };
};

import { emptied } from '../../disposal/anonymiseRecord.ts';
import type { DescribedField, OrgRow } from '../../org/port.ts';
import type { Values } from '../../plan/undo/beforeImages.ts';
import { judgeHits } from '../../subject/needles/compileNeedles.ts';
import type { NeedleHit } from '../../subject/needles/contract.ts';
import { takeOut } from '../../subject/needles/takeOut.ts';
import { rowText } from '../../subject/rowText.ts';
import type { Trace, TraceFacts } from './contract.ts';

/** What becomes of one field: its new value, or why it keeps what it has. */
export type FieldEnd =
  | { readonly field: string; readonly was: string; readonly value: string | null }
  | { readonly field: string; readonly kept: 'leave' | 'cannot'; readonly code: string };

/** Texts of any length: only what is about the person goes; of an address or a number nothing is left. */
const PASSAGES = new Set(['string', 'textarea', 'combobox', 'encryptedstring']);
const FREE = 'textarea';

/** Marks of a whole household stay what they are: the finder counts the shared ones after the person's own. */
const isOwnMark = ({ kind, of, strength }: NeedleHit, { needles }: TraceFacts): boolean => {
  if (strength === 'hint') return false;
  if (kind === 'email') return of < needles.emails.length;
  return kind !== 'phone' || of < needles.phones.length;
};

/** A birth date beside them makes initials and familiar forms the person's too; an address is, beside any mark of theirs. */
const wantedIn = (hits: readonly NeedleHit[], facts: TraceFacts): ((hit: NeedleHit) => boolean) => {
  const isBorn = hits.some(({ kind }) => kind === 'birth-date');
  const isNamed = hits.some((hit) => hit.kind !== 'address' && isOwnMark(hit, facts));
  return (hit) => {
    if (hit.strength === 'hint') return isBorn && hit.kind === 'name';
    return hit.kind === 'address' ? isNamed : isOwnMark(hit, facts);
  };
};

const kept = (field: string, how: 'leave' | 'cannot', code: string): FieldEnd => ({ field, kept: how, code });

const lengthOf = ({ length }: DescribedField): number | undefined => (length > 0 ? length : undefined);

const redacted = (field: DescribedField, was: string, facts: TraceFacts): FieldEnd => {
  const { finder, rules } = facts;
  const hits = finder.find(was);
  const isWanted = wantedIn(hits, facts);
  // the name alone in this field, however sure another one is: a namesake may be meant
  if (judgeHits(hits.filter(isWanted)) !== 'sure') return kept(field.name, 'leave', 'ambiguous-passage');
  const { text, count, left } = takeOut(was, finder, { isWanted, mark: rules.passage });
  if (count === 0 || left.length > 0) return kept(field.name, 'leave', 'passage-not-placed');
  const isWhole = !PASSAGES.has(field.type) || text.replaceAll(rules.passage, '').trim() === '';
  if (!isWhole) return { field: field.name, was, value: text.slice(0, lengthOf(field)) };
  const empty = emptied(field, rules.placeholder);
  return 'kept' in empty || typeof empty.value === 'boolean'
    ? kept(field.name, 'cannot', 'field-not-writable')
    : { field: field.name, was, value: empty.value };
};

type Place = { readonly trace: Trace; readonly row: OrgRow; readonly name: string };

const endOf = (field: DescribedField | undefined, { trace, row, name }: Place, facts: TraceFacts): FieldEnd => {
  const was = rowText(row, name);
  if (!field?.updateable) return kept(name, 'cannot', 'field-not-writable');
  if (was === '') return kept(name, 'leave', 'changed-since');
  if (facts.derived.get(trace.object)?.includes(name) === true) return kept(name, 'leave', 'derived-name');
  if (field.unique || field.externalId) return kept(name, 'leave', 'key-field');
  if (facts.people.has(trace.id) && field.type !== FREE) return kept(name, 'leave', 'another-record');
  return redacted(field, was, facts);
};

/** What becomes of each field in which the scan found the person, as the record is now. */
export const redactFields = (trace: Trace, row: OrgRow, facts: TraceFacts): readonly FieldEnd[] => {
  const fields = facts.describes.get(trace.object)?.fields ?? [];
  return trace.fields.map((name) =>
    endOf(
      fields.find((field) => field.name === name),
      { trace, row, name },
      facts,
    ),
  );
};

/** The values to write and those that must still be there, of the fields that change. */
export const writtenBy = (ends: readonly FieldEnd[]): { readonly values: Values; readonly expects: Values } => {
  const changed = ends.flatMap((one) => ('value' in one ? [one] : []));
  return {
    values: Object.fromEntries(changed.map(({ field, value }) => [field, value])),
    expects: Object.fromEntries(changed.map(({ field, was }) => [field, was])),
  };
};

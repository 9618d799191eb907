import type { RecordsResult, RecordsWish, UiRecord } from 'lightning/uiRecordApi';
import { jsonList } from './evidenceView';
import { labels } from './labels';
import type { MemberNode } from './reviewQuery';
import { inReadersLanguage, percentText, recordName } from './reviewTexts';
import type { Words } from './reviewTexts';

type Compared = { readonly role: string; readonly words: Words; readonly fields: Readonly<Record<string, string[]>> };

export type ColumnView = {
  readonly id: string;
  readonly title: string;
  readonly score: string;
  readonly isOther: boolean;
};
export type CellView = { readonly key: string; readonly text: string };
export type FieldRow = {
  readonly key: string;
  readonly words: string;
  readonly differs: boolean;
  readonly cells: readonly CellView[];
};

const isCompared = (value: unknown): value is Compared =>
  typeof value === 'object' && value !== null && 'role' in value && 'words' in value && 'fields' in value;

export const comparedOf = (text: string | null): readonly Compared[] => jsonList(text).filter(isCompared);

/** One wish an object; undefined asks nothing. Optional fields only: what the reader may not see is left out, not refused. */
export const recordsWish = (
  members: readonly MemberNode[],
  compared: readonly Compared[],
): readonly RecordsWish[] | undefined => {
  const objects = [...new Set(members.map((member) => member.SubjectType__c.value ?? ''))].sort();
  const wishes = objects.map((object) => ({
    recordIds: members
      .filter((member) => member.SubjectType__c.value === object)
      .map((member) => member.SubjectKey__c.value ?? ''),
    optionalFields: [
      ...new Set(compared.flatMap(({ fields }) => (fields[object] ?? []).map((field) => `${object}.${field}`))),
    ],
  }));
  const asked = wishes.filter(({ optionalFields }) => optionalFields.length > 0);
  return asked.length === 0 ? undefined : asked;
};

const isRecord = (result: UiRecord | readonly unknown[]): result is UiRecord => !Array.isArray(result);

const SAME = 15;

const recordsById = (answer: RecordsResult | undefined): ReadonlyMap<string, UiRecord> =>
  new Map(
    (answer?.data?.results ?? [])
      .filter(({ statusCode }) => statusCode === 200)
      .map(({ result }) => result)
      .filter(isRecord)
      .map((record) => [record.id.slice(0, SAME), record]),
  );

const valueOf = (record: UiRecord, fields: readonly string[]): string =>
  fields
    .map((field) => record.fields[field])
    .map((field) => field?.displayValue ?? field?.value)
    .filter((value) => value !== null && value !== undefined && value !== '')
    .map(String)
    .join(' ');

const plain = (text: string): string => text.normalize('NFC').trim().toLocaleLowerCase();

export const columnViews = (members: readonly MemberNode[], others: ReadonlySet<string>): readonly ColumnView[] =>
  members.map((member, at) => ({
    id: member.Id,
    title: recordName(member.SubjectType__c.value ?? '', at + 1),
    score: percentText(member.Score__c.value),
    isOther: others.has(member.Id),
  }));

/** The lines of the table: fields of a role beside each other; lines that nobody has filled are left out. */
export const fieldRows = (
  members: readonly MemberNode[],
  compared: readonly Compared[],
  answer: RecordsResult | undefined,
): readonly FieldRow[] => {
  const records = recordsById(answer);
  return compared
    .map(({ role, words, fields }) => {
      const texts = members.map((member) => {
        const record = records.get((member.SubjectKey__c.value ?? '').slice(0, SAME));
        return record === undefined ? undefined : valueOf(record, fields[member.SubjectType__c.value ?? ''] ?? []);
      });
      const filled = texts.filter((text) => text !== undefined && text !== '').map((text) => plain(text ?? ''));
      return {
        key: role,
        words: inReadersLanguage(words),
        differs: new Set(filled).size > 1,
        isEmpty: filled.length === 0 && texts.every((text) => text !== undefined),
        cells: texts.map((text, at) => ({
          key: members[at]?.Id ?? String(at),
          text: text === undefined ? labels.cannotSee : text === '' ? '–' : text,
        })),
      };
    })
    .filter(({ isEmpty }) => !isEmpty);
};

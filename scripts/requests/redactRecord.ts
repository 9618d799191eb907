import { isHistoryObject } from '../model/discoverPaths.ts';
import type { ModelField, ModelObject, OrgModel } from '../model/orgModel.ts';
import type { FieldCategory } from '../model/pack.ts';
import type { OrgValue } from '../org/port.ts';
import { foldedWords } from '../subject/foldText.ts';
import { rowText } from '../subject/rowText.ts';
import type { DossierField, Redaction, RedactionKind, RedactionReason } from './dossier.ts';
import { copiedFields, referencesOf, type ReadRecord } from './readRecords.ts';
import { redactText, textOfHtml, type RedactOptions, type TextMode } from './redactText.ts';

export type RecordContext = RedactOptions & {
  readonly model: OrgModel;
  /** Ids of all records of the graph. */
  readonly graph: ReadonlySet<string>;
  /** Ids of the person's own records. */
  readonly own: ReadonlySet<string>;
  /** Ids of others that are people. */
  readonly isOtherPerson: (id: string) => boolean;
  /** What lookups point to, by name. */
  readonly referenceNames: ReadonlyMap<string, string>;
  /** Lookups and fields of the platform's own working: left out. */
  readonly plumbing: ReadonlySet<string>;
};

const TEXT_TYPES: ReadonlySet<string> = new Set([
  ...['string', 'textarea', 'email', 'phone', 'url', 'combobox', 'encryptedstring', 'anyType'],
]);

const isAbout = (category: FieldCategory | undefined, ...keys: readonly string[]): boolean =>
  category?.categories.some((one) => keys.some((key) => one === key || one.startsWith(`${key}.`))) ?? false;

/** Objects that join several people by nature: messages and files with their own list of participants. */
const meetingPoints = (model: OrgModel): ReadonlySet<string> => {
  const people = new Set(model.people.map((person) => person.object));
  return new Set(model.upward.filter((path) => !path.shared && !people.has(path.to)).map((path) => path.to));
};

/** Whether other people may stand in the structured fields of a record. */
export const tellsAboutOthers = (record: ReadRecord, model: OrgModel): boolean =>
  record.item.shared || meetingPoints(model).has(record.item.object);

/** In a history row, the field whose old and new value it holds; undefined elsewhere. */
const trackedField = (record: ReadRecord, model: OrgModel): ModelField | undefined => {
  const parent = record.item.steps.at(-1)?.from.object;
  if (parent === undefined || !isHistoryObject(record.item.object)) return undefined;
  return model.objects.get(parent)?.fields.find((field) => field.name === rowText(record.row, 'Field'));
};

/** The field that says what a value is: for history the tracked one. */
const meaningOf = (
  field: ModelField,
  tracked: ModelField | undefined,
): Pick<ModelField, 'category' | 'freeText' | 'type'> =>
  tracked !== undefined && /^(OldValue|NewValue)$/.test(field.name) ? tracked : field;

const modeOf = (record: ReadRecord, field: ModelField, context: RecordContext): TextMode | undefined => {
  if (!TEXT_TYPES.has(field.type)) return undefined;
  const { category, freeText } = meaningOf(field, trackedField(record, context.model));
  if (freeText || category?.freeText === true || category?.derived === true) return 'free';
  if (isAbout(category, 'user.contact.address', 'user.location')) return undefined;
  return meetingPoints(context.model).has(record.item.object) ? 'addresses' : 'plain';
};

/** Structured values that the org ties to the person: addresses, numbers, references. */
export const ownValuesOf = (
  record: ReadRecord,
  object: ModelObject,
  model: OrgModel,
): readonly { readonly value: string; readonly category: FieldCategory | undefined; readonly type: string }[] => {
  if (tellsAboutOthers(record, model)) return [];
  const tracked = trackedField(record, model);
  return copiedFields(object).flatMap((field) => {
    const value = rowText(record.row, field.name);
    const meaning = meaningOf(field, tracked);
    const { category } = meaning;
    const others = category?.thirdParty === true || category?.derived === true;
    if (value === '' || !TEXT_TYPES.has(field.type) || meaning.freeText || others) return [];
    return [{ value, category, type: meaning.type }];
  });
};

const isOwnText = (value: string, { index }: RecordContext): boolean => {
  const words = foldedWords(value);
  const isOwnName = words.length > 0 && words.every(({ word }) => index.ownWords.has(word));
  return isOwnName || index.ownEmails.has(value.trim().toLowerCase());
};

/** What others gave, bought or suffered is not the person's, even on a record that names both. */
const isPrivateToOthers = (category: FieldCategory | undefined): boolean =>
  category?.special !== undefined ||
  isAbout(category, 'user.financial', 'user.payment', 'user.behavior.purchase_history', 'user.government_id');

type Shown = { readonly value: DossierField['value'] | undefined; readonly reference?: string };
type Note = (kind: RedactionKind, reason: RedactionReason) => void;
type FieldAt = { readonly record: ReadRecord; readonly field: ModelField; readonly context: RecordContext };

const showReference = ({ field, context }: FieldAt, id: string, note: Note): Shown => {
  if (context.graph.has(id)) return { value: id, reference: id };
  if (context.isOtherPerson(id)) {
    note('reference', 'known-person');
    return { value: context.marker };
  }
  const name = context.referenceNames.get(id);
  if (name === undefined) return { value: id, reference: id };
  const { text, found } = redactText(name, field.freeText ? 'free' : 'plain', context);
  for (const one of found) note(one.kind, one.reason);
  return { value: text, reference: id };
};

const showText = (at: FieldAt, value: string, note: Note): Shown => {
  const { record, field, context } = at;
  const mode = modeOf(record, field, context);
  if (mode === undefined) return { value };
  const isOthersName =
    mode !== 'free' && tellsAboutOthers(record, context.model) && isAbout(field.category, 'user.name');
  if (isOthersName && !isOwnText(value, context)) {
    note('name', 'not-the-persons');
    return { value: context.marker };
  }
  const isHtml = field.htmlFormatted || /^\s*<(!doctype|html|body|div|p|table|span)\b/i.test(value);
  const { text, found } = redactText(isHtml ? textOfHtml(value) : value, mode, context);
  for (const one of found) note(one.kind, one.reason);
  return { value: text };
};

const RECORD_ID = /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/;

/** Why a whole field is somebody else's; undefined when it is not. */
const reasonToWithhold = (at: FieldAt, value: OrgValue, isOthersToo: boolean): RedactionReason | undefined => {
  const { category } = at.field;
  if (isOthersToo && isPrivateToOthers(category)) return 'shared-record';
  if (category?.thirdParty !== true || value === false) return undefined;
  return typeof value === 'string' && isOwnText(value, at.context) ? undefined : 'third-party-field';
};

const showValue = (at: FieldAt, value: OrgValue, isOthersToo: boolean, note: Note): Shown => {
  const { field, context } = at;
  if (value === null || value === '') return { value: undefined };
  const reason = reasonToWithhold(at, value, isOthersToo);
  if (reason !== undefined) {
    note('field', reason);
    return { value: context.marker };
  }
  if (typeof value !== 'string') return { value };
  const isReference = field.referenceTo.length > 0 || (field.type === 'anyType' && RECORD_ID.test(value));
  return isReference ? showReference(at, value, note) : showText(at, value, note);
};

const namesAnother = (record: ReadRecord, object: ModelObject, context: RecordContext): boolean =>
  referencesOf(record, object).some(
    ({ field, id }) => !context.plumbing.has(field.name) && !context.own.has(id) && context.isOtherPerson(id),
  );

/**
 * The fields of a record as the person may see them, and a log of what was replaced because it is somebody else's
 * (GDPR Art. 15(4)). Empty fields and the platform's own working are left out.
 */
export const redactRecord = (
  record: ReadRecord,
  object: ModelObject,
  context: RecordContext,
): { readonly fields: readonly DossierField[]; readonly redactions: readonly Redaction[] } => {
  const redactions = new Map<string, Redaction>();
  const isOthersToo = record.item.shared && namesAnother(record, object, context);
  const fields = copiedFields(object).flatMap((field): readonly DossierField[] => {
    if (context.plumbing.has(field.name)) return [];
    const note: Note = (kind, reason) => {
      const key = `${field.name} ${kind} ${reason}`;
      const { object: name, id } = record.item;
      const count = (redactions.get(key)?.count ?? 0) + 1;
      redactions.set(key, { object: name, id, field: field.name, kind, reason, count });
    };
    const raw = record.row[field.name] ?? null;
    if (typeof raw === 'object' && raw !== null) return [];
    const { value, reference } = showValue({ record, field, context }, raw, isOthersToo, note);
    if (value === undefined) return [];
    return [
      {
        field: field.name,
        label: field.label,
        value,
        categories: field.category?.categories ?? [],
        ...(field.category?.special === undefined ? {} : { special: field.category.special }),
        ...(reference === undefined ? {} : { reference }),
      },
    ];
  });
  return { fields, redactions: [...redactions.values()] };
};

import type { LetterValue } from '../letters/renderLetter.ts';
import type { LetterTexts } from '../letters/letterTexts.ts';
import type { Charter } from '../model/charter.ts';
import type { Place } from '../model/completeness.ts';
import { FILE_CONTENT, UNKNOWN } from '../org/completeness.ts';
import type { DossierField, DossierFile, DossierRecord, Redaction } from './dossier.ts';
import type { ManifestLine } from './manifest.ts';

export type LetterInput = {
  readonly texts: LetterTexts;
  readonly charter: Charter;
  readonly requestKey: string;
  /** `yyyy-MM-dd` where the controller is. */
  readonly madeOn: string;
  readonly manifest: readonly ManifestLine[];
  readonly hidden: readonly Place[];
  readonly records: readonly DossierRecord[];
  readonly files: readonly DossierFile[];
  readonly redactions: readonly Redaction[];
  /** Labels of fields, by `Object.Field`. */
  readonly labels: ReadonlyMap<string, string>;
};

const wholeText = ({ object, field, unseenRows }: Place, { say }: LetterTexts): string => {
  if (field === FILE_CONTENT) return say('place.files');
  if (field === UNKNOWN || object === UNKNOWN) {
    const unknown = say('place.unknown');
    return object === UNKNOWN ? unknown : `${object}: ${unknown}`;
  }
  return unseenRows === undefined ? object : say('place.rows', { object, count: unseenRows });
};

/** Hidden places in words, the fields of one object in one line. */
export const placeTexts = (places: readonly Place[], texts: LetterTexts): readonly string[] => {
  const isField = ({ field }: Place): boolean => field !== undefined && field !== FILE_CONTENT && field !== UNKNOWN;
  const whole = places.filter((place) => !isField(place)).map((place) => wholeText(place, texts));
  const fields = new Map<string, string[]>();
  for (const { object, field = '' } of places.filter(isField))
    fields.set(object, [...(fields.get(object) ?? []), field]);
  const named = [...fields].map(([object, own]) => texts.say('place.fields', { object, fields: own.join(', ') }));
  return [...whole, ...named];
};

const valueText = ({ value }: DossierField, { say }: LetterTexts): string =>
  typeof value === 'boolean' ? say(value ? 'yes' : 'no') : String(value);

const recordData = (record: DossierRecord, texts: LetterTexts): LetterValue => ({
  own: record.own,
  shared: record.shared,
  deleted: record.deleted,
  id: record.id,
  why: record.why.map(({ role, from }) => ({ role, from: from.object })),
  fields: record.fields.map((field) => ({ label: field.label, value: valueText(field, texts) })),
});

const objectsData = (records: readonly DossierRecord[], texts: LetterTexts): LetterValue => {
  const groups = new Map<string, DossierRecord[]>();
  for (const record of records) groups.set(record.object, [...(groups.get(record.object) ?? []), record]);
  return [...groups.values()].map((own) => ({
    label: own[0]?.label ?? '',
    count: own.length,
    records: own.map((record) => recordData(record, texts)),
  }));
};

const fileData = (file: DossierFile, { say }: LetterTexts): LetterValue => ({
  title: file.title,
  path: file.path ?? null,
  state: say(file.active === true ? 'file.active' : `file.${file.state}`),
});

const redactionData = (redaction: Redaction, input: LetterInput): LetterValue => ({
  object: redaction.object,
  id: redaction.id,
  field: input.labels.get(`${redaction.object}.${redaction.field}`) ?? redaction.field,
  kind: input.texts.say(`kind.${redaction.kind}`),
  reason: input.texts.say(`reason.${redaction.reason}`),
  count: redaction.count,
});

/** What the letter's template may show; plain values only. */
export const letterData = (input: LetterInput): Readonly<Record<string, LetterValue>> => {
  const { charter, texts } = input;
  const { name, address, contact, officer } = charter.controller;
  return {
    language: texts.language,
    requestKey: input.requestKey,
    madeOn: texts.date(input.madeOn),
    controller: { name, address, contact, officer: officer ?? null },
    hidden: placeTexts(input.hidden, texts),
    sections: input.manifest.map((line) => ({
      title: line.title,
      article: line.article,
      texts: line.state === 'present' ? line.texts : [],
      because: line.state === 'present' ? null : line.because,
    })),
    objects: objectsData(input.records, texts),
    files: input.files.map((file) => fileData(file, texts)),
    redactions: input.redactions.map((redaction) => redactionData(redaction, input)),
  };
};

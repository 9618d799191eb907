import type { LetterTexts } from '../letters/letterTexts.ts';
import type { OrgModel } from '../model/orgModel.ts';
import type { AccessInput, AccessPorts } from './accessPorts.ts';
import type { DossierRecord, Redaction, SearchedSource } from './dossier.ts';
import { heldBackIds, type PlannedFile } from './dossierFiles.ts';
import type { Gathered } from './gatherRecords.ts';
import { indexIdentities } from './identityIndex.ts';
import type { ReadRecord } from './readRecords.ts';
import { ownValuesOf, redactRecord, type RecordContext } from './redactRecord.ts';

/** Everything by which a value is told to be the person's or somebody else's. */
export const recordContext = (
  gathered: Gathered,
  input: AccessInput,
  ports: AccessPorts,
  texts: LetterTexts,
): RecordContext => {
  const { model, own, records, others } = gathered;
  const values = records.flatMap((record) => {
    const object = model.objects.get(record.item.object);
    return object === undefined ? [] : ownValuesOf(record, object, model);
  });
  const about = (key: string, type: string): readonly string[] =>
    values
      .filter((one) => one.type === type || one.category?.categories.some((category) => category.startsWith(key)))
      .map(({ value }) => value);
  const index = indexIdentities(
    {
      people: own,
      emails: [...own.flatMap((row) => row.emails), ...about('user.contact.email', 'email')],
      phones: [...own.flatMap((row) => row.phones), ...about('user.contact.phone_number', 'phone')],
      values: values.map(({ value }) => value),
    },
    others,
    input.charter.controller.country,
  );
  const ownIds = new Set(own.map((row) => row.id));
  const peoplePrefixes = new Set(
    model.people.map((person) => model.objects.get(person.object)?.keyPrefix).filter((prefix) => prefix !== undefined),
  );
  const { referenceNames } = gathered;
  return {
    model,
    index,
    findIdentifiers: ports.findIdentifiers,
    marker: texts.say('marker'),
    graph: new Set(records.map((record) => record.item.id)),
    own: ownIds,
    isOtherPerson: (id) => peoplePrefixes.has(id.slice(0, 3)) && !ownIds.has(id) && !referenceNames.has(id),
    referenceNames,
    plumbing: new Set([
      ...input.technical.fields,
      ...input.technical.recordFields.filter((field) => field !== 'CreatedDate' && field !== 'LastModifiedDate'),
    ]),
  };
};

const dossierRecord = (
  record: ReadRecord,
  context: RecordContext,
  shown: Pick<DossierRecord, 'fields'> & Pick<DossierRecord, 'label'>,
  texts: LetterTexts,
): DossierRecord => {
  const { object, id, shared, deleted, steps } = record.item;
  const why = steps.map(({ from, to, lookup, role }) => ({ from, to, lookup, role: role[texts.language] }));
  return { object, id, label: shown.label, own: context.own.has(id), shared, deleted, why, fields: shown.fields };
};

/**
 * The records as the person may see them. What describes a file that is held back (its title, a preview of its text) is
 * held back with it.
 */
export const dossierRecords = (
  records: readonly ReadRecord[],
  files: readonly PlannedFile[],
  context: RecordContext,
  texts: LetterTexts,
): { readonly records: readonly DossierRecord[]; readonly redactions: readonly Redaction[] } => {
  const heldBack = heldBackIds(files);
  const redactions: Redaction[] = [];
  const shown = records.flatMap((record): readonly DossierRecord[] => {
    const object = context.model.objects.get(record.item.object);
    if (object === undefined) return [];
    const isOfHeldFile = heldBack.has(record.item.id) && !context.own.has(record.item.id);
    const { fields, redactions: own } = isOfHeldFile
      ? { fields: [], redactions: [] }
      : redactRecord(record, object, context);
    redactions.push(...own);
    return [dossierRecord(record, context, { label: object.label, fields }, texts)];
  });
  return { records: shown, redactions };
};

/** Every object that was searched, with what was found there; those without a record too. */
export const searchedSources = (model: OrgModel, records: readonly DossierRecord[]): readonly SearchedSource[] => {
  const names = new Set([
    ...model.people.map((person) => person.object),
    ...[...model.paths, ...model.upward].flatMap((path) => [path.object, path.to]),
    ...[...model.anywhere, ...model.strays].map((one) => one.object),
  ]);
  return [...names]
    .flatMap((object) => {
      const label = model.objects.get(object)?.label;
      return label === undefined
        ? []
        : [{ object, label, records: records.filter((one) => one.object === object).length }];
    })
    .sort((a, b) => b.records - a.records || (a.object < b.object ? -1 : 1));
};

import { anonymiseRecord, type AnonymisedRecord, type Traces } from '../../disposal/anonymiseRecord.ts';
import type { ModelField } from '../../model/orgModel.ts';
import type { FieldTreatment } from '../../model/treatments.ts';
import type { DescribedField } from '../../org/port.ts';
import type { Values } from '../../plan/undo/beforeImages.ts';
import type { ReadRecord } from '../readRecords.ts';
import type { Decided, ErasureFacts } from './contract.ts';

/** Says a record by a keyed fingerprint: 24 characters that nobody reckons back without the org's keyring. */
export type Fingerprint = (recordId: string) => string;

const within = (category: string, of: readonly string[]): boolean =>
  of.some((one) => category === one || category.startsWith(`${one}.`));

/** Fields about the person: those that packs or charter name, what looks so, and what people may have typed. */
const isPersonal = ({ category, freeText, origin }: ModelField): boolean =>
  category !== undefined || freeText || origin === 'undeclared';

type Wants = (field: ModelField) => boolean;

/** Which fields of the record are emptied, by why it stays. */
const wantedOf = (item: Decided, { rules }: ErasureFacts): Wants => {
  const proof = rules.proofs.find(({ key }) => key === item.law);
  if (item.code === 'kept-as-proof') {
    const empties = proof?.empties ?? [];
    return ({ freeText, category }) => freeText || (category?.categories.some((one) => within(one, empties)) ?? false);
  }
  if (item.law === null) return isPersonal;
  const isNeeded = ({ category }: ModelField): boolean =>
    category?.freeText !== true && (category?.categories.every((one) => within(one, rules.receipt.keeps)) ?? false);
  // what a kept gift says of an honoured person is not the donor's to take back
  return (field) =>
    isPersonal(field) && !isNeeded(field) && !(item.decision !== 'anonymise' && field.category?.thirdParty === true);
};

/** Fields of a record that a law keeps which are not emptied: what the archive takes. */
export const neededFields = (item: Decided, facts: ErasureFacts): readonly string[] => {
  const isWanted = wantedOf(item, facts);
  const fields = facts.model.objects.get(item.object)?.fields ?? [];
  return fields.filter((field) => !isWanted(field) && !BYTES.has(field.type)).map(({ name }) => name);
};
const BYTES = new Set(['address', 'location', 'base64']);

const isWritable = (field: DescribedField): boolean =>
  field.updateable && !field.calculated && field.referenceTo.length === 0 && !NEVER.has(field.type);
/** Their parts are fields of their own; ticks say too little to be worth a change, and a bin holds no bytes. */
const NEVER = new Set(['address', 'location', 'base64', 'boolean']);

const lastingValues = (item: Decided, facts: ErasureFacts, fingerprint: Fingerprint): Values => {
  if (item.law !== null) return {};
  const rule = facts.rules.lasting.find(({ object }) => object === item.object);
  return Object.fromEntries(
    Object.entries(rule?.values ?? {}).map(([field, value]) => [
      field,
      typeof value === 'string' ? value.replace('{fingerprint}', fingerprint(item.id)) : value,
    ]),
  );
};

const fingerprintValues = (item: Decided, facts: ErasureFacts, fingerprint: Fingerprint): Values => {
  if (item.code !== 'kept-as-proof') return {};
  const proof = facts.rules.proofs.find(({ key }) => key === item.law);
  const [root] = facts.roots;
  return Object.fromEntries((proof?.fingerprints ?? []).map((field) => [field, fingerprint(root?.id ?? item.id)]));
};

const EMPTY: FieldTreatment = { do: 'empty' };

/**
 * What makes a record that stays say nothing of the person any more than a law needs: the action *anonymise* of one
 * record, on the fields that are wanted away. Fields that the org computes, or that nobody may write, are left out.
 */
export const emptyRecord = (
  item: Decided,
  { row }: ReadRecord,
  facts: ErasureFacts,
  { fingerprint, known }: { readonly fingerprint: Fingerprint; readonly known: Traces['known'] },
): AnonymisedRecord => {
  const object = facts.model.objects.get(item.object);
  const described = facts.describes.get(item.object);
  if (object === undefined || described === undefined) return { operations: [], findings: [] };
  const isWanted = wantedOf(item, facts);
  const wanted = new Set(object.fields.filter((field) => isWanted(field)).map(({ name }) => name));
  const treated = described.fields.filter((field) => wanted.has(field.name) && isWritable(field));
  return anonymiseRecord(
    row,
    described,
    {
      treated: new Map(treated.map(({ name }) => [name, EMPTY])),
      text: facts.rules.placeholder,
      coarse: () => null,
      set: { ...lastingValues(item, facts, fingerprint), ...fingerprintValues(item, facts, fingerprint) },
    },
    { ...tracesOfErasure(facts), ...(known === undefined ? {} : { known }) },
  );
};

/** What changes leave behind, and what of it may be deleted. */
export const tracesOfErasure = ({ describes, rules }: ErasureFacts): Traces => ({
  isDeletable: (object) => describes.get(object)?.deletable === true,
  hasBin: (object) => describes.get(object)?.undeletable === true,
  feeds: rules.feeds.filter(({ object }) => describes.get(object)?.deletable === true),
  ...{ readableUntil: null, keptUntil: null },
});

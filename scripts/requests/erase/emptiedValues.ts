import type { ModelField } from '../../model/orgModel.ts';
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

const TEXTS = new Set(['string', 'textarea', 'email', 'phone', 'url', 'combobox', 'encryptedstring']);

/** What a field gets in place of what is there; undefined where nothing may be written, or where what is there says nothing. */
export const emptyOf = (field: DescribedField, placeholder: string): null | string | undefined => {
  if (field.nillable) return null;
  if (!TEXTS.has(field.type)) return undefined;
  return field.type === 'email' ? `erased@erased.invalid` : placeholder.slice(0, field.length || undefined);
};

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

/** Whether the org shows the field and lets the user write it. */
const onlyWritable = (values: Values, fields: readonly DescribedField[]): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([name]) => fields.some((field) => field.name === name && field.updateable)),
  );

/**
 * What is written into a record that stays, so that it says nothing of the person any more than a law needs. Fields that
 * are empty already, that the org computes, or that nobody may write are left out; an empty answer means that there is
 * nothing to do.
 */
export const emptiedValues = (
  item: Decided,
  { row }: ReadRecord,
  facts: ErasureFacts,
  fingerprint: Fingerprint,
): Values => {
  const object = facts.model.objects.get(item.object);
  const described = facts.describes.get(item.object)?.fields ?? [];
  if (object === undefined) return {};
  const isWanted = wantedOf(item, facts);
  const wanted = new Set(object.fields.filter((field) => isWanted(field)).map(({ name }) => name));
  const emptied = described.flatMap((field): readonly (readonly [string, string | null])[] => {
    const now = row[field.name];
    if (!wanted.has(field.name) || !isWritable(field) || now === null || now === undefined || now === '') return [];
    const value = emptyOf(field, facts.rules.placeholder);
    return value === undefined || value === now ? [] : [[field.name, value]];
  });
  const special = { ...lastingValues(item, facts, fingerprint), ...fingerprintValues(item, facts, fingerprint) };
  const differing = Object.entries(onlyWritable(special, described)).filter(([name, value]) => row[name] !== value);
  return { ...Object.fromEntries(emptied), ...Object.fromEntries(differing) };
};

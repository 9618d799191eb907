import type { Charter } from './charter.ts';
import { matchFieldName } from './fieldNameMatch.ts';
import type {
  FieldOrigin,
  ModelField,
  ModelInput,
  ModelObject,
  SeenField,
  SeenObject,
  UndeclaredField,
} from './orgModel.ts';
import type { FieldCategory, Pack } from './pack.ts';
import type { FieldNamePattern } from './referenceLists.ts';

type Declared = { readonly origin: FieldOrigin; readonly category: FieldCategory };
export type Declarations = ReadonlyMap<string, ReadonlyMap<string, Declared>>;

const HISTORY_VALUES = /^(OldValue|NewValue)$/;
const PERSONAL_TYPES: Readonly<Record<string, string>> = {
  email: 'user.contact.email',
  phone: 'user.contact.phone_number',
  address: 'user.contact.address',
  location: 'user.location.precise',
  encryptedstring: 'user',
};
const TEXT_TYPES = new Set(['textarea', 'string']);
const LONG_TEXT = 256;
const STRUCTURAL = new Set(['id', 'reference', 'boolean', 'base64', 'anyType', 'complexvalue']);

/** Names are compared without regard to case, as Salesforce does. */
export const declarationsOf = (packs: readonly Pack[], charter: Charter): Declarations => {
  const all = new Map<string, Map<string, Declared>>();
  const add = (object: string, field: string, declared: Declared): void => {
    const own = all.get(object) ?? new Map<string, Declared>();
    all.set(object, own.set(field.toLowerCase(), declared));
  };
  for (const pack of packs)
    for (const [object, fields] of Object.entries(pack.fields))
      for (const [field, category] of Object.entries(fields)) add(object, field, { origin: 'pack', category });
  for (const [object, fields] of Object.entries(charter.fields))
    for (const [field, category] of Object.entries(fields)) add(object, field, { origin: 'charter', category });
  return all;
};

const isFreeText = (field: SeenField, category: FieldCategory | undefined): boolean =>
  category?.freeText === true ||
  (!field.calculated && field.type === 'textarea' && (field.length >= LONG_TEXT || field.htmlFormatted));

const categoryOf = (pattern: FieldNamePattern, freeText: boolean): FieldCategory => ({
  categories: pattern.categories,
  ...(pattern.special === undefined ? {} : { special: pattern.special }),
  thirdParty: pattern.thirdParty,
  derived: false,
  freeText,
});

const plainCategory = (key: string, freeText = false): FieldCategory => ({
  categories: [key],
  thirdParty: false,
  derived: false,
  freeText,
});

type Suspicion = Pick<UndeclaredField, 'because' | 'suggestion'>;

const namespaceOf = (name: string): string | undefined => /^([A-Za-z0-9]+)__\w+__c$/.exec(name)?.[1];

/**
 * Looked at when the pack was made: standard fields of objects that a pack describes, fields of a pack's own packages,
 * and all fields of objects without namespace that a pack describes (they come with the product).
 */
const isReviewed = (input: ModelInput, object: string, field: SeenField): boolean => {
  const described = input.packs.some((pack) => pack.fields[object] !== undefined);
  if (!field.custom) return described;
  const namespace = namespaceOf(field.name);
  if (namespace !== undefined) return input.packs.some((pack) => pack.namespaces.includes(namespace));
  return described && object.endsWith('__c') && namespaceOf(object) === undefined;
};

const suspicionByName = (input: ModelInput, field: SeenField, reviewed: boolean): Suspicion | undefined => {
  if (STRUCTURAL.has(field.type) && field.type !== 'boolean') return undefined;
  const pattern = matchFieldName(input.fieldNames, field);
  if (pattern === undefined || (reviewed && pattern.special === undefined)) return undefined;
  if (field.type === 'boolean' && pattern.special === undefined) return undefined;
  return { because: 'name', suggestion: categoryOf(pattern, isFreeText(field, undefined)) };
};

const suspicionOf = (input: ModelInput, near: boolean, object: string, field: SeenField): Suspicion | undefined => {
  const reviewed = isReviewed(input, object, field);
  const byName = suspicionByName(input, field, reviewed);
  if (byName !== undefined && (near || field.custom)) return byName;
  const key = PERSONAL_TYPES[field.type];
  if (key !== undefined) return { because: 'type', suggestion: plainCategory(key) };
  if (!near || STRUCTURAL.has(field.type)) return undefined;
  if (isFreeText(field, undefined)) {
    return { because: 'free-text', suggestion: plainCategory('user.content.private', true) };
  }
  return field.custom && !reviewed ? { because: 'custom-field' } : undefined;
};

const isPlumbing = (input: ModelInput, field: SeenField): boolean =>
  input.technical.recordFields.includes(field.name) ||
  input.technical.fields.includes(field.name) ||
  (field.type === 'reference' && !field.custom);

const modelField = (object: SeenObject, field: SeenField, declared?: Declared): ModelField => {
  if (declared !== undefined) {
    return {
      ...field,
      origin: declared.origin,
      category: declared.category,
      freeText: isFreeText(field, declared.category),
    };
  }
  if (/(^|[a-z])History$|__History$/.test(object.name) && HISTORY_VALUES.test(field.name)) {
    return { ...field, origin: 'platform', category: plainCategory('user', true), freeText: true };
  }
  return { ...field, origin: 'none', freeText: TEXT_TYPES.has(field.type) && isFreeText(field, undefined) };
};

/** An object of the org with the category of each field, and its fields that nobody declared. */
export const modelObject = (
  input: ModelInput,
  declarations: Declarations,
  object: SeenObject,
  kind: ModelObject['kind'],
): { readonly object: ModelObject; readonly undeclared: readonly UndeclaredField[] } => {
  const known = declarations.get(object.name);
  const near = kind === 'person' || kind === 'related';
  const undeclared: UndeclaredField[] = [];
  const fields = object.fields.map((field): ModelField => {
    const declared = known?.get(field.name.toLowerCase());
    const model = modelField(object, field, declared);
    if (model.origin !== 'none' || isPlumbing(input, field)) return model;
    const suspicion = suspicionOf(input, near, object.name, field);
    if (suspicion === undefined) return model;
    const { name, label, type } = field;
    undeclared.push({ object: object.name, field: name, label, type, ...suspicion });
    return suspicion.suggestion === undefined
      ? { ...model, origin: 'undeclared' }
      : { ...model, origin: 'undeclared', category: suspicion.suggestion };
  });
  return { object: { ...object, kind, fields }, undeclared };
};

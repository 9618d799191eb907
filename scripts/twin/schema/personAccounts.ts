import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { toId18 } from '../engine/ids.ts';
import { defineField } from './defineField.ts';
import type { FieldDefinition, ObjectDefinition, RecordTypeDefinition, SchemaRegistry } from './definitions.ts';
import { READ_ONCE } from './readOnce.ts';

const schema = z.strictObject({
  dated: z.iso.date(),
  account: z.string(),
  contact: z.string(),
  /** The contact's lookup to its account. */
  link: z.string(),
  is: z.string(),
  other: z.string(),
  recordType: z.strictObject({ developerName: z.string(), label: z.string() }),
  nameParts: z.array(z.string()),
  requiredName: z.string(),
  /** Standard fields of the contact that the account has as `Person…`. */
  person: z.array(z.string()),
  /** Fields both have under one name. */
  shared: z.array(z.string()),
  /** Fields of the contact that are only changed through the account. */
  fixedOnContact: z.array(z.string()),
  source: z.string(),
});

export type PersonRules = z.infer<typeof schema>;

/** What makes an account and a contact one person: config/twin/person-accounts.json. */
export const personRules: PersonRules = schema.parse(
  JSON.parse(readFileSync(new URL('../../../config/twin/person-accounts.json', import.meta.url), 'utf8')),
  READ_ONCE,
);

/** Whether accounts of this org may be persons. */
export const hasPersonAccounts = (registry: SchemaRegistry): boolean =>
  registry.field(personRules.account, personRules.is) !== undefined;

/** The account's name of a contact's field; undefined when the account does not show it. */
const accountName = (field: FieldDefinition): string | undefined => {
  const { nameParts, person } = personRules;
  if (nameParts.includes(field.name)) return field.name;
  if (person.includes(field.name)) return `Person${field.name}`;
  const computed = field.formula !== undefined || field.rollUp !== undefined || field.autoNumberFormat !== undefined;
  return field.custom && field.name.endsWith('__c') && !computed ? `${field.name.slice(0, -1)}pc` : undefined;
};

const relationshipOf = (name: string): string =>
  name.endsWith('__pc') ? `${name.slice(0, -3)}__pr`.replace('___', '__') : name.replace(/Id$/, '');

const inName = (name: string): Partial<FieldDefinition> =>
  personRules.nameParts.includes(name) ? { compoundFieldName: 'Name', extraTypeInfo: 'switchablepersonname' } : {};

/** The account's copy of a contact's field: the contact keeps keys, deletion rules and history. */
const mirrored = (field: FieldDefinition, name: string): FieldDefinition => {
  const rest: Record<string, unknown> = { ...field };
  delete rest['childRelationshipName'];
  const { compoundFieldName } = field;
  return {
    ...(rest as FieldDefinition),
    name,
    nillable: field.type !== 'boolean',
    unique: false,
    externalId: false,
    idLookup: false,
    nameField: personRules.nameParts.includes(name) && name !== 'Salutation' && field.nameField,
    trackHistory: false,
    masterDetail: false,
    ...(field.type === 'reference'
      ? { relationshipName: relationshipOf(name), deleteRule: { '*': 'set-null' } as const }
      : {}),
    ...(compoundFieldName === undefined ? {} : { compoundFieldName: `Person${compoundFieldName}` }),
    ...inName(name),
    mirrors: { object: personRules.contact, field: field.name },
  };
};

const isPersonField = (name: string): FieldDefinition =>
  defineField({ name, label: 'Is Person Account', type: 'boolean', createable: false, updateable: false });

const contactField = (): FieldDefinition =>
  defineField({
    name: personRules.other,
    label: 'Contact ID',
    type: 'reference',
    referenceTo: [personRules.contact],
    relationshipName: 'PersonContact',
    createable: false,
    updateable: false,
    deleteRule: { '*': 'none' },
    permissionable: false,
  });

const personType = (account: ObjectDefinition): readonly RecordTypeDefinition[] => {
  const types = account.recordTypes ?? [];
  const { developerName, label } = personRules.recordType;
  const known = types.some((type) => type.person === true || type.developerName.startsWith(developerName));
  if (known) {
    return types.map((type) => (type.developerName.startsWith(developerName) ? { ...type, person: true } : type));
  }
  const id = toId18('012Gs0Accoun0PA') ?? '';
  return [...types, { id, developerName, label, active: true, person: true }];
};

const withField = (fields: readonly FieldDefinition[], field: FieldDefinition): readonly FieldDefinition[] =>
  fields.some((each) => each.name === field.name) ? fields : [...fields, field];

/** The account's fields: what it has, with what they mirror, and the mirrors it lacks. */
const mirroredFields = (account: ObjectDefinition, contact: ObjectDefinition): readonly FieldDefinition[] => {
  const mirrors = new Map<string, FieldDefinition>();
  for (const field of contact.fields) {
    const name = accountName(field);
    if (name !== undefined) mirrors.set(name, mirrored(field, name));
  }
  const told = account.fields
    .filter((field) => field.mirrors === undefined || mirrors.has(field.name))
    .map((field) => {
      const mirror = mirrors.get(field.name);
      mirrors.delete(field.name);
      if (mirror === undefined) return field;
      return field.mirrors === undefined
        ? { ...field, mirrors: { object: contact.name, field: mirror.mirrors?.field ?? '' } }
        : mirror;
    });
  return [...told, ...mirrors.values()];
};

/** Brings the account's copies in step with the contact's fields, where the org has person accounts. */
export const mirrorPersonFields = (registry: SchemaRegistry): void => {
  const account = registry.object(personRules.account);
  const contact = registry.object(personRules.contact);
  if (account === undefined || contact === undefined || !hasPersonAccounts(registry)) return;
  const fields = mirroredFields(account, contact);
  const same =
    fields.length === account.fields.length && fields.every((field, index) => field === account.fields[index]);
  const wanted = new Set(contact.fields.map((field) => field.name));
  const stale = account.fields.some((field) => field.mirrors !== undefined && !wanted.has(field.mirrors.field));
  const missing = fields.length !== account.fields.length;
  if (!same && (stale || missing || account.fields.every((field) => field.mirrors === undefined))) {
    registry.put({ ...account, fields });
  }
};

/**
 * Turns person accounts on: the account gets a record type for persons, the contact's fields and a pointer to its person
 * contact. What an org's own describe brought along stays as described.
 */
export const enablePersonAccounts = (registry: SchemaRegistry): void => {
  const account = registry.object(personRules.account);
  const contact = registry.object(personRules.contact);
  if (account === undefined || contact === undefined) return;
  const named = account.fields.map((field) =>
    field.name === 'Name' ? { ...field, nillable: true, extraTypeInfo: 'switchablepersonname' } : field,
  );
  const fields = withField(withField(named, contactField()), isPersonField(personRules.is));
  registry.put({ ...contact, fields: withField(contact.fields, isPersonField(personRules.is)) });
  registry.put({ ...account, recordTypes: personType(account), fields });
  mirrorPersonFields(registry);
};

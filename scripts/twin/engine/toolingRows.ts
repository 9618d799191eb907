import { createHash } from 'node:crypto';
import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { calculatedOf, soapTypeOf } from '../schema/describeField.ts';
import type { EngineContext } from './engineContext.ts';
import { toId18 } from './ids.ts';

type Values = Readonly<Record<string, FieldValue>>;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** An id that a name always has: the platform's are made up when the component is. */
const idOfName = (prefix: string, name: string): string => {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 12);
  return toId18(prefix + Array.from(bytes, (byte) => ALPHABET.charAt(byte % 62)).join('')) ?? '';
};

const namespaceOf = (name: string): string | null => /^([A-Za-z0-9]+)__.+__\w+$/.exec(name)?.[1] ?? null;

const developerName = (name: string): string =>
  name.replace(/__\w{1,3}$/, '').replace(/^[A-Za-z0-9]+__(?=[A-Za-z])/, '');

const customObjects = (context: EngineContext): readonly ObjectDefinition[] =>
  context.registry.objects().filter((object) => object.custom && object.historyOf === undefined);

const objectRow = (object: ObjectDefinition): Values => ({
  Id: idOfName('01I', object.name),
  DeveloperName: developerName(object.name),
  NamespacePrefix: namespaceOf(object.name),
  Description: object.description ?? null,
  ManageableState: namespaceOf(object.name) === null ? 'unmanaged' : 'installed',
});

const classification = (field: FieldDefinition): Values => ({
  SecurityClassification: field.securityClassification ?? null,
  ComplianceGroup: field.complianceGroup?.join(';') ?? null,
  BusinessStatus: field.businessStatus ?? null,
});

const fieldRow = (object: ObjectDefinition, field: FieldDefinition): Values => ({
  ...classification(field),
  Id: idOfName('00N', `${object.name}.${field.name}`),
  DeveloperName: developerName(field.name),
  NamespacePrefix: namespaceOf(field.name),
  TableEnumOrId: object.custom ? idOfName('01I', object.name) : object.name,
  Description: field.description ?? null,
  InlineHelpText: field.inlineHelpText ?? null,
  Length: field.length,
  Precision: field.precision,
  Scale: field.scale,
  RelationshipLabel: field.childRelationshipName ?? null,
  ManageableState: namespaceOf(field.name) === null ? 'unmanaged' : 'installed',
});

const particleFlags = (field: FieldDefinition): Values => ({
  IsApiFilterable: field.filterable,
  IsApiGroupable: field.groupable,
  IsApiSortable: field.sortable,
  IsAutonumber: field.autoNumberFormat !== undefined,
  IsCalculated: calculatedOf(field),
  IsCaseSensitive: field.caseSensitive,
  IsCreatable: field.createable,
  IsDefaultedOnCreate: field.defaultedOnCreate,
  IsHtmlFormatted: field.htmlFormatted,
  IsIdLookup: field.idLookup,
  IsNameField: field.nameField,
  IsNillable: field.nillable,
  IsUnique: field.unique,
  IsUpdatable: field.updateable,
});

const particleRow = (object: ObjectDefinition, field: FieldDefinition): Values => {
  const durable = `${object.name}.${field.name}`;
  const part = field.compoundFieldName;
  return {
    ...particleFlags(field),
    Id: durable,
    DurableId: durable,
    QualifiedApiName: field.name,
    DeveloperName: developerName(field.name),
    NamespacePrefix: namespaceOf(field.name),
    EntityDefinitionId: object.name,
    FieldDefinitionId: part === undefined ? durable : `${object.name}.${part}`,
    MasterLabel: field.label,
    Label: field.label,
    Length: field.length,
    Precision: field.precision,
    Scale: field.scale,
    DataType: field.type,
    ServiceDataTypeId: soapTypeOf(field.type),
    ValueTypeId: field.type,
    ExtraTypeInfo: field.extraTypeInfo ?? null,
    InlineHelpText: field.inlineHelpText ?? null,
    RelationshipName: field.relationshipName ?? null,
    ReferenceTo: field.referenceTo.length === 0 ? null : field.referenceTo.join(';'),
  };
};

/** Rows of CustomObject and CustomField of the Tooling API. */
export const customObjectRows = (context: EngineContext): readonly Values[] => customObjects(context).map(objectRow);

export const customFieldRows = (context: EngineContext): readonly Values[] =>
  context.registry
    .objects()
    .filter((object) => object.historyOf === undefined)
    .flatMap((object) => object.fields.filter((field) => field.custom).map((field) => fieldRow(object, field)));

/** Rows of EntityParticle: every field, and the parts of compound fields. */
export const particleRows = (context: EngineContext): readonly Values[] =>
  context.registry.objects().flatMap((object) => object.fields.map((field) => particleRow(object, field)));

import type { FieldValue } from '../contract.ts';
import type { Access, FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { calculatedOf } from '../schema/describeField.ts';
import type { EngineContext } from './engineContext.ts';
import type { SqlPart } from './sharing.ts';
import { customFieldRows, customObjectRows, particleRows } from './toolingRows.ts';

type Values = Readonly<Record<string, FieldValue>>;

/** Rows computed from the schema: how to make them, and which of them a user without View Setup may see. */
type SetupObject = {
  readonly rows: (context: EngineContext) => Iterable<Values>;
  readonly seen: (context: EngineContext, access: Access) => Iterable<string>;
};

const durableField = (object: ObjectDefinition, field: FieldDefinition): string => `${object.name}.${field.name}`;

const entityRow = (object: ObjectDefinition): Values => ({
  Id: object.name,
  DurableId: object.name,
  QualifiedApiName: object.name,
  DeveloperName: object.name.replace(/__(c|mdt|e|b|x|History)$/, '').replace(/^[A-Za-z0-9]+__(?=[A-Za-z])/, ''),
  NamespacePrefix: /^([A-Za-z0-9]+)__.+__(c|mdt|e|b|x)$/.exec(object.name)?.[1] ?? null,
  MasterLabel: object.label,
  Label: object.label,
  PluralLabel: object.labelPlural,
  KeyPrefix: object.keyPrefix,
  IsCustomSetting: object.customSetting,
  IsCustomizable: object.custom || (object.createable && object.access?.governedBy !== 'open'),
  IsQueryable: object.queryable,
  IsRetrieveable: object.queryable,
  IsSearchable: object.searchable,
  IsReplicateable: object.replicateable,
  IsFeedEnabled: object.feedEnabled,
  IsTriggerable: object.createable,
  IsApexTriggerable: object.createable,
  IsWorkflowEnabled: object.createable,
  IsLayoutable: object.createable,
  IsEverCreatable: object.createable,
  IsEverUpdatable: object.updateable,
  IsEverDeletable: object.deletable,
  IsDeprecatedAndHidden: false,
  IsInterface: false,
  IsIdEnabled: true,
  IsProcessEnabled: object.createable,
  ExternalSharingModel: 'Private',
  InternalSharingModel: object.sharingModel,
  HelpSettingPageName: null,
  Description: object.description ?? null,
  PublisherId: object.custom ? '<local>' : 'System',
});

const dataTypes: Readonly<Record<string, (field: FieldDefinition) => string>> = {
  string: (field) => `Text(${field.length})`,
  textarea: (field) => (field.length > 255 ? `Long Text Area(${field.length})` : `Text Area(${field.length})`),
  email: () => 'Email',
  phone: () => 'Phone',
  url: (field) => `URL(${field.length})`,
  picklist: () => 'Picklist',
  multipicklist: () => 'Picklist (Multi-Select)',
  boolean: () => 'Checkbox',
  int: (field) => `Number(${field.precision > 0 ? field.precision : 9}, 0)`,
  double: (field) => `Number(${field.precision - field.scale}, ${field.scale})`,
  currency: (field) => `Currency(${field.precision - field.scale}, ${field.scale})`,
  percent: (field) => `Percent(${field.precision - field.scale}, ${field.scale})`,
  date: () => 'Date',
  datetime: () => 'Date/Time',
  time: () => 'Time',
  address: () => 'Address',
  location: () => 'Geolocation',
  base64: () => 'Base64',
  encryptedstring: (field) => `Text (Encrypted)(${field.length})`,
  id: () => 'Lookup()',
};

const dataType = (field: FieldDefinition): string => {
  if (field.formula !== undefined && field.readAlong !== true) return `Formula (${field.type})`;
  if (field.rollUp !== undefined) return `Roll-Up Summary (${field.rollUp.operation.toUpperCase()})`;
  if (field.autoNumberFormat !== undefined) return 'Auto Number';
  if (field.type === 'reference') {
    return `${field.masterDetail ? 'Master-Detail' : 'Lookup'}(${field.referenceTo.join(',')})`;
  }
  return dataTypes[field.type]?.(field) ?? field.type;
};

const fieldNature = (field: FieldDefinition): Values => ({
  IsCalculated: calculatedOf(field),
  IsCompound: field.type === 'address' || field.type === 'location',
  IsHtmlFormatted: field.htmlFormatted,
  IsNameField: field.nameField,
  IsNillable: field.nillable,
  IsIndexed: field.externalId || field.unique || field.type === 'reference' || field.type === 'id',
  IsApiFilterable: field.filterable,
  IsApiGroupable: field.groupable,
  IsApiSortable: field.sortable,
  IsListFilterable: field.filterable,
  IsListSortable: field.sortable,
  IsFieldHistoryTracked: field.trackHistory,
  IsPolymorphicForeignKey: field.referenceTo.length > 1,
});

const fieldClassification = (field: FieldDefinition): Values => ({
  Description: field.description ?? null,
  InlineHelpText: field.inlineHelpText ?? null,
  SecurityClassification: field.securityClassification ?? null,
  ComplianceGroup: field.complianceGroup?.join(';') ?? null,
  BusinessStatus: field.businessStatus ?? null,
});

const fieldRow = (object: ObjectDefinition, field: FieldDefinition): Values => ({
  ...fieldNature(field),
  ...fieldClassification(field),
  Id: durableField(object, field),
  DurableId: durableField(object, field),
  EntityDefinitionId: object.name,
  QualifiedApiName: field.name,
  DeveloperName: field.name.replace(/__c$/, ''),
  NamespacePrefix: /^([A-Za-z0-9]+)__.+__c$/.exec(field.name)?.[1] ?? null,
  MasterLabel: field.label,
  Label: field.label,
  Length: field.length,
  Precision: field.precision,
  Scale: field.scale,
  DataType: dataType(field),
  ValueTypeId: field.type,
  ServiceDataTypeId: field.type,
  ExtraTypeInfo: field.extraTypeInfo ?? null,
  ReferenceTo: field.referenceTo.length === 0 ? null : field.referenceTo.join(';'),
  RelationshipName: field.relationshipName ?? null,
  PublisherId: field.custom ? '<local>' : 'System',
});

const setupObjects: Readonly<Record<string, SetupObject>> = {
  EntityDefinition: {
    rows: (context) => context.registry.objects().map(entityRow),
    seen: (context, access) =>
      context.registry
        .objects()
        .filter((object) => access.object(object.name).read)
        .map((object) => object.name),
  },
  FieldDefinition: {
    rows: (context) =>
      context.registry.objects().flatMap((object) => object.fields.map((field) => fieldRow(object, field))),
    seen: (context, access) =>
      context.registry
        .objects()
        .flatMap((object) =>
          object.fields
            .filter((field) => access.field(object.name, field.name).read)
            .map((field) => durableField(object, field)),
        ),
  },
  // The Tooling API's, which their object's access opens to who has View Setup alone.
  EntityParticle: { rows: particleRows, seen: () => [] },
  CustomObject: { rows: customObjectRows, seen: () => [] },
  CustomField: { rows: customFieldRows, seen: () => [] },
};

/** By store: which schema version each object's rows were made from. */
const made = new WeakMap<object, Map<string, number>>();

/** Brings the rows of EntityDefinition or FieldDefinition in step with the schema; other objects have rows of their own. */
export const materialise = (context: EngineContext, object: ObjectDefinition): void => {
  const setup = setupObjects[object.name];
  if (setup === undefined) return;
  const versions = made.get(context.store) ?? new Map<string, number>();
  made.set(context.store, versions);
  if (versions.get(object.name) === context.registry.version) return;
  context.store.transaction(() => {
    const { sql, columns } = context.store.tableFor(object.name);
    context.store.statement(`DELETE FROM ${sql}`).run();
    for (const row of setup.rows(context)) {
      const known = Object.entries(row).filter(([name]) => columns.has(name.toLowerCase()));
      context.store.insertRaw(object.name, Object.fromEntries(known));
    }
  });
  versions.set(object.name, context.registry.version);
};

/**
 * Users with View Setup see the definition of every object and field, also of those they may not read: that is how
 * hidden is told from absent. Others see what they may read. Undefined = no restriction of this kind.
 */
export const setupRowsAllowed = (
  context: EngineContext,
  access: Access,
  object: ObjectDefinition,
  alias: string,
): SqlPart | undefined => {
  const setup = setupObjects[object.name];
  if (setup === undefined || access.has('ViewSetup') || access.has('CustomizeApplication')) return undefined;
  const seen = JSON.stringify([...setup.seen(context, access)]);
  return { sql: `${alias}."DurableId" IN (SELECT value FROM json_each(?))`, values: [seen] };
};

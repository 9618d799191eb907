import { TwinError } from '../contract.ts';
import type { Access, ChildRelationship, FieldDefinition, ObjectDefinition, SchemaRegistry } from './definitions.ts';
import { deleteFlags, renderField } from './describeField.ts';

export type Rendered = Readonly<Record<string, unknown>>;

const MASTER_RECORD_TYPE = '012000000000000AAA';

const versionText = (apiVersion: number): string => `v${apiVersion.toFixed(1)}`;

/** Set-up and junction objects: no layouts, no triggers, no most-recently-used list. */
const isSystemObject = (object: ObjectDefinition): boolean =>
  (object.access?.governedBy === 'open' && !object.undeletable) ||
  object.historyOf !== undefined ||
  object.tooling === true;

const urlsOf = (object: ObjectDefinition, apiVersion: number): Rendered => {
  const base = `/services/data/${versionText(apiVersion)}/sobjects/${object.name}`;
  const common = { rowTemplate: `${base}/{ID}`, describe: `${base}/describe`, sobject: base };
  if (isSystemObject(object)) return common;
  return {
    compactLayouts: `${base}/describe/compactLayouts`,
    rowTemplate: common.rowTemplate,
    approvalLayouts: `${base}/describe/approvalLayouts`,
    uiDetailTemplate: `/{ID}`,
    uiEditTemplate: `/{ID}/e`,
    describe: common.describe,
    layouts: `${base}/describe/layouts`,
    sobject: base,
  };
};

type Rights = ReturnType<Access['object']>;

/** What both the global and the full describe answer. History objects show no prefix, as on the platform. */
const summary = (object: ObjectDefinition, rights: Rights): Rendered => ({
  activateable: false,
  associateEntityType: object.historyOf === undefined ? null : 'History',
  associateParentEntity: object.historyOf ?? null,
  createable: object.createable && rights.create,
  custom: object.custom,
  customSetting: object.customSetting,
  deepCloneable: false,
  deletable: object.deletable && rights.delete,
  deprecatedAndHidden: false,
  feedEnabled: object.feedEnabled,
  hasSubtypes: false,
  isInterface: false,
  isSubtype: false,
  keyPrefix: object.historyOf === undefined ? object.keyPrefix : null,
  label: object.label,
  labelPlural: object.labelPlural,
  layoutable: !isSystemObject(object),
  mergeable: object.mergeable && rights.edit,
  mruEnabled: !isSystemObject(object) && !object.customSetting,
  name: object.name,
  queryable: object.queryable,
  replicateable: object.replicateable,
  retrieveable: object.queryable,
  searchable: object.searchable,
  triggerable: !isSystemObject(object) && !object.customSetting && !object.customMetadata,
  undeletable: object.undeletable && rights.delete,
  updateable: object.updateable && rights.edit,
});

const readableFields = (object: ObjectDefinition, access: Access): readonly FieldDefinition[] =>
  object.fields.filter((field) => access.field(object.name, field.name).read);

const fieldRights = (object: ObjectDefinition, access: Access, rights: Rights) => (field: FieldDefinition) => {
  const { edit } = access.field(object.name, field.name);
  return renderField(field, { create: edit && rights.create, edit: edit && rights.edit });
};

const renderChild = (registry: SchemaRegistry, parent: string, child: ChildRelationship): Rendered => {
  const field = registry.field(child.childObject, child.field);
  if (field === undefined) throw new Error(`${child.childObject}.${child.field} is not in the schema`);
  const flags = deleteFlags(field, parent);
  return {
    cascadeDelete: flags.cascadeDelete,
    childSObject: child.childObject,
    deprecatedAndHidden: false,
    field: child.field,
    junctionIdListNames: [],
    junctionReferenceTo: [],
    relationshipName: child.relationshipName,
    restrictedDelete: flags.restrictedDelete,
  };
};

const visibleChildren = (registry: SchemaRegistry, access: Access, name: string): readonly Rendered[] =>
  registry
    .children(name)
    .filter((child) => access.object(child.childObject).read && access.field(child.childObject, child.field).read)
    .filter((child) => registry.object(child.childObject)?.tooling !== true)
    .map((child) => renderChild(registry, name, child));

const recordTypeInfos = (object: ObjectDefinition, apiVersion: number): readonly Rendered[] => {
  if (isSystemObject(object) || object.customSetting || object.customMetadata) return [];
  const own = (object.recordTypes ?? []).map((type, index) => ({
    active: type.active,
    available: type.active,
    defaultRecordTypeMapping: index === 0,
    developerName: type.developerName,
    master: false,
    name: type.label,
    recordTypeId: type.id,
  }));
  const master = {
    active: true,
    available: true,
    defaultRecordTypeMapping: own.length === 0,
    developerName: 'Master',
    master: true,
    name: 'Master',
    recordTypeId: MASTER_RECORD_TYPE,
  };
  const base = `/services/data/${versionText(apiVersion)}/sobjects/${object.name}/describe/layouts`;
  return [...own, master].map((info) => ({ ...info, urls: { layout: `${base}/${info.recordTypeId}` } }));
};

const scopes = (object: ObjectDefinition): readonly Rendered[] => {
  const plural = object.labelPlural.toLowerCase();
  const all = { label: `All ${plural}`, name: 'everything' };
  const owned = object.fields.some((field) => field.name === 'OwnerId');
  return owned ? [all, { label: `My ${plural}`, name: 'mine' }] : [all];
};

/** Whether the object exists for this user: describe, query and DML treat anything else as absent. */
export const isVisible = (object: ObjectDefinition, access: Access): boolean => access.object(object.name).read;

/**
 * The describe of one object for a user: fields without field-level security and children without permission are
 * absent, as on the platform.
 * @throws TwinError NOT_FOUND when the object is absent or hidden from the user.
 */
export const renderDescribe = (registry: SchemaRegistry, access: Access, name: string, apiVersion = 66): Rendered => {
  const object = registry.object(name);
  if (object === undefined || !isVisible(object, access)) {
    throw new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
  }
  const rights = access.object(object.name);
  return {
    actionOverrides: [],
    ...summary(object, rights),
    childRelationships: visibleChildren(registry, access, object.name),
    compactLayoutable: !isSystemObject(object) && !object.customSetting,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: readableFields(object, access).map(fieldRights(object, access, rights)),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: recordTypeInfos(object, apiVersion),
    searchLayoutable: object.searchable ? true : null,
    sobjectDescribeOption: 'FULL',
    supportedScopes: isSystemObject(object) ? [] : scopes(object),
    urls: urlsOf(object, apiVersion),
  };
};

/** The rows of the global describe (`sobjects`) that the user may see. Tooling objects are not in it. */
export const renderGlobal = (registry: SchemaRegistry, access: Access, apiVersion = 66): readonly Rendered[] =>
  registry
    .objects()
    .filter((object) => object.tooling !== true && isVisible(object, access))
    .map((object) => ({ ...summary(object, access.object(object.name)), urls: urlsOf(object, apiVersion) }));

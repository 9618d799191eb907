import { TwinError } from '../contract.ts';
import type { Access, ChildRelationship, FieldDefinition, ObjectDefinition, SchemaRegistry } from './definitions.ts';
import { deleteFlags, renderField } from './describeField.ts';

export type Rendered = Readonly<Record<string, unknown>>;

const MASTER_RECORD_TYPE = '012000000000000AAA';

const versionText = (apiVersion: number): string => `v${apiVersion.toFixed(1)}`;

const mruEnabled = (object: ObjectDefinition): boolean =>
  object.mruEnabled ?? (!isSystemObject(object) && !object.customSetting);

/** Set-up and junction objects: no layouts, no triggers, no most-recently-used list. */
const isSystemObject = (object: ObjectDefinition): boolean =>
  (object.layoutable !== true && object.access?.governedBy === 'open' && !object.undeletable) ||
  object.historyOf !== undefined ||
  object.tooling === true;

const urlsOf = (object: ObjectDefinition, apiVersion: number): Rendered => {
  const base = `/services/data/${versionText(apiVersion)}/sobjects/${object.name}`;
  const common = { rowTemplate: `${base}/{ID}`, describe: `${base}/describe`, sobject: base };
  if (isSystemObject(object)) return common;
  const listed = mruEnabled(object) && object.access?.governedBy !== 'open';
  return {
    compactLayouts: `${base}/describe/compactLayouts`,
    rowTemplate: common.rowTemplate,
    ...(listed ? { approvalLayouts: `${base}/describe/approvalLayouts`, listviews: `${base}/listviews` } : {}),
    describe: common.describe,
    quickActions: `${base}/quickActions`,
    layouts: `${base}/describe/layouts`,
    sobject: base,
  };
};

/** Addresses in the org's own pages, below its host; the full describe alone has them. */
const pagesOf = (object: ObjectDefinition): Rendered =>
  isSystemObject(object)
    ? {}
    : { uiDetailTemplate: '/{ID}', uiEditTemplate: '/{ID}/e', uiNewRecord: `/${object.keyPrefix ?? ''}/e` };

type Rights = ReturnType<Access['object']>;

const nature = (object: ObjectDefinition): Rendered => ({
  associateEntityType: object.historyOf === undefined ? null : 'History',
  associateParentEntity: object.historyOf ?? null,
  deepCloneable: object.deepCloneable ?? false,
  keyPrefix: object.historyOf === undefined ? object.keyPrefix : null,
  retrieveable: object.retrieveable ?? object.queryable,
});

/** What both the global and the full describe answer. History objects show no prefix, as on the platform. */
const summary = (object: ObjectDefinition, rights: Rights): Rendered => ({
  ...nature(object),
  activateable: false,
  createable: object.createable && rights.create,
  custom: object.custom,
  customSetting: object.customSetting,
  deletable: object.deletable && rights.delete,
  deprecatedAndHidden: false,
  feedEnabled: object.feedEnabled,
  hasSubtypes: false,
  isInterface: false,
  isSubtype: false,
  label: object.label,
  labelPlural: object.labelPlural,
  layoutable: !isSystemObject(object),
  mergeable: object.mergeable && rights.edit,
  mruEnabled: mruEnabled(object),
  name: object.name,
  queryable: object.queryable,
  replicateable: object.replicateable,
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
    .filter((child) => registry.field(child.childObject, child.field)?.notDescribedAsChild !== true)
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

/** As recorded describes (API 48 to 59) label them. */
const scopeLabels: Readonly<Record<string, (plural: string) => string>> = {
  everything: (plural) => `All ${plural}`,
  mine: (plural) => `My ${plural}`,
  team: (plural) => `My team's ${plural}`,
  team_by_role: (plural) => `My role-based team's ${plural}`,
  genericteam: (plural) => `My case teams ${plural}`,
  delegated: (plural) => `My delegated ${plural}`,
  queue_owned: (plural) => `Queue owned ${plural}`,
  user_owned: (plural) => `User owned ${plural}`,
  scopingRule: () => 'Filter by scope',
};

const scopeLabel = (name: string, plural: string): string => scopeLabels[name]?.(plural) ?? name;

const scopes = (object: ObjectDefinition): readonly Rendered[] => {
  const plural = object.labelPlural.toLowerCase();
  const owned = object.fields.some((field) => field.name === 'OwnerId');
  const names = ['everything', ...(object.scopes ?? (owned ? ['mine'] : []))].sort();
  return names.map((name) => ({ label: scopeLabel(name, plural), name }));
};

type Kept = {
  readonly registry: SchemaRegistry;
  readonly version: number;
  readonly objects: Map<string, Rendered>;
  readonly global: Map<number, readonly Rendered[]>;
};

/** Answers per access, which the engine makes anew when permissions change, and per version of the schema. */
const keptAnswers = new WeakMap<Access, Kept>();

const keptFor = (registry: SchemaRegistry, access: Access): Kept => {
  const known = keptAnswers.get(access);
  if (known?.registry === registry && known.version === registry.version) return known;
  const fresh: Kept = { registry, version: registry.version, objects: new Map(), global: new Map() };
  keptAnswers.set(access, fresh);
  return fresh;
};

/** Whether the object exists for this user: describe, query and DML treat anything else as absent. */
export const isVisible = (object: ObjectDefinition, access: Access): boolean => access.object(object.name).read;

/**
 * The describe of one object for a user: fields without field-level security and children without permission are
 * absent, as on the platform.
 * @throws TwinError NOT_FOUND when the object is absent or hidden from the user.
 */
export const renderDescribe = (registry: SchemaRegistry, access: Access, name: string, apiVersion = 66): Rendered => {
  const kept = keptFor(registry, access);
  const key = `${apiVersion} ${name.toLowerCase()}`;
  const known = kept.objects.get(key) ?? describeFresh(registry, access, name, apiVersion);
  kept.objects.set(key, known);
  return known;
};

const describeFresh = (registry: SchemaRegistry, access: Access, name: string, apiVersion: number): Rendered => {
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
    searchLayoutable: object.searchable,
    sobjectDescribeOption: 'FULL',
    supportedScopes: isSystemObject(object) ? [] : scopes(object),
    urls: { ...urlsOf(object, apiVersion), ...pagesOf(object) },
    ...object.described,
  };
};

/** The rows of the global describe (`sobjects`) that the user may see. Tooling objects are not in it. */
export const renderGlobal = (registry: SchemaRegistry, access: Access, apiVersion = 66): readonly Rendered[] => {
  const kept = keptFor(registry, access);
  const known = kept.global.get(apiVersion) ?? globalFresh(registry, access, apiVersion);
  kept.global.set(apiVersion, known);
  return known;
};

const globalFresh = (registry: SchemaRegistry, access: Access, apiVersion: number): readonly Rendered[] =>
  registry
    .objects()
    .filter((object) => object.tooling !== true && isVisible(object, access))
    .map((object) => ({ ...summary(object, access.object(object.name)), urls: urlsOf(object, apiVersion) }));

import type { DuplicateRuleDefinition, MatchingRuleDefinition } from './duplicateDefinitions.ts';

/** The typed schema: what shapes, deployed metadata and (later) pulled describes all become. */

/** Describe types of the platform (`soapType` is derived). */
export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'multipicklist'
  | 'combobox'
  | 'reference'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'long'
  | 'date'
  | 'datetime'
  | 'time'
  | 'base64'
  | 'encryptedstring'
  | 'address'
  | 'location'
  | 'anyType'
  | 'complexvalue';

export type PicklistEntry = {
  readonly value: string;
  readonly label: string;
  readonly active: boolean;
  readonly defaultValue: boolean;
  /** Base 64 bit set over the controlling field's values, as describe answers it; absent = no dependency. */
  readonly validFor?: string;
};

/** What happens to the child when the parent goes; from recorded describes, deployed deleteConstraint or our own shapes. */
export type DeleteRule = 'cascade' | 'restrict' | 'set-null' | 'none';

export type RollUp = {
  readonly childObject: string;
  readonly childField: string;
  readonly operation: 'count' | 'sum' | 'min' | 'max';
  readonly summarizedField?: string;
  readonly filters: readonly { readonly field: string; readonly operation: string; readonly value: string }[];
};

/** Which records a lookup takes. Fields are `Target.Field`, `$Source.Field` (of the row itself) or `$User.Field`. */
export type LookupFilter = {
  readonly active: boolean;
  /** A matter of the user interface: nothing is refused. */
  readonly optional: boolean;
  /** `1 AND (2 OR 3)`; absent = all conditions. */
  readonly logic?: string;
  /** Absent = the platform's own words. */
  readonly message?: string;
  readonly items: readonly {
    readonly field: string;
    readonly operation: string;
    readonly value?: string;
    readonly valueField?: string;
  }[];
};

export type FieldDefinition = {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Characters, for text types. */
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly nillable: boolean;
  /** True when the platform fills it on create (booleans, OwnerId, autonumber, audit fields). */
  readonly defaultedOnCreate: boolean;
  readonly defaultValue?: string | number | boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly filterable: boolean;
  readonly sortable: boolean;
  readonly groupable: boolean;
  readonly aggregatable: boolean;
  readonly custom: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  readonly externalId: boolean;
  readonly idLookup: boolean;
  readonly nameField: boolean;
  readonly autoNumberFormat?: string;
  readonly restrictedPicklist: boolean;
  /** The field that decides which picklist values may be chosen. */
  readonly controllerName?: string;
  readonly picklistValues: readonly PicklistEntry[];
  readonly lookupFilter?: LookupFilter;
  /** The field of the person contact that this field of a person account is a copy of; who may see it, may see the copy. */
  readonly mirrors?: { readonly object: string; readonly field: string };
  /** Objects a reference may point to; several = polymorphic. */
  readonly referenceTo: readonly string[];
  readonly relationshipName?: string;
  readonly masterDetail: boolean;
  /** Per parent object (key), the recorded rule; `*` for all parents. */
  readonly deleteRule: Readonly<Record<string, DeleteRule>>;
  /** Child relationship name on the parent; absent when the platform has none. */
  readonly childRelationshipName?: string;
  readonly formula?: string;
  /** The formula is how the platform reads the field from other rows; describe tells of none. */
  readonly readAlong?: true;
  readonly rollUp?: RollUp;
  /** `Name`, `MailingAddress`: the compound this component belongs to. */
  readonly compoundFieldName?: string;
  readonly trackHistory: boolean;
  readonly htmlFormatted: boolean;
  readonly inlineHelpText?: string;
  readonly description?: string;
  /** Metadata classification, as FieldDefinition answers it. */
  readonly securityClassification?: string;
  readonly complianceGroup?: readonly string[];
  readonly businessStatus?: string;
  /** Field-level security applies; absent = true unless required, system or master-detail (`isPermissionable`). */
  readonly permissionable?: boolean;
  /** `personname`, `plaintextarea`, `richtextarea`, …, as describe answers it. */
  readonly extraTypeInfo?: string;
  /** A cascade that the platform refuses while a child has one of these values (activated contracts and orders). */
  readonly deleteRefusedWhen?: { readonly field: string; readonly values: readonly string[] };
  /** Custom objects become targets of this reference: all, those with activities, those with feeds. */
  readonly joins?: 'all' | 'activities' | 'feeds';
  readonly reparentable?: boolean;
  readonly writeRequiresMasterRead?: boolean;
  /** What describe answers where the rule of its type does not fit. */
  readonly byteLength?: number;
  readonly searchPrefilterable?: boolean;
  /** The platform leaves it out of the parent's childRelationships. */
  readonly notDescribedAsChild?: boolean;
  /** A name that describe calls a component of itself (Account.Name). */
  readonly ownCompound?: boolean;
  readonly formulaTreatBlanksAs?: 'BlankAsZero' | 'BlankAsBlank';
  /** A default value that is computed for every new row, instead of `defaultValue`. */
  readonly defaultFormula?: string;
  /** Of a pulled field: what the org's own describe says beside what is modelled here, where that differs. */
  readonly described?: Readonly<Record<string, unknown>>;
};

/** A record type of an object; its RecordType row has the same id. */
export type RecordTypeDefinition = {
  readonly id: string;
  readonly developerName: string;
  readonly label: string;
  readonly active: boolean;
  readonly description?: string;
  /** Accounts of this type are person accounts. */
  readonly person?: boolean;
  /** By picklist: the values it offers. A picklist that is absent offers all of them. */
  readonly picklistValues?: Readonly<Record<string, readonly string[]>>;
};

/** A rule that keeps rows from being saved while its condition is true. */
export type ValidationRule = {
  readonly name: string;
  readonly active: boolean;
  /** Formula text. */
  readonly condition: string;
  readonly message: string;
  /** The field its message is shown at; absent = the page. */
  readonly field?: string;
};

/** Who governs access: the object's own ObjectPermissions, those of another object, or nobody (`open`). */
export type AccessRule = {
  readonly governedBy: 'own' | 'open' | { readonly parent: string };
  /** System permission (no prefix) without which an open object cannot be read, or written. */
  readonly readNeeds?: string;
  readonly writeNeeds?: string;
};

export type ObjectDefinition = {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string | null;
  readonly custom: boolean;
  readonly customSetting: boolean;
  readonly customMetadata: boolean;
  readonly queryable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly undeletable: boolean;
  readonly mergeable: boolean;
  readonly replicateable: boolean;
  readonly searchable: boolean;
  readonly feedEnabled: boolean;
  readonly sharingModel: 'Private' | 'Read' | 'ReadWrite' | 'ControlledByParent' | 'FullAccess';
  /** `<X>History` / `<X>__History` exists for it. */
  readonly historyObject?: string;
  readonly description?: string;
  /** For a history object: the object whose changes it holds. */
  readonly historyOf?: string;
  /** Reached through the Tooling API only. */
  readonly tooling?: boolean;
  readonly allowsActivities?: boolean;
  /** Scopes of describe besides `everything`, in describe order; absent = `mine` where there is an owner. */
  readonly scopes?: readonly string[];
  readonly deepCloneable?: boolean;
  /** True for an open object that has layouts all the same (User). */
  readonly layoutable?: boolean;
  /** False for what can be queried but not retrieved by id; absent = as queryable. */
  readonly retrieveable?: boolean;
  /** False where the platform keeps no list of recently used rows. */
  readonly mruEnabled?: boolean;
  readonly recordTypes?: readonly RecordTypeDefinition[];
  readonly validationRules?: readonly ValidationRule[];
  readonly matchingRules?: readonly MatchingRuleDefinition[];
  readonly duplicateRules?: readonly DuplicateRuleDefinition[];
  /** Absent = `own`. */
  readonly access?: AccessRule;
  /** The platform does not publish this prefix for the object; ours is stable but made up. */
  readonly keyPrefixInvented?: boolean;
  /** Of a pulled object: what the org's own describe says beside what is modelled here. */
  readonly described?: Readonly<Record<string, unknown>>;
  /** In describe order; Id first. */
  readonly fields: readonly FieldDefinition[];
};

export type ChildRelationship = {
  readonly childObject: string;
  readonly field: string;
  readonly relationshipName: string | null;
  readonly deleteRule: DeleteRule;
};

/** The live schema. Lookups ignore case; answers carry canonical case. */
export type SchemaRegistry = {
  object(name: string): ObjectDefinition | undefined;
  field(object: string, field: string): FieldDefinition | undefined;
  objects(): readonly ObjectDefinition[];
  objectByKeyPrefix(prefix: string): ObjectDefinition | undefined;
  /** Lookups of other objects (and itself) that point at `object`. */
  children(object: string): readonly ChildRelationship[];
  /** Adds or replaces an object or fields (deploy); bumps `version` so that caches know. */
  put(definition: ObjectDefinition): void;
  remove(object: string): void;
  readonly version: number;
  /** Deep copy of the state, to undo a failed or check-only deploy. */
  snapshot(): () => void;
  /** A registry of its own that begins with the present state. */
  copy(): SchemaRegistry;
};

/** What a user may do, computed from PermissionSetAssignment, ObjectPermissions, FieldPermissions and the profile's own set. */
export type Access = {
  object(object: string): {
    readonly read: boolean;
    readonly create: boolean;
    readonly edit: boolean;
    readonly delete: boolean;
    readonly viewAll: boolean;
    readonly modifyAll: boolean;
  };
  field(object: string, field: string): { readonly read: boolean; readonly edit: boolean };
  /** System permissions by API name without the prefix: `ModifyAllData`, `BulkApiHardDelete`, `QueryAllFiles`, `CreateAuditFields`, … */
  has(permission: string): boolean;
};

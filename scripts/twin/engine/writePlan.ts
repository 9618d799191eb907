import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { defaultOf } from './coerce.ts';
import type { EngineContext } from './engineContext.ts';
import type { PlatformRules } from './platformRules.ts';
import { RowProblem } from './problems.ts';
import { nameComponents } from './recordNames.ts';
import { isStored } from './tables.ts';

/** What saving a row of one object involves, worked out once per schema version. */
export type WritePlan = {
  readonly object: ObjectDefinition;
  readonly defaults: readonly (readonly [string, FieldValue])[];
  /** Fields whose default is a formula: a row must bring its own value. */
  readonly formulaDefaults: readonly FieldDefinition[];
  readonly required: readonly FieldDefinition[];
  readonly references: readonly FieldDefinition[];
  readonly unique: readonly FieldDefinition[];
  readonly autoNumbers: readonly FieldDefinition[];
  readonly nameParts: readonly string[];
  /** A text Name that becomes the record id when left out (custom objects). */
  readonly nameFallsBackToId: boolean;
  readonly derived: PlatformRules['derivedFields'];
  readonly uniqueTogether: PlatformRules['uniqueTogether'];
  readonly has: (field: string) => boolean;
};

/** Filled by the save itself, whatever the schema says about defaults. */
const filledBySave = new Set([
  'Id',
  'OwnerId',
  'IsDeleted',
  'CreatedById',
  'CreatedDate',
  'LastModifiedById',
  'LastModifiedDate',
  'SystemModstamp',
]);

const isRequired = (field: FieldDefinition): boolean =>
  !field.nillable &&
  !field.defaultedOnCreate &&
  field.createable &&
  field.type !== 'boolean' &&
  field.type !== 'base64';

const hasDefault = (field: FieldDefinition): boolean =>
  !filledBySave.has(field.name) && field.rollUp === undefined && isStored(field);

const isLiteralDefault = (field: FieldDefinition): boolean => {
  try {
    defaultOf(field);
    return true;
  } catch (error) {
    if (error instanceof RowProblem) return false;
    throw error;
  }
};

const defaultsOf = (fields: readonly FieldDefinition[]): readonly (readonly [string, FieldValue])[] =>
  fields.flatMap((field) => {
    const value = defaultOf(field);
    // The table itself leaves checkboxes unticked.
    return value === undefined || value === false ? [] : [[field.name, value] as const];
  });

const build = (context: EngineContext, object: ObjectDefinition): WritePlan => {
  const names = new Set(object.fields.filter(isStored).map((field) => field.name));
  const has = (field: string): boolean => names.has(field);
  const name = object.fields.find((field) => field.nameField);
  const defaulted = object.fields.filter(hasDefault);
  return {
    object,
    defaults: defaultsOf(defaulted.filter(isLiteralDefault)),
    formulaDefaults: defaulted.filter((field) => !isLiteralDefault(field)),
    required: object.fields.filter(isRequired),
    references: object.fields.filter((field) => field.type === 'reference'),
    unique: object.fields.filter((field) => field.unique && isStored(field)),
    autoNumbers: object.fields.filter((field) => field.autoNumberFormat !== undefined),
    nameParts: nameComponents(object),
    nameFallsBackToId: object.custom && name?.type === 'string' && name.autoNumberFormat === undefined,
    derived: context.rules.derivedFields.filter((rule) => rule.object === object.name && has(rule.from)),
    uniqueTogether: context.rules.uniqueTogether.filter(
      (rule) => rule.object === object.name && rule.fields.every(has),
    ),
    has,
  };
};

/** Plans by canonical object name, forgotten when the schema changes. */
export const createWritePlans = (context: EngineContext): ((object: ObjectDefinition) => WritePlan) => {
  let version = -1;
  let plans = new Map<string, WritePlan>();
  return (object) => {
    if (context.registry.version !== version) {
      version = context.registry.version;
      plans = new Map();
    }
    const known = plans.get(object.name);
    if (known !== undefined) return known;
    const plan = build(context, object);
    plans.set(object.name, plan);
    return plan;
  };
};

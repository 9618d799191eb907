import { computedFields, refusedStates } from './computedFields.ts';
import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { defaultOf } from './coerce.ts';
import type { EngineContext } from './engineContext.ts';
import { historyTable } from './history.ts';
import { formulaDefaults } from './formulaDefaults.ts';
import { filteredLookups } from './lookupFilters.ts';
import { personPlan } from './personAccounts.ts';
import { RowProblem } from './problems.ts';
import { nameComponents } from './recordNames.ts';
import { defaultRecordType } from './recordTypes.ts';
import type { StampFields, WritePlan } from './plan.ts';
import { isStored } from './tables.ts';
import { compiledRules } from './validation.ts';

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
  if (field.defaultFormula !== undefined) return false;
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

const historyParts = (context: EngineContext, object: ObjectDefinition): Pick<WritePlan, 'history' | 'tracked'> => {
  const history = historyTable(context.registry, object);
  const tracked = history === undefined ? [] : object.fields.filter((field) => field.trackHistory && isStored(field));
  return { history, tracked };
};

/** Rules of the object whose own fields, and whose other object, the org has. */
const childRulesFor = (
  { rules, registry }: EngineContext,
  object: ObjectDefinition,
  has: (field: string) => boolean,
): Pick<WritePlan, 'firstChildren' | 'chosenRows' | 'onlyOnes'> => {
  const known = (name: string, ...fields: readonly string[]): boolean =>
    fields.every((field) => registry.field(name, field) !== undefined);
  const of = <T extends { readonly object: string }>(list: readonly T[]): T[] =>
    list.filter((rule) => rule.object === object.name);
  return {
    firstChildren: of(rules.firstChildren).filter(({ child, lookup }) => known(child, lookup)),
    chosenRows: of(rules.chosenRows).filter(
      ({ field, within, child, lookup, label, default: first, copies }) =>
        [field, within].every(has) && known(child, lookup, label, first, ...copies),
    ),
    onlyOnes: of(rules.onlyOnes).filter(({ field, within }) => has(field) && has(within)),
  };
};

const rulesFor = (
  context: EngineContext,
  object: ObjectDefinition,
  has: (field: string) => boolean,
): Pick<WritePlan, 'derived' | 'computed' | 'refused' | 'uniqueTogether'> => ({
  computed: computedFields(context, object),
  refused: refusedStates(context, object),
  derived: context.rules.derivedFields.filter((rule) => rule.object === object.name && has(rule.from)),
  uniqueTogether: context.rules.uniqueTogether.filter((rule) => rule.object === object.name && rule.fields.every(has)),
});

const stampsOf = (has: (field: string) => boolean): StampFields => ({
  createdById: has('CreatedById'),
  createdDate: has('CreatedDate'),
  lastModifiedById: has('LastModifiedById'),
  lastModifiedDate: has('LastModifiedDate'),
  systemModstamp: has('SystemModstamp'),
});

const build = (context: EngineContext, object: ObjectDefinition): WritePlan => {
  const names = new Set(object.fields.filter(isStored).map((field) => field.name));
  const has = (field: string): boolean => names.has(field);
  const name = object.fields.find((field) => field.nameField);
  const defaulted = object.fields.filter(hasDefault);
  const person = personPlan(context, object);
  const isVersion = object.name === context.rules.files.version;
  return {
    object,
    defaults: defaultsOf(defaulted.filter(isLiteralDefault)),
    formulaDefaults: formulaDefaults(
      context.registry,
      object,
      defaulted.filter((field) => !isLiteralDefault(field)),
    ),
    rules: compiledRules(context.registry, object),
    required: object.fields.filter(isRequired),
    references: object.fields.filter((field) => field.type === 'reference'),
    unique: object.fields.filter((field) => field.unique && isStored(field)),
    autoNumbers: object.fields.filter((field) => field.autoNumberFormat !== undefined),
    // An account's name is made of parts only where it is a person's: see personAccounts.ts.
    nameParts: person?.half === 'account' ? [] : nameComponents(object),
    nameFallsBackToId: object.custom && name?.type === 'string' && name.autoNumberFormat === undefined,
    ...rulesFor(context, object, has),
    ...childRulesFor(context, object, has),
    ...historyParts(context, object),
    isVersion,
    filtered: filteredLookups(object),
    offersDiffer: (object.recordTypes ?? []).some((type) => type.picklistValues !== undefined),
    defaultRecordType: defaultRecordType(object),
    stamps: stampsOf(has),
    findsDuplicates: (object.duplicateRules ?? []).some((rule) => rule.active),
    person,
    hasOwner: has('OwnerId'),
    needsUndo: isVersion || person !== undefined || object.fields.some((field) => field.type === 'base64'),
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

import { toId18 } from '../engine/ids.ts';
import type { DeleteRule, FieldDefinition, ObjectDefinition, RecordTypeDefinition } from './definitions.ts';
import { fieldFromDescribe } from './describedField.ts';
import { HISTORY_PREFIX } from './keyPrefixes.ts';
import { readWholeDescribe, type WholeDescribe } from './wholeDescribe.ts';

/** What describes say of a lookup, gathered from the parents it points at. */
export type ToldLookup = {
  /** Per parent; absent where the parent says neither, which a lookup that stays and one that is emptied share. */
  readonly rules: Readonly<Record<string, DeleteRule | 'neither'>>;
  readonly relationshipName: string | null;
};
export type ToldLookups = ReadonlyMap<string, ToldLookup>;

/** What the describes together tell of one object. */
export type Told = {
  readonly lookups: ToldLookups;
  /** Objects whose children are known, in lower case. */
  readonly parents: ReadonlySet<string>;
  /** History object per object. */
  readonly histories: ReadonlyMap<string, string>;
};

/** Describe keys of an object that the twin only repeats: it has no behaviour behind them. */
const REPEATED = [
  ...['activateable', 'compactLayoutable', 'deepCloneable', 'defaultImplementation', 'deprecatedAndHidden'],
  ...['extendedBy', 'extendsInterfaces', 'hasSubtypes', 'implementedBy', 'implementsInterfaces', 'isInterface'],
  ...['isSubtype', 'layoutable', 'listviewable', 'lookupLayoutable', 'mruEnabled', 'networkScopeFieldName'],
  ...['retrieveable', 'searchLayoutable', 'supportedScopes', 'triggerable', 'dataTranslationEnabled'],
] as const;

const repeated = (answer: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(REPEATED.flatMap((key) => (key in answer ? [[key, answer[key]] as const] : [])));

const recordTypesOf = (whole: WholeDescribe): readonly RecordTypeDefinition[] =>
  whole.recordTypeInfos
    .filter((type) => !type.master)
    .map(({ recordTypeId, developerName, name, active }) => ({
      ...{ id: toId18(recordTypeId) ?? recordTypeId, developerName, label: name, active },
    }));

const ruleOf = (told: DeleteRule | 'neither', standing: DeleteRule): DeleteRule => {
  if (told !== 'neither') return told;
  return standing === 'none' ? 'none' : 'set-null';
};

/** The field with what the parents' describes say of it. */
export const withLookup = (object: string, field: FieldDefinition, lookups: ToldLookups): FieldDefinition => {
  const told = lookups.get(`${object}.${field.name}`.toLowerCase());
  if (told === undefined) return field;
  const standing = (parent: string): DeleteRule => field.deleteRule[parent] ?? field.deleteRule['*'] ?? 'none';
  const rules = Object.entries(told.rules).map(([parent, rule]) => [parent, ruleOf(rule, standing(parent))] as const);
  return {
    ...field,
    deleteRule: { ...field.deleteRule, ...Object.fromEntries(rules) },
    ...(told.relationshipName === null ? {} : { childRelationshipName: told.relationshipName }),
  };
};

const isActivityParent = (whole: WholeDescribe): boolean =>
  whole.childRelationships.some((child) => child.childSObject === 'Task' && child.field === 'WhatId');

const featureParts = (whole: WholeDescribe, known: ObjectDefinition | undefined, told: Told) => {
  const isHistory = whole.associateEntityType === 'History' && whole.associateParentEntity !== null;
  const history = told.histories.get(whole.name.toLowerCase()) ?? known?.historyObject;
  return {
    ...(history === undefined ? {} : { historyObject: history }),
    ...(isHistory && whole.associateParentEntity !== null
      ? {
          historyOf: whole.associateParentEntity,
          keyPrefix: HISTORY_PREFIX,
          access: { governedBy: { parent: whole.associateParentEntity } },
        }
      : {}),
    ...(isActivityParent(whole) ? { allowsActivities: true } : {}),
  };
};

/** Some lookups (MasterRecordId) are in no parent's list. */
const listed = (object: string, field: FieldDefinition, { lookups, parents }: Told): FieldDefinition => {
  if (field.referenceTo.length === 0 || lookups.has(`${object}.${field.name}`.toLowerCase())) return field;
  const isKnown = field.referenceTo.every((parent) => parents.has(parent.toLowerCase()));
  return isKnown ? { ...field, notDescribedAsChild: true } : field;
};

const fieldsOf = (
  whole: WholeDescribe,
  answers: readonly Readonly<Record<string, unknown>>[],
  known: ObjectDefinition | undefined,
  told: Told,
): readonly FieldDefinition[] => {
  const standing = new Map((known?.fields ?? []).map((field) => [field.name.toLowerCase(), field]));
  return whole.fields.map((field, index) => {
    const made = fieldFromDescribe(field, answers[index] ?? {}, standing.get(field.name.toLowerCase()));
    return listed(whole.name, withLookup(whole.name, made, told.lookups), told);
  });
};

/**
 * An object as the org's own describe has it, with nothing of the bundled schema's fields: what the org does not have,
 * the twin does not have. `known` gives what describe does not tell.
 * @throws Error when the describe has another shape than the platform's.
 */
export const objectFromDescribe = (
  answer: Readonly<Record<string, unknown>>,
  known: ObjectDefinition | undefined,
  told: Told,
): ObjectDefinition => {
  const whole = readWholeDescribe(answer);
  const { name, label, labelPlural, keyPrefix, custom, customSetting, queryable, createable, updateable } = whole;
  const { deletable, undeletable, mergeable, replicateable, searchable, feedEnabled } = whole;
  const fields = fieldsOf(whole, answer['fields'] as readonly Record<string, unknown>[], known, told);
  const byMaster = fields.some((field) => field.masterDetail);
  return {
    sharingModel: byMaster ? 'ControlledByParent' : 'ReadWrite',
    ...known,
    ...{ name, label, labelPlural, keyPrefix, custom, customSetting, queryable, createable, updateable },
    ...{ deletable, undeletable, mergeable, replicateable, searchable, feedEnabled },
    customMetadata: name.endsWith('__mdt'),
    recordTypes: recordTypesOf(whole),
    ...featureParts(whole, known, told),
    described: repeated(answer),
    fields,
  };
};

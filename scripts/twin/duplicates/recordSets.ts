import type { FieldValue } from '../contract.ts';
import type { Saving } from '../engine/saving.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { Finding } from './duplicateRules.ts';

const setObject = 'DuplicateRecordSet';
const itemObject = 'DuplicateRecordItem';

type Values = Record<string, FieldValue>;

const insert = (saving: Saving, object: ObjectDefinition, values: Values): string => {
  const { context, session } = saving;
  const number = object.fields.find((field) => field.autoNumberFormat !== undefined);
  if (number !== undefined) values[number.name] = saving.autoNumbers(object, number);
  const audit = { CreatedById: session.userId, LastModifiedById: session.userId };
  const id = context.store.insertRaw(object.name, { ...audit, ...values });
  context.journal.write({ object: object.name, id, change: 'insert', cause: 'direct', fields: Object.keys(values) });
  return id;
};

/** The set of this rule that one of the rows is in already. */
const knownSet = (saving: Saving, ruleId: string, ids: readonly string[]): string | undefined => {
  const { store } = saving.context;
  for (const id of ids) {
    for (const item of store.find(itemObject, 'RecordId', id)) {
      const set = store.readRow(setObject, String(item['DuplicateRecordSetId']));
      if (set?.['DuplicateRuleId'] === ruleId) return String(set['Id']);
    }
  }
  return undefined;
};

const count = (saving: Saving, setId: string): void => {
  const { store } = saving.context;
  store.updateRaw(setObject, setId, {
    RecordCount: store.find(itemObject, 'DuplicateRecordSetId', setId).length,
    LastModifiedDate: saving.now,
    SystemModstamp: saving.now,
  });
};

/**
 * Keeps a row and what a reporting rule found for it in one duplicate record set: the set one of them is in already, or
 * a new one.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_duplicaterecordset.htm
 */
export const keepFinding = (saving: Saving, id: string, finding: Finding): void => {
  const { registry, store } = saving.context;
  const [set, item] = [registry.object(setObject), registry.object(itemObject)];
  if (set === undefined || item === undefined) return;
  const ids = [id, ...finding.found.flatMap((one) => one.ids)];
  const setId = knownSet(saving, finding.rule.id, ids) ?? insert(saving, set, { DuplicateRuleId: finding.rule.id });
  const present = new Set(store.find(itemObject, 'DuplicateRecordSetId', setId).map((row) => row['RecordId']));
  for (const one of ids) {
    if (!present.has(one)) insert(saving, item, { DuplicateRecordSetId: setId, RecordId: one });
    present.add(one);
  }
  count(saving, setId);
};

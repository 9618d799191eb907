import type { FieldValue } from '../contract.ts';
import { auditOf } from './personAccounts.ts';
import type { StoredRow } from './rowStore.ts';
import type { Saving } from './saving.ts';
import { systemWrite } from './systemWrite.ts';

type Values = Record<string, FieldValue>;

/** Writes what the platform puts below a new row. */
export const insertFirstChildren = (saving: Saving, id: string, row: Readonly<Values>): void => {
  const { context, plan, rollUps } = saving;
  for (const { child, lookup, rows } of plan.firstChildren) {
    const object = context.registry.object(child);
    if (object === undefined) continue;
    for (const given of rows) {
      const values = systemWrite(context, object, { ...given, ...auditOf(row), [lookup]: id });
      const childId = context.store.insertRaw(child, values);
      const fields = Object.keys(values);
      context.journal.write({ object: child, id: childId, change: 'insert', cause: 'direct', fields });
      rollUps.noteChild(child, values);
    }
  }
};

type ChosenRow = Saving['plan']['chosenRows'][number];

const chosenRow = ({ context }: Saving, rule: ChosenRow, after: Readonly<Values>): StoredRow | undefined => {
  const named = after[rule.field] ?? null;
  const rows = context.store.find(rule.child, rule.lookup, after[rule.within] ?? null);
  return rows.find((row) => (named === null ? row[rule.default] === true : row[rule.label] === named));
};

/** Fills a field that names a row of the same parent, and copies what that row says; `current` = as it was, absent for a new one. */
export const chooseRows = (saving: Saving, values: Values, current?: Readonly<Values>): void => {
  const { plan } = saving;
  for (const rule of plan.chosenRows) {
    if (current !== undefined && (values[rule.field] ?? null) === null) continue;
    const chosen = chosenRow(saving, rule, { ...current, ...values });
    if (chosen === undefined) continue;
    values[rule.field] = chosen[rule.label] ?? null;
    for (const copied of rule.copies) if (plan.has(copied)) values[copied] = chosen[copied] ?? null;
  }
};

/** Takes a switch that one row of a parent has from whichever had it. */
export const keepOnlyOnes = ({ context, plan }: Saving, id: string, row: Readonly<Values>): void => {
  for (const { field, within } of plan.onlyOnes) {
    if (row[field] !== true) continue;
    for (const other of context.store.find(plan.object.name, within, row[within] ?? null)) {
      const otherId = String(other['Id']);
      if (otherId === id || other[field] !== true) continue;
      context.store.updateRaw(plan.object.name, otherId, { [field]: false });
      context.journal.write({
        object: plan.object.name,
        id: otherId,
        change: 'update',
        cause: 'direct',
        fields: [field],
      });
    }
  }
};

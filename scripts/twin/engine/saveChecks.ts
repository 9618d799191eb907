import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { requireLookupFilters } from './lookupFilters.ts';
import { requiredMissing, RowProblem } from './problems.ts';
import { requireRecordType, requireRecordTypeValues } from './recordTypes.ts';
import { requireTarget, requireTargetObject } from './references.ts';
import type { Saving } from './saving.ts';
import { mayReach } from './sharing.ts';

type Values = Readonly<Record<string, FieldValue>>;

/** All required fields that are empty, in one error. */
export const requireFilled = (saving: Saving, values: Values, isNew: boolean): void => {
  let missing: string[] | undefined;
  for (const field of saving.plan.required) {
    const value = values[field.name];
    if (value === undefined ? !isNew : value !== null) continue;
    missing ??= [];
    missing.push(field.name);
  }
  if (missing !== undefined) throw requiredMissing(missing);
};

const requireReach = (saving: Saving, target: ObjectDefinition, id: string): void => {
  const { context, session } = saving;
  if (mayReach({ context, session, right: 'read' }, target, id)) return;
  throw new RowProblem(
    'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
    `insufficient access rights on cross-reference id: ${id.slice(0, 15)}`,
  );
};

/** As the platform words it: `operation performed with inactive user [005…] as owner of contact`. */
const requireActiveOwner = (saving: Saving, id: string): void => {
  const { context, plan } = saving;
  const user = context.registry.objectByKeyPrefix(id.slice(0, 3));
  if (user?.name !== 'User' || context.store.readRow('User', id)?.['IsActive'] !== false) return;
  throw new RowProblem(
    'INACTIVE_OWNER_OR_USER',
    `operation performed with inactive user [${id.slice(0, 15)}] as owner of ${plan.object.label.toLowerCase()}`,
  );
};

const requireOne = (saving: Saving, field: FieldDefinition, id: string): void => {
  if (field.name === 'RecordTypeId') {
    requireRecordType(saving, field, id);
    return;
  }
  requireTarget(saving.context, field, id);
  requireReach(saving, requireTargetObject(saving.context, field, id), id);
  if (field.name === 'OwnerId') requireActiveOwner(saving, id);
};

/** Every id a row brings must be one the lookup may hold; what was found once is not looked for again in the request. */
export const requireTargets = (saving: Saving, lookups: readonly FieldDefinition[], values: Values): void => {
  for (const field of lookups) {
    const id = values[field.name];
    if (typeof id !== 'string' || (id === saving.session.userId && field.referenceTo.includes('User'))) continue;
    const known = saving.targets.get(field);
    if (known?.has(id) === true) continue;
    requireOne(saving, field, id);
    if (known === undefined) saving.targets.set(field, new Set([id]));
    else known.add(id);
  }
};

/** What is judged on the row as it will be: values its record type offers, lookup filters. */
export const requireConsistent = (saving: Saving, after: Values, changed: (field: string) => boolean): void => {
  if (saving.plan.offersDiffer) requireRecordTypeValues(saving, after, changed);
  if (saving.plan.filtered.length > 0) requireLookupFilters(saving, after, changed);
};

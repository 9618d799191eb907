import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, LookupFilter, ObjectDefinition } from '../schema/definitions.ts';
import type { FilteredLookup } from './plan.ts';
import type { EngineContext } from './engineContext.ts';
import { filterValues, isFilterOperation, passes } from './filterItems.ts';
import { filterLogic } from './filterLogic.ts';
import { notEmulatedRow, RowProblem } from './problems.ts';
import { fieldOfRelationship, requireTargetObject } from './references.ts';
import type { Saving } from './saving.ts';

type Row = Readonly<Record<string, FieldValue>>;
type Item = LookupFilter['items'][number];

/** What the platform says where the filter has no message of its own. */
const defaultMessage = 'Value does not exist or does not match filter criteria.';

/** The lookups of an object with an active filter that is not optional. */
export const filteredLookups = (object: ObjectDefinition): readonly FilteredLookup[] =>
  object.fields.flatMap((field) => {
    const filter = field.lookupFilter;
    return filter?.active === true && !filter.optional ? [{ field, filter }] : [];
  });

type Found = { readonly field: FieldDefinition; readonly value: FieldValue };

const valueAt = (
  context: EngineContext,
  object: ObjectDefinition,
  row: Row,
  path: readonly string[],
): Found | undefined => {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    const field = context.registry.field(object.name, first);
    return field === undefined ? undefined : { field, value: row[field.name] ?? null };
  }
  const link = fieldOfRelationship(object, first);
  const id = link === undefined ? null : (row[link.name] ?? null);
  const target = link?.referenceTo.map((name) => context.registry.object(name)).find((one) => one !== undefined);
  if (target === undefined) return undefined;
  const parent = typeof id === 'string' ? context.store.readRow(target.name, id) : undefined;
  return valueAt(context, target, parent ?? {}, rest);
};

type Judging = {
  readonly saving: Saving;
  readonly lookup: FilteredLookup;
  readonly after: Row;
  readonly target: ObjectDefinition;
  readonly targetRow: Row;
};

/** `$Source.Field` is of the row, `$User.Field` of the user, anything else of the record looked up. */
const resolve = ({ saving, after, target, targetRow }: Judging, path: string): Found => {
  const { context, session, plan } = saving;
  const [first = '', ...rest] = path.split('.');
  const user = context.registry.object('User');
  let found: Found | undefined;
  if (first === '$Source') found = valueAt(context, plan.object, after, rest);
  else if (first === '$User' && user !== undefined) {
    found = valueAt(context, user, context.store.readRow('User', session.userId) ?? {}, rest);
  } else found = valueAt(context, target, targetRow, first === target.name ? rest : [first, ...rest]);
  if (found === undefined) throw notEmulatedRow(`lookup filter on ${path}`);
  return found;
};

const passesItem = (judging: Judging, item: Item): boolean => {
  if (!isFilterOperation(item.operation)) throw notEmulatedRow(`lookup filter operation ${item.operation}`);
  const left = resolve(judging, item.field);
  const values =
    item.valueField === undefined
      ? filterValues(left.field, item.value ?? '')
      : [resolve(judging, item.valueField).value];
  return passes(item.operation, left.value, values);
};

const names = (filter: LookupFilter): readonly string[] =>
  filter.items
    .flatMap((item) => [item.field, item.valueField ?? ''])
    .flatMap((path) => {
      const [first, name = ''] = path.split('.');
      return first === '$Source' ? [name] : [];
    });

const isTouched = (saving: Saving, { field, filter }: FilteredLookup, changed: (field: string) => boolean): boolean =>
  changed(field.name) ||
  names(filter).some((name) => changed(saving.context.registry.field(saving.plan.object.name, name)?.name ?? name));

const judge = (judging: Judging): boolean => {
  const { filter } = judging.lookup;
  const logic = filterLogic(filter.logic, filter.items.length);
  if (logic === undefined) throw notEmulatedRow(`lookup filter logic ${filter.logic ?? ''}`);
  return logic((index) => {
    const item = filter.items[index];
    return item !== undefined && passesItem(judging, item);
  });
};

/**
 * The record looked up must pass the lookup's filter whenever the lookup, or a field of the row that the filter names,
 * changes; optional filters are a matter of the user interface.
 * Source: https://help.salesforce.com/s/articleView?id=platform.fields_lookup_filters.htm
 */
export const requireLookupFilters = (saving: Saving, after: Row, changed: (field: string) => boolean): void => {
  for (const lookup of saving.plan.filtered) {
    const id = after[lookup.field.name];
    if (typeof id !== 'string' || !isTouched(saving, lookup, changed)) continue;
    const target = requireTargetObject(saving.context, lookup.field, id);
    const targetRow = saving.context.store.readRow(target.name, id) ?? {};
    if (judge({ saving, lookup, after, target, targetRow })) continue;
    throw new RowProblem('FIELD_FILTER_VALIDATION_EXCEPTION', lookup.filter.message ?? defaultMessage, [
      lookup.field.name,
    ]);
  }
};

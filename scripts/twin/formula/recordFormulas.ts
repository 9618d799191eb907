import type { FieldValue } from '../contract.ts';
import { hasCustomPermission } from '../schema/customPermissions.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import type { CompiledFormula } from './compile.ts';
import { FormulaRefused } from './errors.ts';
import { formulasOf } from './fieldFormulas.ts';
import type { FormulaTarget } from './fieldNames.ts';
import { globalName, missingRow } from './namedRows.ts';
import { decodeValue } from './fieldValues.ts';
import type { Environment, Frame, Value } from './types.ts';
import { textOf } from './values.ts';

type Row = Readonly<Record<string, FieldValue>>;

/** What formulas over rows in hand need of the org. */
export type RecordWorld = {
  readonly registry: SchemaRegistry;
  readonly environment: Environment;
  readonly userId: string;
  readonly orgId: string;
  readonly readRow: (object: string, id: string) => Row | undefined;
  /** Live rows whose field has the value. */
  readonly find: (object: string, field: string, value: string) => readonly Row[];
};

const coordinates = (object: ObjectDefinition, compound: FieldDefinition, row: Row): FieldValue => {
  const parts = object.fields.filter((field) => field.compoundFieldName === compound.name);
  const part = (name: string): FieldValue => row[parts.find((field) => field.name.includes(name))?.name ?? ''] ?? null;
  return JSON.stringify([part('Latitude'), part('Longitude')]);
};

const fieldValue = (world: RecordWorld, object: ObjectDefinition, field: FieldDefinition, row: Row): Value => {
  if (field.formula !== undefined) {
    const { formula } = formulasOf(world.registry).of(object, field);
    return formula.evaluate(frameOf(world, formula, { row }));
  }
  return decodeValue(field, field.type === 'location' ? coordinates(object, field, row) : (row[field.name] ?? null));
};

/** The user's, the profile's or the organisation's setting, whichever is first to have the value. */
const settingRow = (world: RecordWorld, { object, field }: FormulaTarget): Row | undefined => {
  const profile = world.readRow('User', world.userId)?.['ProfileId'];
  return [world.userId, profile, world.orgId]
    .filter((owner) => typeof owner === 'string')
    .flatMap((owner) => world.find(object.name, 'SetupOwnerId', owner))
    .find((row) => (row[field.name] ?? null) !== null);
};

/** Source: https://help.salesforce.com/s/articleView?id=platform.dev_understanding_global_variables.htm ($System) */
export const ORIGIN = '1900-01-01T00:00:00.000Z';

const requireThere = (world: RecordWorld, target: FormulaTarget): void => {
  const missing = missingRow(world.find, [target]);
  if (missing !== undefined) throw new FormulaRefused(`${globalName(missing)}, which this org does not have`);
};

const namedRow = (world: RecordWorld, { object, named }: FormulaTarget): Row | undefined =>
  named === undefined ? undefined : world.find(object.name, named.by, named.name)[0];

const startRow = (world: RecordWorld, target: FormulaTarget, record: Row): Row | undefined => {
  requireThere(world, target);
  switch (target.root) {
    case 'record':
      return record;
    case 'user':
      return world.readRow('User', world.userId);
    case 'organization':
      return world.readRow('Organization', world.orgId);
    case 'setting':
      return settingRow(world, target);
    case 'column':
      return undefined;
    case 'named':
      return namedRow(world, target);
    case 'permission':
      return { [target.field.name]: hasCustomPermission(world, world.userId, target.field.name) };
    case 'system':
      return { [target.field.name]: ORIGIN };
  }
};

const valueOf = (world: RecordWorld, target: FormulaTarget, record: Row): Value => {
  let row = startRow(world, target, record);
  for (const hop of target.hops) {
    const id = row?.[hop.field.name];
    if (typeof id !== 'string') return null;
    if (hop.polymorphic && hop.target.keyPrefix !== id.slice(0, 3)) return null;
    row = world.readRow(hop.target.name, id);
  }
  return row === undefined ? null : fieldValue(world, target.owner, target.field, row);
};

/** Of several rows the first. */
const lookUp = (world: RecordWorld, column: FormulaTarget, key: FormulaTarget, value: Value): Value => {
  const row =
    key.object.name === column.object.name ? world.find(key.object.name, key.field.name, textOf(value))[0] : undefined;
  return row === undefined ? null : decodeValue(column.field, row[column.field.name] ?? null);
};

/** The frame of one evaluation over a row; `before` = as it was, absent for a new row and outside of changes. */
export const frameOf = (
  world: RecordWorld,
  formula: Pick<CompiledFormula<FormulaTarget>, 'references'>,
  record: { readonly row: Row; readonly before?: Row; readonly isNew?: boolean },
): Frame => {
  const read = (index: number, row: Row): Value => {
    const target = formula.references[index];
    return target === undefined ? null : valueOf(world, target, row);
  };
  return {
    environment: world.environment,
    isNew: record.isNew ?? false,
    read: (index) => read(index, record.row),
    prior: (index) => read(index, record.before ?? record.row),
    lookUp: (column, key, value) => {
      const [returned, by] = [formula.references[column], formula.references[key]];
      return returned === undefined || by === undefined ? null : lookUp(world, returned, by, value);
    },
  };
};

import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import type { CompiledFormula } from './compile.ts';
import { formulasOf } from './fieldFormulas.ts';
import type { FormulaTarget } from './fieldNames.ts';
import { decodeValue } from './fieldValues.ts';
import type { Environment, Frame, Value } from './types.ts';

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

const startRow = (world: RecordWorld, target: FormulaTarget, record: Row): Row | undefined => {
  switch (target.root) {
    case 'record':
      return record;
    case 'user':
      return world.readRow('User', world.userId);
    case 'organization':
      return world.readRow('Organization', world.orgId);
    case 'setting':
      return settingRow(world, target);
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
  };
};

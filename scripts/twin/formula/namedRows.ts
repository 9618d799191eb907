import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import { formulasOf } from './fieldFormulas.ts';
import type { FormulaTarget } from './fieldNames.ts';

type Row = Readonly<Record<string, FieldValue>>;

/** Live rows whose field has the value. */
type Find = (object: string, field: string, value: string) => readonly Row[];

/** Labels, custom permissions and custom metadata records are rows: no schema tells whether the org has them. */
const isThere = (find: Find, { root, object, named, field }: FormulaTarget): boolean => {
  if (root === 'permission') return find(object.name, 'DeveloperName', field.name).length > 0;
  return named === undefined || find(object.name, named.by, named.name).length > 0;
};

/** As formulas write it: `$Label.Name`, `$Permission.Name`, `$CustomMetadata.Type__mdt.Record.Field__c`. */
export const globalName = ({ root, object, named, field }: FormulaTarget): string => {
  if (root === 'permission') return `$Permission.${field.name}`;
  if (object.name === 'ExternalString') return `$Label.${named?.name ?? ''}`;
  return `$CustomMetadata.${object.name}.${named?.name ?? ''}.${field.name}`;
};

/** The first of a formula's references to a row of that kind which this org does not have. */
export const missingRow = (find: Find, references: readonly FormulaTarget[]): FormulaTarget | undefined =>
  references.find((target) => !isThere(find, target));

/** The same for a formula field that compiles, through the formula fields it reads. */
export const missingBehind = (
  world: { readonly registry: SchemaRegistry; readonly find: Find },
  object: ObjectDefinition,
  field: FieldDefinition,
): FormulaTarget | undefined => {
  const { references } = formulasOf(world.registry).of(object, field).formula;
  const own = missingRow(world.find, references);
  if (own !== undefined) return own;
  for (const target of references) {
    const behind = target.field.formula === undefined ? undefined : missingBehind(world, target.owner, target.field);
    if (behind !== undefined) return behind;
  }
  return undefined;
};

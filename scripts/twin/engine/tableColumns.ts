import type { FieldValue } from '../contract.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import { coercerOf } from './coerce.ts';
import type { Coercer } from './coercing.ts';
import type { WritePlan } from './plan.ts';
import { isWritable, seen, type ReadScope } from './readInput.ts';

/** How one column of a file is read. */
export type TableColumn = {
  readonly field: FieldDefinition;
  readonly read: Coercer;
  /** What an emptied cell becomes. */
  readonly empty: FieldValue;
};

/**
 * Whether a part of saving is done value by value too (`tableLine.ts`, `saveTable.ts`) or sends the rows the way of
 * records. A new part of the plan does not compile until it is decided here.
 */
const PARTS: Readonly<Record<keyof WritePlan, 'done here' | 'as records'>> = {
  object: 'done here',
  defaults: 'done here',
  formulaDefaults: 'as records',
  rules: 'as records',
  required: 'done here',
  references: 'done here',
  unique: 'done here',
  autoNumbers: 'done here',
  nameParts: 'done here',
  nameFallsBackToId: 'done here',
  derived: 'as records',
  computed: 'as records',
  refused: 'as records',
  uniqueTogether: 'done here',
  firstChildren: 'as records',
  chosenRows: 'as records',
  onlyOnes: 'as records',
  tracked: 'done here',
  history: 'done here',
  isVersion: 'as records',
  filtered: 'as records',
  offersDiffer: 'as records',
  defaultRecordType: 'done here',
  stamps: 'done here',
  findsDuplicates: 'as records',
  person: 'as records',
  hasOwner: 'done here',
  needsUndo: 'done here',
  has: 'done here',
};

const isNothing = (part: unknown): boolean =>
  part === undefined || part === false || (Array.isArray(part) && part.length === 0);

const asksForMore = (plan: WritePlan): boolean =>
  (Object.keys(PARTS) as (keyof WritePlan)[]).some((name) => PARTS[name] === 'as records' && !isNothing(plan[name]));

/** Set by the save itself, so that a row which brings one is saved as any other request's. */
const isStamped = ({ name }: FieldDefinition): boolean =>
  /^(?:Id|CreatedById|CreatedDate|LastModifiedById|LastModifiedDate|SystemModstamp)$/.test(name);

const columnOf = (scope: ReadScope, name: string): TableColumn | undefined => {
  const field = seen(scope, scope.context.registry.field(scope.plan.object.name, name));
  if (field === undefined || isStamped(field) || field.type === 'base64' || !isWritable(scope, field)) return undefined;
  return { field, read: coercerOf(field, scope.truncate), empty: field.type === 'boolean' ? false : null };
};

/**
 * The columns of new rows that can be saved value by value, without a record of names in between; undefined where the
 * object or a column asks for more than that.
 */
export const tableColumns = (scope: ReadScope, names: readonly string[]): readonly TableColumn[] | undefined => {
  const { createable, name } = scope.plan.object;
  if (!createable || !scope.access.object(name).create || asksForMore(scope.plan)) return undefined;
  const columns = names.map((one) => columnOf(scope, one)).filter((column) => column !== undefined);
  const distinct = new Set(columns.map(({ field }) => field.name));
  return distinct.size === names.length ? columns : undefined;
};

import { TwinError, type InputRow, type RowResult, type SaveOptions, type Session } from '../contract.ts';
import type { AutoNumbers } from './autoNumbers.ts';
import type { Blobs } from './blobs.ts';
import { visibleField, visibleObject, type EngineContext } from './engineContext.ts';
import { RowProblem } from './problems.ts';
import { idsByKey } from './references.ts';
import type { RollUps } from './rollUps.ts';
import { idOf, insertRow, updateRow, type Saving } from './saveRow.ts';
import type { WritePlan } from './writePlan.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';

/** What saving needs besides the context. */
export type SaveParts = {
  readonly context: EngineContext;
  readonly plans: (object: ObjectDefinition) => WritePlan;
  readonly autoNumbers: AutoNumbers;
  readonly rollUps: RollUps;
  readonly blobs: Blobs;
};

type Saved = { readonly id: string; readonly created: boolean };

/** Unwinds a request whose rows must all be saved or none. */
class NotAll extends Error {}

const failed = (problem: RowProblem, id: string | null): RowResult => ({
  id,
  success: false,
  created: false,
  errors: [problem.error],
});

const rolledBack: RowResult = {
  id: null,
  success: false,
  created: false,
  errors: [
    {
      statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
      fields: [],
    },
  ],
};

/**
 * Runs `work` for each item in one transaction; an item that fails leaves nothing behind and, with `allOrNone`, undoes
 * the others too. Only RowProblems are answers; anything else ends the request.
 */
export const eachRow = <T>(
  parts: Pick<SaveParts, 'context' | 'rollUps'>,
  items: readonly T[],
  allOrNone: boolean,
  work: (item: T) => Saved,
): readonly RowResult[] => {
  const results: RowResult[] = [];
  const one = (item: T): RowResult => {
    try {
      const saved = parts.context.store.transaction(() => work(item));
      return { ...saved, success: true, errors: [] };
    } catch (error) {
      if (error instanceof RowProblem) return failed(error, null);
      throw error;
    }
  };
  try {
    parts.context.store.transaction(() => {
      for (const item of items) results.push(one(item));
      if (allOrNone && results.some((result) => !result.success)) throw new NotAll();
      parts.rollUps.settle();
    });
  } catch (error) {
    parts.rollUps.forget();
    if (!(error instanceof NotAll)) throw error;
    return results.map((result) => (result.success ? rolledBack : result));
  }
  return results;
};

const savingOf = (parts: SaveParts, session: Session, name: string): Saving => {
  const object = visibleObject(parts.context, session, name);
  return { ...parts, session, plan: parts.plans(object), access: parts.context.accessOf(session.userId) };
};

const cannot = (object: string, verb: string): RowProblem =>
  new RowProblem('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be ${verb}: ${object}`);

const insertOne = (saving: Saving, row: InputRow): Saved => {
  const { object } = saving.plan;
  if (!object.createable || !saving.access.object(object.name).create) throw cannot(object.name, 'inserted');
  return { id: insertRow(saving, row), created: true };
};

const updateOne = (saving: Saving, row: InputRow, options: SaveOptions): Saved => {
  const { object } = saving.plan;
  if (!object.updateable || !saving.access.object(object.name).edit) throw cannot(object.name, 'updated');
  return { id: updateRow(saving, row, options), created: false };
};

/** Inserts rows of one object. TwinError INVALID_TYPE when the object is hidden. */
export const insertRows = (
  parts: SaveParts,
  session: Session,
  object: string,
  input: { readonly rows: readonly InputRow[]; readonly options: SaveOptions },
): readonly RowResult[] => {
  const saving = savingOf(parts, session, object);
  return eachRow(parts, input.rows, input.options.allOrNone, (row) => insertOne(saving, row));
};

const repeatedIds = (): ((id: string) => void) => {
  const seen = new Set<string>();
  return (id) => {
    if (seen.has(id)) throw new RowProblem('DUPLICATE_VALUE', `duplicate id specified: ${id}`, ['Id']);
    seen.add(id);
  };
};

/** Updates rows of one object by `Id`; an id named twice fails the second time. */
export const updateRows = (
  parts: SaveParts,
  session: Session,
  object: string,
  input: { readonly rows: readonly InputRow[]; readonly options: SaveOptions },
): readonly RowResult[] => {
  const saving = savingOf(parts, session, object);
  const once = repeatedIds();
  const results = eachRow(parts, input.rows, input.options.allOrNone, (row) => {
    once(idOf(row));
    return updateOne(saving, row, input.options);
  });
  return results.map((result, index) => ({ ...result, id: result.id ?? idText(input.rows[index]) }));
};

const idText = (row: InputRow | undefined): string | null => {
  try {
    return row === undefined ? null : idOf(row);
  } catch (error) {
    if (error instanceof RowProblem) return null;
    throw error;
  }
};

const keyField = (parts: SaveParts, session: Session, object: ObjectDefinition, name: string) => {
  const field = visibleField(parts.context, session, object.name, name);
  if (field === undefined || !(field.type === 'id' || field.externalId || field.idLookup)) {
    throw new TwinError(
      'INVALID_FIELD',
      `Field name provided, ${name} does not match an External ID, Salesforce Id, or indexed field for ${object.name}`,
    );
  }
  return field;
};

const withoutKey = (row: InputRow, key: string): InputRow =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name.toLowerCase() !== key.toLowerCase()));

const duplicateKey = (field: string, ids: readonly string[]): RowProblem =>
  new RowProblem(
    'DUPLICATE_EXTERNAL_ID',
    `${field}: more than one record found for external id field: [${ids.join(', ')}]`,
    [field],
  );

/** Updates the row the external id (or Id) finds, inserts when it finds none, refuses when it finds several. */
export const upsertRows = (
  parts: SaveParts,
  session: Session,
  object: string,
  input: { readonly rows: readonly InputRow[]; readonly options: SaveOptions },
): readonly RowResult[] => {
  const saving = savingOf(parts, session, object);
  const { object: definition } = saving.plan;
  const key = keyField(parts, session, definition, input.options.externalIdField ?? 'Id');
  const seen = new Set<string>();
  const upsertOne = (row: InputRow): Saved => {
    const given = Object.entries(row).find(([name]) => name.toLowerCase() === key.name.toLowerCase())?.[1] ?? null;
    if (given === null || given === '' || typeof given === 'object') {
      if (key.type === 'id') return insertOne(saving, withoutKey(row, key.name));
      throw new RowProblem('MISSING_ARGUMENT', `${key.name} not specified`, []);
    }
    if (key.type === 'id') return updateOne(saving, row, input.options);
    const word = key.caseSensitive ? String(given) : String(given).toLowerCase();
    if (seen.has(word)) {
      throw new RowProblem('DUPLICATE_VALUE', `Duplicate external id specified: ${String(given)}`, [key.name]);
    }
    seen.add(word);
    const found = idsByKey(parts.context, definition, key, given);
    if (found.length > 1) throw duplicateKey(key.name, found);
    const [id] = found;
    if (id === undefined) return insertOne(saving, row);
    return updateOne(saving, { ...withoutKey(withoutKey(row, key.name), 'Id'), Id: id }, input.options);
  };
  return eachRow(parts, input.rows, input.options.allOrNone, upsertOne);
};

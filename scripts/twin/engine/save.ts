import {
  TwinError,
  type FieldValue,
  type InputRow,
  type RowResult,
  type SaveOptions,
  type Session,
} from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import type { AutoNumbers } from './autoNumbers.ts';
import type { Blobs } from './blobs.ts';
import { visibleField, visibleObject, type EngineContext } from './engineContext.ts';
import { recordCreations } from './history.ts';
import { RowProblem } from './problems.ts';
import { createRowReader } from './readInput.ts';
import { idsByKey } from './references.ts';
import type { ParentCheck, RollUps } from './rollUps.ts';
import { eachRow, type Saved } from './saveLoop.ts';
import { idOf, insertRow, updateRow } from './saveRow.ts';
import type { Saving } from './saving.ts';
import { stamp } from './rowStore.ts';
import { requireValid } from './validation.ts';
import type { WritePlan } from './plan.ts';

export { eachRow } from './saveLoop.ts';

/** What saving needs besides the context. */
export type SaveParts = {
  readonly context: EngineContext;
  readonly plans: (object: ObjectDefinition) => WritePlan;
  readonly autoNumbers: AutoNumbers;
  readonly rollUps: RollUps;
  readonly blobs: Blobs;
};

type Input = { readonly rows: readonly InputRow[]; readonly options: SaveOptions };

/** One request's saving of rows of one object. TwinError INVALID_TYPE when the object is hidden. */
export const savingOf = (parts: SaveParts, session: Session, name: string, options: SaveOptions): Saving => {
  const { context } = parts;
  const object = visibleObject(context, session, name);
  const plan = parts.plans(object);
  const access = context.accessOf(session.userId);
  const scope = { context, session, plan, access, truncate: options.allowFieldTruncation === true };
  return {
    ...parts,
    session,
    plan,
    access,
    options,
    readNew: createRowReader({ ...scope, writing: 'insert' }),
    readChange: createRowReader({ ...scope, writing: 'update' }),
    targets: new Map(),
    saved: new Set(),
    created: [],
    now: stamp(context.clock.now()),
  };
};

/** Judges the parents that a request of this user changed by roll-ups, with their own validation rules. */
export const parentCheck =
  (parts: Pick<SaveParts, 'plans'>, saving: Saving): ParentCheck =>
  (object, before, after) => {
    requireValid({ ...saving, plan: parts.plans(object) }, after, before);
  };

/** What the loop over a request's rows needs of its saving. */
export const loopParts = (parts: SaveParts, saving: Saving) => ({
  ...parts,
  undoEach: saving.plan.needsUndo,
  checkParent: parentCheck(parts, saving),
  beforeChunk: () => {
    saving.created.length = 0;
  },
  afterChunk: () => {
    recordCreations(
      parts.context,
      { userId: saving.session.userId, plan: saving.plan, now: saving.now },
      saving.created,
    );
  },
});

const cannot = (object: string, verb: string): RowProblem =>
  new RowProblem('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be ${verb}: ${object}`);

const inserter = (saving: Saving): ((row: InputRow) => Saved) => {
  const { object } = saving.plan;
  const allowed = object.createable && saving.access.object(object.name).create;
  return (row) => {
    if (!allowed) throw cannot(object.name, 'inserted');
    return { id: insertRow(saving, row), created: true };
  };
};

const updater = (saving: Saving): ((row: InputRow) => Saved) => {
  const { object } = saving.plan;
  const allowed = object.updateable && saving.access.object(object.name).edit;
  return (row) => {
    if (!allowed) throw cannot(object.name, 'updated');
    return { id: updateRow(saving, row), created: false };
  };
};

/** Inserts rows of one object. TwinError INVALID_TYPE when the object is hidden. */
export const insertRows = (parts: SaveParts, session: Session, object: string, input: Input): readonly RowResult[] => {
  const saving = savingOf(parts, session, object, input.options);
  return eachRow(loopParts(parts, saving), input.rows, input.options.allOrNone, inserter(saving));
};

/** Which row of a request was the first to name each key; the others are refused. */
const firstOnes = (): ((key: string, index: number) => boolean) => {
  const first = new Map<string, number>();
  return (key, index) => {
    const known = first.get(key);
    if (known === undefined) first.set(key, index);
    return known === undefined || known === index;
  };
};

const idText = (row: InputRow | undefined, object: ObjectDefinition): string | null => {
  try {
    return row === undefined ? null : idOf(row, object);
  } catch (error) {
    if (error instanceof RowProblem) return null;
    throw error;
  }
};

/** Updates rows of one object by `Id`; an id named twice fails the second time. */
export const updateRows = (parts: SaveParts, session: Session, object: string, input: Input): readonly RowResult[] => {
  const saving = savingOf(parts, session, object, input.options);
  const update = updater(saving);
  const isFirst = firstOnes();
  const work = (row: InputRow, index: number): Saved => {
    const id = idOf(row, saving.plan.object);
    if (!isFirst(id, index)) throw new RowProblem('DUPLICATE_VALUE', `duplicate id specified: ${id}`, ['Id']);
    return update(row);
  };
  const results = eachRow(loopParts(parts, saving), input.rows, input.options.allOrNone, work);
  return results.map((result, index) =>
    result.id === null ? { ...result, id: idText(input.rows[index], saving.plan.object) } : result,
  );
};

const keyField = (parts: SaveParts, session: Session, object: ObjectDefinition, name: string): FieldDefinition => {
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

/** The key's value in a row; null when it is missing. */
const keyValue = (row: InputRow, key: FieldDefinition): FieldValue => {
  const wanted = key.name.toLowerCase();
  const given = row[key.name] ?? Object.entries(row).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;
  return given === '' || typeof given === 'object' ? null : given;
};

/** Updates the row the external id (or Id) finds, inserts when it finds none, refuses when it finds several. */
export const upsertRows = (parts: SaveParts, session: Session, object: string, input: Input): readonly RowResult[] => {
  const saving = savingOf(parts, session, object, input.options);
  const { object: definition } = saving.plan;
  const key = keyField(parts, session, definition, input.options.externalIdField ?? 'Id');
  const [insert, update, isFirst] = [inserter(saving), updater(saving), firstOnes()];
  const known = new Set<number>();
  const upsertOne = (row: InputRow, index: number): Saved => {
    const given = keyValue(row, key);
    if (given === null) {
      if (key.type === 'id') return insert(withoutKey(row, key.name));
      throw new RowProblem('MISSING_ARGUMENT', `${key.name} not specified`, []);
    }
    const word = key.caseSensitive || key.type === 'id' ? String(given) : String(given).toLowerCase();
    if (!isFirst(word, index)) {
      const what = key.type === 'id' ? 'duplicate id specified' : 'Duplicate external id specified';
      throw new RowProblem('DUPLICATE_VALUE', `${what}: ${String(given)}`, [key.name]);
    }
    if (key.type === 'id') {
      known.add(index);
      return update(row);
    }
    const found = idsByKey(parts.context, definition, key, given);
    if (found.length > 1) throw duplicateKey(key.name, found);
    const [id] = found;
    if (id === undefined) return insert(row);
    known.add(index);
    return update({ ...withoutKey(withoutKey(row, key.name), 'Id'), Id: id });
  };
  const results = eachRow(loopParts(parts, saving), input.rows, input.options.allOrNone, upsertOne);
  return results.map((result, index) => (result.success ? result : { ...result, created: !known.has(index) }));
};

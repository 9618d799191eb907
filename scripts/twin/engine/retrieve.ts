import { TwinError, type QueryRow, type Session } from '../contract.ts';
import { Binder } from '../soql/binder.ts';
import { openQuery } from '../soql/runQuery.ts';
import { queryInput, type QueryInput } from '../soql/queryInput.ts';
import { shapeRows, topPlan, type RowPlan } from '../soql/rowPlan.ts';
import { objectFrom, Scope } from '../soql/scope.ts';
import { readableFields } from '../soql/selectList.ts';
import { pathNamed, plainQuery } from '../soql/syntax.ts';
import type { Access, ObjectDefinition } from '../schema/definitions.ts';
import type { EngineContext } from './engineContext.ts';
import { requireId } from './ids.ts';
import { idLabel } from './recordNames.ts';

const notFound = (): TwinError => new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });

const requireLive = (context: EngineContext, object: ObjectDefinition, id: string, wasPurged: boolean): void => {
  const deleted = context.store.isDeleted(object.name, id);
  if (deleted === true || (deleted === undefined && wasPurged)) {
    throw new TwinError('ENTITY_IS_DELETED', 'entity is deleted', { status: 404 });
  }
  if (deleted === undefined) throw notFound();
};

/** Names of the fields asked for, each once. */
const selected = (
  input: QueryInput,
  object: ObjectDefinition,
  fields: readonly string[] | undefined,
): readonly string[] => {
  if (fields === undefined) {
    return readableFields(new Scope(input, new Binder(), object), object).map((field) => field.name);
  }
  for (const name of fields.filter((text) => !text.includes('.'))) {
    const definition = input.context.registry.field(object.name, name);
    if (definition === undefined || !input.access.field(object.name, definition.name).read) {
      throw new TwinError('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
    }
  }
  return [...new Map(fields.map((text) => [text.toLowerCase(), text])).values()];
};

/** Compiled reads of an object's fields, as long as the user's rights and the schema stay what they are; null: not kept. */
const kept = new WeakMap<Access, Map<string, RowPlan | null>>();

type Wanted = {
  readonly object: ObjectDefinition;
  readonly id: string;
  readonly fields: readonly string[] | undefined;
};

/** Only where no row is kept from the user: what is shared is found anew each time. */
const compile = (input: QueryInput, { object, fields }: Wanted): RowPlan | null => {
  objectFrom(input, pathNamed(object.name));
  const unshared = new Scope(input, new Binder(), object).guards().length === 1;
  return unshared ? topPlan(input, object, plainQuery(object.name, selected(input, object, fields))) : null;
};

const inputOf = (context: EngineContext, session: Session): QueryInput =>
  queryInput(context, session, '', { includeDeleted: false, tooling: true });

const keptPlan = (context: EngineContext, session: Session, access: Access, wanted: Wanted): RowPlan | null => {
  const plans = kept.get(access) ?? new Map<string, RowPlan | null>();
  kept.set(access, plans);
  const key = [wanted.object.name, session.apiVersion, ...(wanted.fields ?? ['*'])].join(' ');
  const known = plans.get(key);
  if (known !== undefined) return known;
  const plan = compile(inputOf(context, session), wanted);
  if (plans.size < mostPlans) plans.set(key, plan);
  return plan;
};

const mostPlans = 500;

const byPlan = (
  context: EngineContext,
  session: Session,
  plan: RowPlan,
  { object, id }: Wanted,
): QueryRow | undefined => {
  const sql = `SELECT rowid AS r FROM ${context.store.tableFor(object.name).sql} WHERE "Id" = ?`;
  const row = context.store.statement(sql).get(id)?.['r'];
  if (typeof row !== 'number') return undefined;
  return shapeRows(plan, plan.read([row]), session.apiVersion.toFixed(1))[0];
};

const byQuery = (context: EngineContext, session: Session, { object, id, fields }: Wanted): QueryRow | undefined => {
  const input = inputOf(context, session);
  const query = plainQuery(object.name, selected(input, object, fields), {
    kind: 'compare',
    left: pathNamed('Id'),
    operator: '=',
    values: [{ kind: 'literal', type: 'string', text: `'${id}'`, at: 0 }],
  });
  const [row] = openQuery(input, query).rows;
  return row;
};

/** One record as REST retrieves it: all readable fields or those named. */
export const retrieveRow = (
  context: EngineContext,
  session: Session,
  asked: { readonly object: string; readonly id: string; readonly fields: readonly string[] | undefined },
  wasPurged: (id: string) => boolean,
): QueryRow => {
  const access = context.accessOf(session.userId);
  const object = context.registry.object(asked.object);
  if (object === undefined || !access.object(object.name).read) throw notFound();
  const id = object.keyPrefix === null ? asked.id : requireId(asked.id, idLabel(object));
  if (object.keyPrefix !== null && !id.startsWith(object.keyPrefix)) throw notFound();
  requireLive(context, object, id, wasPurged(id));
  const wanted = { object, id, fields: asked.fields };
  const plan = keptPlan(context, session, access, wanted);
  const row = plan === null ? byQuery(context, session, wanted) : byPlan(context, session, plan, wanted);
  if (row === undefined) throw notFound();
  return row;
};

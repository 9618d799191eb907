import type {
  DataEngine,
  InputRow,
  MergeRequest,
  MergeResult,
  RowError,
  RowResult,
  SaveOptions,
  Session,
} from '../contract.ts';
import { recordsOfTable } from '../rowTable.ts';
import { errorText, lockText } from './errorTexts.ts';
import { ofKind } from './faultBoard.ts';
import type { Armed, FaultBoard } from './faultBoard.ts';
import type { FaultKind, FaultPlan, PlanOf } from './faultPlan.ts';
import { sameText } from './sameText.ts';
import type { RowOperation } from './rowOperations.ts';

const KINDS: ReadonlySet<FaultKind> = new Set(['rows']);

type Call = {
  readonly operation: RowOperation;
  readonly session: Session;
  /** Of one id, for calls that name none. */
  readonly objectOf: (id: string | undefined) => string | undefined;
};

type RowFault = Armed<PlanOf<'rows'>>;

type Item = { readonly id: string | undefined; readonly row: InputRow };

const isRows = (plan: FaultPlan): plan is PlanOf<'rows'> => plan.kind === 'rows';

const brings = (row: InputRow, values: Readonly<Record<string, unknown>>): boolean => {
  const given = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.entries(values).every(([name, value]) => {
    const found = given.get(name.toLowerCase());
    return found === value || (typeof found !== 'object' && String(found) === String(value));
  });
};

const sameId = (wanted: string, given: string | undefined): boolean => given?.slice(0, 15) === wanted.slice(0, 15);

const matches = (plan: FaultPlan, call: Call, item: Item, userOf: (user: string) => string): boolean => {
  if (!isRows(plan)) return false;
  const { match } = plan;
  return (
    sameText(match.operation, call.operation) &&
    (match.user === undefined || sameText(userOf(match.user), call.session.username)) &&
    (match.object === undefined || sameText(match.object, call.objectOf(item.id))) &&
    (match.ids === undefined || match.ids.some((id) => sameId(id, item.id))) &&
    (match.values === undefined || brings(item.row, match.values))
  );
};

const errorOf = (plan: PlanOf<'rows'>, lockedIds: readonly string[]): RowError => ({
  statusCode: plan.code,
  message: plan.message ?? (plan.code === 'UNABLE_TO_LOCK_ROW' ? lockText(lockedIds) : errorText(plan.code).message),
  fields: plan.fields,
});

const idIn = (row: InputRow): string | undefined => {
  const found = Object.entries(row).find(([name]) => name.toLowerCase() === 'id')?.[1];
  return typeof found === 'string' ? found : undefined;
};

const ROLLED_BACK: RowError = {
  statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
  fields: [],
};

/** Unwinds what was saved of a call whose rows must all be saved or none. */
class Undo extends Error {
  readonly results: readonly RowResult[];
  constructor(results: readonly RowResult[]) {
    super('undone on purpose');
    this.results = results;
  }
}

const undone = (results: readonly RowResult[]): readonly RowResult[] =>
  results.map((result) =>
    result.success ? { id: null, success: false, created: false, errors: [ROLLED_BACK] } : result,
  );

type Parts = { readonly engine: DataEngine; readonly board: FaultBoard; readonly userOf: (user: string) => string };

/** Index of each row hit, with the plan that hit it. */
const hitsOf = ({ board, userOf }: Parts, call: Call, items: readonly Item[]): ReadonlyMap<number, RowFault> => {
  const hits = new Map<number, RowFault>();
  items.forEach((item, index) => {
    const [armed] = ofKind(
      board.fire(KINDS, (plan) => matches(plan, call, item, userOf)),
      'rows',
    );
    if (armed !== undefined) hits.set(index, armed);
  });
  return hits;
};

const errorsOf = ({ board }: Parts, call: Call, items: readonly Item[], hits: ReadonlyMap<number, RowFault>) => {
  const byFault = new Map<RowFault, string[]>();
  for (const [index, armed] of hits) {
    const id = items[index]?.id;
    byFault.set(armed, [...(byFault.get(armed) ?? []), ...(id === undefined ? [] : [id])]);
  }
  const errors = new Map<RowFault, RowError>();
  for (const [armed, ids] of byFault) {
    const [first] = [...hits].find(([, one]) => one === armed) ?? [0];
    const where = `${call.operation}: ${call.objectOf(items[first]?.id) ?? ''}`;
    board.note(armed, { where, user: call.session.username, ids });
    errors.set(armed, errorOf(armed.plan, ids));
  }
  return errors;
};

const mixed = (
  count: number,
  failures: ReadonlyMap<number, RowResult>,
  rest: readonly RowResult[],
): readonly RowResult[] => {
  const others = rest[Symbol.iterator]();
  return Array.from({ length: count }, (_, index) => {
    const failure = failures.get(index);
    if (failure !== undefined) return failure;
    const next = others.next();
    if (next.done === true) throw new Error('The engine answered fewer rows than it was given.');
    return next.value;
  });
};

type Work = {
  readonly items: readonly Item[];
  readonly allOrNone: boolean;
  readonly save: (kept: readonly number[]) => readonly RowResult[];
};

const throughFaults = (parts: Parts, call: Call, work: Work): readonly RowResult[] => {
  const { items } = work;
  const every = (): readonly number[] => items.map((_, index) => index);
  const hits = hitsOf(parts, call, items);
  if (hits.size === 0) return work.save(every());
  const errors = errorsOf(parts, call, items, hits);
  const failures = new Map<number, RowResult>();
  for (const [index, armed] of hits) {
    const error = errors.get(armed);
    const id = items[index]?.id ?? null;
    if (error !== undefined) failures.set(index, { id, success: false, created: false, errors: [error] });
  }
  const kept = every().filter((index) => !hits.has(index));
  const save = (): readonly RowResult[] => mixed(items.length, failures, kept.length === 0 ? [] : work.save(kept));
  if (!work.allOrNone) return save();
  try {
    return parts.engine.transaction(() => {
      throw new Undo(save());
    });
  } catch (error) {
    if (error instanceof Undo) return undone(error.results);
    throw error;
  }
};

const at = <T>(list: readonly T[], indexes: readonly number[]): readonly T[] =>
  indexes.flatMap((index) => list.slice(index, index + 1));

const saving =
  (parts: Parts, operation: 'insert' | 'update' | 'upsert') =>
  (session: Session, object: string, rows: readonly InputRow[], options: SaveOptions): readonly RowResult[] => {
    if (!parts.board.has(KINDS)) return parts.engine[operation](session, object, rows, options);
    const items = rows.map((row) => ({ id: idIn(row), row }));
    const call = { operation, session, objectOf: () => object };
    const save = (kept: readonly number[]) => parts.engine[operation](session, object, at(rows, kept), options);
    return throughFaults(parts, call, { items, allOrNone: options.allOrNone, save });
  };

/** Rows of files are looked at one by one where a plan may hit them. */
const savingTable =
  (parts: Parts): DataEngine['insertTable'] =>
  (session, object, table, options) => {
    if (!parts.board.has(KINDS)) return parts.engine.insertTable(session, object, table, options);
    return saving(parts, 'insert')(session, object, recordsOfTable(table), options);
  };

const objectOf =
  (engine: DataEngine) =>
  (id: string | undefined): string | undefined => {
    try {
      return id === undefined ? undefined : engine.objectOfId(id);
    } catch {
      // no id at all: the engine says so in its own words
      return undefined;
    }
  };

const byIds = (
  parts: Parts,
  operation: RowOperation,
  session: Session,
  work: {
    readonly ids: readonly string[];
    readonly allOrNone: boolean;
    readonly run: (ids: readonly string[]) => readonly RowResult[];
  },
): readonly RowResult[] => {
  if (!parts.board.has(KINDS)) return work.run(work.ids);
  const items = work.ids.map((id) => ({ id, row: {} }));
  const call = { operation, session, objectOf: objectOf(parts.engine) };
  return throughFaults(parts, call, { items, allOrNone: work.allOrNone, save: (kept) => work.run(at(work.ids, kept)) });
};

const merging =
  (parts: Parts) =>
  (session: Session, request: MergeRequest): MergeResult => {
    const run = (): MergeResult => parts.engine.merge(session, request);
    if (!parts.board.has(KINDS)) return run();
    const items = [request.masterId, ...request.loserIds].map((id) => ({ id, row: request.masterFields }));
    const call = { operation: 'merge' as const, session, objectOf: () => request.object };
    const hits = hitsOf(parts, call, items);
    const [error] = errorsOf(parts, call, items, hits).values();
    if (error === undefined) return run();
    return { id: request.masterId, success: false, mergedRecordIds: [], updatedRelatedIds: [], errors: [error] };
  };

/** Every method of the engine, bound once. */
const bound = (engine: DataEngine): DataEngine => {
  const names = [...Object.getOwnPropertyNames(Object.getPrototypeOf(engine)), ...Object.keys(engine)];
  const methods = names
    .filter((name) => name !== 'constructor')
    .map((name): [string, unknown] => [name, Reflect.get(engine, name)])
    .filter((entry): entry is [string, (...given: unknown[]) => unknown] => typeof entry[1] === 'function')
    .map(([name, method]) => [name, method.bind(engine)] as const);
  return Object.fromEntries(methods) as unknown as DataEngine;
};

/**
 * The engine as requests reach it: rows that a plan of kind `rows` hits fail with its status code and are not written;
 * with all-or-none the others are undone.
 */
export const withRowFaults = (engine: DataEngine, board: FaultBoard, userOf: (user: string) => string): DataEngine => {
  const parts = { engine, board, userOf };
  return {
    ...bound(engine),
    insert: saving(parts, 'insert'),
    insertTable: savingTable(parts),
    update: saving(parts, 'update'),
    upsert: saving(parts, 'upsert'),
    delete: (session, ids, options) =>
      byIds(parts, 'delete', session, { ids, ...options, run: (kept) => engine.delete(session, kept, options) }),
    undelete: (session, ids, options) =>
      byIds(parts, 'undelete', session, { ids, ...options, run: (kept) => engine.undelete(session, kept, options) }),
    hardDelete: (session, object, ids) =>
      byIds(parts, 'hardDelete', session, {
        ids,
        allOrNone: false,
        run: (kept) => engine.hardDelete(session, object, kept),
      }),
    emptyRecycleBin: (session, ids) =>
      byIds(parts, 'emptyRecycleBin', session, {
        ids,
        allOrNone: false,
        run: (kept) => engine.emptyRecycleBin(session, kept),
      }),
    merge: merging(parts),
  };
};

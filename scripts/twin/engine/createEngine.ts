import {
  notEmulated,
  TwinError,
  type DataEngine,
  type InputRow,
  type JournalFilter,
  type MergeRequest,
  type RowTable,
  type SaveOptions,
  type Session,
} from '../contract.ts';
import type { Access, SchemaRegistry } from '../schema/definitions.ts';
import { renderDescribe, renderGlobal } from '../schema/describe.ts';
import { refuseKnownObject } from '../schema/notEmulatedObjects.ts';
import { addDateFunctions } from '../soql/dateFunctions.ts';
import { addFormulaFunction } from '../soql/formulaColumn.ts';
import { addDistanceFunction } from '../soql/distance.ts';
import type { QueryOptions } from '../soql/queryInput.ts';
import { runQuery } from '../soql/runQuery.ts';
import { addSearchFunction, runSearch } from '../sosl/runSearch.ts';
import { loadRows } from './adminLoad.ts';
import { createAutoNumbers } from './autoNumbers.ts';
import { createBlobs } from './blobs.ts';
import { parseDateTime } from './coerce.ts';
import { deleteRows, emptyBin, hardDeleteRows, sweepBin } from './deleteRows.ts';
import { keepAccess, objectFinder, visibleField, visibleObject, type EngineContext } from './engineContext.ts';
import { measureBytes } from './fileRules.ts';
import { requireId } from './ids.ts';
import { createJournal } from './journal.ts';
import { createLimits, type Limits } from './limits.ts';
import { mergeRecords, type MergeParts } from './merge.ts';
import type { MetadataSide } from './metadataSide.ts';
import { readPlatformRules } from './platformRules.ts';
import { RecycleBin } from './recycleBin.ts';
import { idsByKey } from './references.ts';
import { retrieveRow } from './retrieve.ts';
import { createRollUps } from './rollUps.ts';
import type { RowStore } from './rowStore.ts';
import { insertRows, updateRows, upsertRows } from './save.ts';
import { createTableInserts } from './saveTable.ts';
import { undeleteRows } from './undeleteRows.ts';
import { userFinder } from './users.ts';
import { createWritePlans } from './writePlan.ts';
import { RowProblem } from './problems.ts';

export type EngineParts = {
  readonly registry: SchemaRegistry;
  /** Made with `createRowStore(registry, clock)`; system rows are seeded through it. */
  readonly store: RowStore;
  readonly clock: { now(): number };
  /** 18 characters. */
  readonly orgId: string;
  /** Computed afresh; the engine keeps the answer until permission rows or the schema change. */
  readonly accessOf: (userId: string) => Access;
  /** Absent: metadata calls are refused by name. */
  readonly metadata?: MetadataSide;
  readonly dailyRequests?: number;
  /** Auto-numbers handed out so far, by `Object.Field`: shared with whoever copies the org. */
  readonly autoNumbers?: Map<string, number>;
};

const instant = (text: string): string => {
  const parsed = parseDateTime(text.replace(/ /g, '+'));
  if (parsed === undefined) throw new TwinError('INVALID_REPLICATION_DATE', `invalid date: ${text}`);
  return parsed;
};

const asTwinError = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (error instanceof RowProblem)
      throw new TwinError(error.error.statusCode, error.message, { fields: error.error.fields });
    throw error;
  }
};

const notFound = (): TwinError => new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });

class SqliteEngine implements DataEngine {
  readonly #parts: EngineParts;
  readonly #context: EngineContext;
  readonly #work: MergeParts;
  readonly #insertTable: ReturnType<typeof createTableInserts>;
  readonly #limits: Limits;
  readonly #users: (username: string) => ReturnType<DataEngine['findUser']>;

  constructor(parts: EngineParts) {
    const { registry, store, clock, orgId } = parts;
    addDateFunctions(store.database);
    addDistanceFunction(store.database);
    addSearchFunction(store.database);
    addFormulaFunction(store.database, registry, clock);
    this.#parts = parts;
    this.#context = {
      registry,
      store,
      clock,
      orgId,
      rules: readPlatformRules(),
      journal: createJournal(store),
      accessOf: keepAccess(registry, store, clock)(parts.accessOf),
    };
    this.#work = {
      context: this.#context,
      plans: createWritePlans(this.#context),
      autoNumbers: createAutoNumbers(store, clock, parts.autoNumbers),
      rollUps: createRollUps(this.#context),
      blobs: createBlobs(store),
      bin: new RecycleBin(store),
      objectOfId: objectFinder(registry, store),
    };
    this.#insertTable = createTableInserts(this.#work);
    this.#limits = createLimits(this.#context, parts.dailyRequests);
    this.#users = userFinder(store);
  }

  describeGlobal(session: Session) {
    return renderGlobal(this.#context.registry, this.#context.accessOf(session.userId), session.apiVersion);
  }

  describe(session: Session, object: string) {
    return renderDescribe(this.#context.registry, this.#context.accessOf(session.userId), object, session.apiVersion);
  }

  canonicalObject(session: Session, object: string): string | undefined {
    const name = this.#context.registry.object(object)?.name;
    if (name === undefined) refuseKnownObject(this.#context.registry, object);
    return name !== undefined && this.#context.accessOf(session.userId).object(name).read ? name : undefined;
  }

  objectOfId(id: string): string | undefined {
    return this.#work.objectOfId(id);
  }

  query(session: Session, soql: string, options: QueryOptions) {
    if (options.includeDeleted) sweepBin(this.#work);
    return runQuery(this.#context, session, soql, options);
  }

  search(session: Session, search: Parameters<DataEngine['search']>[1]) {
    return runSearch(this.#context, session, search);
  }

  retrieve(session: Session, object: string, id: string, fields?: readonly string[]) {
    return retrieveRow(this.#context, session, { object, id, fields }, (gone) => this.#work.bin.wasPurged(gone));
  }

  findByExternalId(session: Session, object: string, field: string, value: string): readonly string[] {
    const target = visibleObject(this.#context, session, object);
    const key = visibleField(this.#context, session, target.name, field);
    if (key === undefined)
      throw new TwinError('NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${field}`, {
        status: 404,
      });
    return asTwinError(() => idsByKey(this.#context, target, key, value));
  }

  insert(session: Session, object: string, rows: readonly InputRow[], options: SaveOptions) {
    return this.#by(session, () => insertRows(this.#work, session, object, { rows, options }));
  }

  insertTable(session: Session, object: string, table: RowTable, options: SaveOptions) {
    return this.#by(session, () => this.#insertTable({ session, object, table, options }));
  }

  update(session: Session, object: string, rows: readonly InputRow[], options: SaveOptions) {
    return this.#by(session, () => updateRows(this.#work, session, object, { rows, options }));
  }

  upsert(session: Session, object: string, rows: readonly InputRow[], options: SaveOptions) {
    return this.#by(session, () => upsertRows(this.#work, session, object, { rows, options }));
  }

  delete(session: Session, ids: readonly string[], options: { readonly allOrNone: boolean }) {
    return this.#by(session, () => deleteRows(this.#work, session, ids, options.allOrNone));
  }

  undelete(session: Session, ids: readonly string[], options: { readonly allOrNone: boolean }) {
    return this.#by(session, () => undeleteRows(this.#work, session, ids, options.allOrNone));
  }

  hardDelete(session: Session, object: string, ids: readonly string[]) {
    return this.#by(session, () => hardDeleteRows(this.#work, session, object, ids));
  }

  emptyRecycleBin(session: Session, ids: readonly string[]) {
    return this.#by(session, () => emptyBin(this.#work, session, ids));
  }

  merge(session: Session, request: MergeRequest) {
    return this.#by(session, () => mergeRecords(this.#work, session, request), request.masterId);
  }

  getDeleted(session: Session, object: string, from: string, to: string) {
    const { name } = visibleObject(this.#context, session, object);
    return this.#work.bin.deletedBetween(name, instant(from), instant(to));
  }

  getUpdated(session: Session, object: string, from: string, to: string): readonly string[] {
    const { name } = visibleObject(this.#context, session, object);
    const soql = `SELECT Id FROM ${name} WHERE SystemModstamp >= ${instant(from)} AND SystemModstamp < ${instant(to)}`;
    return [...runQuery(this.#context, session, soql, { includeDeleted: false }).rows].map((row) => String(row['Id']));
  }

  transaction<T>(work: () => T): T {
    return this.#context.store.transaction(work);
  }

  readBlob(session: Session, object: string, id: string, field: string): Uint8Array {
    this.retrieve(session, object, id, [field]);
    const definition = this.#context.registry.field(object, field);
    const bytes = definition?.type === 'base64' ? this.#work.blobs.read(requireId(id), definition.name) : undefined;
    if (bytes === undefined) throw notFound();
    return bytes;
  }

  writeBlob(id: string, field: string, bytes: Uint8Array): void {
    const object = this.#context.registry.object(this.objectOfId(id) ?? '');
    const definition = this.#context.registry.field(object?.name ?? '', field);
    if (object === undefined || definition?.type !== 'base64') throw notFound();
    this.transaction(() => {
      this.#work.blobs.write(requireId(id), definition.name, bytes);
      measureBytes(this.#context, object, requireId(id), bytes);
    });
  }

  adminLoad(object: string, rows: Iterable<InputRow>): number {
    return loadRows(this.#work, object, rows);
  }

  recordCounts(objects: readonly string[]): Readonly<Record<string, number>> {
    const known = objects.map((name) => this.#context.registry.object(name)).filter((object) => object !== undefined);
    return Object.fromEntries(known.map((object) => [object.name, this.#context.store.count(object.name)]));
  }

  limits() {
    return this.#limits.read();
  }

  requestUsage() {
    return this.#limits.requests();
  }

  countRequest(): void {
    this.#limits.count();
  }

  #metadata(): MetadataSide {
    if (this.#parts.metadata === undefined) throw notEmulated('metadata of an engine without a metadata side');
    return this.#parts.metadata;
  }

  deployMetadata(
    session: Session,
    files: Parameters<DataEngine['deployMetadata']>[1],
    options: { readonly checkOnly: boolean },
  ) {
    return this.#metadata().deploy(files, { ...options, userId: session.userId });
  }

  listMetadata(_session: Session, type: string) {
    return this.#metadata().list(type);
  }

  retrieveMetadata(_session: Session, types: Parameters<DataEngine['retrieveMetadata']>[1]) {
    return this.#metadata().retrieve(types);
  }

  journal(since: number) {
    return this.#context.journal.since(since);
  }

  journalEntries(filter: JournalFilter) {
    return this.#context.journal.entries(filter);
  }

  journalEnd(): number {
    return this.#context.journal.end();
  }

  #by<T>(session: Session, work: () => T, because?: string): T {
    const scope = { user: session.userId, ...(because === undefined ? {} : { because }) };
    return this.#context.journal.within(scope, work);
  }

  findUser(username: string) {
    return this.#users(username);
  }

  close(): void {
    this.#context.store.close();
  }
}

/** The data engine over a seeded store. */
export const createEngine = (parts: EngineParts): DataEngine => new SqliteEngine(parts);

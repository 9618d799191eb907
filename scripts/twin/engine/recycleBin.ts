import type { RowStore } from './rowStore.ts';

/**
 * Where a row stands in the bin: deleted itself, gone along with another, or past help: a detail whose master was deleted
 * after it, a row of an object that cannot be undeleted. What is past help is still seen as deleted until it expires.
 * Source: https://help.salesforce.com/s/articleView?id=000386040
 */
export type BinState = 'root' | 'along' | 'lost';

/** One row in the bin. */
export type Binned = {
  readonly batch: number;
  readonly object: string;
  readonly id: string;
  readonly state: BinState;
  readonly deletedDate: string;
  /** Absent for rows that came into the bin by loading. */
  readonly deletedBy?: string;
};

export type CutLookup = {
  readonly object: string;
  readonly id: string;
  readonly field: string;
  readonly value: string;
};

/** Rows of one object that go into the bin together. */
export type BinnedGroup = Omit<Binned, 'id'> & { readonly ids: readonly string[] };

const day = 86_400_000;
const hour = 3_600_000;
const states: readonly BinState[] = ['along', 'root', 'lost'];

const binnedOf = (row: Record<string, unknown>): Binned => ({
  batch: Number(row['batch']),
  object: String(row['object']),
  id: String(row['id']),
  state: states[Number(row['state'])] ?? 'along',
  deletedDate: String(row['deletedDate']),
  ...(typeof row['deletedBy'] === 'string' ? { deletedBy: row['deletedBy'] } : {}),
});

const schema = `
  CREATE TABLE IF NOT EXISTS "_binned" (_order INTEGER PRIMARY KEY, id UNIQUE NOT NULL, batch NOT NULL, object NOT NULL, state NOT NULL, deletedDate NOT NULL, deletedBy);
  CREATE INDEX IF NOT EXISTS "_binned_batch" ON "_binned" (batch);
  CREATE INDEX IF NOT EXISTS "_binned_date" ON "_binned" (deletedDate);
  CREATE TABLE IF NOT EXISTS "_cut" (batch NOT NULL, object NOT NULL, id NOT NULL, field NOT NULL, value NOT NULL);
  CREATE INDEX IF NOT EXISTS "_cut_batch" ON "_cut" (batch);
  CREATE TABLE IF NOT EXISTS "_purged" (id PRIMARY KEY, object NOT NULL, deletedDate NOT NULL);
  CREATE INDEX IF NOT EXISTS "_purged_object" ON "_purged" (object, deletedDate);
  CREATE TABLE IF NOT EXISTS "_batches" (batch INTEGER PRIMARY KEY AUTOINCREMENT)`;

/** The ids of a JSON list, as a set SQL can test against. */
const listed = '(SELECT value FROM json_each(?))';

/** The recycle bin's own records: what was deleted together, which lookups were emptied for it, what is gone for good. */
export class RecycleBin {
  readonly #store: RowStore;

  constructor(store: RowStore) {
    this.#store = store;
    store.database.exec(schema);
  }

  openBatch(): number {
    return Number(this.#store.statement('INSERT INTO "_batches" DEFAULT VALUES').run().lastInsertRowid);
  }

  add({ ids, batch, object, state, deletedDate, deletedBy }: BinnedGroup): void {
    this.#store
      .statement(
        'INSERT OR REPLACE INTO "_binned" (id, batch, object, state, deletedDate, deletedBy) SELECT value, ?, ?, ?, ?, ? FROM json_each(?) ORDER BY key',
      )
      .run(batch, object, states.indexOf(state), deletedDate, deletedBy ?? null, JSON.stringify(ids));
  }

  /** These rows are past help from now on. */
  lose(ids: readonly string[]): void {
    this.#store.statement(`UPDATE "_binned" SET state = 2 WHERE id IN ${listed}`).run(JSON.stringify(ids));
  }

  addCuts(batch: number, cuts: readonly CutLookup[]): void {
    this.#store
      .statement(
        `INSERT INTO "_cut" (batch, object, id, field, value)
         SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`,
      )
      .run(batch, JSON.stringify(cuts.map((cut) => [cut.object, cut.id, cut.field, cut.value])));
  }

  find(id: string): Binned | undefined {
    const row = this.#store.statement('SELECT * FROM "_binned" WHERE id = ?').get(id);
    return row === undefined ? undefined : binnedOf(row);
  }

  batch(batch: number): readonly Binned[] {
    return this.#store.statement('SELECT * FROM "_binned" WHERE batch = ? ORDER BY _order').all(batch).map(binnedOf);
  }

  cuts(batch: number): readonly CutLookup[] {
    return this.#store
      .statement('SELECT object, id, field, value FROM "_cut" WHERE batch = ? ORDER BY rowid')
      .all(batch)
      .map((row) => ({
        object: String(row['object']),
        id: String(row['id']),
        field: String(row['field']),
        value: String(row['value']),
      }));
  }

  /** Forgets a batch that was restored or purged; what was past help when the rest was restored stays until it expires. */
  close(batch: number, end: 'restored' | 'purged'): void {
    const which = end === 'restored' ? ' AND state <> 2' : '';
    this.#store.statement(`DELETE FROM "_binned" WHERE batch = ?${which}`).run(batch);
    this.#store.statement('DELETE FROM "_cut" WHERE batch = ?').run(batch);
  }

  /** Remembers that rows existed and when they were deleted, never what they held. */
  bury(object: string, ids: readonly string[], at: string): void {
    const list = JSON.stringify(ids);
    this.#store
      .statement(
        `INSERT OR REPLACE INTO "_purged" (id, object, deletedDate)
         SELECT value, ?, COALESCE((SELECT deletedDate FROM "_binned" WHERE id = value), ?) FROM json_each(?)`,
      )
      .run(object, at, list);
    this.#store.statement(`DELETE FROM "_binned" WHERE id IN ${listed}`).run(list);
  }

  wasPurged(id: string): boolean {
    return this.#store.statement('SELECT 1 AS yes FROM "_purged" WHERE id = ?').get(id) !== undefined;
  }

  /** Batches whose days are over at `now` (ms). */
  expired(now: number, keptDays: number): readonly number[] {
    const before = new Date(now - keptDays * day).toISOString();
    return this.#store
      .statement('SELECT DISTINCT batch FROM "_binned" WHERE deletedDate < ?')
      .all(before)
      .map((row) => Number(row['batch']));
  }

  /** The oldest batches that have to go so that `capacity` rows remain; what is younger than `hours` stays anyway. */
  overflow(now: number, capacity: number, hours: number): readonly number[] {
    let over = Number(this.#store.statement('SELECT COUNT(*) AS n FROM "_binned"').get()?.['n']) - capacity;
    if (over <= 0) return [];
    const before = new Date(now - hours * hour).toISOString();
    const batches = this.#store
      .statement(
        'SELECT batch, COUNT(*) AS n FROM "_binned" WHERE deletedDate <= ? GROUP BY batch ORDER BY MIN(deletedDate), batch',
      )
      .all(before);
    const going: number[] = [];
    for (const row of batches) {
      if (over <= 0) break;
      going.push(Number(row['batch']));
      over -= Number(row['n']);
    }
    return going;
  }

  /** Rows of one object deleted in [from, to), in the bin or past it. */
  deletedBetween(object: string, from: string, to: string): readonly { id: string; deletedDate: string }[] {
    const part = 'SELECT id, deletedDate FROM';
    const where = 'WHERE object = ? AND deletedDate >= ? AND deletedDate < ?';
    return this.#store
      .statement(`${part} "_binned" ${where} UNION ${part} "_purged" ${where} ORDER BY deletedDate, id`)
      .all(object, from, to, object, from, to)
      .map((row) => ({ id: String(row['id']), deletedDate: String(row['deletedDate']) }));
  }
}

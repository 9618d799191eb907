import type { RowStore, StoredRow } from './rowStore.ts';

/** One row in the bin. `root` rows were deleted themselves, the others went with them. */
export type Binned = {
  readonly batch: number;
  readonly object: string;
  readonly id: string;
  readonly root: boolean;
  readonly deletedDate: string;
};

export type CutLookup = {
  readonly object: string;
  readonly id: string;
  readonly field: string;
  readonly value: string;
};

/** Rows stay this long. Source: https://help.salesforce.com/s/articleView?id=xcloud.home_delete.htm */
const keptDays = 15;
const day = 86_400_000;

const binnedOf = (row: Record<string, unknown>): Binned => ({
  batch: Number(row['batch']),
  object: String(row['object']),
  id: String(row['id']),
  root: row['root'] === 1,
  deletedDate: String(row['deletedDate']),
});

const schema = `
  CREATE TABLE "_binned" (id PRIMARY KEY, batch NOT NULL, object NOT NULL, root NOT NULL, deletedDate NOT NULL);
  CREATE INDEX "_binned_batch" ON "_binned" (batch);
  CREATE TABLE "_cut" (batch NOT NULL, object NOT NULL, id NOT NULL, field NOT NULL, value NOT NULL);
  CREATE INDEX "_cut_batch" ON "_cut" (batch);
  CREATE TABLE "_purged" (id PRIMARY KEY, object NOT NULL, deletedDate NOT NULL);
  CREATE TABLE "_batches" (batch INTEGER PRIMARY KEY AUTOINCREMENT)`;

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

  add(row: Binned): void {
    this.#store
      .statement('INSERT OR REPLACE INTO "_binned" (id, batch, object, root, deletedDate) VALUES (?, ?, ?, ?, ?)')
      .run(row.id, row.batch, row.object, Number(row.root), row.deletedDate);
  }

  addCut(batch: number, cut: CutLookup): void {
    this.#store
      .statement('INSERT INTO "_cut" (batch, object, id, field, value) VALUES (?, ?, ?, ?, ?)')
      .run(batch, cut.object, cut.id, cut.field, cut.value);
  }

  find(id: string): Binned | undefined {
    const row = this.#store.statement('SELECT * FROM "_binned" WHERE id = ?').get(id);
    return row === undefined ? undefined : binnedOf(row);
  }

  batch(batch: number): readonly Binned[] {
    return this.#store.statement('SELECT * FROM "_binned" WHERE batch = ? ORDER BY rowid').all(batch).map(binnedOf);
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

  /** Forgets a batch, because it was restored or purged. */
  close(batch: number): void {
    this.#store.statement('DELETE FROM "_binned" WHERE batch = ?').run(batch);
    this.#store.statement('DELETE FROM "_cut" WHERE batch = ?').run(batch);
  }

  remove(id: string): void {
    this.#store.statement('DELETE FROM "_binned" WHERE id = ?').run(id);
  }

  /** Remembers that a row existed, never what it held. */
  bury(object: string, id: string, deletedDate: string): void {
    this.#store
      .statement('INSERT OR REPLACE INTO "_purged" (id, object, deletedDate) VALUES (?, ?, ?)')
      .run(id, object, deletedDate);
  }

  wasPurged(id: string): boolean {
    return this.#store.statement('SELECT 1 AS yes FROM "_purged" WHERE id = ?').get(id) !== undefined;
  }

  /** Batches whose 15 days are over at `now` (ms). */
  expired(now: number): readonly number[] {
    const before = new Date(now - keptDays * day).toISOString();
    return this.#store
      .statement('SELECT DISTINCT batch FROM "_binned" WHERE deletedDate < ?')
      .all(before)
      .map((row) => Number(row['batch']));
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

/** The value of a stored row's text field, or undefined. */
export const textOf = (row: StoredRow, field: string): string | undefined => {
  const value = row[field];
  return typeof value === 'string' ? value : undefined;
};

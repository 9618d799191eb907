import type { JournalEntry } from '../contract.ts';
import type { RowStore } from './rowStore.ts';

export type Change = Omit<JournalEntry, 'sequence'>;

export type Journal = {
  readonly write: (change: Change) => void;
  /** Entries with a sequence greater than `since`, in order. */
  readonly since: (since: number) => readonly JournalEntry[];
};

/** What changed and why, in the store itself so that a rolled-back write leaves no entry. Holds field names, never values. */
export const createJournal = (store: RowStore): Journal => {
  store.database.exec(
    'CREATE TABLE "_journal" (sequence INTEGER PRIMARY KEY, object NOT NULL, id NOT NULL, change NOT NULL, cause NOT NULL, fields NOT NULL)',
  );
  return {
    write: (change) => {
      store
        .statement('INSERT INTO "_journal" (object, id, change, cause, fields) VALUES (?, ?, ?, ?, ?)')
        .run(change.object, change.id, change.change, change.cause, change.fields.join(','));
    },
    since: (since) =>
      store
        .statement('SELECT * FROM "_journal" WHERE sequence > ? ORDER BY sequence')
        .all(since)
        .map((row) => ({
          sequence: Number(row['sequence']),
          object: String(row['object']),
          id: String(row['id']),
          change: row['change'] as JournalEntry['change'],
          cause: row['cause'] as JournalEntry['cause'],
          fields: String(row['fields']) === '' ? [] : String(row['fields']).split(','),
        })),
  };
};

import { addDays, localDateOf } from '../kernel/legalPeriod.ts';
import type { EncryptedStore, Vault } from '../vault/port.ts';

/** A value of a list: a text, or nothing. */
export type Entry = string | null;

/** Rows of a scratch table cost more than what is in them: so many entries are written as one. */
const MOST_ENTRIES_PER_ROW = 4_000;
const LEAST_ENTRIES_PER_ROW = 200;
/** Entries of all rooms of a list that wait to be written, together. */
const WAITING = 300_000;
const ROWS_PER_WRITE = 16;

const SCRATCH = [
  'DROP TABLE IF EXISTS scratch',
  'CREATE TABLE scratch (list text, room integer, entries text)',
  'CREATE INDEX scratchRoom ON scratch (list, room)',
];

/** Makes an empty scratch table in a store. */
export const openScratch = (store: EncryptedStore): void => {
  for (const statement of SCRATCH) store.run(statement);
};

/** Days after which the scratch store of a process that was killed is swept. */
const LEFT_FOR_DAYS = 2;

/** Works with an encrypted store for scratch tables, which is gone afterwards with its key. `now`: an ISO instant. */
export const withScratch = <T>(
  vault: Pick<Vault, 'createStore' | 'remove'>,
  of: { readonly orgId: string; readonly now: string },
  work: (store: EncryptedStore) => T,
): T => {
  const expiresAt = `${addDays(localDateOf(of.now, 'UTC'), LEFT_FOR_DAYS)}T00:00:00.000Z`;
  const { holding, store } = vault.createStore('snapshot', of.orgId, expiresAt, { isTemporary: true });
  try {
    return work(store);
  } finally {
    store.close();
    vault.remove(holding.id);
  }
};

/** A list that is being sorted into numbered rooms. */
export type RoomList = {
  readonly add: (room: number, entries: readonly Entry[]) => void;
  readonly end: () => void;
};

/** Writes one list in so many rooms; memory is the same for any length of it. It is there to read after `end`. */
export const writeRooms = (store: EncryptedStore, list: string, count: number): RoomList => {
  const full = Math.min(MOST_ENTRIES_PER_ROW, Math.max(LEAST_ENTRIES_PER_ROW, Math.floor(WAITING / count)));
  const rooms = Array.from({ length: count }, (): Entry[] => []);
  let rows: (readonly [string, number, string])[] = [];
  const write = (): void => {
    store.insert('scratch', ['list', 'room', 'entries'], rows);
    rows = [];
  };
  const close = (room: number, entries: Entry[]): void => {
    rows.push([list, room, JSON.stringify(entries)]);
    rooms[room] = [];
    if (rows.length >= ROWS_PER_WRITE) write();
  };
  return {
    add: (room, entries) => {
      const own = rooms[room];
      if (own === undefined) throw new RangeError('a list has no more rooms than were made');
      for (const entry of entries) own.push(entry);
      if (own.length >= full) close(room, own);
    },
    end: () => {
      for (const [room, entries] of rooms.entries()) if (entries.length > 0) close(room, entries);
      write();
    },
  };
};

/** What was put into a room of a list, in that order, some thousand entries at a time. */
export function* readRoom(store: EncryptedStore, list: string, room: number): Iterable<readonly Entry[]> {
  const sql = 'SELECT entries FROM scratch WHERE list = ? AND room = ? ORDER BY rowid';
  for (const row of store.read(sql, [list, room])) yield JSON.parse(String(row['entries'])) as readonly Entry[];
}

import type { JournalEntry, JournalFilter } from '../contract.ts';
import { toId18 } from './ids.ts';
import { openJournalTables } from './journalTables.ts';
import type { JournalBlock, JournalKind, JournalTables } from './journalTables.ts';
import type { RowStore } from './rowStore.ts';

export type Change = Omit<JournalEntry, 'sequence' | 'transaction' | 'user' | 'because'>;

/** For whom and on account of which record changes are made. */
export type JournalScope = { readonly user?: string; readonly because?: string };

export type Journal = {
  readonly write: (change: Change) => void;
  /** Changes of one kind, each on account of another record: as many as there are ids, all of 18 characters. */
  readonly writeMany: (shared: Omit<Change, 'id'>, ids: readonly string[], because: readonly string[]) => void;
  /** Changes made by `work` carry the scope; without `because`, those that follow a direct change name its record. */
  readonly within: <T>(scope: JournalScope, work: () => T) => T;
  /** What follows comes of this record (of the next direct change, when none is named), unless the scope names one. */
  readonly row: (id?: string) => void;
  /** Entries with a sequence greater than `since`, in order. */
  readonly since: (since: number) => readonly JournalEntry[];
  /** The same, a few at a time, those that fit the filter. */
  readonly entries: (filter: JournalFilter) => Iterable<JournalEntry>;
  /** The sequence of the last entry; 0 when there is none. */
  readonly end: () => number;
};

const sameFields = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((name, index) => name === b[index]));

type Scope = { readonly user: string | undefined; readonly fixed: boolean; because: string | undefined };

const sameRecord = (a: string, b: string | undefined): boolean => a === b || b?.slice(0, 15) === a.slice(0, 15);

const fits = (filter: JournalFilter, kind: JournalKind): boolean =>
  (filter.object === undefined || filter.object.toLowerCase() === kind.object.toLowerCase()) &&
  (filter.cause === undefined || filter.cause === kind.cause);

/** A kind that was asked for lately: rows saved alike bring their few kinds again and again. */
type Recent = { readonly kind: JournalKind; readonly number: number };

const isKind = (kind: JournalKind, change: Change, user: string | undefined): boolean =>
  kind.object === change.object &&
  kind.change === change.change &&
  kind.cause === change.cause &&
  kind.user === user &&
  sameFields(kind.fields, change.fields);

const recentKinds = 4;

/** What was written in a transaction that is not yet over. */
type Pending = { first: number; ids: string[]; kinds: number[]; because: (string | undefined)[] };

class BlockJournal implements Journal {
  readonly #tables: JournalTables;
  readonly #pending: Pending = { first: 1, ids: [], kinds: [], because: [] };
  readonly #recent: Recent[] = [];
  #sequence: number;
  #transaction: number;
  #scope: Scope = { user: undefined, fixed: false, because: undefined };

  constructor(store: RowStore) {
    this.#tables = openJournalTables(store);
    const last = this.#tables.last();
    this.#sequence = last.sequence;
    this.#transaction = last.transaction + 1;
    this.#pending.first = last.sequence + 1;
    store.accompany({
      mark: () => this.#pending.ids.length,
      undo: (mark) => {
        const { ids, kinds, because } = this.#pending;
        for (const column of [ids, kinds, because]) column.length = Math.min(column.length, mark);
        this.#sequence = this.#pending.first + ids.length - 1;
      },
      commit: () => {
        this.#flush();
      },
    });
  }

  #kindOf(change: Change, user: string | undefined): number {
    const known = this.#recent.find(({ kind }) => isKind(kind, change, user));
    if (known !== undefined) return known.number;
    const { object, change: what, cause, fields } = change;
    const kind = { object, change: what, cause, fields: [...fields], ...(user === undefined ? {} : { user }) };
    const number = this.#tables.kindOf(kind);
    this.#recent.unshift({ kind, number });
    this.#recent.length = Math.min(this.#recent.length, recentKinds);
    return number;
  }

  readonly write = (change: Change): void => {
    const scope = this.#scope;
    if (change.cause === 'direct') scope.because ??= change.id;
    this.#sequence += 1;
    this.#pending.ids.push(change.id);
    this.#pending.kinds.push(this.#kindOf(change, scope.user));
    this.#pending.because.push(sameRecord(change.id, scope.because) ? undefined : scope.because);
  };

  readonly writeMany: Journal['writeMany'] = (shared, ids, because) => {
    if (ids.length === 0) return;
    const kind = this.#kindOf({ ...shared, id: '' }, this.#scope.user);
    ids.forEach((id, index) => {
      this.#sequence += 1;
      this.#pending.ids.push(id);
      this.#pending.kinds.push(kind);
      this.#pending.because.push(because[index]);
    });
  };

  readonly within = <T>({ user, because }: JournalScope, work: () => T): T => {
    const outer = this.#scope;
    this.#scope = { user: user ?? outer.user, fixed: because !== undefined, because };
    try {
      return work();
    } finally {
      this.#scope = outer;
    }
  };

  readonly row = (id?: string): void => {
    if (!this.#scope.fixed) this.#scope.because = id === undefined ? undefined : (toId18(id) ?? id);
  };

  #flush(): void {
    const { first, ids, kinds, because } = this.#pending;
    if (ids.length === 0) return;
    this.#tables.add({ first, transaction: this.#transaction, ids, kinds, because });
    Object.assign(this.#pending, { first: this.#sequence + 1, ids: [], kinds: [], because: [] });
    this.#transaction += 1;
  }

  readonly end = (): number => this.#sequence;

  readonly since = (since: number): readonly JournalEntry[] => [...this.entries({ since })];

  readonly entries = (filter: JournalFilter): Iterable<JournalEntry> => this.#entries(filter);

  *#entries(filter: JournalFilter): Generator<JournalEntry> {
    const since = filter.since ?? 0;
    for (const block of this.#tables.blocks(since)) yield* this.#entriesOf(block, since, filter);
    yield* this.#entriesOf({ ...this.#pending, transaction: this.#transaction }, since, filter);
  }

  *#entriesOf(block: JournalBlock, since: number, filter: JournalFilter): Generator<JournalEntry> {
    const { first, transaction, ids, kinds, because } = block;
    if (filter.transaction !== undefined && filter.transaction !== transaction) return;
    for (let index = Math.max(0, since - first + 1); index < ids.length; index += 1) {
      const kind = this.#tables.kind(kinds[index] ?? -1);
      if (!fits(filter, kind)) continue;
      const reason = because[index];
      const entry = { sequence: first + index, transaction, id: ids[index] ?? '', ...kind, fields: [...kind.fields] };
      yield reason === undefined ? entry : { ...entry, because: reason };
    }
  }
}

/**
 * What changed and why, in the store itself so that a rolled-back write leaves no entry. Holds field names, never
 * values; what changes share is kept once.
 */
export const createJournal = (store: RowStore): Journal => new BlockJournal(store);

import { TwinError } from '../contract.ts';
import type { QueryRow, Session } from '../contract.ts';

/** Open server-side cursors of one org; the oldest goes when a new one is over the limit. */
const CURSORS_KEPT = 50;

export type Page = {
  readonly totalSize: number;
  readonly rows: readonly QueryRow[];
  /** `0r8…-2000` while there is more. */
  readonly locator: string | undefined;
};

type OpenCursor = {
  readonly userId: string;
  readonly totalSize: number;
  readonly batchSize: number;
  readonly iterator: Iterator<QueryRow>;
  lookahead: IteratorResult<QueryRow>;
  position: number;
  /** The page before the present position, so that a lost answer can be asked again. */
  last: { readonly from: number; readonly page: Page } | undefined;
};

export type Cursors = {
  open(session: Session, rows: Iterable<QueryRow>, totalSize: number, batchSize: number): Page;
  more(session: Session, locator: string): Page;
};

const unknownLocator = (): TwinError => new TwinError('INVALID_QUERY_LOCATOR', 'invalid query locator');

const suffix = (number: number): string => `0r8xx${number.toString(36).toUpperCase().padStart(10, '0')}AAA`;

const take = (cursor: OpenCursor, name: string): Page => {
  const rows: QueryRow[] = [];
  const from = cursor.position;
  while (rows.length < cursor.batchSize && cursor.lookahead.done !== true) {
    rows.push(cursor.lookahead.value);
    cursor.lookahead = cursor.iterator.next();
  }
  cursor.position += rows.length;
  const more = cursor.lookahead.done !== true;
  const page = { totalSize: cursor.totalSize, rows, locator: more ? `${name}-${cursor.position}` : undefined };
  cursor.last = { from, page };
  return page;
};

/** Holds the engine's rows lazily between requests: a page in memory per cursor, never the result. */
export const createCursors = (): Cursors => {
  const cursors = new Map<string, OpenCursor>();
  let count = 0;
  const keep = (name: string, cursor: OpenCursor): void => {
    cursors.set(name, cursor);
    const oldest = cursors.keys().next().value;
    if (cursors.size <= CURSORS_KEPT || oldest === undefined) return;
    cursors.get(oldest)?.iterator.return?.();
    cursors.delete(oldest);
  };
  return {
    open: (session, rows, totalSize, batchSize) => {
      const iterator = rows[Symbol.iterator]();
      const cursor: OpenCursor = {
        userId: session.userId,
        totalSize,
        batchSize,
        iterator,
        lookahead: iterator.next(),
        position: 0,
        last: undefined,
      };
      const name = suffix((count += 1));
      const page = take(cursor, name);
      if (page.locator !== undefined) keep(name, cursor);
      return page;
    },
    more: (session, locator) => {
      const [name = '', position = ''] = locator.split('-');
      const cursor = cursors.get(name);
      if (cursor?.userId !== session.userId) throw unknownLocator();
      if (cursor.last?.from === Number(position)) return cursor.last.page;
      if (cursor.position !== Number(position) || cursor.lookahead.done === true) throw unknownLocator();
      return take(cursor, name);
    },
  };
};

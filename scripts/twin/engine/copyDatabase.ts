import { DatabaseSync } from 'node:sqlite';
import { TwinError } from '../contract.ts';

let copies = 0;

const busy = (): TwinError =>
  new TwinError('SERVER_UNAVAILABLE', 'The org cannot be copied while a write or a query is under way; ask again.', {
    status: 503,
  });

/**
 * A database of its own with the same content, in memory of this process: nothing is written to a file. SQLite copies
 * table by table under a name that only this process can open (https://sqlite.org/lang_vacuum.html, VACUUM INTO;
 * https://sqlite.org/inmemorydb.html).
 * @throws TwinError SERVER_UNAVAILABLE while a statement of the source is under way.
 */
export const copyDatabase = (source: DatabaseSync): DatabaseSync => {
  copies += 1;
  const name = `file:garde-copy-${copies}?mode=memory&cache=shared`;
  const copy = new DatabaseSync(name);
  try {
    source.prepare('VACUUM INTO ?').run(name);
    return copy;
  } catch (error) {
    copy.close();
    const text = error instanceof Error ? error.message : '';
    throw /VACUUM/i.test(text) ? busy() : error;
  }
};

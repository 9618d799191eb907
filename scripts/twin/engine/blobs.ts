import { createHash } from 'node:crypto';
import { TwinError } from '../contract.ts';
import type { RowStore } from './rowStore.ts';

export type Blobs = {
  readonly read: (id: string, field: string) => Uint8Array | undefined;
  readonly write: (id: string, field: string, bytes: Uint8Array) => void;
  readonly remove: (id: string) => void;
  readonly removeAll: (ids: readonly string[]) => void;
};

/** Bytes of base64 fields, beside the rows, in the same store and the same transactions. */
export const createBlobs = (store: RowStore): Blobs => {
  store.database.exec(
    'CREATE TABLE IF NOT EXISTS "_blob" (id NOT NULL, field NOT NULL, bytes NOT NULL, PRIMARY KEY (id, field)) WITHOUT ROWID',
  );
  return {
    read: (id, field) => {
      const bytes = store.statement('SELECT bytes FROM "_blob" WHERE id = ? AND field = ?').get(id, field)?.['bytes'];
      return bytes instanceof Uint8Array ? bytes : undefined;
    },
    write: (id, field, bytes) => {
      store.statement('INSERT OR REPLACE INTO "_blob" (id, field, bytes) VALUES (?, ?, ?)').run(id, field, bytes);
    },
    remove: (id) => {
      store.statement('DELETE FROM "_blob" WHERE id = ?').run(id);
    },
    removeAll: (ids) => {
      store.statement('DELETE FROM "_blob" WHERE id IN (SELECT value FROM json_each(?))').run(JSON.stringify(ids));
    },
  };
};

/** The bytes of a base64 text; TwinError when it is none. */
export const fromBase64 = (field: string, text: string): Uint8Array => {
  const compact = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new TwinError('JSON_PARSER_ERROR', `${field}: value is not base64`);
  }
  return Buffer.from(compact, 'base64');
};

/** ContentVersion.Checksum: MD5, because that is what the platform answers. */
export const checksumOf = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

import type { EncryptedStore } from '../vault/port.ts';

/** One row of the org, as the port gave it: own fields only. */
export type PulledRow = Readonly<Record<string, string | number | boolean | null>>;

export type PulledFile = { readonly path: string; readonly content: Uint8Array };

/** What a pull knows of itself. */
export type PulledOrg = { readonly orgId: string; readonly orgName: string; readonly at: string };

/** What was pulled, in an encrypted store: the describes, the metadata files and the rows. */
export type PullStore = {
  writeOrg(org: PulledOrg): void;
  writeDescribe(object: string, describe: Readonly<Record<string, unknown>>): void;
  writeFiles(files: readonly PulledFile[]): void;
  writeRows(object: string, rows: readonly PulledRow[]): void;
  org(): PulledOrg;
  /** Whole sObject describes; may be read again and again, one in memory at a time. */
  readonly describes: Iterable<Readonly<Record<string, unknown>>>;
  describe(object: string): Readonly<Record<string, unknown>> | undefined;
  files(): Iterable<PulledFile>;
  /** Objects with rows, and how many. */
  counts(): readonly { readonly object: string; readonly rows: number }[];
  rows(object: string): Iterable<PulledRow>;
  /** Overwrites every row of people: schema and metadata stay. */
  forgetRows(): void;
  close(): void;
};

const HELD = 200;

export const createPullTables = (store: EncryptedStore): void => {
  store.create({ name: 'pulled_org', columns: { json: 'text' } });
  store.create({ name: 'pulled_describe', columns: { object: 'text', json: 'text' } });
  store.create({ name: 'pulled_file', columns: { path: 'text', content: 'text' } });
  store.run('CREATE TABLE pulled_row (number INTEGER PRIMARY KEY, object text, json text)');
  store.run('CREATE INDEX pulled_row_object ON pulled_row (object, number)');
};

const parsed = (json: unknown): unknown => JSON.parse(String(json));

/** Read in pages, so that a reader may stop, or another statement run, between two rows. */
const rowsOf = function* (store: EncryptedStore, object: string): Generator<PulledRow> {
  let last = 0;
  for (;;) {
    const page = [
      ...store.read(
        `SELECT number, json FROM pulled_row WHERE object = ? AND number > ? ORDER BY number LIMIT ${HELD}`,
        [object, last],
      ),
    ];
    if (page.length === 0) return;
    for (const { json } of page) yield parsed(json) as PulledRow;
    last = Number(page.at(-1)?.['number']);
  }
};

const describesOf = (store: EncryptedStore): PullStore['describes'] => ({
  *[Symbol.iterator]() {
    const names = [...store.read('SELECT object FROM pulled_describe ORDER BY rowid')].map(
      ({ object }) => object ?? '',
    );
    for (const name of names)
      for (const { json } of [...store.read('SELECT json FROM pulled_describe WHERE object = ?', [name])])
        yield parsed(json) as Readonly<Record<string, unknown>>;
  },
});

const writers = (
  store: EncryptedStore,
): Pick<PullStore, 'writeOrg' | 'writeDescribe' | 'writeFiles' | 'writeRows'> => ({
  writeOrg: (org) => {
    store.insert('pulled_org', ['json'], [[JSON.stringify(org)]]);
  },
  writeDescribe: (object, describe) => {
    store.insert('pulled_describe', ['object', 'json'], [[object, JSON.stringify(describe)]]);
  },
  writeFiles: (files) => {
    const rows = files.map(({ path, content }) => [path, Buffer.from(content).toString('base64')]);
    store.insert('pulled_file', ['path', 'content'], rows);
  },
  writeRows: (object, rows) => {
    store.insert(
      'pulled_row',
      ['object', 'json'],
      rows.map((row) => [object, JSON.stringify(row)]),
    );
  },
});

/** The pull in an open store; `close` closes the store too. */
export const openPullStore = (store: EncryptedStore): PullStore => ({
  ...writers(store),
  org: () => {
    for (const { json } of store.read('SELECT json FROM pulled_org')) return parsed(json) as PulledOrg;
    throw new RangeError('the store holds no pull');
  },
  describes: describesOf(store),
  describe: (object) => {
    for (const { json } of [...store.read('SELECT json FROM pulled_describe WHERE object = ?', [object])])
      return parsed(json) as Readonly<Record<string, unknown>>;
    return undefined;
  },
  files: function* () {
    for (const { path, content } of [...store.read('SELECT path, content FROM pulled_file ORDER BY path')])
      yield { path: String(path), content: Buffer.from(String(content), 'base64') };
  },
  counts: () =>
    [...store.read('SELECT object, count(*) AS rows FROM pulled_row GROUP BY object ORDER BY object')].map((row) => ({
      object: String(row['object']),
      rows: Number(row['rows']),
    })),
  rows: (object) => rowsOf(store, object),
  forgetRows: () => {
    store.run('DELETE FROM pulled_row');
    store.flush();
  },
  close: () => {
    store.close();
  },
});

import { createHash, createHmac } from 'node:crypto';
import type Database from 'libsql';
import { GardeError } from '../kernel/result.ts';
import { parseRecordId } from '../kernel/recordId.ts';
import { openDatabase } from './encryptedStore.ts';
import { deriveBytes, openBox, sealBox, type RandomBytes } from './secretBox.ts';

/** One key per data subject: what is sealed under it is gone for good once the key is. */
export type SubjectKeys = {
  /** Makes the missing keys of many subjects at once, durably. */
  prepare(subjects: Iterable<string>): void;
  seal(subject: string, bytes: Uint8Array): string;
  open(subject: string, sealed: string): Buffer;
  derive(subject: string, use: string): Buffer;
  /** How many keys went; when it returns, none of their bytes is left in a file of the store. */
  forget(subjects: Iterable<string>): number;
  count(): number;
  /** How many of these have a key. */
  known(subjects: Iterable<string>): number;
  /** Makes new keys durable (fsync), before anything that was sealed under them. */
  flush(): void;
  close(): void;
};

type SubjectKey = { readonly keyId: string; readonly key: Buffer };

const MARK = 'subject1.';
const KEY_ID = 8;
const CHECK = 4;
const SUBJECTS_PER_TRANSACTION = 10_000;

const problem = (code: string, subject: string, message: string, ...actions: string[]): GardeError =>
  new GardeError([{ code, subject, message, actions }]);

const forgotten = (subject: string): GardeError =>
  problem(
    'SubjectForgotten',
    subject,
    'No key opens this any more: the data subject was forgotten, or the store of subject keys was lost.',
    'After an erasure there is nothing to do: this is what forgetting means.',
    'If nobody was forgotten, restore the folder of the org from your backup.',
  );

const damaged = (subject: string): GardeError =>
  problem(
    'SealedValueDamaged',
    subject,
    'What was sealed for this data subject was changed since, or belongs to somebody else.',
    'Restore it from your backup.',
  );

const idOf = (subject: string): string => {
  const id = parseRecordId(subject);
  if (id === undefined) throw new RangeError('a data subject is named by a record id of 15 or 18 characters');
  return id;
};

type Rows = {
  readonly find: (subject: string) => SubjectKey | undefined;
  readonly findOrMake: (subject: string) => SubjectKey;
  /** Makes the keys that are missing; what another process made first stays. */
  readonly make: (subjects: readonly string[]) => void;
  /** Whether a key of this id is there, whoever's it is. */
  readonly isInUse: (keyId: string) => boolean;
};

const ROWS_PER_STATEMENT = 100;

/**
 * A row holds a random seed; the key is made of it, the store's own secret and the subject's id. Without the seed nobody
 * gets the key back, without the org's key nobody gets it either, and a seed in another's row makes another key.
 */
const openRows = (database: Database.Database, secret: Uint8Array, random: RandomBytes): Rows => {
  const insert = (rows: number): string =>
    `INSERT INTO subjectKey (subject, keyId, seed) VALUES ${Array<string>(rows).fill('(?,?,?)').join(',')} ON CONFLICT DO NOTHING`;
  const select = database.prepare('SELECT keyId, seed FROM subjectKey WHERE subject = ?');
  const insertOne = database.prepare(insert(1));
  const insertMany = database.prepare(insert(ROWS_PER_STATEMENT));
  const find = (subject: string): SubjectKey | undefined => {
    const row = select.get([subject]) as { readonly keyId: string; readonly seed: string } | undefined;
    if (row === undefined) return undefined;
    const key = createHmac('sha256', secret).update(`subject key ${subject} ${row.keyId} ${row.seed}`).digest();
    return { keyId: row.keyId, key };
  };
  const rowOf = (subject: string): readonly string[] => [
    subject,
    Buffer.from(random(KEY_ID)).toString('hex'),
    Buffer.from(random(32)).toString('base64'),
  ];
  const make = (subjects: readonly string[]): void => {
    let at = 0;
    for (; at + ROWS_PER_STATEMENT <= subjects.length; at += ROWS_PER_STATEMENT)
      insertMany.run(subjects.slice(at, at + ROWS_PER_STATEMENT).flatMap(rowOf));
    for (const subject of subjects.slice(at)) insertOne.run([...rowOf(subject)]);
  };
  const findOrMake = (subject: string): SubjectKey => {
    for (let found = find(subject); ; found = find(subject)) {
      if (found !== undefined) return found;
      make([subject]);
    }
  };
  const isInUse = (keyId: string): boolean =>
    database.prepare('SELECT 1 FROM subjectKey WHERE keyId = ?').get([keyId]) !== undefined;
  return { find, findOrMake, make, isInUse };
};

function* groups(subjects: Iterable<string>): Iterable<readonly string[]> {
  let group: string[] = [];
  for (const subject of subjects) {
    if (group.push(idOf(subject)) < SUBJECTS_PER_TRANSACTION) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

const checkpoint = (database: Database.Database, path: string, kind: 'FULL' | 'TRUNCATE'): void => {
  const [outcome] = database.pragma(`wal_checkpoint(${kind})`) as readonly { readonly busy: number }[];
  if (outcome?.busy === 0) return;
  throw problem(
    'SubjectKeysBusy',
    path,
    'Another process keeps the subject keys busy; a forgotten key may still be in the log of the file.',
    'Let the other command end, then run this one again.',
  );
};

/** Tells damage from a key that is gone, which without the key nothing else could. */
const checkOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest().subarray(0, CHECK);

const sealUnder = ({ keyId, key }: SubjectKey, subject: string, bytes: Uint8Array, random: RandomBytes): string => {
  const box = sealBox(key, `for ${subject} ${keyId}`, bytes, random);
  const body = Buffer.concat([Buffer.from(keyId, 'hex'), box]);
  return MARK + Buffer.concat([checkOf(body), body]).toString('base64url');
};

const openWith = (rows: Rows, subject: string, sealed: string): Buffer => {
  const bytes = Buffer.from(sealed.slice(MARK.length), 'base64url');
  const body = bytes.subarray(CHECK);
  if (!sealed.startsWith(MARK) || !checkOf(body).equals(bytes.subarray(0, CHECK))) throw damaged(subject);
  const found = rows.find(subject);
  const keyId = body.subarray(0, KEY_ID).toString('hex');
  // a key made since for the same record opens nothing of what was sealed before
  if (found?.keyId !== keyId) throw rows.isInUse(keyId) ? damaged(subject) : forgotten(subject);
  const plain = openBox(found.key, `for ${subject} ${keyId}`, body.subarray(KEY_ID));
  if (plain === undefined) throw damaged(subject);
  return plain;
};

type Writing = {
  readonly inTransactions: (subjects: Iterable<string>, work: (subjects: readonly string[]) => void) => void;
  /** Says that there are keys to be made durable. */
  readonly note: () => void;
  readonly flush: () => void;
};

const openWriting = (database: Database.Database, path: string): Writing => {
  let unflushed = false;
  return {
    inTransactions: (subjects, work) => {
      for (const group of groups(subjects))
        database
          .transaction(() => {
            work(group);
          })
          .immediate();
    },
    note: () => {
      unflushed = true;
    },
    flush: () => {
      if (unflushed) checkpoint(database, path, 'FULL');
      unflushed = false;
    },
  };
};

const counting = (database: Database.Database, rows: Rows): Pick<SubjectKeys, 'count' | 'known'> => ({
  count: () => (database.prepare('SELECT COUNT(*) AS n FROM subjectKey').get() as { readonly n: number }).n,
  known: (subjects) => [...subjects].filter((subject) => rows.find(idOf(subject)) !== undefined).length,
});

/**
 * The keys of an org's data subjects in their own encrypted store at `path`. The org's key opens the store's key, the
 * store's key opens each subject's. Nothing is kept in memory between calls, so that what another process forgets is
 * forgotten here too. Errors: SubjectForgotten, SealedValueDamaged, SubjectKeysBusy.
 */
export const openSubjectKeys = (path: string, storeKey: Uint8Array, random: RandomBytes): SubjectKeys => {
  const database = openDatabase(path, storeKey);
  database.exec(
    'CREATE TABLE IF NOT EXISTS subjectKey (subject TEXT PRIMARY KEY, keyId TEXT, seed TEXT) WITHOUT ROWID',
  );
  const rows = openRows(database, deriveBytes(storeKey, 'subject keys'), random);
  const { inTransactions, note, flush } = openWriting(database, path);
  const remove = database.prepare('DELETE FROM subjectKey WHERE subject = ?');
  return {
    prepare: (subjects) => {
      note();
      inTransactions(subjects, rows.make);
      flush();
    },
    seal: (subject, bytes) => {
      const id = idOf(subject);
      const found = rows.find(id);
      if (found === undefined) note();
      return sealUnder(found ?? rows.findOrMake(id), id, bytes, random);
    },
    open: (subject, sealed) => openWith(rows, idOf(subject), sealed),
    derive: (subject, use) => {
      const id = idOf(subject);
      const found = rows.find(id);
      if (found === undefined) note();
      return createHmac('sha256', (found ?? rows.findOrMake(id)).key)
        .update(`derived for ${use}`)
        .digest();
    },
    forget: (subjects) => {
      let gone = 0;
      inTransactions(subjects, (group) => {
        for (const subject of group) gone += remove.run([subject]).changes;
      });
      // deleted content is overwritten in its page (secure_delete); older copies of the page are in the log
      checkpoint(database, path, 'TRUNCATE');
      return gone;
    },
    ...counting(database, rows),
    flush,
    close: () => {
      database.close();
    },
  };
};

import { existsSync } from 'node:fs';
import Database from 'libsql';
import { GardeError } from '../kernel/result.ts';
import { createPrivateFile } from './privateFiles.ts';

export type Release = () => void;

/**
 * Locks of files by the database engine, that is by the operating system: a process that ends, however it ends, holds
 * nothing, and no process number can be mistaken for another's. A lock file stays empty and is not removed with the
 * lock. On POSIX a process must not open and close a lock file by other means while it holds it.
 */
const held = new Set<Database.Database>();

const take = (path: string, statements: readonly string[]): Release | undefined => {
  if (!existsSync(path)) createPrivateFile(path, '');
  const database = new Database(path);
  try {
    database.pragma('busy_timeout = 0');
    database.pragma('journal_mode = MEMORY');
    for (const statement of statements) database.exec(statement);
  } catch (error) {
    database.close();
    if ((error as { readonly code?: unknown }).code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
  held.add(database);
  return () => {
    if (!held.delete(database)) return;
    database.exec('ROLLBACK');
    database.close();
  };
};

/** Takes a lock of one process at a time, or of none: undefined when it is taken. Users of the file do not hinder it. */
export const takeProcessLock = (path: string): Release | undefined => take(path, ['BEGIN IMMEDIATE']);

/** Says that a file is in use, as many may at once; undefined only while somebody removes it. */
export const takeUse = (path: string): Release | undefined => take(path, ['BEGIN', 'SELECT 1 FROM sqlite_master']);

/** Takes a file for its removal: undefined while anybody uses or has locked it. */
export const takeAlone = (path: string): Release | undefined => take(path, ['BEGIN EXCLUSIVE']);

const TRY_EVERY_MS = 20;
const TRIES = 1500;

/** Takes a lock that others hold for moments only, waiting up to half a minute. GardeError `VaultBusy`. */
export const waitForProcessLock = (path: string): Release => {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  for (let tried = 0; tried < TRIES; tried += 1) {
    const release = takeProcessLock(path);
    if (release !== undefined) return release;
    Atomics.wait(nobody, 0, 0, TRY_EVERY_MS);
  }
  throw new GardeError([
    {
      code: 'VaultBusy',
      subject: path,
      message: 'Another process of Garde works on the keys of this org and does not end.',
      actions: ['Let it end, or end it, then run the command again.'],
    },
  ]);
};

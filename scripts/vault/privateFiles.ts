import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A folder only its owner may enter; Windows keeps the rights of the user's profile folder. */
export const makePrivateFolder = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 });
};

const writeDurably = (path: string, content: string | Uint8Array): void => {
  const file = openSync(path, 'wx', 0o600);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** A new name in a folder lasts only once the folder is written; Windows writes it with the file. */
const settleFolder = (path: string): void => {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

const nobody = new Int32Array(new SharedArrayBuffer(4));

/** Windows refuses to replace a file while a virus scanner or another reader has it open for a moment. */
const renameOver = (from: string, to: string, triesLeft = 20): void => {
  try {
    renameSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (process.platform !== 'win32' || triesLeft === 0 || !['EPERM', 'EACCES', 'EBUSY'].includes(code ?? ''))
      throw error;
    Atomics.wait(nobody, 0, 0, 50);
    renameOver(from, to, triesLeft - 1);
  }
};

/** Replaces a file of mode 0600 at once: readers see the old or the new text, never a part. */
export const replacePrivateFile = (path: string, content: string | Uint8Array): void => {
  const fresh = `${path}.${String(process.pid)}.new`;
  rmSync(fresh, { force: true });
  writeDurably(fresh, content);
  renameOver(fresh, path);
  settleFolder(path);
};

/** What file systems without hard links (exFAT, some network shares) answer to `link`. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EISDIR'];

const linkOrCreate = (fresh: string, path: string, content: string | Uint8Array): void => {
  try {
    linkSync(fresh, path);
  } catch (error) {
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    writeDurably(path, content);
  }
};

/** Creates a file of mode 0600 unless it exists; false when another process was first. */
export const createPrivateFile = (path: string, content: string | Uint8Array): boolean => {
  const fresh = `${path}.${String(process.pid)}.new`;
  rmSync(fresh, { force: true });
  writeDurably(fresh, content);
  try {
    linkOrCreate(fresh, path, content);
    settleFolder(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
};

/**
 * Whether others than the owner may read a file or enter a folder. `unknown` on Windows, where modes say nothing and the
 * rights of the user's profile folder count.
 */
export const exposureOf = (path: string): 'private' | 'exposed' | 'unknown' => {
  if (process.platform === 'win32') return 'unknown';
  return (statSync(path).mode & 0o077) === 0 ? 'private' : 'exposed';
};

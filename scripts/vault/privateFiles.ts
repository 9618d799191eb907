import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

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

/** Replaces a file of mode 0600 at once: readers see the old or the new text, never a part. */
export const replacePrivateFile = (path: string, content: string | Uint8Array): void => {
  const fresh = `${path}.${String(process.pid)}.new`;
  rmSync(fresh, { force: true });
  writeDurably(fresh, content);
  renameSync(fresh, path);
};

/** Creates a file of mode 0600 unless it exists; false when another process was first. */
export const createPrivateFile = (path: string, content: string | Uint8Array): boolean => {
  const fresh = `${path}.${String(process.pid)}.new`;
  rmSync(fresh, { force: true });
  writeDurably(fresh, content);
  try {
    linkSync(fresh, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
};

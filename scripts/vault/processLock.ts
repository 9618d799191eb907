import { readFileSync, rmSync } from 'node:fs';
import { createPrivateFile, replacePrivateFile } from './privateFiles.ts';

/** Locks this process holds, by path: its own number in a lock file says nothing about another use in here. */
const held = new Set<string>();

const isAlive = (pid: number): boolean => {
  try {
    // Signal 0 asks whether the process exists, on Windows too.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const holderOf = (path: string): number => {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return Number.NaN;
  }
};

const isHeldByAnother = (path: string): boolean => {
  const pid = holderOf(path);
  if (pid === process.pid) return held.has(path);
  return Number.isInteger(pid) && pid > 0 && isAlive(pid);
};

/** Takes a lock of one process at a time, or of none: undefined when it is taken. A dead process holds nothing. */
export const takeProcessLock = (path: string): (() => void) | undefined => {
  const own = String(process.pid);
  if (held.has(path)) return undefined;
  if (!createPrivateFile(path, own)) {
    if (isHeldByAnother(path)) return undefined;
    replacePrivateFile(path, own);
  }
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
};

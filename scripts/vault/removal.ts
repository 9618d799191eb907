import { existsSync, rmSync } from 'node:fs';
import type { HoldingEntry } from './holdingsList.ts';
import { takeAlone } from './processLock.ts';
import { beginningOf } from './sealedFiles.ts';
import { isInside, type Rooms } from './rooms.ts';

/** What the engine writes beside a store. */
export const LOG_FILES = ['-wal', '-shm', '-journal'];
/** What Windows answers while a file is open elsewhere. */
const OPEN_ELSEWHERE = ['EBUSY', 'EPERM', 'EACCES'];

/** A file that the user put at the path since is none of ours. */
const isStillOurs = ({ path, begins }: HoldingEntry): boolean =>
  begins === undefined || !existsSync(path) || beginningOf(path) === begins;

const removeFiles = (paths: readonly string[]): boolean => {
  try {
    for (const path of paths) rmSync(path, { force: true });
    return true;
  } catch (error) {
    if (OPEN_ELSEWHERE.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
};

const removeFromRoom = (rooms: Rooms, entry: HoldingEntry, evenOwn: boolean): boolean => {
  const lock = `${entry.path}.lock`;
  const own = (rooms.inUse.get(entry.path) ?? 0) > 0;
  const release = own && evenOwn ? () => undefined : takeAlone(lock);
  if (release === undefined) return false;
  try {
    if (!removeFiles([entry.path, ...LOG_FILES.map((suffix) => entry.path + suffix), `${entry.path}.part`]))
      return false;
    rooms.list.drop(entry);
  } finally {
    release();
  }
  return removeFiles([lock]);
};

/**
 * Removes a holding: its files, then its entry and with it its key. False while another process uses it; what this
 * process has open goes too when `evenOwn` says so.
 */
export const removeHolding = (rooms: Rooms, entry: HoldingEntry, evenOwn: boolean): boolean => {
  if (isInside(rooms, entry)) return removeFromRoom(rooms, entry, evenOwn);
  if (isStillOurs(entry) && !removeFiles([entry.path, `${entry.path}.part`])) return false;
  rooms.list.drop(entry);
  return true;
};

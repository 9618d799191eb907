import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { HoldingEntry } from './holdingsList.ts';
import type { HoldingReport } from './port.ts';
import { exposureOf } from './privateFiles.ts';
import { takeAlone } from './processLock.ts';
import { LOG_FILES } from './removal.ts';
import { isInside, publicPart, type Rooms } from './rooms.ts';
import { beginningOf } from './sealedFiles.ts';

const filesOf = ({ path }: HoldingEntry): readonly string[] => [path, ...LOG_FILES.map((suffix) => path + suffix)];

const isInUse = ({ path }: HoldingEntry): boolean => {
  const lock = `${path}.lock`;
  if (!existsSync(lock)) return false;
  const release = takeAlone(lock);
  release?.();
  return release === undefined;
};

const stateOf = (rooms: Rooms, entry: HoldingEntry): HoldingReport['state'] => {
  if (!existsSync(entry.path)) return 'gone';
  if (entry.begins !== undefined && beginningOf(entry.path) !== entry.begins) return 'replaced';
  if (isInside(rooms, entry) && isInUse(entry)) return 'in-use';
  return Date.parse(entry.expiresAt) <= Date.parse(rooms.now()) ? 'expired' : 'kept';
};

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** What is known of each holding: from the list, and from the place where it should be. */
export const inspectHoldings = (rooms: Rooms, orgId?: string): readonly HoldingReport[] =>
  rooms.list.all(orgId).map((entry) => ({
    ...publicPart(entry),
    state: stateOf(rooms, entry),
    bytes: filesOf(entry).reduce((sum, path) => sum + sizeOf(path), 0),
    exposed: existsSync(entry.path) && exposureOf(entry.path) === 'exposed',
  }));

/** The vault's own files in an org's folder, which hold no personal data. */
const OWN = [
  /^keyring\.json(\.lock)?$/,
  /^canary\.json$/,
  /^recovery[/\\][0-9a-f]{16}\.age$/,
  /^holdings[/\\][0-9a-f]{24}\.json$/,
  /^stores[/\\]subject-keys\.lock$/,
];

const TEMPORARY = /\.(\d+)\.new$/;

const isAlive = (pid: number): boolean => {
  try {
    // Signal 0 asks whether the process exists, on Windows too.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const filesUnder = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

/** Parts of a file that a process was killed over go; those of running processes stay. */
export const removeLeftovers = (rooms: Rooms): void => {
  for (const path of filesUnder(rooms.orgsFolder)) {
    const pid = TEMPORARY.exec(basename(path))?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(path, { force: true });
  }
};

/**
 * Files in the data folder that nothing lists: Garde writes none. `beside` names the files and folders next to the orgs
 * that are not the vault's.
 */
export const findStrays = (rooms: Rooms, beside: readonly string[]): readonly string[] => {
  const dataDir = dirname(rooms.orgsFolder);
  const listed = new Set(
    rooms.list
      .all()
      .filter((entry) => isInside(rooms, entry))
      .flatMap((entry) => [...filesOf(entry), `${entry.path}.lock`, `${entry.path}.part`]),
  );
  const isOwn = (path: string): boolean => {
    const [, ...rest] = path.slice(rooms.orgsFolder.length + 1).split(/[/\\]/);
    const pid = TEMPORARY.exec(path)?.[1];
    return OWN.some((form) => form.test(rest.join('/'))) || (pid !== undefined && isAlive(Number(pid)));
  };
  const top = readdirSync(dataDir, { withFileTypes: true })
    .filter(({ name }) => name !== basename(rooms.orgsFolder) && !beside.includes(name))
    .map(({ name }) => join(dataDir, name));
  const inside = filesUnder(rooms.orgsFolder).filter((path) => !listed.has(path) && !isOwn(path));
  return [...top, ...inside].sort();
};

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GardeError } from '../kernel/result.ts';
import { HOLDING_KINDS } from '../model/holdings.ts';
import type { Holding } from './port.ts';
import { makePrivateFolder, replacePrivateFile } from './privateFiles.ts';

/** A holding as written: the port's fields and what only the vault sees. */
const entry = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{24}$/),
  kind: z.enum(HOLDING_KINDS),
  orgId: z.string(),
  path: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  keyFingerprint: z.string(),
  /** The holding's own key, sealed under the org's. */
  sealedKey: z.base64().optional(),
  reason: z.string().optional(),
  /** SHA-256 of how a file at a path of the user's begins, so that no other file is taken for it. */
  begins: z.string().optional(),
});
export type HoldingEntry = z.infer<typeof entry>;

export type HoldingsList = {
  /** Of one org, or of all. */
  all(orgId?: string): readonly HoldingEntry[];
  find(id: string): HoldingEntry | undefined;
  /** Writes an entry, or replaces it at once. */
  add(holding: HoldingEntry): void;
  drop(holding: Holding): void;
};

const unreadable = (path: string): GardeError =>
  new GardeError([
    {
      code: 'HoldingEntryUnreadable',
      subject: path,
      message: 'An entry of the list of holdings is damaged, or of a newer version of Garde.',
      actions: ['Use the version of Garde that wrote it, or restore the file from your backup.'],
    },
  ]);

/** An entry; undefined when another process dropped it in the meantime. */
const read = (path: string): HoldingEntry | undefined => {
  try {
    return entry.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error instanceof z.ZodError || error instanceof SyntaxError ? unreadable(path) : error;
  }
};

/**
 * One small file per holding under `<orgs>/<orgId>/holdings`, so that two commands at once lose nothing of each other.
 * It holds paths, instants and key fingerprints: no personal data. Dropping the file destroys the holding's own key.
 * GardeError `HoldingEntryUnreadable`.
 */
export const openHoldingsList = (orgsFolder: string): HoldingsList => {
  const orgs = (): readonly string[] => (existsSync(orgsFolder) ? readdirSync(orgsFolder) : []);
  const folderOf = (orgId: string): string => join(orgsFolder, orgId, 'holdings');
  const pathOf = (orgId: string, id: string): string => join(folderOf(orgId), `${id}.json`);
  return {
    all: (orgId) =>
      (orgId === undefined ? orgs() : [orgId])
        .map(folderOf)
        .filter((folder) => existsSync(folder))
        .flatMap((folder) =>
          readdirSync(folder)
            .filter((file) => file.endsWith('.json'))
            .map((file) => read(join(folder, file))),
        )
        .filter((one) => one !== undefined)
        .sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id)),
    find: (id) => {
      if (!/^[0-9a-f]{24}$/.test(id)) return undefined;
      const orgId = orgs().find((one) => existsSync(pathOf(one, id)));
      return orgId === undefined ? undefined : read(pathOf(orgId, id));
    },
    add: (holding) => {
      makePrivateFolder(folderOf(holding.orgId));
      replacePrivateFile(pathOf(holding.orgId, holding.id), JSON.stringify(holding));
    },
    drop: (holding) => {
      rmSync(pathOf(holding.orgId, holding.id), { force: true });
    },
  };
};

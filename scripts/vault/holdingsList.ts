import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HOLDING_KINDS } from '../model/holdings.ts';
import type { Holding } from './port.ts';
import { makePrivateFolder, replacePrivateFile } from './privateFiles.ts';

/** A holding as written: the port's fields and, for encrypted stores, their own key sealed under the keyring. */
const entry = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{24}$/),
  kind: z.enum(HOLDING_KINDS),
  orgId: z.string(),
  path: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  keyFingerprint: z.string(),
  sealedKey: z.base64().optional(),
});
export type HoldingEntry = z.infer<typeof entry>;

export type HoldingsList = {
  all(): readonly HoldingEntry[];
  find(id: string): HoldingEntry | undefined;
  add(holding: HoldingEntry): void;
  drop(holding: Holding): void;
};

/**
 * One small file per holding under `<orgs>/<orgId>/holdings`, so that two commands at once lose nothing of each other.
 * It holds paths, instants and key fingerprints: no personal data. Dropping the file destroys the store's own key.
 */
export const openHoldingsList = (orgsFolder: string): HoldingsList => {
  const folderOf = (orgId: string): string => join(orgsFolder, orgId, 'holdings');
  const all = (): readonly HoldingEntry[] =>
    (existsSync(orgsFolder) ? readdirSync(orgsFolder) : [])
      .map(folderOf)
      .filter((folder) => existsSync(folder))
      .flatMap((folder) =>
        readdirSync(folder)
          .filter((file) => file.endsWith('.json'))
          .map((file) => entry.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))),
      )
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
  return {
    all,
    find: (id) => all().find((holding) => holding.id === id),
    add: (holding) => {
      makePrivateFolder(folderOf(holding.orgId));
      replacePrivateFile(join(folderOf(holding.orgId), `${holding.id}.json`), JSON.stringify(holding));
    },
    drop: (holding) => {
      rmSync(join(folderOf(holding.orgId), `${holding.id}.json`), { force: true });
    },
  };
};

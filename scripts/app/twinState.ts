import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const twinUser = z.object({ username: z.string(), userId: z.string(), accessToken: z.string() });

/** What a running twin tells those who use it; the file is readable by its owner only, since it holds tokens. */
export const twinState = z.strictObject({
  pid: z.int(),
  instanceUrl: z.string(),
  orgId: z.string(),
  shape: z.enum(['bare', 'npsp', 'pulled']),
  adminToken: z.string(),
  startedAt: z.string(),
  users: z.record(z.string(), twinUser),
});
export type TwinState = z.infer<typeof twinState>;

const stateFile = (dataDir: string): string => join(dataDir, 'twin.json');

/** The state of the twin started from this data folder; undefined when none was. */
export const readTwinState = async (dataDir: string): Promise<TwinState | undefined> => {
  try {
    return twinState.parse(JSON.parse(await readFile(stateFile(dataDir), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Written whole or not at all, 0600 in a 0700 folder. */
export const writeTwinState = async (dataDir: string, state: TwinState): Promise<void> => {
  const file = stateFile(dataDir);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${file}.new`, file);
};

export const removeTwinState = async (dataDir: string): Promise<void> => rm(stateFile(dataDir), { force: true });

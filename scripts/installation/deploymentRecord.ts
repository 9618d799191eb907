import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { GardeError } from '../kernel/result.ts';

/**
 * What we deployed to one org, as the org wrote it back: metadata only, no data of people. It lies in the user's data
 * folder, so that another machine knows nothing of it and must ask before it overwrites.
 */
const record = z.strictObject({
  garde: z.literal(1),
  orgId: z.string(),
  deployedAt: z.iso.datetime(),
  /** SHA-256 by `Type:FullName`. */
  components: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});
export type DeploymentRecord = z.infer<typeof record>;

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const readText = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // judged by the schema
  }
};

/** The record, or undefined when nothing was deployed from here; `DeploymentRecordNotValid` when it cannot be read. */
export const readDeployment = async (path: string, orgId: string): Promise<DeploymentRecord | undefined> => {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const read = record.safeParse(parsed(text));
  if (read.success && read.data.orgId === orgId) return read.data;
  throw new GardeError([
    {
      code: 'DeploymentRecordNotValid',
      subject: path,
      message: 'The record of the last deployment to this org cannot be read.',
      actions: ['Remove the file and deploy again: components in the org are then listed as of unknown origin.'],
    },
  ]);
};

/** Written whole or not at all. */
export const writeDeployment = async (path: string, deployment: DeploymentRecord): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  await writeFile(draft, `${JSON.stringify(deployment, null, 1)}\n`, { mode: 0o600 });
  await rename(draft, path);
};

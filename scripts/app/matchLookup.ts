import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { lookUpFile, writeLookup, type FileLookup } from '../matching/lookUpFile.ts';
import type { ReportProgress } from '../model/progress.ts';
import { readMatchKnowledge } from './matchKnowledge.ts';
import { readMap } from './matching.ts';
import type { Ports } from './ports.ts';

export type MatchLookupOrder = {
  readonly input: string;
  /** Path of map.yml. */
  readonly columns?: string;
  readonly pairs?: string;
};

/** `garde match lookup`: records of a file in the index of the org's last run; pairs written where they are wanted. */
export const runMatchLookup = async (
  { input, columns, pairs }: MatchLookupOrder,
  { org, vault }: Pick<Ports, 'org' | 'vault'>,
  tell: ReportProgress,
): Promise<FileLookup> => {
  if (pairs !== undefined) await mkdir(dirname(resolve(pairs)), { recursive: true });
  const { orgId } = await org.identity();
  const order = { path: input, map: await readMap(columns), orgId };
  const found = await lookUpFile(order, { vault, knowledge: await readMatchKnowledge() }, tell);
  if (pairs !== undefined) await writeLookup(pairs, found);
  return found;
};

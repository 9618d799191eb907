import { addDays, type LocalDate } from '../kernel/legalPeriod.ts';
import { GardeError } from '../kernel/result.ts';
import type { Clock } from '../kernel/clock.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Holding, Vault } from '../vault/port.ts';
import type { KeptRun } from './keptRun.ts';
import type { KnowledgeData } from './knowledge/knowledgeData.ts';
import { buildIndex } from './lookup/buildIndex.ts';
import { openIndex, type OpenIndex } from './lookup/openIndex.ts';
import type { FittedModel } from './model/contract.ts';
import type { OrgTable } from './org/orgTables.ts';

/** As long as the copy of the records it is made from. */
const DAYS = 7;
const PAGE_BYTES = 4096;

const indexesOf = (vault: Vault, orgId: string): readonly Holding[] =>
  vault.holdings(orgId).filter(({ kind }) => kind === 'match-index');

/** Lets the indexes of earlier runs go. */
export const removeIndexes = (vault: Vault, orgId: string): void => {
  for (const { id } of indexesOf(vault, orgId)) vault.remove(id);
};

export type IndexPorts = {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly knowledge: KnowledgeData;
  readonly threads: number;
};

/** Lays the tables of a run out for looking single records up, sealed, for seven days. */
export const keepIndex = async (
  tables: readonly OrgTable[],
  run: KeptRun,
  { vault, clock, knowledge, threads }: IndexPorts,
  tell: ReportProgress,
): Promise<void> => {
  tell({ stage: 'match.index' });
  const now = clock.now();
  const expiresAt = `${addDays(now.slice(0, 10) as LocalDate, DAYS)}${now.slice(10)}`;
  const { writer } = vault.createPages('match-index', run.orgId, expiresAt);
  const input = {
    ...{ tables: tables.map(({ input: { table } }) => table), ids: tables.map(({ input: { ids } }) => ids) },
    // the engine's own fit: what a run keeps is plain data of it
    ...{ excluded: new Set(run.excluded), model: run.result.model as FittedModel, readAt: run.readAt },
  };
  let isWhole = false;
  try {
    await buildIndex(input, writer, { knowledge, threads, pageBytes: PAGE_BYTES });
    isWhole = true;
  } finally {
    writer.close(isWhole);
  }
};

const missing = (orgId: string): GardeError =>
  new GardeError([
    {
      code: 'MatchIndexMissing',
      subject: orgId,
      message: 'No index for looking records up is kept on this machine (7 days, until the next run).',
      actions: ['Run `sf garde match run --index` first.'],
    },
  ]);

/** The index of the last run; close it. GardeErrors `MatchIndexMissing`, `MatchIndexOutdated`, the vault's. */
export const openKeptIndex = (
  { vault, knowledge }: Pick<IndexPorts, 'vault' | 'knowledge'>,
  orgId: string,
): { readonly index: OpenIndex; readonly close: () => void } => {
  const [latest] = [...indexesOf(vault, orgId)].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  if (latest === undefined) throw missing(orgId);
  const pages = vault.openPages(latest.id);
  try {
    return { index: openIndex(pages, knowledge), close: () => pages.close() };
  } catch (error) {
    pages.close();
    throw error;
  }
};

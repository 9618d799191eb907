import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import { GardeError } from '../kernel/result.ts';
import { addDays, type LocalDate } from '../kernel/legalPeriod.ts';
import type { MatchReport } from '../model/matchReport.ts';
import type { Holding, Vault } from '../vault/port.ts';
import type { MatchResult } from './contract.ts';
import type { RowIds } from './read/contract.ts';
import type { MatchSummary } from './results/summary.ts';

const DAYS = 90;
const FORMAT = 1;

/** A run on an org as it is kept: ids, pairs and groups; no name, address or other value of a record. */
export type KeptRun = {
  readonly gardeMatchRun: typeof FORMAT;
  /** Names the run in the org and in reports. */
  readonly key: string;
  readonly orgId: string;
  readonly orgName: string;
  /** ISO instant the reading of records began: what is newer is new to the next run. */
  readonly readAt: string;
  readonly toolVersion: string;
  readonly tables: readonly { readonly name: string; readonly rows: string; readonly ids: RowIds }[];
  /** The snapshot the records were read into; it may be swept before the run is. */
  readonly snapshot: string;
  readonly isWhole: boolean;
  /** Rows that took no part, ascending. */
  readonly excluded: Int32Array;
  /** Pairs that people had decided about. */
  readonly decided: number;
  /** Which fields were compared as what. */
  readonly told: MatchReport['tables'];
  readonly result: Omit<MatchResult, 'work'>;
  readonly summary: MatchSummary;
};

/** What is checked of an opened run: the rest was written by the same code and is sealed against change. */
const envelope = z.looseObject({ gardeMatchRun: z.literal(FORMAT), key: z.string(), orgId: z.string() });

const runsOf = (vault: Vault, orgId: string): readonly Holding[] =>
  vault
    .holdings(orgId)
    .filter(({ kind }) => kind === 'match-run')
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));

/** Keeps a run for 90 days and lets the ones before it go. */
export const keepRun = async (vault: Vault, run: KeptRun, now: string): Promise<Holding> => {
  const before = runsOf(vault, run.orgId);
  const expiresAt = `${addDays(now.slice(0, 10) as LocalDate, DAYS)}${now.slice(10)}`;
  const bytes = new Uint8Array(serialize(run));
  const holding = await vault.seal('match-run', run.orgId, bytes, { expiresAt, fileName: `match-${run.key}.age` });
  for (const { id } of before) vault.remove(id);
  return holding;
};

/** The last run on an org; undefined when none is kept, or it was kept by a version that wrote it otherwise. */
export const lastRun = async (vault: Vault, orgId: string): Promise<KeptRun | undefined> => {
  const [latest] = runsOf(vault, orgId);
  if (latest === undefined) return undefined;
  const opened: unknown = deserialize(await vault.open(latest.id));
  return envelope.safeParse(opened).success ? (opened as KeptRun) : undefined;
};

/** GardeError `MatchRunMissing` when no run is kept. */
export const requireRun = async (vault: Vault, orgId: string): Promise<KeptRun> => {
  const run = await lastRun(vault, orgId);
  if (run !== undefined) return run;
  throw new GardeError([
    {
      code: 'MatchRunMissing',
      subject: orgId,
      message: 'No run of matching on this org is kept on this machine.',
      actions: ['Run `sf garde match run` first.'],
    },
  ]);
};

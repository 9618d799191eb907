import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateMatching, matchingColumns } from '../../scripts/demo/matching/file.ts';
import { pairScore } from '../matching/reference/groups.ts';
import type { Bench, Measured } from './bench.ts';
import type { StagesTold } from './matchingStages.ts';

type Generated = { readonly file: string; readonly entities: readonly string[] };

/** A generated file on disk and who its rows are, in order. */
const generate = (folder: string, rows: number): Generated => {
  const file = join(folder, `people-${rows}.csv`);
  const out = openSync(file, 'w');
  const entities: string[] = [];
  writeSync(
    out,
    `${matchingColumns({})
      .map(({ name }) => name)
      .join(',')}\n`,
  );
  for (const { data, truth } of generateMatching({ rows, seed: 5 })) {
    writeSync(out, data);
    for (const line of truth.trimEnd().split('\n')) entities.push(line.split(',', 2)[1] ?? '');
  }
  closeSync(out);
  return { file, entities };
};

type Run = { readonly told: StagesTold; readonly groups: string };

/** Runs one side in a process of its own on a cold start: start-up of Node is in its memory, not in its seconds. */
const runIn = (script: string, file: string, folder: string): Run => {
  const groups = join(folder, `${script}.csv`);
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path, file, groups], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`${script} ended with ${child.status ?? 'a signal'}`);
  const last = child.stdout.trimEnd().split('\n').at(-1) ?? '';
  return { told: JSON.parse(last) as StagesTold, groups };
};

/** Labels of all rows from a file of groups: rows that are in none stand alone. */
const labelsFrom = (groups: string, rows: number): readonly string[] => {
  const labels = Array.from({ length: rows }, (_, row) => `alone ${row}`);
  for (const line of readFileSync(groups, 'utf8').trimEnd().split('\n').slice(1)) {
    const [id = '', cluster = ''] = line.split(',');
    labels[Number(id.slice(1)) - 1] = cluster;
  }
  return labels;
};

const rounded = (value: number): number => Number(value.toPrecision(4));

const figuresOf = (prefix: string, { told, groups }: Run, entities: readonly string[]) => {
  const { precision, recall, f1 } = pairScore(labelsFrom(groups, entities.length), entities);
  const stages = Object.entries(told.cpuByStage).map(([stage, seconds]) => [`${prefix}Cpu.${stage}`, rounded(seconds)]);
  const counts = Object.entries(told.counts).map(([name, count]) => [`${prefix}.${name}`, rounded(count)]);
  return {
    [`${prefix}Wall`]: rounded(told.wall),
    [`${prefix}Cpu`]: rounded(told.cpu),
    [`${prefix}Megabytes`]: rounded(told.maxRss / 1e6),
    [`${prefix}Precision`]: rounded(precision),
    [`${prefix}Recall`]: rounded(recall),
    [`${prefix}F1`]: rounded(f1),
    ...(Object.fromEntries([...stages, ...counts]) as Record<string, number>),
  };
};

const inFolder = <T>(work: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'garde-bench-matching-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Seconds are those of the processor: on a machine with other work they say more than the clock's. */
export const matching: Bench = {
  name: 'matching',
  unit: 'rows/CPU s',
  baseline: 'the same rules, comparisons, EM and groups as SQL on DuckDB, two threads',
  measure: (quick, rows = 1_000_000): Measured =>
    inFolder((folder) => {
      const count = quick ? 2_000 : rows;
      const { file, entities } = generate(folder, count);
      const own = runIn('matchingProcess.ts', file, folder);
      const baseline = runIn('matchingBaselineProcess.ts', file, folder);
      return {
        own: { count, seconds: own.told.cpu },
        baseline: { count, seconds: baseline.told.cpu },
        memory: own.told.maxRss,
        figures: { ...figuresOf('own', own, entities), ...figuresOf('baseline', baseline, entities) },
      };
    }),
};

/**
 * How cost and quality move when the file grows and its noise does not: `ratio` 1 is growth in proportion. `rows` is the
 * larger size; the smaller is a fiftieth of it.
 */
export const matchingGrowth: Bench = {
  name: 'matching-growth',
  unit: 'rows/CPU s',
  baseline: 'a fiftieth of the rows, told as if there were as many',
  measure: (quick, rows = 5_000_000): Measured =>
    inFolder((folder) => {
      const count = quick ? 10_000 : rows;
      const few = Math.max(1, Math.round(count / 50));
      const [small, large] = [few, count].map((size) => {
        const { file, entities } = generate(folder, size);
        const run = runIn('matchingProcess.ts', file, folder);
        return { run, figures: figuresOf(size === few ? 'few' : 'many', run, entities) };
      }) as [{ run: Run; figures: Record<string, number> }, { run: Run; figures: Record<string, number> }];
      return {
        own: { count, seconds: large.run.told.cpu },
        baseline: { count, seconds: small.run.told.cpu * (count / few) },
        memory: large.run.told.maxRss,
        figures: { ...small.figures, ...large.figures },
      };
    }),
};

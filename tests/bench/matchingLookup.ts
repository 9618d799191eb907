import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMatchKnowledge } from '../../scripts/app/matchKnowledge.ts';
import { generateMatching, matchingColumns } from '../../scripts/demo/matching/file.ts';
import type { MatchTable } from '../../scripts/matching/contract.ts';
import { runMatch } from '../../scripts/matching/engine/match.ts';
import { buildIndex } from '../../scripts/matching/lookup/buildIndex.ts';
import { lookUp } from '../../scripts/matching/lookup/lookUp.ts';
import { openIndex } from '../../scripts/matching/lookup/openIndex.ts';
import type { FittedModel } from '../../scripts/matching/model/contract.ts';
import { rowIdsOf } from '../../scripts/matching/read/rowIds.ts';
import { createVault } from '../../scripts/vault/createVault.ts';
import type { Vault } from '../../scripts/vault/port.ts';
import type { Bench, Measured } from './bench.ts';

const ORG = '00D000000000001EAA';
const NOW = '2026-11-22T00:00:00.000Z';
const LATER = '2026-12-22T00:00:00.000Z';
const PAGE_BYTES = 4096;
const LF = 10;

const tableOf = (lines: Uint8Array): MatchTable => {
  const bytes = new SharedArrayBuffer(lines.length);
  new Uint8Array(bytes).set(lines);
  return {
    ...{ name: 'generated', side: 'a', bytes, start: 0, end: lines.length, delimiter: ','.charCodeAt(0) },
    ...{ columns: matchingColumns({}), country: 'FR', entity: 'person' },
  };
};

const generated = (rows: number): Buffer =>
  Buffer.concat([...generateMatching({ rows, seed: 5 })].map(({ data }) => Buffer.from(data)));

/** Evenly spread lines of a file. */
const linesOf = (file: Buffer, wanted: number): readonly Buffer[] =>
  Array.from({ length: wanted }, (_, i) => {
    const from = Math.floor((i * (file.length - 1)) / wanted);
    const start = from === 0 ? 0 : file.indexOf(LF, from) + 1;
    return file.subarray(start, file.indexOf(LF, start) + 1);
  }).filter(({ length }) => length > 1);

type Indexed = { readonly vault: Vault; readonly id: string; readonly seconds: number; readonly megabytes: number };

const indexed = async (folder: string, file: Buffer, rows: number): Promise<Indexed> => {
  const knowledge = await readMatchKnowledge();
  const table = tableOf(file);
  const excluded = new Set<number>();
  const terms = { targetError: 0.001, pairsPerRecord: 40, threads: 2 };
  const { model } = await runMatch({ tables: [table], knowledge, decisions: [], excluded, ...terms });
  const vault = createVault({ dataDir: folder, now: () => NOW, random: randomBytes });
  const start = performance.now();
  const { holding, writer } = vault.createPages('match-index', ORG, LATER);
  const ids = rowIdsOf(Array.from({ length: rows }, (_, row) => `R${row + 1}`));
  const input = { tables: [table], ids: [ids], excluded, model: model as FittedModel, readAt: NOW };
  await buildIndex(input, writer, { knowledge, threads: 2, pageBytes: PAGE_BYTES });
  writer.close(true);
  const seconds = (performance.now() - start) / 1000;
  return { vault, id: holding.id, seconds, megabytes: statSync(holding.path).size / 1e6 };
};

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

const rounded = (value: number): number => Number(value.toPrecision(3));

/** What a look at every line costs: the line's names as a plain search would find them. */
const scanFor = (file: Buffer, line: Buffer): number => {
  const [, , given = '', family = ''] = line.toString('utf8').split(',');
  let found = 0;
  for (let at = 0; at < file.length;) {
    const end = file.indexOf(LF, at);
    const [, , first, last] = file.toString('utf8', at, end).split(',');
    if (first === given && last === family) found += 1;
    at = end + 1;
  }
  return found;
};

/** A scan of a million lines takes its time: a few tell enough. */
const SCANS = 3;

/** One record against all: from the sealed index, cold at first, beside a plain scan of the same lines. */
export const matchingLookup: Bench = {
  name: 'matching-lookup',
  unit: 'records/s',
  baseline: 'a scan of all lines for the same given and family name',
  measure: async (quick, rows = 1_000_000): Promise<Measured> => {
    const folder = mkdtempSync(join(tmpdir(), 'garde-bench-lookup-'));
    try {
      const count = quick ? 2_000 : rows;
      const file = generated(count);
      const { vault, id, seconds, megabytes } = await indexed(folder, file, count);
      const knowledge = await readMatchKnowledge();
      const opening = performance.now();
      const pages = vault.openPages(id);
      const index = openIndex(pages, knowledge);
      const open = (performance.now() - opening) / 1000;
      const lines = linesOf(file, quick ? 50 : 2_000);
      const took = lines.map((line) => {
        const start = performance.now();
        const { hits } = lookUp(index, tableOf(line));
        if (hits.length === 0) throw new Error('a record of the index was not found in it');
        return performance.now() - start;
      });
      pages.close();
      const scanned = lines.slice(0, quick ? lines.length : SCANS);
      const scanning = performance.now();
      for (const line of scanned) scanFor(file, line);
      return {
        own: { count: took.length, seconds: took.reduce((sum, one) => sum + one, 0) / 1000 },
        baseline: { count: scanned.length, seconds: (performance.now() - scanning) / 1000 },
        figures: {
          ...{ openSeconds: rounded(open), buildSeconds: rounded(seconds), megabytes: rounded(megabytes) },
          ...{ p50Milliseconds: rounded(quantile(took, 0.5)), p95Milliseconds: rounded(quantile(took, 0.95)) },
        },
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

import { pairBudget } from '../../scripts/matching/engine/block/budget.ts';
import { DuckDBInstance } from '@duckdb/node-api';
import {
  blockBy,
  CHANGED,
  CLUSTER,
  COMPARE,
  LEARN,
  LOAD,
  NORMALISE,
  pairsSharing,
  ROUND,
  RULES,
  SCORE,
  SPREAD,
} from './matchingBaseline.ts';
import { tellStages } from './matchingStages.ts';

/** `matchingBaselineProcess.ts FILE CLUSTERS`: links FILE, writes `id,cluster` of linked rows, tells what it took. */
const [file = '', clusters = ''] = process.argv.slice(2);
const ROUNDS = 25;
const RANDOM_PAIRS = 1_000_000;

const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '12GB' });
const connection = await instance.connect();
const all = async (statements: readonly string[]): Promise<void> => {
  for (const statement of statements) await connection.run(statement);
};
const numberOf = async (query: string): Promise<number> => {
  const reader = await connection.runAndReadAll(query);
  return Number(reader.getRows()[0]?.[0] ?? 0);
};

const stages = tellStages();
await stages.take('read', () => all(LOAD(file)));
await stages.take('normalise', () => all(NORMALISE));
await stages.take('block', async () => {
  // as the engine has it in matchingProcess.ts
  const budget = pairBudget(await numberOf('SELECT count(*) FROM rows'), undefined) / RULES.length;
  const chosen: (readonly string[])[] = [];
  for (const { parts, narrow } of RULES) {
    let columns = parts;
    let further = 0;
    while (further < narrow.length && (await numberOf(pairsSharing(columns))) > budget) {
      further += 1;
      columns = [...parts, ...narrow.slice(0, further)];
    }
    chosen.push(columns);
  }
  await all(blockBy(chosen));
});
await stages.take('compare', () => all(COMPARE));
await stages.take('learn', async () => {
  await all(LEARN(RANDOM_PAIRS));
  for (let round = 0; round < ROUNDS; round += 1) await all(ROUND);
});
await stages.take('score', () => all(SCORE));
await stages.take('cluster', async () => {
  await all(CLUSTER);
  for (let changed = 1; changed > 0;) {
    await all(SPREAD);
    changed = await numberOf(CHANGED);
    await all(['DROP TABLE labels', 'ALTER TABLE next RENAME TO labels']);
  }
  await all([
    `COPY (SELECT 'R' || id AS id, label AS cluster FROM labels ORDER BY label, id) TO '${clusters.replaceAll("'", "''")}'`,
  ]);
});
const candidates = await numberOf('SELECT count(*) FROM blocked');
const linked = await numberOf('SELECT count(*) FROM edges');
stages.tell({ candidates, linked });

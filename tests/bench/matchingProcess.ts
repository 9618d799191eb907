import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { readMatchKnowledge } from '../../scripts/app/matchKnowledge.ts';
import { matchingColumns } from '../../scripts/demo/matching/file.ts';
import { LINKS, ZONES, type MatchResult, type MatchTable } from '../../scripts/matching/contract.ts';
import { runMatch } from '../../scripts/matching/engine/match.ts';
import { tellStages } from './matchingStages.ts';

/**
 * `matchingProcess.ts FILE CLUSTERS`: matches a generated FILE from its bytes to groups, writes `id,cluster` of grouped rows,
 * tells what it took. Rows of a generated file have the ids R1, R2, … in order.
 */
const [file = '', clusters = ''] = process.argv.slice(2);
const LF = 10;

const tableOf = (path: string): MatchTable => {
  const handle = openSync(path, 'r');
  const { size } = fstatSync(handle);
  const bytes = new SharedArrayBuffer(size);
  const view = new Uint8Array(bytes);
  for (let at = 0; at < size;) at += readSync(handle, view, at, Math.min(size - at, 2 ** 26), at);
  closeSync(handle);
  return {
    name: 'generated',
    side: 'a',
    bytes,
    start: view.indexOf(LF) + 1,
    end: size,
    delimiter: ','.charCodeAt(0),
    columns: matchingColumns({}),
    country: 'FR',
    entity: 'person',
  };
};

const groupsText = (labels: Int32Array): string => {
  const sizes = new Int32Array(labels.length);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  const lines = ['id,cluster'];
  labels.forEach((label, row) => {
    if ((sizes[label] ?? 0) > 1) lines.push(`R${row + 1},${label}`);
  });
  return `${lines.join('\n')}\n`;
};

const inZone = ({ pairs }: MatchResult, zone: number): number => {
  let count = 0;
  for (let i = 0; i < pairs.count; i += 1)
    if (pairs.zone[i] === zone && pairs.link[i] === LINKS.indexOf('person')) count += 1;
  return count;
};

const knowledge = await readMatchKnowledge();
const stages = tellStages();
const table = await stages.take('file', () => tableOf(file));
const result = await stages.take('engine', () =>
  runMatch({
    tables: [table],
    knowledge,
    decisions: [],
    excluded: new Set(),
    targetError: 0.001,
    pairsPerRecord: undefined,
    threads: 2,
  }),
);
const ofEngine = Object.fromEntries(Object.entries(result.work).map(([name, value]) => [`engine.${name}`, value]));
stages.tell({
  candidates: result.blocking.reduce((sum, rule) => sum + rule.candidates, 0),
  linked: inZone(result, ZONES.indexOf('auto')),
  review: inZone(result, ZONES.indexOf('review')),
  tightened: result.blocking.filter((rule) => rule.tightened.length > 0).length,
  ...ofEngine,
});
writeFileSync(clusters, groupsText(result.clusters));

#!/usr/bin/env node
// Writes a labelled file of invented people (docs/MATCHING-DATA.md): the data, and the truth about them beside it.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { generateMatching, matchingColumns, TRUTH_COLUMNS } from '../scripts/demo/matching/file.ts';

const usage = `node bin/matching-data.js --out people.csv [--rows 100000] [--seed 1] [--profile mixed] [--duplicates 0.2]
  [--organisations 0]
The truth goes to people.truth.csv. Profiles: mixed, web, paper, legacy, clean, rough.`;

async function write(stream, text) {
  if (!stream.write(text)) await once(stream, 'drain');
}

async function main() {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      rows: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      profile: { type: 'string', default: 'mixed' },
      duplicates: { type: 'string', default: '0.2' },
      organisations: { type: 'string', default: '0' },
    },
  });
  if (values.out === undefined) throw new RangeError('--out is missing');
  const options = {
    rows: Number(values.rows),
    seed: Number(values.seed),
    profile: values.profile,
    duplicates: Number(values.duplicates),
    organisations: Number(values.organisations),
  };
  const chunks = generateMatching(options);
  const first = chunks.next();
  const truthFile = `${values.out.replace(/\.csv$/i, '')}.truth.csv`;
  const [data, truth] = [createWriteStream(values.out), createWriteStream(truthFile)];
  const header = matchingColumns(options).map(({ name }) => name);
  await write(data, `${header.join(',')}\n`);
  await write(truth, `${TRUTH_COLUMNS.join(',')}\n`);
  for (let chunk = first; !chunk.done; chunk = chunks.next()) {
    await write(data, chunk.value.data);
    await write(truth, chunk.value.truth);
  }
  await Promise.all([data, truth].map((stream) => once(stream.end(), 'finish')));
  process.stdout.write(`${options.rows} rows: ${values.out}, ${truthFile}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof RangeError) && error.code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
  process.stderr.write(`${error.message}\n${usage}\n`);
  process.exitCode = 2;
}

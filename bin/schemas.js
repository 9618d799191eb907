#!/usr/bin/env node
// `npm run schemas`: JSON Schemas of every command's --json result (from its TypeScript type) and of the charter.
// `--check` compares instead of writing and ends with 1 when a committed schema is out of date.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { charterSchema } from '../lib/model/parseCharter.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const folder = join('config', 'schemas', 'results');

const { status } = spawnSync(
  process.execPath,
  [join(root, 'bin', 'dev.js'), 'schema', check ? 'compare' : 'generate', '--filepath', folder],
  { cwd: root, stdio: 'inherit' },
);

const charter = join(root, 'config', 'schemas', 'charter.schema.json');
const text = `${JSON.stringify(charterSchema(), null, 2)}\n`;
const current = existsSync(charter) && readFileSync(charter, 'utf8') === text;
if (!check) {
  mkdirSync(join(root, 'config', 'schemas'), { recursive: true });
  writeFileSync(charter, text);
} else if (!current) process.stderr.write('config/schemas/charter.schema.json is out of date: npm run schemas\n');
process.exit(status !== 0 || (check && !current) ? 1 : 0);

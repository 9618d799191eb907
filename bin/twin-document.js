#!/usr/bin/env node
// Writes the generated parts of docs/TWIN.md from the twin's code; with --check it writes nothing and ends with 1 when
// the page is out of date.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { twinDocument } from '../scripts/twin/support/document.ts';

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const file = fileURLToPath(new URL('../docs/TWIN.md', import.meta.url));
const present = (await readFile(file, 'utf8')).replaceAll('\r\n', '\n');
const page = await twinDocument(present);
if (!options.check) await writeFile(file, page);
else if (page !== present) {
  process.stderr.write('docs/TWIN.md is not what the code gives. Run: node bin/twin-document.js\n');
  process.exitCode = 1;
}

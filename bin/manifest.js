#!/usr/bin/env node
// Writes manifest/package.xml from force-app, so that a deploy by manifest and a deploy by folder are one; with
// --check it writes nothing and fails when the manifest is not up to date.
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ComponentSet } from '@salesforce/source-deploy-retrieve';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    file: { type: 'string', default: 'manifest/package.xml' },
  },
});

const byCodeUnit = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const project = JSON.parse(await readFile('sfdx-project.json', 'utf8'));
const components = ComponentSet.fromSource('force-app');
components.sourceApiVersion = project.sourceApiVersion;
const { Package } = await components.getObject();
const lines = Package.types
  .toSorted((a, b) => byCodeUnit(a.name, b.name))
  .flatMap((type) => [
    '  <types>',
    ...type.members.toSorted(byCodeUnit).map((member) => `    <members>${member}</members>`),
    `    <name>${type.name}</name>`,
    '  </types>',
  ]);
const manifest = [
  '<?xml version="1.0" encoding="UTF-8" ?>',
  '<Package xmlns="http://soap.sforce.com/2006/04/metadata">',
  ...lines,
  `  <version>${project.sourceApiVersion}</version>`,
  '</Package>',
  '',
].join('\n');

if (options.check) {
  const present = await readFile(options.file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const before = new Set(present.split(/\r?\n/));
  const after = new Set(manifest.split('\n'));
  if (present.replaceAll('\r\n', '\n') !== manifest) {
    const missing = [...after].filter((line) => !before.has(line)).map((line) => `  lacks     ${line.trim()}`);
    const surplus = [...before].filter((line) => !after.has(line)).map((line) => `  should not have ${line.trim()}`);
    process.stderr.write(
      [`${options.file} is not what force-app gives. Run: node bin/manifest.js`, ...missing, ...surplus, ''].join('\n'),
    );
    process.exitCode = 1;
  }
} else {
  await mkdir(dirname(options.file), { recursive: true });
  await writeFile(options.file, manifest);
}

#!/usr/bin/env node
// Writes oclif.manifest.json: with it the CLI reads one file at start-up instead of importing every command.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const plugin = new Plugin({
  root,
  type: 'core',
  ignoreManifest: true,
  errorOnManifestCreate: true,
  respectNoCacheDefault: true,
});
await plugin.load();
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
writeFileSync(
  new URL('../oclif.manifest.json', import.meta.url),
  `${JSON.stringify({ ...plugin.manifest, version })}\n`,
);

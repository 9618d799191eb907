#!/usr/bin/env node
// The version is checked before anything is imported: on older Node @salesforce/core dies at import with a riddle.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `garde needs Node 22.19 or newer; this is ${process.versions.node}. \`npm start\` brings its own.\n`,
  );
  process.exit(1);
}
const { execute } = await import('@oclif/core');
await execute({ dir: import.meta.url });

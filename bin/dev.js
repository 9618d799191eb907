#!/usr/bin/env node
// For development commands (command snapshot, result schemas): they live in a development plugin.
const { execute } = await import('@oclif/core');
await execute({ development: true, dir: import.meta.url });

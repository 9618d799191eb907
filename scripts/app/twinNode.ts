import { fileURLToPath } from 'node:url';

/**
 * How a twin's process runs: its rows lie in SQLite's memory, so that short-lived objects need little room; V8's own
 * default would let half a gigabyte pile up beside a million rows, for no speed that could be measured. Half as much as
 * this costs a fourteenth of the time of a bulk load.
 */
export const TWIN_NODE = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16'] as const;

const compiled = new URL('../../dist/compiled/', import.meta.url);

/**
 * One heap for all threads where the C library (glibc) keeps several, and files that are packed or unpacked apart from it:
 * less of it lies idle between the rows. https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html
 */
const ONE_HEAP = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' } as const;

/**
 * The environment of a twin's process. When built, Node keeps beside the product what it compiled, so that the next twin
 * boots faster; where that folder cannot be written Node goes on without. Not in the folder for temporary files, where
 * others of this machine could lay code.
 */
export const twinEnvironment = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...ONE_HEAP,
  ...(import.meta.url.endsWith('.js') ? { NODE_COMPILE_CACHE: fileURLToPath(compiled) } : {}),
  ...environment,
});

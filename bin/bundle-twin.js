#!/usr/bin/env node
// The twin's process as few files instead of several hundred: opening each one is most of the time until its first
// answer. What lib/app/twinProcess.js imports, the libraries too, goes into it and into chunks that are loaded when asked for.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { minify } from '@swc/core';
import { rollup } from 'rollup';

const lib = join(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)), 'lib');
const app = join(lib, 'app');
const entry = join(app, 'twinProcess.js');
const chunks = 'twinProcess';

const manifests = new Map();

function packageOf(source, importer) {
  const name = source
    .split('/')
    .slice(0, source.startsWith('@') ? 2 : 1)
    .join('/');
  const paths = createRequire(pathToFileURL(importer)).resolve.paths(name) ?? [];
  const folder = paths.map((path) => join(path, name)).find((path) => existsSync(join(path, 'package.json')));
  if (folder === undefined) throw new Error(`${source}, imported by ${importer}, is not installed`);
  const file = join(folder, 'package.json');
  if (!manifests.has(file)) manifests.set(file, JSON.parse(readFileSync(file, 'utf8')));
  return { folder, manifest: manifests.get(file), inside: `.${source.slice(name.length)}` };
}

/** The first target whose conditions Node fulfils for an import, in the order the package gives them. */
function imported(target) {
  if (typeof target !== 'object' || target === null) return target ?? undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const found = ['node', 'import', 'module-sync', 'default'].includes(condition) ? imported(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The ES module that an import stands for; undefined for CommonJS, which stays outside and is found when it runs. */
function esModule(source, importer) {
  const { folder, manifest, inside } = packageOf(source, importer);
  const { exports: exported, main, type } = manifest;
  const entries = typeof exported === 'object' && exported !== null && '.' in exported ? exported : { '.': exported };
  const target = imported(entries[inside]) ?? (inside === '.' ? main : inside);
  const isModule = target.endsWith('.mjs') || (type === 'module' && target.endsWith('.js'));
  return isModule ? join(folder, target) : undefined;
}

const isPath = (source) => source.startsWith('.') || isAbsolute(source);

const packages = {
  name: 'garde-packages',
  resolveId(source, importer) {
    if (importer === undefined || isPath(source)) return null;
    if (source.startsWith('node:')) return { id: `\0${source}`, syntheticNamedExports: true };
    const id = esModule(source, importer);
    if (id === undefined) return { id: source, external: true };
    return { id, moduleSideEffects: packageOf(source, importer).manifest.sideEffects ?? true };
  },
  // an import of node:http fills in all its exports, and one of them loads a whole http client that no twin needs
  load(id) {
    return id.startsWith('\0node:') ? `export default process.getBuiltinModule(${JSON.stringify(id.slice(1))})` : null;
  },
  // comments and spaces are a third of what is to be read; names stay, for whoever reads a stack
  async renderChunk(code) {
    return minify(code, { module: true, compress: false, mangle: false });
  },
  // files beside a module (config/) are found from where the module was, not from where it went
  resolveImportMeta(property, { moduleId, chunkId }) {
    if (property !== 'url') return null;
    const path = relative(dirname(join(app, chunkId)), moduleId)
      .split(sep)
      .join('/');
    return `new URL(${JSON.stringify(path)}, import.meta.url).href`;
  },
};

const bundle = await rollup({
  input: { twinProcess: entry },
  plugins: [packages],
  onLog(level, log, handle) {
    // libraries' own circles and comments are not ours to mend
    if (log.code !== 'CIRCULAR_DEPENDENCY' && log.code !== 'INVALID_ANNOTATION') handle(level, log);
  },
});
await bundle.write({
  dir: app,
  format: 'es',
  entryFileNames: '[name].js',
  chunkFileNames: `${chunks}/[name]-[hash].js`,
  sourcemap: false,
});
await bundle.close();
rmSync(`${entry}.map`, { force: true });

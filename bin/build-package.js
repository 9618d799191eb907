#!/usr/bin/env node
// The tree that is deployed: what an org takes, with JavaScript in place of TypeScript. A bundle deployed from
// force-app itself would arrive without its .js: .forceignore keeps the .ts out and nothing is said about it.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'force-app');
const tree = join(root, 'lib', 'deploy');

const stop = (sentence) => {
  process.stderr.write(`build-package: ${sentence}\n`);
  process.exit(1);
};

const NOT_DEPLOYED = [/(^|\/)__tests__\//, /\.ts$/, /(^|\/)(tsconfig|jsconfig)\.json$/, /(^|\/)\.eslintrc\.json$/];

const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  );

const inTree = (path) => join(tree, 'force-app', path);
const copy = (from, to) => {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
};

rmSync(tree, { recursive: true, force: true });
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.lwc-emit.json')], {
  cwd: root,
  stdio: ['ignore', 2, 'inherit'],
});
if (status !== 0) stop('the components do not compile');

const paths = filesIn(source).map((path) => relative(source, path).split(sep).join('/'));
for (const path of paths) {
  if (!NOT_DEPLOYED.some((pattern) => pattern.test(path))) copy(join(source, path), inTree(path));
}
copy(join(root, 'sfdx-project.json'), join(tree, 'sfdx-project.json'));
writeFileSync(join(tree, '.forceignore'), '');

for (const path of paths.filter((name) => name.endsWith('.js-meta.xml'))) {
  const script = path.replace(/-meta\.xml$/, '');
  if (!existsSync(inTree(script))) stop(`${script} is missing: the bundle would arrive without its JavaScript`);
}
process.stderr.write(`build-package: ${filesIn(tree).length} files in lib/deploy\n`);

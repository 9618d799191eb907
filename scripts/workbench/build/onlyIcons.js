// Rollup plugin: the base components bring 7,000 icon templates; only those whose names stand in our sources are kept.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const NAME = /\b(utility|standard|action|custom|doctype):([a-z0-9_]+)/g;
const IMPORT = /import \{ default as (\w+) \} from '([^']+)';/g;

function namedIn(folders) {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(html|ts)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(NAME)].map(([, set, name]) => `${set}_${name}`),
  );
}

/** `always`: icons that the base components draw by themselves. */
export function onlyIcons({ folders, always }) {
  let kept;
  return {
    name: 'only-icons',
    buildStart() {
      kept = new Set([...namedIn(folders), ...always]);
    },
    transform(code, id) {
      if (!/iconSvgTemplates\w+[\\/]buildTemplates[\\/]templates\.js$/.test(id.split('?')[0])) return null;
      const wanted = [...code.matchAll(IMPORT)].filter(([, name]) => kept.has(name));
      const imports = wanted.map(([line]) => line);
      return {
        code: [...imports, `export default { ${wanted.map(([, name]) => name).join(', ')} };`].join('\n'),
        map: null,
      };
    },
  };
}

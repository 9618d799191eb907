import lwc from '@lwc/rollup-plugin';
import replace from '@rollup/plugin-replace';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onlyIcons } from './scripts/workbench/build/onlyIcons.js';
import { salesforceModules } from './scripts/workbench/build/salesforceModules.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const packageFolder = join(root, 'force-app');
const modules = join(root, 'scripts', 'workbench', 'modules');

/** `c/x` for every bundle of the package, wherever its feature folder is. */
const components = readdirSync(packageFolder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.js-meta.xml'))
  .map((entry) => {
    const name = entry.name.replace('.js-meta.xml', '');
    return { name: `c/${name}`, path: join(entry.parentPath, `${name}.ts`) };
  });

export default {
  input: {
    home: join(root, 'scripts', 'workbench', 'pages', 'home.ts'),
    approvals: join(root, 'scripts', 'workbench', 'pages', 'approvals.ts'),
    duplicates: join(root, 'scripts', 'workbench', 'pages', 'duplicates.ts'),
    retention: join(root, 'scripts', 'workbench', 'pages', 'retention.ts'),
    why: join(root, 'scripts', 'workbench', 'pages', 'why.ts'),
  },
  output: { dir: join(root, 'dist', 'pages'), format: 'es', chunkFileNames: '[name]-[hash].js' },
  plugins: [
    salesforceModules({ packageFolder }),
    onlyIcons({ folders: [packageFolder], always: ['utility_error', 'utility_close', 'utility_warning'] }),
    lwc({
      rootDir: modules,
      modules: [...components, { dir: modules }, { npm: 'lightning-base-components' }],
      exclude: ['\0salesforce:**', '**/node_modules/@lwc/**'],
      enableDynamicComponents: true,
      enableSyntheticElementInternals: true,
    }),
    replace({
      'import.meta.env.SSR': 'false',
      'process.env.NODE_ENV': '"production"',
      preventAssignment: true,
    }),
  ],
  onwarn(warning, warn) {
    // the base components' own compiler warnings are not ours to mend
    if (!`${warning.id ?? ''}${warning.message}`.includes('lightning-base-components')) warn(warning);
  },
};

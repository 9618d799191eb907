import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import lwcTypeScript from '@salesforce/eslint-config-lwc/recommended-ts.js';

// Front doors and the composition root may read the clock and chance; everyone else is handed them.
const frontDoors = ['scripts/commands/**', 'scripts/app/**', 'scripts/workbench/**', 'scripts/twin/clock.ts'];

export default defineConfig([
  globalIgnores(['lib/', 'dist/', 'coverage/', '.stryker-tmp/', 'node_modules/', '**/*.d.ts']),
  {
    files: ['scripts/**/*.ts', 'tests/**/*.ts'],
    ignores: ['tests/lwc/**', 'scripts/workbench/pages/**', 'scripts/workbench/modules/**'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.tests.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // fights noPropertyAccessFromIndexSignature
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      complexity: ['error', 12],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'no-console': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 45, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      'max-lines': ['error', 400],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['scripts/**/*.ts'],
    ignores: frontDoors,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now' },
        { object: 'Math', property: 'random' },
      ],
    },
  },
  {
    files: [
      'force-app/**/lwc/**/*.ts',
      'tests/lwc/**/*.ts',
      'scripts/workbench/modules/**/*.ts',
      'scripts/workbench/pages/**/*.ts',
    ],
    extends: [lwcTypeScript, tseslint.configs.recommended],
  },
  {
    // a page's entry is no component: it puts the first one into the document
    files: ['scripts/workbench/pages/**/*.ts'],
    rules: { '@lwc/lwc/no-document-query': 'off' },
  },
]);

const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');

const lwc = {
  ...jestConfig,
  displayName: 'lwc',
  roots: ['<rootDir>/force-app', '<rootDir>/tests/lwc'],
  testMatch: ['**/__tests__/**/*.test.ts'],
  setupFilesAfterEnv: [...(jestConfig.setupFilesAfterEnv ?? []), '<rootDir>/tests/lwc/setup.ts'],
};
const node = {
  displayName: 'node',
  testEnvironment: 'node',
  roots: ['<rootDir>/scripts', '<rootDir>/tests'],
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testPathIgnorePatterns: ['<rootDir>/tests/lwc/', '<rootDir>/tests/browser/'],
  modulePathIgnorePatterns: ['<rootDir>/lib/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
};
module.exports = {
  projects: [lwc, node],
  globalSetup: '<rootDir>/tests/home/make.mjs',
  globalTeardown: '<rootDir>/tests/home/remove.mjs',
  testSequencer: '<rootDir>/tests/home/longestFirst.cjs',
  // a guard against hanging, not a measure of speed: twins boot and packages deploy in hooks
  testTimeout: 900_000,
  // modules of test files that are over stay in a worker's memory: begun anew, it collects less and fits small machines
  workerIdleMemoryLimit: '1GB',
  collectCoverageFrom: ['scripts/**/*.ts', 'force-app/**/lwc/*/*.ts', '!scripts/workbench/{pages,modules}/**'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text-summary', 'lcov'],
};

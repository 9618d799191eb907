const { resolve } = require('node:path');
const { projects } = require('../../jest.config.cjs');

// pure logic only: tests that boot an org would take minutes for each mutant
const [, node] = projects;
module.exports = {
  ...node,
  rootDir: resolve(__dirname, '..', '..'),
  displayName: undefined,
  testMatch: [
    '<rootDir>/tests/kernel/legalPeriod.test.ts',
    '<rootDir>/tests/standing/standingAt.test.ts',
    '<rootDir>/tests/disposal/*.test.ts',
    '<rootDir>/tests/retention/{decide,decidePerson,dueDay,purgePerson,severalRules}.test.ts',
  ],
  testPathIgnorePatterns: ['OnTwin'],
};

import { describe, expect, it } from '@jest/globals';
import { collectProof } from './collectProof.ts';

const statements = { 'RET-01': 'one', 'RET-02': 'two', 'RET-03': 'three' };
const passed = (fullName: string) => ({ fullName, status: 'passed' });

describe('proof of the statements', () => {
  it('is every passing test that names one, also by the description around it', () => {
    const [first, second] = collectProof(statements, [
      passed('retention plan RET-01: counts from the last contact'),
      passed('RET-02: a dry run lists what follows'),
      passed('another test'),
    ]);
    expect(first).toMatchObject({ isShown: true, passed: ['retention plan RET-01: counts from the last contact'] });
    expect(second).toMatchObject({ isShown: true });
  });

  it('is not given by no test, nor beside one that failed or was left out', () => {
    const assertions = [passed('RET-01: works'), { fullName: 'RET-01: fails', status: 'failed' }];
    const left = [passed('RET-02: works'), { fullName: 'RET-02: left out', status: 'pending' }];
    expect(collectProof(statements, [...assertions, ...left]).map(({ isShown }) => isShown)).toEqual([
      ...[false, false, false],
    ]);
  });

  it('takes no longer name for its beginning', () => {
    expect(collectProof(statements, [passed('RET-011: another')])[0]).toMatchObject({ isShown: false });
  });
});

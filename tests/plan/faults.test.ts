import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SOAK_FAULTS } from '../soak/faultList.ts';
import { runWithFault, type FaultyRun } from '../soak/faultyRun.ts';
import { problemsOf } from '../soak/judgeRun.ts';
import { openRunType, type RunType } from '../soak/runTypes.ts';

/** One of each kind of fault; `npm run soak` takes all of them, with every run type and as many seeds as there is time. */
const FAULTS = [
  '503 now and then',
  'reset before a write',
  'reset after a write',
  'answers of writes cut off',
  'locked rows',
  'rows of our own records locked',
  'session over on a write',
  'a job fails half way',
  'a job that does not move',
  'rows refused',
  'a code nobody decided about',
  'the org is restarted',
];

let type: RunType;
let whole: FaultyRun;
beforeAll(async () => {
  type = await openRunType('every operation, jobs where they can');
  whole = await runWithFault(type, undefined, 0);
});
afterAll(() => type.remove());

describe('a run of every operation', () => {
  it('is done when nothing goes wrong', () => {
    expect(whole.summary).toMatchObject({ state: 'done', persons: { done: 6 } });
    expect(whole.ledger).toBe('verified 1');
  });

  it.each(FAULTS)('loses, doubles and orphans nothing: %s', async (name) => {
    const fault = SOAK_FAULTS.find((one) => one.name === name);
    if (fault === undefined) throw new Error(`no fault ${name}`);
    const run = await runWithFault(type, fault, 4);
    expect(run.hits).toBeGreaterThan(0);
    expect(problemsOf(fault, run, whole)).toEqual([]);
  });

  it('tells a lost change from a whole one: the comparison finds what is missing and what is twice', () => {
    const [fault] = SOAK_FAULTS;
    const [effect = '', ...others] = whole.state.effects.filter((one) => one.startsWith('Contact '));
    const rest = whole.state.effects.filter((one) => !one.startsWith('Contact '));
    const twice = { ...whole, state: { ...whole.state, effects: [...whole.state.effects, effect] } };
    const lost = { ...whole, state: { ...whole.state, effects: [...others, ...rest] } };
    expect(problemsOf(fault!, twice, whole)).toEqual([expect.stringMatching(/^doubled: Contact /)]);
    expect(problemsOf(fault!, lost, whole)).toEqual([expect.stringMatching(/^lost: Contact /)]);
  });
});

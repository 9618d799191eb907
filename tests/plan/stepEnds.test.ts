import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StepOutcome } from '../../scripts/model/run.ts';
import type { JournaledOutcome, KnownOutcomes } from '../../scripts/plan/apply/journal.ts';
import { readStepEnds } from '../../scripts/plan/apply/stepEnds.ts';
import type { PlacedStep } from '../../scripts/plan/file/planStore.ts';

type End = readonly [StepOutcome, string | null] | null;

const end = fc.oneof(
  fc.constant<End>(null),
  fc.constantFrom<End>(['done', null], ['already-done', null], ['put-back', null]),
  fc.tuple(fc.constantFrom<StepOutcome>('changed', 'refused'), fc.constantFrom('hold', 'new-gift', null)),
);
const people = fc.array(fc.array(end, { minLength: 1, maxLength: 4 }), { maxLength: 30 });

/** Steps in the plan's order and what a journal knows of them; object and operation repeat as they do in plans. */
const planOf = (ends: readonly (readonly End[])[]) => {
  const placed: PlacedStep[] = [];
  const known = new Map<string, JournaledOutcome>();
  for (const [person, own] of ends.entries()) {
    for (const [at, found] of own.entries()) {
      const [key, subject] = [`${String(person)}/${String(at)}`, String(person)];
      const step = { key, subject, object: at % 2 === 0 ? 'Contact' : 'Task', operation: at < 2 ? 'delete' : 'purge' };
      placed.push({ ordinal: placed.length, step: step as PlacedStep['step'] });
      if (found !== null) known.set(key, { key, subject, outcome: found[0], code: found[1] });
    }
  }
  return { placed, journal: { outcomesOf: (): KnownOutcomes => known } };
};

/** Whoever is refused in part is refused, whoever changed in part is changed, whoever is not through is left. */
const personEnd = (own: readonly End[]): string => {
  const outcomes = own.map((one) => one?.[0]);
  if (outcomes.includes('refused')) return 'refused';
  if (outcomes.includes('changed') || outcomes.includes('put-back')) return 'changed';
  return outcomes.includes(undefined) ? 'left' : 'done';
};

describe('how a run’s people and steps ended', () => {
  it('is the same however much of it was learned on the way', () => {
    fc.assert(
      fc.property(people, fc.infiniteStream(fc.boolean()), (ends, isLearned) => {
        const { placed, journal } = planOf(ends);
        const whole = readStepEnds(journal, placed.length).tally(() => placed);
        const some = readStepEnds(journal, placed.length);
        for (const person of ends.keys()) {
          const own = placed.filter(({ step }) => step.subject === String(person));
          if (isLearned.next().value === true) some.learn(own, journal);
        }
        expect(some.tally(() => placed)).toEqual(whole);
        // a second look, after an ending that could not be written, counts nobody twice
        expect(some.tally(() => placed)).toEqual(whole);
        expect(some.of(placed)).toEqual(readStepEnds(journal, placed.length).of(placed));
      }),
    );
  });

  it('counts each person once, by the worst of their steps', () => {
    fc.assert(
      fc.property(people, (ends) => {
        const { placed, journal } = planOf(ends);
        const { persons, counts } = readStepEnds(journal, placed.length).tally(() => placed);
        const expected: Record<string, number> = { done: 0, changed: 0, refused: 0, left: 0 };
        for (const own of ends) expected[personEnd(own)]! += 1;
        expect(persons).toEqual(expected);
        const known = ends.flat().filter((one) => one !== null);
        expect(Object.values(counts).reduce((sum, one) => sum + one, 0)).toBe(known.length);
      }),
    );
  });

  it('is not read again from the plan when all of it was learned', () => {
    const { placed, journal } = planOf([[['done', null]], [['changed', 'hold']]]);
    const ends = readStepEnds(journal, placed.length);
    ends.learn(placed, journal);
    const unread = (): never => {
      throw new Error('read again');
    };
    expect(ends.tally(unread)).toMatchObject({
      persons: { done: 1, changed: 1 },
      doneBy: [{ object: 'Contact', operation: 'delete', count: 1 }],
      notDone: [{ code: 'hold', count: 1 }],
    });
  });
});

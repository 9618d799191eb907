import { addDays, endOfPeriod, type LocalDate } from '../kernel/legalPeriod.ts';
import type { Action } from '../model/charter.ts';
import type { PersonFacts } from '../standing/people.ts';
import { standingAt, type Standing } from '../standing/standingAt.ts';
import { readingFor, STOPPED_BY } from './decide.ts';
import { endingAction, rulesOf, termsOf } from './decidePerson.ts';
import type { RuleInForce } from './rules.ts';

/**
 * When a person falls due if nothing new happens: a day (today's when already due), `no-end` when something without an
 * end keeps them (a hold, an exception, a contact without a date), `not-concerned` when no rule's clock ever started.
 */
export type DueDay = LocalDate | 'no-end' | 'not-concerned';

type Ends = readonly (LocalDate | null)[];

/** Last days of all that keeps the person from what a rule does; none when the rule does not concern them. */
const lastDays = (standing: Standing, one: RuleInForce, action: Action): Ends => {
  const reading = readingFor(termsOf(one, action), standing);
  if (reading === undefined) return [];
  const { holds, duties } = STOPPED_BY[action];
  return [
    reading.since === null ? null : endOfPeriod(reading.since.date, one.duration),
    ...(reading.undated.length > 0 ? [null] : []),
    ...(holds ? standing.holds.map(({ until }) => until) : []),
    ...(duties ? standing.fiscal.map(({ until }) => until) : []),
  ];
};

const dayAfter = (ends: Ends, asOf: LocalDate): DueDay => {
  let last: LocalDate | undefined;
  for (const end of ends) {
    if (end === null) return 'no-end';
    if (last === undefined || end > last) last = end;
  }
  if (last === undefined) return 'not-concerned';
  return last < asOf ? asOf : addDays(last, 1);
};

const earliest = (days: readonly DueDay[]): DueDay =>
  days.filter((day) => day !== 'no-end' && day !== 'not-concerned').sort()[0] ??
  (days.includes('no-end') ? 'no-end' : 'not-concerned');

/**
 * The day after the last of everything that keeps the person in the active base; for people whom only rules look at
 * that do less, the day the first of these is due. The same reading of facts as `decidePerson`.
 */
export const dueDayOf = (known: PersonFacts, rules: readonly RuleInForce[], asOf: LocalDate): DueDay => {
  const standing = standingAt(known.facts, known.person.collected, asOf);
  const { ending, lesser } = rulesOf(known, rules);
  const isExcepted = ({ rule }: RuleInForce): boolean =>
    known.person.exceptions?.some((name) => name.startsWith(`${rule.key}/`)) === true;
  const endsOf = (one: RuleInForce, action: Action): Ends =>
    isExcepted(one) ? [null] : lastDays(standing, one, action);
  const together = endingAction(ending, standing);
  const ends = ending.flatMap((one) => endsOf(one, together ?? one.rule.action));
  if (ends.length > 0) return dayAfter(ends, asOf);
  return earliest(lesser.map((one) => dayAfter(endsOf(one, one.rule.action), asOf)));
};

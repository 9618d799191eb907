import { addDays, endOfPeriod, type LocalDate } from '../kernel/legalPeriod.ts';
import type { PersonFacts } from '../standing/people.ts';
import { standingAt, type Standing } from '../standing/standingAt.ts';
import type { RuleInForce } from './rules.ts';

/**
 * When a person falls due if nothing new happens: a day (today's when already due), `no-end` when something without an
 * end keeps them (a hold, a contact without a date), `not-concerned` when no rule's clock ever started for them.
 */
export type DueDay = LocalDate | 'no-end' | 'not-concerned';

const lastDays = (standing: Standing, { law, duration }: RuleInForce): readonly (LocalDate | null)[] => {
  const reading = standing.clocks.get(law.clock);
  if (reading === undefined) return [];
  const ends = reading.since === null ? null : endOfPeriod(reading.since.date, duration);
  return [ends, ...(reading.undated.length > 0 ? [null] : [])];
};

/** The day after the last of everything that keeps the person; the same reading of facts as `decideRetention`. */
export const dueDayOf = ({ person, facts }: PersonFacts, rules: readonly RuleInForce[], asOf: LocalDate): DueDay => {
  const standing = standingAt(facts, person.collected, asOf);
  const ends = rules.filter(({ rule }) => person.rules.includes(rule.key)).flatMap((rule) => lastDays(standing, rule));
  if (ends.length === 0) return 'not-concerned';
  const keepers = [...standing.holds, ...standing.fiscal].map(({ until }) => until);
  let last: LocalDate | undefined;
  for (const end of [...ends, ...keepers]) {
    if (end === null) return 'no-end';
    if (last === undefined || end > last) last = end;
  }
  return last === undefined || last < asOf ? asOf : addDays(last, 1);
};

import { endOfPeriod, type LegalPeriod, type LocalDate } from '../kernel/legalPeriod.ts';
import type { Reason } from '../model/plan.ts';
import type { ClockReading, Keeper, Standing } from '../standing/standingAt.ts';

/** A rule with its dated law: what a decision needs of it. */
export type RetentionTerms = { readonly key: string; readonly clock: string; readonly duration: LegalPeriod };

export type RetentionDecision = {
  readonly verdict: 'due' | 'kept';
  readonly reason: Reason;
  /** Last day of what keeps the person; null when none is known, or when the person is due. */
  readonly until: LocalDate | null;
};

const kept = (code: string, until: LocalDate | null, facts: Reason['facts']): RetentionDecision => ({
  verdict: 'kept',
  reason: { code, facts },
  until,
});

/** Everything that keeps a person, so that the first of them ending is not taken for the last. */
const keptBy = (code: string, keepers: readonly Keeper[], others: readonly string[]): RetentionDecision => {
  const until = keepers.some((keeper) => keeper.until === null) ? null : (keepers[0]?.until ?? null);
  return kept(code, until, { by: keepers.map((keeper) => keeper.key).join(' '), until, also: others.join(' ') });
};

/** How reasons are called: being in touch is told apart from what merely happened. */
type Words = { readonly running: string; readonly over: string; readonly undated: string };
const CONTACT: Words = { running: 'recent-contact', over: 'no-contact', undated: 'undated-contact' };
const EVENT: Words = { running: 'period-running', over: 'period-over', undated: 'undated-event' };

/** Every reason to keep the person, the strongest first. */
const reasonsToKeep = (
  standing: Standing,
  { undated }: ClockReading,
  words: Words,
  isRunning: boolean | null,
): readonly string[] => [
  ...(standing.holds.length > 0 ? ['hold'] : []),
  ...(standing.fiscal.length > 0 ? ['fiscal-duty'] : []),
  ...(undated.length > 0 ? [words.undated] : []),
  ...(isRunning === null ? ['clock-unknown'] : []),
  ...(isRunning === true ? [words.running] : []),
];

/** A rule whose clock never started for a person says nothing about them. */
export const NOT_CONCERNED = 'not-concerned';

/**
 * The decision about one person on a day: the same function plans and, on freshly read facts, guards each deletion.
 * The period's last day still belongs to it (Regulation 1182/71, Art. 3): due from the day after. A rule whose clock has
 * no event of this person keeps them as `not-concerned`.
 */
export const decideRetention = (terms: RetentionTerms, standing: Standing, asOf: LocalDate): RetentionDecision => {
  const reading = standing.clocks.get(terms.clock);
  if (reading === undefined) return kept(NOT_CONCERNED, null, { clock: terms.clock });
  const words = terms.clock === 'last-genuine-contact' ? CONTACT : EVENT;
  const { since, undated } = reading;
  const lastDay = since === null ? null : endOfPeriod(since.date, terms.duration);
  const [code, ...others] = reasonsToKeep(standing, reading, words, lastDay === null ? null : asOf <= lastDay);
  const started = since === null ? {} : { source: since.source, date: since.date };
  switch (code) {
    case 'hold':
      return keptBy(code, standing.holds, others);
    case 'fiscal-duty':
      return keptBy(code, standing.fiscal, others);
    case words.undated:
      return kept(code, null, { by: undated.join(' '), also: others.join(' ') });
    case 'clock-unknown':
      return kept(code, null, {});
    case words.running:
      return kept(code, lastDay, { ...started, until: lastDay });
    default:
      return { verdict: 'due', reason: { code: words.over, facts: { ...started, since: lastDay } }, until: null };
  }
};

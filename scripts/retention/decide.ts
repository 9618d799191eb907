import { endOfPeriod, type LegalPeriod, type LocalDate } from '../kernel/legalPeriod.ts';
import type { Action } from '../model/charter.ts';
import { DUE_SOON, type Reason } from '../model/plan.ts';
import { SOLICITATIONS } from '../model/ruleSet.ts';
import type { ClockReading, Keeper, Standing } from '../standing/standingAt.ts';

/** A rule with its dated law: what a decision needs of it. */
export type RetentionTerms = {
  readonly key: string;
  readonly clock: string;
  readonly duration: LegalPeriod;
  /** What the rule does when its period is over; `purge` by default. */
  readonly action?: Action;
  /** Of the clock of unanswered solicitations: how many start the period. */
  readonly solicitations?: number;
  /** How long before the end a person is announced. */
  readonly warnBefore?: LegalPeriod;
};

/** What keeps a person from an action: it destroys what a dispute or a duty needs, or it does not. */
export const STOPPED_BY: Readonly<Record<Action, { readonly holds: boolean; readonly duties: boolean }>> = {
  purge: { holds: true, duties: true },
  anonymise: { holds: true, duties: true },
  // the duty's subset goes along into the archive, or who it is about
  archive: { holds: true, duties: false },
  pseudonymise: { holds: true, duties: false },
  unlink: { holds: true, duties: false },
  // nothing is lost: somebody is only left alone
  restrict: { holds: false, duties: false },
};

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

type Clocked = { readonly reading: ClockReading; readonly words: Words; readonly isRunning: boolean | null };

/** Every reason to keep the person, the strongest first. */
const reasonsToKeep = (
  standing: Standing,
  action: Action,
  { reading: { undated }, words, isRunning }: Clocked,
): readonly string[] => [
  ...(standing.holds.length > 0 && STOPPED_BY[action].holds ? ['hold'] : []),
  ...(standing.fiscal.length > 0 && STOPPED_BY[action].duties ? ['fiscal-duty'] : []),
  ...(undated.length > 0 ? [words.undated] : []),
  ...(isRunning === null ? ['clock-unknown'] : []),
  ...(isRunning === true ? [words.running] : []),
];

const UNANSWERED: Words = { running: 'period-running', over: 'no-answer', undated: 'undated-event' };

/** A rule whose clock never started for a person says nothing about them. */
export const NOT_CONCERNED = 'not-concerned';

/** The reading a rule counts from: of unanswered solicitations, the one that fills the number. */
export const readingFor = (terms: RetentionTerms, standing: Standing): ClockReading | undefined => {
  const reading = standing.clocks.get(terms.clock);
  if (reading?.days === undefined) return reading;
  const last = reading.days[(terms.solicitations ?? 1) - 1];
  return last === undefined ? undefined : { since: { date: last, source: terms.clock }, undated: [] };
};

const wordsOf = (clock: string): Words => {
  if (clock === SOLICITATIONS) return UNANSWERED;
  return clock === 'last-genuine-contact' ? CONTACT : EVENT;
};

/** Whether a period that still runs ends within the time in which it is announced. */
const isSoon = ({ warnBefore }: RetentionTerms, lastDay: LocalDate | null, asOf: LocalDate): boolean =>
  warnBefore !== undefined && lastDay !== null && endOfPeriod(asOf, warnBefore) > lastDay;

/**
 * The decision about one person on a day: the same function plans and, on freshly read facts, guards each deletion.
 * The period's last day still belongs to it (Regulation 1182/71, Art. 3): due from the day after. A rule whose clock has
 * no event of this person keeps them as `not-concerned`.
 */
export const decideRetention = (terms: RetentionTerms, standing: Standing, asOf: LocalDate): RetentionDecision => {
  const reading = readingFor(terms, standing);
  if (reading === undefined) return kept(NOT_CONCERNED, null, { clock: terms.clock });
  const words = wordsOf(terms.clock);
  const { since, undated } = reading;
  const lastDay = since === null ? null : endOfPeriod(since.date, terms.duration);
  const isRunning = lastDay === null ? null : asOf <= lastDay;
  const [code, ...others] = reasonsToKeep(standing, terms.action ?? 'purge', { reading, words, isRunning });
  const started = since === null ? {} : { date: since.date, source: since.source };
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
      return kept(isSoon(terms, lastDay, asOf) ? DUE_SOON : code, lastDay, {
        ...started,
        until: lastDay,
      });
    default:
      return { verdict: 'due', reason: { code: words.over, facts: { ...started, since: lastDay } }, until: null };
  }
};

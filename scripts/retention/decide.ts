import { endOfPeriod, type LegalPeriod, type LocalDate } from '../kernel/legalPeriod.ts';
import type { Reason } from '../model/plan.ts';
import type { Keeper, Standing } from '../standing/standingAt.ts';

/** A rule with its dated law: what a decision needs of it. */
export type RetentionTerms = { readonly key: string; readonly duration: LegalPeriod };

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

/** Every reason to keep the person, the strongest first. */
const reasonsToKeep = (standing: Standing, lastDay: LocalDate | null, asOf: LocalDate): readonly string[] => [
  ...(standing.holds.length > 0 ? ['hold'] : []),
  ...(standing.fiscal.length > 0 ? ['fiscal-duty'] : []),
  ...(standing.undated.length > 0 ? ['undated-contact'] : []),
  ...(lastDay === null ? ['clock-unknown'] : []),
  ...(lastDay !== null && asOf <= lastDay ? ['recent-contact'] : []),
];

/**
 * The decision about one person on a day: the same function plans and, on freshly read facts, guards each deletion.
 * The period's last day still belongs to it (Regulation 1182/71, Art. 3): due from the day after.
 */
export const decideRetention = (terms: RetentionTerms, standing: Standing, asOf: LocalDate): RetentionDecision => {
  const { clock, undated, holds, fiscal } = standing;
  const lastDay = clock === null ? null : endOfPeriod(clock.date, terms.duration);
  const [code, ...others] = reasonsToKeep(standing, lastDay, asOf);
  const contact = clock === null ? {} : { source: clock.source, date: clock.date };
  const also = others.join(' ');
  switch (code) {
    case 'hold':
      return keptBy(code, holds, others);
    case 'fiscal-duty':
      return keptBy(code, fiscal, others);
    case 'undated-contact':
      return kept(code, null, { by: undated.join(' '), also });
    case 'clock-unknown':
      return kept(code, null, {});
    case 'recent-contact':
      return kept(code, lastDay, { ...contact, until: lastDay });
    default:
      return { verdict: 'due', reason: { code: 'no-contact', facts: { ...contact, since: lastDay } }, until: null };
  }
};

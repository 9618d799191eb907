import { sha256Hex } from '../kernel/hash.ts';
import { endOfPeriod, type LocalDate } from '../kernel/legalPeriod.ts';
import type { ArchiveTerms } from '../model/archive.ts';
import type { Keeper } from '../standing/standingAt.ts';
import { phaseOf, type RuleInForce } from './rules.ts';

const later = (a: LocalDate | null, b: LocalDate | null): LocalDate | null =>
  a === null || (b !== null && b > a) ? b : a;

/** Last day of what claims and duties want archived; null when there are none. */
export const archivedUntil = (rule: RuleInForce, duties: readonly Keeper[], asOf: LocalDate): LocalDate | null => {
  const claims = phaseOf(rule)?.for;
  const first = claims === undefined ? null : endOfPeriod(asOf, claims);
  return duties.reduce<LocalDate | null>((last, one) => later(last, one.until), first);
};

/** What an archive says about itself: the same for the same person, rule and day; it tells nothing about whom. */
export const archiveTermsOf = ({ rule, law }: RuleInForce, person: string, asOf: LocalDate): ArchiveTerms => ({
  key: `${rule.key}-${asOf}-${sha256Hex(`${person} ${rule.key} ${asOf}`).slice(0, 24)}`.slice(-80),
  ...{ rule: rule.key, purpose: rule.purpose, legalGround: law.legalGround.en },
});

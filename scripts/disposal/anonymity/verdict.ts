import { endOfPeriod, type LegalPeriod, type LocalDate } from '../../kernel/legalPeriod.ts';
import type { Finding, Verdict } from './contract.ts';

const laterOf = (a: LocalDate | null, b: LocalDate | null): LocalDate | null =>
  a === null || b === null ? null : a > b ? a : b;

/**
 * The word that may be said on a day. What ended before it speaks no more against *anonymised*; what has no known end
 * speaks against it for good.
 */
export const verdictOf = (findings: readonly Finding[], asOf: LocalDate): Verdict => {
  const open = findings.filter(({ until }) => until === null || until >= asOf);
  const [first, ...rest] = open;
  if (first === undefined) return { word: 'anonymised' };
  const until = rest.reduce<LocalDate | null>((last, finding) => laterOf(last, finding.until), first.until);
  return { word: 'pseudonymised', until, findings: open };
};

/**
 * Copies outside the org that hold record ids (backups, exports, integrations): the platform's id and the moment a record
 * was made cannot be changed, and find the person in every copy. Until they are gone; without an end where the charter
 * does not say how long they are kept (`anonymisation.copies`); none where it says that there are none (`P0D`).
 */
export const copiesFinding = (copies: LegalPeriod | undefined, asOf: LocalDate): readonly Finding[] => {
  const until = copies === undefined ? null : endOfPeriod(asOf, copies);
  return until === asOf ? [] : [{ check: 'linkability', code: 'copies-remain', count: 1, until }];
};

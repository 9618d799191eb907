import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { Fact } from './facts.ts';

/** Why a person may not be deleted, and until when; null = no end is known. */
export type Keeper = { readonly key: string; readonly until: LocalDate | null };

/** A person's position on a day. */
export type Standing = {
  /** Last genuine contact or, without any, the collection; null when nothing is dated. */
  readonly clock: { readonly date: LocalDate; readonly source: string } | null;
  /** Keys of contacts without a date: somebody was in touch, nobody knows when. */
  readonly undated: readonly string[];
  /** Fiscal duties in force, the longest first. */
  readonly fiscal: readonly Keeper[];
  /** Holds in force. */
  readonly holds: readonly Keeper[];
};

const longestFirst = (a: Keeper, b: Keeper): number => {
  if (a.until === b.until) return a.key < b.key ? -1 : 1;
  if (a.until === null) return -1;
  if (b.until === null) return 1;
  return a.until > b.until ? -1 : 1;
};

const keepersOf = (facts: readonly Fact[], kind: 'fiscal' | 'hold', asOf: LocalDate): readonly Keeper[] => {
  const longest = new Map<string, Keeper>();
  for (const { source, until } of facts) {
    if (source.kind !== kind || (until !== null && until < asOf)) continue;
    const keeper = { key: source.key, until };
    const known = longest.get(source.key);
    if (known === undefined || longestFirst(keeper, known) < 0) longest.set(source.key, keeper);
  }
  return [...longest.values()].sort(longestFirst);
};

/** Name of the clock that starts when no contact is known: the day the record was made. */
export const COLLECTION = 'collection';

const latestContact = (contacts: readonly Fact[]): Standing['clock'] => {
  let latest: Standing['clock'] = null;
  for (const { date, source } of contacts) {
    if (date === null) continue;
    const isLater = latest === null || date > latest.date || (date === latest.date && source.key < latest.source);
    if (isLater) latest = { date, source: source.key };
  }
  return latest;
};

/**
 * Where a person stands on `asOf`, from every fact about them. The clock is the latest genuine contact over all paths,
 * or the collection when there was none; nothing else moves it (opens, bulk sends, system edits and Garde's own writes
 * are not genuine contacts of any pack).
 */
export const standingAt = (facts: readonly Fact[], collected: LocalDate | null, asOf: LocalDate): Standing => {
  const contacts = facts.filter((fact) => fact.source.kind === 'contact');
  return {
    clock: latestContact(contacts) ?? (collected === null ? null : { date: collected, source: COLLECTION }),
    undated: [...new Set(contacts.filter((fact) => fact.date === null).map((fact) => fact.source.key))].sort(),
    fiscal: keepersOf(facts, 'fiscal', asOf),
    holds: keepersOf(facts, 'hold', asOf),
  };
};

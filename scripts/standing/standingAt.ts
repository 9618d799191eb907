import type { LocalDate } from '../kernel/legalPeriod.ts';
import { SOLICITATIONS } from '../model/ruleSet.ts';
import type { Fact } from './facts.ts';

/** Why a person may not be deleted, and until when; null = no end is known. */
export type Keeper = {
  readonly key: string;
  readonly until: LocalDate | null;
  /** Of a duty: the categories of the person's own record that it needs. */
  readonly needs?: readonly string[];
};

/** What starts a period. */
export type ClockReading = {
  /** The day and the key of the source that told it; null when nothing is dated. */
  readonly since: { readonly date: LocalDate; readonly source: string } | null;
  /** Keys of sources with rows without a date: it happened, nobody knows when. */
  readonly undated: readonly string[];
  /** Of the clock of unanswered solicitations: the day of each since the last genuine contact, the earliest first. */
  readonly days?: readonly LocalDate[];
};

/** A person's position on a day. */
export type Standing = {
  /** By name; a clock whose events the person has none of is not there. */
  readonly clocks: ReadonlyMap<string, ClockReading>;
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

const keepersOf = (facts: readonly Fact[], asOf: LocalDate): readonly Keeper[] => {
  if (facts.length === 0) return [];
  const longest = new Map<string, Keeper>();
  for (const { source, until } of facts) {
    if (until !== null && until < asOf) continue;
    const keeper = { key: source.key, until, ...(source.needs === undefined ? {} : { needs: source.needs }) };
    const known = longest.get(source.key);
    if (known === undefined || longestFirst(keeper, known) < 0) longest.set(source.key, keeper);
  }
  return [...longest.values()].sort(longestFirst);
};

const COLLECTION = 'collection';

const readingOf = (facts: readonly Fact[]): ClockReading => {
  let latest: ClockReading['since'] = null;
  for (const { date, source } of facts) {
    if (date === null) continue;
    const isLater = latest === null || date > latest.date || (date === latest.date && source.key < latest.source);
    if (isLater) latest = { date, source: source.key };
  }
  const undated = facts.filter((fact) => fact.date === null);
  if (undated.length === 0) return { since: latest, undated: [] };
  return { since: latest, undated: [...new Set(undated.map((fact) => fact.source.key))].sort() };
};

/** Days on which the person was asked for something and after which nothing came from them. */
const unansweredIn = (asked: readonly Fact[], contact: ClockReading['since']): ClockReading | undefined => {
  if (asked.length === 0) return undefined;
  // several letters of one day are one appeal, and an answer on that day answers it
  const days = [...new Set(asked.flatMap(({ date }) => date ?? []))].filter(
    (date) => contact === null || date > contact.date,
  );
  return { since: null, undated: [], days: days.sort() };
};

/** Facts that a standing is made of; what a deletion does to rows says nothing about the person. */
type ByKind = Readonly<Record<'contact' | 'solicitation' | 'event' | 'fiscal' | 'hold', readonly Fact[]>>;

const byKind = (facts: readonly Fact[]): ByKind => {
  const kinds: Record<keyof ByKind, Fact[]> = { contact: [], solicitation: [], event: [], fiscal: [], hold: [] };
  for (const fact of facts) {
    const { kind } = fact.source;
    if (kind in kinds) kinds[kind as keyof ByKind].push(fact);
  }
  return kinds;
};

const clocksOf = (facts: ByKind, collected: LocalDate | null): Standing['clocks'] => {
  const collection = { since: collected === null ? null : { date: collected, source: COLLECTION }, undated: [] };
  const contacts = readingOf(facts.contact);
  const clocks = new Map<string, ClockReading>([
    [COLLECTION, collection],
    ['last-genuine-contact', { ...contacts, since: contacts.since ?? collection.since }],
  ]);
  const unanswered = unansweredIn(facts.solicitation, contacts.since);
  if (unanswered !== undefined) clocks.set(SOLICITATIONS, unanswered);
  const events = facts.event;
  for (const name of new Set(events.map((fact) => fact.source.clock ?? fact.source.key)))
    clocks.set(name, readingOf(events.filter((fact) => (fact.source.clock ?? fact.source.key) === name)));
  return clocks;
};

/**
 * Where a person stands on `asOf`, from every fact about them. The general clock is the latest genuine contact over all
 * paths, or the collection when there was none; nothing else moves it (opens, bulk sends, system edits and Garde's own
 * writes are not genuine contacts of any pack). An event's clock is its latest: who joined again is a member.
 */
export const standingAt = (facts: readonly Fact[], collected: LocalDate | null, asOf: LocalDate): Standing => {
  const kinds = byKind(facts);
  return {
    clocks: clocksOf(kinds, collected),
    fiscal: keepersOf(kinds.fiscal, asOf),
    holds: keepersOf(kinds.hold, asOf),
  };
};

import type { LocalDate } from '../../kernel/legalPeriod.ts';
import type { OrgValue } from '../../org/port.ts';

/** A property of a person that somebody who knows them may know too (quasi-identifier), or that must not be learnt. */
export type Attribute = {
  /** `Contact.Birthdate`; the key in results. */
  readonly key: string;
  readonly role: 'quasi-identifier' | 'sensitive';
  /** Name of a hierarchy; sensitive attributes need none: they stay as they are or are emptied. */
  readonly hierarchy?: string;
  /** The finest step that may be written; the hierarchy's first by default. */
  readonly from?: string;
  /** How the org stores the value, as describe says it: `date`, `string`, `double`, … */
  readonly type: string;
};

/** One person. */
export type PopulationRow = {
  readonly id: string;
  /** In the order of the population's attributes. */
  readonly values: readonly OrgValue[];
  /** Country (ISO 3166-1) or its name, where the values hold a postcode; the charter's country by default. */
  readonly country?: string | null;
  /** Anonymised by an earlier plan and still in the org: stands beside the others, and is not changed any more. */
  readonly isDone?: boolean;
};

/**
 * The people who are to be anonymised together with those that were before and still lie in the org: to a reader they
 * are one crowd. `rows` is read several times and must give the same rows in the same order each time (a snapshot does,
 * by record id), so that a million people need no million rows in memory.
 */
export type Population = {
  readonly attributes: readonly Attribute[];
  readonly rows: () => Iterable<PopulationRow>;
};

export type AnonymityTerms = {
  /** Everybody looks like at least so many, themself included. */
  readonly k: number;
  /** Sensitive values that a group of people who look alike has at least, unless it has none at all. */
  readonly l: number;
  /** Share of the people at most whose attributes are emptied because they fit into no group. */
  readonly suppressedAtMost: number;
  /** The controller's country: how postcodes without a country are read. */
  readonly country: string;
};

/** How far an attribute was generalised. */
export type Generalisation = {
  readonly key: string;
  readonly hierarchy: string;
  /** The step that is written; `none` = emptied for everybody. */
  readonly step: string;
  /** Position of the step, 0 = the finest that was allowed, and of `none`. */
  readonly level: number;
  readonly levels: number;
};

/** What becomes of one person. */
export type PersonOutcome = {
  readonly id: string;
  /** `kept`: looks like at least k; `suppressed`: emptied because nobody looked alike; `done`: by an earlier plan. */
  readonly state: 'kept' | 'suppressed' | 'done';
  /** What is written, by key of the attribute; sensitive attributes that are to be emptied are null. */
  readonly values: Readonly<Record<string, OrgValue>>;
};

/** People who look alike; the values are what a reader of the org sees. */
export type ClassReport = {
  readonly values: Readonly<Record<string, OrgValue>>;
  readonly people: number;
  readonly suppressed: boolean;
};

export type AnonymisationPlan = {
  readonly people: number;
  readonly toDo: number;
  /** Size of the smallest group: what k was reached; 0 when nobody is there. */
  readonly kReached: number;
  /** Least number of values of a sensitive attribute over all groups that have any; null without such attributes. */
  readonly lReached: number | null;
  readonly generalisations: readonly Generalisation[];
  readonly suppressed: number;
  /** Sensitive attributes that are emptied for everybody because no group had enough of their values. */
  readonly emptied: readonly string[];
  /** How many groups have how many people, by size: 5 to 9, 10 to 19, … */
  readonly sizes: readonly {
    readonly from: number;
    readonly to: number | null;
    readonly groups: number;
    readonly people: number;
  }[];
  /** Nodes of the lattice that were tried. */
  readonly tried: number;
  readonly findings: readonly Finding[];
  /** In the order of the population's rows, lazily. */
  readonly outcomes: () => Iterable<PersonOutcome>;
  /** Groups by size, the smallest first; at most so many. */
  readonly classes: (limit: number) => readonly ClassReport[];
};

/** What can speak against the word *anonymised*. */
export const FINDING_CODES = [
  'population-too-small',
  'emptied-too-few',
  'earlier-stand-out',
  'required-field-kept',
  'key-remains',
  'history-remains',
  'row-remains',
  'row-tied',
  'file-remains',
  'text-remains',
  'deleted-readable',
  'copies-remain',
  'graph-not-read',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

export const CHECKS = ['singling-out', 'linkability', 'inference'] as const;

/**
 * Something that speaks against the word *anonymised*. The three tests are those of the Article 29 Working Party's
 * Opinion 05/2014 on anonymisation techniques (WP216), which the CNIL asks for.
 * https://ec.europa.eu/justice/article-29/documentation/opinion-recommendation/files/2014/wp216_en.pdf
 */
export type Finding = {
  readonly check: (typeof CHECKS)[number];
  /** A text in messages: `anonymisation.finding.<code>`. */
  readonly code: FindingCode;
  /** `Object` or `Object.Field`; never a value. */
  readonly place?: string;
  readonly count?: number;
  /** Last day on which it holds; null when no day is known. */
  readonly until: LocalDate | null;
};

/**
 * *Anonymised* only without any finding. With findings that all end, *pseudonymised* until the last of those days; else
 * *pseudonymised* without an end.
 */
export type Verdict =
  | { readonly word: 'anonymised' }
  | { readonly word: 'pseudonymised'; readonly until: LocalDate | null; readonly findings: readonly Finding[] };

import type { Link, MatchTable, Zone } from '../contract.ts';
import type { Plan } from '../engine/plan.ts';
import type { Domain } from '../engine/values/contract.ts';
import type { FittedModel } from '../model/contract.ts';
import type { RowIds } from '../read/contract.ts';

/** Takes the bytes of an index from front to end. */
export type ByteSink = { write(bytes: Uint8Array): void };

/** The same bytes read by place: the vault's sealed pages, or plain ones in tests. */
export type PageSource = { readonly pages: number; readonly pageBytes: number; read(page: number): Uint8Array };

/** Where something lies among the bytes of an index. */
export type Section = { readonly at: number; readonly length: number };

/** Keys of one rule, ascending, each with its row: `starts[b]` entries lie before those whose upper bits are b. */
export type KeySection = { readonly entries: Section; readonly starts: Section; readonly bits: number };

export type RuleSection = {
  readonly name: string;
  readonly plain: KeySection;
  /** Rows of keys that too many have, under keys with further parts of the rule. */
  readonly narrowed: KeySection;
  /** Keys that were narrowed, plain and narrowed ones apart, each with the number of its rows: [key, rows, key, rows…]. */
  readonly large: Section;
  readonly largeNarrowed: Section;
};

/** Of the one rule of a field: how many entries it has, and the sum of the squares of the sizes of its blocks. */
export type Uses = { readonly entries: number; readonly squares: number };

/** Rows of one kind; `kind` -1: all rows, where there is one model for all. */
export type KindSection = {
  readonly kind: number;
  readonly rules: readonly RuleSection[];
  readonly uses: Readonly<Record<'email' | 'phone', Uses>>;
  readonly filled: Readonly<Record<string, number>>;
};

/** Distinct values of one domain, ascending by the hash of their keys. */
export type ValueSection = {
  readonly count: number;
  readonly width: number;
  /** Cells that have any of them. */
  readonly cells: number;
  /** Sum over values of uses × (uses - 1): how often two cells agree by chance. */
  readonly coinciding: number;
  readonly identity: Section;
  readonly fields: Section;
  readonly counts: Section;
  readonly keyStarts: Section;
  readonly keys: Section;
  readonly textStarts: Section;
  readonly texts: Section;
};

/** Domains that rows have values of. */
export const VALUE_DOMAINS = [
  'given',
  'family',
  'organisation',
  'place',
  'street',
] as const satisfies readonly Domain[];
export type ValueDomain = (typeof VALUE_DOMAINS)[number];

export const INDEX_FORMAT = 1;

/** The plain part of an index, kept in memory while it is open. */
export type IndexHeader = {
  readonly gardeMatchIndex: typeof INDEX_FORMAT;
  readonly rows: number;
  /** ISO instant the reading of records began: what changed since is not in the index. */
  readonly readAt: string;
  readonly plan: Plan;
  /** Columns of records as they were written: another order is another version's. */
  readonly columns: readonly string[];
  readonly model: FittedModel;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** Countries of the tables, each once. */
  readonly countries: readonly (string | undefined)[];
  readonly kinds: readonly KindSection[];
  readonly values: Readonly<Record<ValueDomain, ValueSection>>;
  /** Rows a page, and bytes a row: its record, its number among the rows of the tables, users of its mailboxes. */
  readonly records: Section & { readonly rowsAPage: number; readonly rowBytes: number };
  /** Users of mailboxes that are too long for a row. */
  readonly longUsers: Section;
  readonly ids: { readonly starts: Section; readonly bytes: Section };
};

/** What an index is made of: the tables of a run and its model. */
export type IndexInput = {
  readonly tables: readonly MatchTable[];
  readonly ids: readonly RowIds[];
  /** Rows that took no part (restricted people): they are not in the index. */
  readonly excluded: ReadonlySet<number>;
  readonly model: FittedModel;
  readonly readAt: string;
};

/** A record that one looked up may be, or that belongs to the same household. */
export type Hit = {
  /** Its number among the rows of the tables. */
  readonly row: number;
  readonly id: string;
  readonly table: string;
  readonly probability: number;
  readonly link: Link;
  readonly zone: Zone;
};

export type LookupAnswer = {
  /** Likeliest first. */
  readonly hits: readonly Hit[];
  /** Records that were compared. */
  readonly compared: number;
  /** Roles of columns that the index has nothing to compare with. */
  readonly unused: readonly string[];
  /** By rule, records that share a key which too many have: they were not compared by this rule. */
  readonly leftOut: readonly { readonly rule: string; readonly records: number }[];
};

/**
 * What matching publishes and merging reads: GardeDuplicateGroup__c with its GardeDuplicateMember__c. Ids, scores and words
 * about comparisons only; the values that were compared stay where they are.
 */
export type LinkKind = 'person' | 'household' | 'organisation';
/** What somebody said about a group; `later` leaves it open. */
export type GroupDecision = 'duplicate' | 'not-duplicate' | 'related' | 'later';

/** A record of the org, as matching names it. */
export type MatchedRecord = { readonly object: string; readonly id: string };

type Words = { readonly en: string; readonly fr: string };

/** One comparison of two members, without what was compared: `Evidence__c` of the member holds a list of them as JSON. */
export type MemberEvidence = {
  readonly comparison: string;
  readonly level: string;
  /** log2, frequency of the value included; negative speaks against. */
  readonly weight: number;
  readonly words: Words;
};

/** A line of the side-by-side view: the fields of each object that hold the same thing; `ComparedFields__c`, as JSON. */
export type ComparedFields = {
  readonly role: string;
  readonly words: Words;
  readonly fields: Readonly<Record<string, readonly string[]>>;
};

export type DuplicateMember = {
  readonly record: MatchedRecord;
  /** Probability of its strongest link within the group, 0 to 1. */
  readonly score: number;
  /** The record at the other end of that link. */
  readonly linkedTo: MatchedRecord;
  readonly evidence: readonly MemberEvidence[];
};

/** A group that matching proposes: members in the order of their ids. */
export type DuplicateGroup = {
  /** SHA-256 over link and members: the same members make the same group in every run. */
  readonly key: string;
  readonly link: LinkKind;
  readonly zone: 'auto' | 'review';
  /** The lowest of the links that hold the group together, 0 to 1. */
  readonly probability: number;
  readonly members: readonly DuplicateMember[];
};

/** A decision about two records as the org remembers it. */
export type RememberedDecision = {
  readonly a: MatchedRecord;
  readonly b: MatchedRecord;
  readonly decision: Exclude<GroupDecision, 'later'>;
  /** Id of the user who decided; null when it is not told. */
  readonly by: string | null;
  /** ISO instant; null when it is not told. */
  readonly at: string | null;
  /** The reason given: may name people, so it never enters logs. */
  readonly why: string | null;
  /** Of the group that was decided about. */
  readonly groupKey: string;
};

export const DECISIONS = ['duplicate', 'not-duplicate', 'related'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What somebody decided about two records of files; kept sealed. */
export type KeptDecision = {
  readonly a: string;
  readonly b: string;
  readonly decision: Decision;
  /** Who, as the machine or the org knows them. */
  readonly by: string;
  /** ISO instant. */
  readonly at: string;
  readonly why: string;
};

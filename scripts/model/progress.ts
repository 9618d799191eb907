/** What a use case tells while it works; front doors render it. Never holds personal data. */
export type Progress = {
  /** Message key of the stage, `audit.inventory`. */
  readonly stage: string;
  readonly done?: number;
  readonly total?: number;
  /** By the speed so far. */
  readonly secondsLeft?: number;
  readonly subject?: string;
};
export type ReportProgress = (progress: Progress) => void;

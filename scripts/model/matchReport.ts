/** A value with its 95 % interval, shares of 0 to 1. */
export type ReportedEstimate = { readonly value: number; readonly low: number; readonly high: number };

/** What a matching run found, in numbers and ids, as its report shows it: no name, address or other value of a record. */
export type MatchReport = {
  /** ISO instant of the run. */
  readonly at: string;
  /** The org, or the files. */
  readonly subject: string;
  readonly tables: readonly {
    readonly name: string;
    readonly rows: number;
    readonly columns: readonly {
      readonly name: string;
      readonly role: string;
      readonly by: 'map' | 'guess' | 'pack';
      readonly confidence: number;
    }[];
  }[];
  readonly rows: number;
  readonly pairs: number;
  readonly byZone: Readonly<Record<'auto' | 'review', number>>;
  readonly byLink: Readonly<Record<'person' | 'household' | 'organisation', number>>;
  readonly clusters: number;
  readonly rowsInClusters: number;
  readonly households: number;
  readonly largest: readonly { readonly cluster: string; readonly size: number }[];
  readonly precision: ReportedEstimate;
  readonly recall: ReportedEstimate;
  /** Probabilities that begin the zones. */
  readonly review: number;
  readonly auto: number;
  readonly targetError: number;
  readonly unmatchable: number;
  readonly excluded: number;
  readonly decided: number;
  readonly caps: readonly { readonly what: string; readonly count: number }[];
  /** Counts of scored pairs in 50 equal steps of log2 odds from -25 to +25. */
  readonly histogram: readonly number[];
  readonly blocking: readonly {
    readonly name: string;
    readonly blocks: number;
    readonly candidates: number;
    readonly tightened: readonly string[];
    readonly skippedBlocks: number;
    readonly skippedPairs: number;
    readonly recall: number;
  }[];
  readonly comparisons: readonly {
    readonly name: string;
    readonly levels: readonly { readonly name: string; readonly weight: number }[];
  }[];
};

/** Why two records are held to be one person, or not. The two values of each comparison are those that were compared. */
export type MatchExplanation = {
  readonly a: string;
  readonly b: string;
  readonly probability: number;
  readonly link: 'person' | 'household' | 'organisation' | 'none';
  readonly zone: 'auto' | 'review' | 'no';
  /** log2 odds before any evidence. */
  readonly prior: number;
  readonly evidence: readonly {
    readonly comparison: string;
    readonly level: string;
    /** log2; negative speaks against. */
    readonly weight: number;
    /** What frequent or rare values add or take. */
    readonly frequency: number;
    readonly left: string;
    readonly right: string;
  }[];
  /** What somebody decided about the two. */
  readonly decision?: 'duplicate' | 'not-duplicate' | 'related';
  /** One of them takes no part: its person's processing is restricted. */
  readonly excluded: boolean;
};

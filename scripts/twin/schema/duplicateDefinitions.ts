/** Deployed matching rules of an object; only exact comparison is taken. */
export type MatchingRuleDefinition = {
  readonly developerName: string;
  readonly label: string;
  readonly active: boolean;
  /** `1 AND (2 OR 3)`; absent = all of them. */
  readonly logic?: string;
  readonly items: readonly {
    readonly field: string;
    /** Whether two blanks match; one blank never matches a value. */
    readonly blanksMatch: boolean;
  }[];
};

/** What a duplicate rule does when it finds something. */
export type DuplicateAction = {
  /** Refuses whatever the request says; otherwise `alert` refuses until the request says allowSave. */
  readonly block: boolean;
  readonly alert: boolean;
  /** Keeps what was found in a duplicate record set. */
  readonly report: boolean;
};

export type DuplicateRuleDefinition = {
  /** Of its DuplicateRule row. */
  readonly id: string;
  readonly developerName: string;
  readonly label: string;
  readonly active: boolean;
  readonly sortOrder: number;
  /** Absent = the platform's own words. */
  readonly alertText?: string;
  readonly onInsert: DuplicateAction;
  readonly onUpdate: DuplicateAction;
  /** Only rows that the user may see are compared. */
  readonly enforcesSharing: boolean;
  /** Which records the rule is for; absent = all. `table` is the object or `User`. */
  readonly filter?: {
    readonly logic?: string;
    readonly items: readonly {
      readonly table: string;
      readonly field: string;
      readonly operation: string;
      readonly value: string;
    }[];
  };
  readonly matches: readonly {
    readonly object: string;
    /** Developer name of the matching rule of that object. */
    readonly rule: string;
    /** Field of the matching rule → field of the record saved, where the two objects differ. */
    readonly mapping: Readonly<Record<string, string>>;
  }[];
};

/** An org's own describes, as much of them as a rehearsal needs. */
export type DescribedSchema = readonly {
  /** The whole sObject describe as the org answered it: where it is given, everything is taken from it. */
  readonly whole?: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string | null;
  readonly custom: boolean;
  readonly queryable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly undeletable: boolean;
  readonly mergeable: boolean;
  readonly fields: readonly {
    readonly name: string;
    readonly label: string;
    readonly type: string;
    readonly length: number;
    readonly nillable: boolean;
    readonly createable: boolean;
    readonly updateable: boolean;
    readonly custom: boolean;
    readonly nameField: boolean;
    readonly unique: boolean;
    readonly externalId: boolean;
    readonly referenceTo: readonly string[];
    readonly relationshipName: string | null;
    readonly compoundFieldName: string | null;
  }[];
  readonly children: readonly {
    readonly childObject: string;
    readonly field: string;
    readonly cascadeDelete: boolean;
    readonly restrictedDelete: boolean;
  }[];
}[];

/** What POST /parameterizedSearch takes; `where` and `orderBy` are SOQL. */
export type ParameterizedSearch = {
  readonly q: string;
  /** ALL, NAME, EMAIL or PHONE. */
  readonly in?: string;
  readonly fields?: readonly string[];
  readonly sobjects?: readonly {
    readonly name: string;
    readonly fields?: readonly string[];
    readonly where?: string;
    readonly orderBy?: string;
    readonly limit?: number;
    readonly offset?: number;
  }[];
  readonly defaultLimit?: number;
  readonly overallLimit?: number;
  readonly offset?: number;
};

import type { Decimal } from 'decimal.js';

/** Static types of expressions. Picklists are references that only some functions take. */
export type FormulaType =
  'Number' | 'Text' | 'Boolean' | 'Date' | 'DateTime' | 'Time' | 'Location' | 'Picklist' | 'MultiPicklist' | 'Null';

export type Location = { readonly latitude: Decimal; readonly longitude: Decimal };

/**
 * Values at run time; the static type says which: Date and DateTime are milliseconds since 1970 in UTC (a date at
 * midnight), Time is milliseconds since midnight.
 */
export type Value = Decimal | string | boolean | number | Location | null;

/** Where a formula is used: some functions are not allowed everywhere. */
export type FormulaUse = 'field' | 'validation' | 'default';

/** What a formula may know besides the record. */
export type Environment = {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** IANA name of the user's time zone. */
  readonly zone: string;
};

/** One evaluation: values of the references by index, as decoded by `decodeValue`. */
export type Frame = {
  readonly environment: Environment;
  read(index: number): Value;
  /** The value before the change under way; the present one where nothing changes. */
  prior(index: number): Value;
  readonly isNew: boolean;
  /** VLOOKUP: the value of one column in the first row whose other column has the value; both by index of reference. */
  lookUp?(column: number, key: number, value: Value): Value;
};

export type Evaluate = (frame: Frame) => Value;

/** A typed expression, ready to run. */
export type Expression = {
  readonly type: FormulaType;
  readonly evaluate: Evaluate;
  /** Set for text literals. */
  readonly literal?: string;
  /** Set for numbers written out, and powers of such: they are worked out when the formula is saved. */
  readonly writtenOut?: true;
  /** Set for lookups: the object they lead to. */
  readonly lookupOf?: string;
  /** Set for references to a field. */
  readonly reference?: { readonly index: number; readonly name: string };
};

import type { FormulaType, FormulaUse, Frame, Value } from '../types.ts';

/** What a parameter takes; a literal NULL goes everywhere. */
export type Parameter = FormulaType | readonly FormulaType[];

type Parameters = {
  readonly parameters: readonly Parameter[];
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
};

export type FunctionSpecification = Parameters & {
  /** The parameters where they hang on one another, by the types given. */
  readonly parametersOf?: (types: readonly FormulaType[]) => Parameters;
  /** The last parameter may come again and again. */
  readonly repeats?: boolean;
  readonly result: FormulaType | ((types: readonly FormulaType[]) => FormulaType);
  /** Absent: a blank argument makes the result blank without a call of `run`. */
  readonly takesBlanks?: boolean;
  /** Absent: everywhere. */
  readonly uses?: readonly FormulaUse[];
  /** What the function does in formula fields, which the database computes, where that differs. */
  readonly fields?: FunctionSpecification['run'];
  /** Arguments written out are worked out when the formula is saved, and not by the database. */
  readonly literals?: 'as written';
  /** The parameter that takes a text in quotes and nothing else. */
  readonly quoted?: number;
  readonly run: (args: readonly Value[], frame: Frame, types: readonly FormulaType[]) => Value;
};

export type FunctionTable = Readonly<Record<string, FunctionSpecification>>;

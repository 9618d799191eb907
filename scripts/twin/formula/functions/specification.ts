import type { FormulaType, FormulaUse, Frame, Value } from '../types.ts';

/** What a parameter takes; a literal NULL goes everywhere. */
export type Parameter = FormulaType | readonly FormulaType[];

export type FunctionSpecification = {
  readonly parameters: readonly Parameter[];
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
  /** The last parameter may come again and again. */
  readonly repeats?: boolean;
  readonly result: FormulaType | ((types: readonly FormulaType[]) => FormulaType);
  /** Absent: a blank argument makes the result blank without a call of `run`. */
  readonly takesBlanks?: boolean;
  /** Absent: everywhere. */
  readonly uses?: readonly FormulaUse[];
  readonly run: (args: readonly Value[], frame: Frame, types: readonly FormulaType[]) => Value;
};

export type FunctionTable = Readonly<Record<string, FunctionSpecification>>;

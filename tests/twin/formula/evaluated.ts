import { compileFormula } from '../../../scripts/twin/formula/compile.ts';
import { FormulaError } from '../../../scripts/twin/formula/errors.ts';
import { Decimal } from '../../../scripts/twin/formula/numbers.ts';
import type { FormulaType, FormulaUse, Value } from '../../../scripts/twin/formula/types.ts';

/** A field of an invented record: its type, its value, and its value before the change. */
export type TestField = readonly [type: FormulaType, value: Value, before?: Value];

export type Setting = {
  readonly fields?: Readonly<Record<string, TestField>>;
  readonly blankAsZero?: boolean;
  readonly use?: FormulaUse;
  readonly zone?: string;
  readonly isNew?: boolean;
  readonly expected?: FormulaType;
};

/** 2026-03-10, a Tuesday, 23:30:15.250 in GMT; the day after in Paris. */
export const now = Date.parse('2026-03-10T23:30:15.250Z');

export const number = (value: number | string): Value => new Decimal(value);
export const day = (text: string): Value => Date.parse(`${text}T00:00:00Z`);
export const instant = (text: string): Value => Date.parse(text);

/** Compiles and evaluates a formula over invented fields; numbers are answered as plain digits. */
export const evaluated = (source: string, setting: Setting = {}): string | boolean | number | null => {
  const { fields = {}, blankAsZero = false, use = 'validation', zone = 'Europe/Paris', isNew = false } = setting;
  const names = new Map(Object.entries(fields).map(([name, field]) => [name.toLowerCase(), field]));
  const formula = compileFormula(source, {
    use,
    blankAsZero,
    ...(setting.expected === undefined ? {} : { expected: setting.expected }),
    resolve: (name, at) => {
      const field = names.get(name.toLowerCase());
      if (field === undefined) throw new FormulaError(`Field ${name} does not exist. Check spelling.`, at);
      return { type: field[0], numeric: field[0] === 'Number', key: name.toLowerCase(), target: field };
    },
  });
  const value = formula.evaluate({
    environment: { now, zone },
    isNew,
    read: (index) => formula.references[index]?.[1] ?? null,
    prior: (index) => formula.references[index]?.[2] ?? null,
  });
  if (value instanceof Decimal) return value.toFixed();
  if (typeof value === 'number') return formula.type === 'Time' ? value : new Date(value).toISOString();
  return typeof value === 'object' ? null : value;
};

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EvaluationError, FormulaError } from '../../../scripts/twin/formula/errors.ts';
import { Decimal } from '../../../scripts/twin/formula/numbers.ts';
import { specifiedFunctions } from '../../../scripts/twin/formula/functions/catalog.ts';
import { specialForms } from '../../../scripts/twin/formula/specialForms.ts';
import { day, evaluated, number } from './evaluated.ts';

const decimal = fc
  .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 6 }))
  .map(([digits, scale]) => new Decimal(digits).dividedBy(new Decimal(10).pow(scale)));

const over = (formula: string, a: Decimal, b: Decimal): unknown =>
  evaluated(formula, { fields: { A: ['Number', a], B: ['Number', b] } });

describe('arithmetic is decimal', () => {
  it('adds, subtracts and multiplies exactly', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(over('A + B', a, b)).toBe(a.plus(b).toFixed());
        expect(over('A - B', a, b)).toBe(a.minus(b).toFixed());
        expect(over('A * B', a, b)).toBe(a.times(b).toFixed());
        expect(over('A + B - B = A', a, b)).toBe(true);
      }),
    );
  });

  it('divides so that multiplying again gives the dividend when rounded', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        fc.pre(!b.isZero());
        expect(over('ROUND(A / B * B, 9) = ROUND(A, 9)', a, b)).toBe(true);
        expect(over('FLOOR(A / B) * B + MOD(A, B) = A', a, b)).toBe(true);
      }),
    );
  });

  it('writes numbers that are read back the same', () => {
    fc.assert(
      fc.property(decimal, (a) => {
        expect(over('VALUE(TEXT(A)) = A', a, a)).toBe(true);
      }),
    );
  });
});

describe('blank values', () => {
  it('make sums blank or count as zero', () => {
    fc.assert(
      fc.property(decimal, (a) => {
        const fields = { A: ['Number', a], B: ['Number', null] } as const;
        expect(evaluated('A + B', { fields })).toBe(null);
        expect(evaluated('A + B', { fields, blankAsZero: true })).toBe(a.toFixed());
      }),
    );
  });
});

describe('dates', () => {
  const days = fc.integer({ min: 0, max: 800_000 });
  it('go forth and back by days and months', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -600, max: 600 }), (start, count) => {
        const base = day('0800-01-01');
        const fields = { D: ['Date', Number(base) + start * 86_400_000], N: ['Number', number(count)] } as const;
        expect(evaluated('(D + N) - D = N', { fields })).toBe(true);
        expect(evaluated('DATE(YEAR(D), MONTH(D), DAY(D)) = D', { fields })).toBe(true);
        expect(evaluated('DATEVALUE(TEXT(D)) = D', { fields })).toBe(true);
        expect(evaluated('DAY(ADDMONTHS(D, N)) >= 28 || DAY(ADDMONTHS(D, N)) = DAY(D)', { fields })).toBe(true);
      }),
    );
  });
});

/** Text that looks like formulas more often than chance would have it. */
const words = [
  ...specifiedFunctions().map((name) => `${name}(`),
  ...specialForms().map((name) => `${name}(`),
  ...['1', '1e400', '0.000000001', '-', '+', '*', '/', '^', '&', '&&', '||', '=', '<>', '<', '(', ')', ')', ')', ','],
  ...[
    '"a"',
    "'(a+)+b'",
    '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"',
    'A',
    'T',
    'D',
    'NULL',
    'TRUE',
    '99999999999',
    '$User.Id',
  ],
];
const formulaLike = fc.array(fc.constantFrom(...words), { maxLength: 14 }).map((parts) => parts.join(' '));

const fields = {
  A: ['Number', number('123456789.5')],
  T: ['Text', 'x'.repeat(2000)],
  D: ['Date', day('2026-03-10')],
} as const;

const outcome = (source: string): string => {
  try {
    return typeof evaluated(source, { fields });
  } catch (error) {
    if (error instanceof FormulaError || error instanceof EvaluationError) return error.name;
    throw error;
  }
};

describe('any input ends', () => {
  it('in a value or a typed error, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 60, unit: 'binary' }), formulaLike), (source) => {
        expect(typeof outcome(source)).toBe('string');
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['a huge power', '1.12345678 ^ 100000', 'EvaluationError'],
    ['a power of powers', '9 ^ 9 ^ 9 ^ 9', 'EvaluationError'],
    ['a number with a huge exponent', 'TEXT(VALUE("1e999999999"))', 'EvaluationError'],
    ['a text padded to a gigabyte', 'RPAD("x", 1000000000)', 'EvaluationError'],
    ['a pattern that goes back and forth', `REGEX("${'a'.repeat(40)}c", "(a+)+b")`, 'EvaluationError'],
    ['brackets without end', '('.repeat(3800), 'FormulaRefused'],
    ['signs without end', `${'-'.repeat(3800)}1`, 'FormulaRefused'],
    ['a sum without end', `1${'+1'.repeat(1900)}`, 'FormulaRefused'],
    ['a formula that is too long', `"${'x'.repeat(4000)}"`, 'FormulaError'],
  ])('in an error: %s', (_what, source, name) => {
    expect(outcome(source)).toBe(name);
  });

  it('in an error when a text is made longer and longer', () => {
    const grow = (inner: string): string => `SUBSTITUTE(${inner}, "x", "xxxxxxxxxxxxxxxxxxxx")`;
    expect(outcome(grow(grow(grow(grow('T')))))).toBe('EvaluationError');
  });
});

import { describe, expect, it } from '@jest/globals';
import { day, evaluated, number, type Setting } from './evaluated.ts';
import { EvaluationError } from '../../../scripts/twin/formula/errors.ts';

/*
 * What a Developer Edition org answered in July 2026, where that differs from what one would expect or from the
 * engine that Salesforce publishes. Source: VERIFICATION.md of https://github.com/cirrus-code/sfdc-formula-debugger
 */

const fields = {
  Half: ['Number', number('0.5')],
  Share: ['Number', number('0.99')],
  Blank: ['Text', null],
  Empty: ['Number', null],
  Stage: ['Picklist', 'Closed Won'],
  Topics: ['MultiPicklist', 'News; Events'],
  Since: ['Date', day('2026-02-28')],
} as const;

const inField: Setting = { fields, use: 'field' };
const inRule: Setting = { fields };

const answer = (formula: string, setting: Setting): unknown => {
  try {
    return evaluated(formula, setting);
  } catch (error) {
    if (error instanceof EvaluationError) return '#Error!';
    throw error;
  }
};

type Case = readonly [formula: string, value: unknown, setting?: Setting];

const cases: Readonly<Record<string, readonly Case[]>> = {
  'products are taken before powers, powers from the left': [
    ['2 * 3 ^ 2', '36'],
    ['2 ^ 3 ^ 2', '64'],
    ['-2 ^ 2', '4'],
    ['1 + 2 ^ 2', '5'],
  ],
  'comments do not nest': [['1 /* a /* b */ + 2', '3']],
  'a remainder of a division by zero is the dividend in fields, and an error in rules': [
    ['MOD(3, 0)', '3', inField],
    ['MOD(3, 0)', '#Error!', inRule],
  ],
  'numbers below one are written without a zero in fields, unless they are written out': [
    ['TEXT(Half)', '.5', inField],
    ['TEXT(-Half)', '-.5', inField],
    ['TEXT(1/4)', '.25', inField],
    ['TEXT(-0.5)', '-.5', inField],
    ['TEXT(Share * 2)', '1.98', inField],
    ['TEXT(0.5)', '0.5', inField],
    ['TEXT((0.5))', '0.5', inField],
    ['TEXT(0.5 ^ 2)', '0.25', inField],
    ['TEXT(Half)', '0.5', inRule],
  ],
  'picklist values are equal in any case, and only whole': [
    ["ISPICKVAL(Stage, 'closed won')", true],
    ["ISPICKVAL(Stage, ' Closed Won')", false],
    ["INCLUDES(Topics, 'NEWS')", true],
    ["INCLUDES(Topics, 'Events')", false],
    ["INCLUDES(Topics, 'News; Events')", false],
  ],
  'texts are equal in the same case only': [["IF('a' = 'A', 1, 2)", '2']],
  'blank text is never null, and absorbed when texts are joined': [
    ['ISNULL(Blank)', false],
    ["'aaaa' + Blank", 'aaaa'],
    ['Blank + Blank', null],
    ["ISBLANK('' & '')", true],
    ["ISBLANK(TRIM(' '))", true],
    ["SUBSTITUTE('Golden File', Blank, 'Platinum')", 'Golden File'],
  ],
  'whether blank text begins with something is not known': [
    ["BEGINS('abc', Blank)", true],
    ["IF(NOT(BEGINS(Blank, 'a')), 1, 2)", '2'],
    ["IF(BEGINS(Blank, 'a') = FALSE, 1, 2)", '1'],
  ],
  'a literal NULL stays blank where blank fields count as zero': [
    ['NULL + 1', null, { fields, blankAsZero: true }],
    ['-Empty', '0', { fields, blankAsZero: true }],
    ['-Empty', null],
  ],
  'an error goes through everything that looks for blanks': [
    ["IF(ISBLANK(1 / 0), 'a', 'b')", '#Error!', inField],
    ['BLANKVALUE(1 / 0, 42)', '#Error!', inField],
    ['AND(FALSE, 1 / 0 = 1)', false],
    ['OR(TRUE, 1 / 0 = 1)', true],
    ['FALSE && 1 / 0 = 1', false],
  ],
  'letters follow the language named': [
    ["UPPER('idempotent', 'tr')", 'İDEMPOTENT'],
    ["LOWER('I', 'tr')", 'ı'],
    ["UPPER('i', 'nonsense at all')", 'I'],
  ],
  'only quotes and backslashes are escaped in texts': [
    [String.raw`LEN("a\nb")`, '4'],
    [String.raw`LEN("\\")`, '1'],
    [String.raw`LEN("a\"b")`, '3'],
    [String.raw`LEN('a\'b')`, '4'],
  ],
  'last days of months stay last days': [
    ['TEXT(ADDMONTHS(Since, 1))', '2026-03-31'],
    ['TEXT(ADDMONTHS(DATE(2026, 1, 30), 1))', '2026-02-28'],
  ],
  'powers end at 64 digits': [
    ['10 ^ 65', '#Error!'],
    ['0 ^ 0', '1'],
    ['0 ^ -1', '#Error!'],
    ['2 ^ 0.5', '#Error!'],
  ],
  'searches for nothing find nothing, and blank text is no number': [
    ["FIND('', 'abc')", '0'],
    ["VALUE('')", null],
    ["VALUE(' ')", '#Error!'],
    ["CONTAINS('abc', Blank)", true],
    ["CONTAINS(Blank, 'a')", false],
  ],
  durations: [
    ['FORMATDURATION(1000000)', '277:46:40'],
    ['FORMATDURATION(1000000, TRUE)', '11:13:46:40'],
  ],
  'the clock begins anew past midnight': [
    ["TEXT(TIMEVALUE('23:00:00.000') + 7200000)", '01:00:00.000'],
    ["TEXT(TIMEVALUE('01:00:00.000') - 7200000)", '#Error!'],
    ["TEXT(TIMEVALUE('17:30:45.125'))", '17:30:45.125'],
  ],
};

describe('answers of an org', () => {
  it.each(Object.entries(cases))('%s', (_what, examples) => {
    const got = examples.map(([formula, , setting = inRule]) => [formula, answer(formula, setting)]);
    expect(got).toEqual(examples.map(([formula, value]) => [formula, value]));
  });
});

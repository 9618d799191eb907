import { describe, expect, it } from '@jest/globals';
import { FormulaError } from '../../../scripts/twin/formula/errors.ts';
import { evaluated, number, type Setting } from './evaluated.ts';

const fields = {
  Amount: ['Number', number(1)],
  Stage: ['Picklist', 'Pledged'],
  Topics: ['MultiPicklist', 'News'],
  Member: ['Boolean', true],
} as const;

const problem = (source: string, setting: Setting = {}): string => {
  try {
    evaluated(source, { fields, ...setting });
    return '';
  } catch (error) {
    if (error instanceof FormulaError) return `${error.line}:${error.column} ${error.message}`;
    throw error;
  }
};

describe('a formula that does not compile', () => {
  it.each<readonly [string, string, Setting?]>([
    ["LEN('a', 'b')", "1:1 Incorrect number of parameters for function 'LEN()'. Expected 1, received 2"],
    ['LEN()', "1:1 Incorrect number of parameters for function 'LEN()'. Expected 1, received 0"],
    ['LEN(5)', "1:1 Incorrect parameter type for function 'LEN()'. Expected Text, received Number"],
    ["ABS('x')", "1:1 Incorrect parameter type for function 'ABS()'. Expected Number, received Text"],
    ["1 + 'x'", "1:3 Incorrect parameter type for operator '+'. Expected Number, Date, Date/Time, received Text"],
    ["'x' + 1", "1:5 Incorrect parameter type for operator '+'. Expected Text, received Number"],
    ["1 = 'x'", "1:3 Incorrect parameter type for operator '='. Expected Number, received Text"],
    ["IF(1, 'a', 'b')", "1:1 Incorrect parameter type for function 'IF()'. Expected Boolean, received Number"],
    ["IF(TRUE, 'a', 2)", "1:1 Incorrect parameter type for function 'IF()'. Expected Text, received Number"],
    ['YEAR(NOW())', "1:1 Incorrect parameter type for function 'YEAR()'. Expected Date, received Date/Time"],
    ['NOPE__c > 1', '1:1 Field NOPE__c does not exist. Check spelling.'],
    ['\n  NOPE(1)', '2:3 Unknown function NOPE. Check spelling.'],
    ['(1 + 2', "1:7 Syntax error. Missing ')'"],
    ['1 + 2)', "1:6 Syntax error. Extra ')'"],
    ['1 +', '1:4 Syntax error. Found end of formula'],
    ['1 2', "1:3 Syntax error. Found '2'"],
    ["'open", "1:1 Syntax error. Missing '''"],
    ['1 # 2', "1:3 Syntax error. Found '#'"],
    ['LEN(Stage)', '1:1 Field Stage is a picklist field. Picklist fields are only supported in certain functions.'],
    ["Stage = 'x'", '1:7 Field Stage is a picklist field. Picklist fields are only supported in certain functions.'],
    [
      'TEXT(Topics)',
      '1:1 Field Topics is a multi-select picklist field. Multi-select picklist fields are only supported in certain functions.',
    ],
    ["CASE(1, 2, 'a')", "1:1 Incorrect number of parameters for function 'CASE()'. Expected 4, received 3"],
    ["CASE(Member, 1, 'a', 'b')", "1:1 Incorrect argument type for function 'CASE()'."],
    ['ISNEW()', '1:1 Function ISNEW may not be used in this type of formula', { use: 'field' }],
    ["REGEX('a', 'b')", '1:1 Function REGEX may not be used in this type of formula', { use: 'field' }],
    [
      "'text'",
      '1:1 Formula result is data type (Text), incompatible with expected data type (Number).',
      { expected: 'Number' },
    ],
    ['VLOOKUP(Amount, Amount, Amount)', '1:1 NOT_EMULATED: formula function VLOOKUP()'],
    [
      'TEXT(Member)',
      "1:1 Incorrect parameter type for function 'TEXT()'. Expected Number, Date, Date/Time, Picklist, received Boolean",
    ],
    ['ISBLANK(Member)', "1:1 Incorrect argument type for function 'ISBLANK()'."],
    ['ISNULL(Member)', "1:1 Incorrect argument type for function 'ISNULL()'."],
    ['ISPICKVAL(Stage, TEXT(Stage))', "1:1 Incorrect parameter for function 'ISPICKVAL()'. Expected Text Literal."],
    ["INCLUDES(Topics, 'a' & 'b')", "1:1 Incorrect parameter for function 'INCLUDES()'. Expected Text Literal."],
    [
      "BLANKVALUE(Stage, 'x')",
      '1:1 Field Stage is a picklist field. Picklist fields are only supported in certain functions.',
    ],
    [
      'FORMATDURATION(TIMENOW())',
      "1:1 Incorrect number of parameters for function 'FORMATDURATION()'. Expected 2, received 1",
    ],
    [
      'FORMATDURATION(NOW(), TIMENOW())',
      "1:1 Incorrect parameter type for function 'FORMATDURATION()'. Expected Date/Time, received Time",
    ],
    ["HTMLENCODE('a')", '1:1 Function HTMLENCODE may not be used in this type of formula', { use: 'field' }],
    ["URLENCODE('a')", '1:1 Function URLENCODE may not be used in this type of formula'],
    ["HYPERLINK('a', 'b')", '1:1 Function HYPERLINK may not be used in this type of formula'],
    ["IMAGE('a', 'b')", '1:1 Function IMAGE may not be used in this type of formula'],
    [String.raw`'\d'`, "1:1 Syntax error. Found '''"],
    [
      '1',
      '1:1 Formula result is data type (Number), incompatible with expected data type (true or false).',
      { expected: 'Boolean' },
    ],
    [
      'TODAY()',
      '1:1 Formula result is data type (Date), incompatible with expected data type (Date/Time).',
      { expected: 'DateTime' },
    ],
    ['GETSESSIONID()', '1:1 NOT_EMULATED: formula function GETSESSIONID()'],
  ])('is told in the platform’s words: %j', (...[source, expected, setting]) => {
    expect(problem(source, setting)).toBe(expected);
  });

  it('takes comments, names in any case and escaped quotes', () => {
    expect(evaluated('/* yes */ AmOuNt + /* and */ 1', { fields })).toBe('2');
    expect(evaluated(String.raw`"say \"hi\""`)).toBe('say "hi"');
  });
});

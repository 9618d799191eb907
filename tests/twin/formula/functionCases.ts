import { day, instant, number, type Setting } from './evaluated.ts';

/** Every function and operator, with where its behaviour is documented. */
export type FunctionCase = {
  readonly name: string;
  /** Page of help.salesforce.com, or the source of the engine that Salesforce publishes. */
  readonly source: string;
  readonly examples: readonly (readonly [
    formula: string,
    value: string | boolean | number | null,
    setting?: Setting,
  ])[];
};

const help = (page: string): string => `https://help.salesforce.com/s/articleView?id=platform.${page}.htm`;
const functions = (name: string): string => help(`customize_functions_${name.toLowerCase()}`);
const engine = 'https://github.com/salesforce/formula-engine';

const fields = {
  Amount: ['Number', number('120.50')],
  Empty: ['Number', null],
  Name: ['Text', 'Les Amis'],
  Blank: ['Text', null],
  Stage: ['Picklist', 'Pledged'],
  Topics: ['MultiPicklist', 'News;Events'],
  Since: ['Date', day('2024-02-29')],
  Seen: ['DateTime', instant('2026-03-10T22:15:30Z')],
  Member: ['Boolean', true],
} as const;
const record = { fields };
const inFields = { use: 'field' } as const;
const zeros = { fields, blankAsZero: true };

const one = (name: string, ...examples: FunctionCase['examples']): FunctionCase => ({
  name,
  source: functions(name),
  examples,
});

const own = (name: string, ...examples: FunctionCase['examples']): FunctionCase => ({ name, source: engine, examples });

const operators: readonly FunctionCase[] = [
  one('+', ['0.1 + 0.2', '0.3'], ["'a' + 'b'", 'ab'], ['Since + 1', '2024-03-01T00:00:00.000Z', record]),
  one('-', ['1 - 3', '-2'], ['Since - DATE(2024,1,1)', '59', record], ['-Amount', '-120.5', record]),
  one('*', ['1.1 * 1.1', '1.21'], ['2 * NULL', null]),
  one('/', ['1 / 8', '0.125'], ['IFERROR(1/0, 7)', '7']),
  one('^', ['2 ^ 10', '1024'], ['2 ^ -1', '0.5'], ['IFERROR(1.12345678 ^ 100000, -1)', '-1'], ['0 ^ 0', '1']),
  one('&', ["Name & ' ' & Blank & '!'", 'Les Amis !', record]),
  one('=', ["Name == 'Les Amis'", true, record], ["Blank = ''", true, record], ['1.0 = 1', true]),
  one('<>', ["Name != 'x'", true, record], ['1 <> 1', false]),
  one('<', ['1 < 2', true], ["'Zoe' < 'ami'", true], ['Since < DATE(2024,3,1)', true, record]),
  one('<=', ['2 <= 2', true]),
  one('>', ['Empty > -1', true, zeros], ['Empty > -1', false, record]),
  one('>=', ['Amount >= 120.5', true, record]),
  one('&&', ['Member && 1 = 1', true, record]),
  one('||', ['FALSE || Member', true, record]),
  own('!', ['!Member', false, record]),
];

const logical: readonly FunctionCase[] = [
  one('IF', ["IF(Amount > 100, 'big', 'small')", 'big', record], ["IF(Empty > 1, 'a', 'b')", 'b', record]),
  one('IFS', ["IFS(Amount > 200, 'a', Amount > 100, 'b', 'c')", 'b', record], ["IFS(FALSE, 'a', 'c')", 'c']),
  one('CASE', ["CASE(Stage, 'Pledged', 1, 'Posted', 2, 0)", '1', record], ["CASE(3, 1, 'a', 2, 'b', 'z')", 'z']),
  one('AND', ['AND(Member, TRUE)', true, record], ['AND(FALSE, 1/0 = 1)', false]),
  one('OR', ['OR(FALSE, Member)', true, record]),
  one('NOT', ['NOT(Member)', false, record]),
  one('ISBLANK', ['ISBLANK(Blank)', true, record], ['ISBLANK(Empty)', true, record], ['ISBLANK(Empty)', false, zeros]),
  one('ISNULL', ['ISNULL(Blank)', false, record], ['ISNULL(Empty)', true, record]),
  one('BLANKVALUE', ["BLANKVALUE(Blank, 'none')", 'none', record]),
  one('NULLVALUE', ['NULLVALUE(Empty, 5)', '5', record], ["NULLVALUE(Blank, 'none')", null, record]),
  own('IFERROR', ["IFERROR(VALUE('x'), 0)", '0']),
  own('IN', ['IN(3, 1, 2, 3)', true], ["IN(Blank, '')", false, record]),
  one('ISNEW', ['ISNEW()', true, { isNew: true }], ['ISNEW()', false]),
  one('ISCLONE', ['ISCLONE()', false]),
  one(
    'ISCHANGED',
    ['ISCHANGED(Score)', true, { fields: { Score: ['Number', number(2), number(1)] } }],
    ['ISCHANGED(Score)', false, { fields: { Score: ['Number', number('1.0'), number(1)] } }],
    ['ISCHANGED(Score)', false, { isNew: true, fields: { Score: ['Number', number(2), null] } }],
  ),
  one(
    'PRIORVALUE',
    ['PRIORVALUE(Score)', '1', { fields: { Score: ['Number', number(2), number(1)] } }],
    ['PRIORVALUE(Score)', '2', { isNew: true, fields: { Score: ['Number', number(2), null] } }],
  ),
];

const picklists: readonly FunctionCase[] = [
  one('ISPICKVAL', ["ISPICKVAL(Stage, 'Pledged')", true, record], ["ISPICKVAL(Stage, '')", false, record]),
  one('INCLUDES', ["INCLUDES(Topics, 'Events')", true, record], ["INCLUDES(Topics, 'Event')", false, record]),
  one('PICKLISTCOUNT', ['PICKLISTCOUNT(Topics)', '2', record]),
  one('REGEX', ["REGEX('75011', '\\\\d{5}')", true], ["REGEX('75011 ', '\\\\d{5}')", false]),
  own('LIKE', ["LIKE('Howdy', '%dy')", true], ["LIKE('Howdy', 'h%')", false]),
];

const math: readonly FunctionCase[] = [
  one('ABS', ['ABS(-2.5)', '2.5']),
  one('CEILING', ['CEILING(2.1)', '3'], ['CEILING(-2.1)', '-3']),
  one('FLOOR', ['FLOOR(2.9)', '2'], ['FLOOR(-2.9)', '-2']),
  one('MCEILING', ['MCEILING(-2.1)', '-2']),
  one('MFLOOR', ['MFLOOR(-2.1)', '-3']),
  own('INT', ['INT(-2.1)', '-3']),
  one('ROUND', ['ROUND(2.345, 2)', '2.35'], ['ROUND(-2.5, 0)', '-3'], ['ROUND(1234, -2)', '1200']),
  one('TRUNC', ['TRUNC(-2.99)', '-2'], ['TRUNC(2.345, 2)', '2.34']),
  one('MROUND', ['MROUND(23, 5)', '25'], ['MROUND(-23, 5)', '-25']),
  one('MOD', ['MOD(7, 3)', '1'], ['MOD(-7, 3)', '-1'], ['IFERROR(MOD(1, 0), 9)', '9']),
  one('MAX', ['MAX(1, 3, 2)', '3'], ['MAX(1, Empty)', null, record], ['MAX(-1, Empty)', '0', zeros]),
  one('MIN', ['MIN(1, 3, -2)', '-2']),
  one('SQRT', ['SQRT(9)', '3'], ['IFERROR(SQRT(-1), 0)', '0']),
  one('EXP', ['EXP(0)', '1']),
  one('LN', ['LN(1)', '0'], ['IFERROR(LN(0), 4)', '4']),
  one('LOG', ['LOG(100)', '2']),
  one('PI', ['ROUND(PI(), 4)', '3.1416']),
  one('SIN', ['SIN(0)', '0']),
  one('COS', ['COS(0)', '1']),
  one('TAN', ['TAN(0)', '0']),
  one('ASIN', ['ASIN(0)', '0'], ['IFERROR(ASIN(2), 3)', '3']),
  one('ACOS', ['ACOS(1)', '0']),
  one('ATAN', ['ATAN(0)', '0']),
  one('ATAN2', ['ATAN2(0, 1)', '0']),
  one('GEOLOCATION', ['ROUND(DISTANCE(GEOLOCATION(48.8566,2.3522), GEOLOCATION(45.764,4.8357), "km"), 0)', '391']),
  one('DISTANCE', ['DISTANCE(GEOLOCATION(1,1), GEOLOCATION(1,1), "mi")', '0']),
];

const dates: readonly FunctionCase[] = [
  one('DATE', ['DATE(2026, 2, 28)', '2026-02-28T00:00:00.000Z'], ['IFERROR(YEAR(DATE(2026, 2, 29)), 0)', '0']),
  one(
    'DATEVALUE',
    ['DATEVALUE("2026-03-01")', '2026-03-01T00:00:00.000Z'],
    ['DATEVALUE(NOW())', '2026-03-11T00:00:00.000Z'],
  ),
  one('DATETIMEVALUE', ['DATETIMEVALUE("2026-03-01 10:20:30")', '2026-03-01T10:20:30.000Z']),
  one('TIMEVALUE', ['TIMEVALUE("01:00:00.250")', 3_600_250], ['TIMEVALUE(Seen)', 80_130_000, record]),
  one('YEAR', ['YEAR(Since)', '2024', record]),
  one('MONTH', ['MONTH(Since)', '2', record]),
  one('DAY', ['DAY(Since)', '29', record]),
  one('WEEKDAY', ['WEEKDAY(DATE(2026,3,10))', '3']),
  one('DAYOFYEAR', ['DAYOFYEAR(DATE(2024,12,31))', '366']),
  one('ISOWEEK', ['ISOWEEK(DATE(2027,1,1))', '53']),
  one('ISOYEAR', ['ISOYEAR(DATE(2027,1,1))', '2026']),
  one('HOUR', ['HOUR(TIMEVALUE("17:30:45.125"))', '17']),
  one('MINUTE', ['MINUTE(TIMEVALUE("17:30:45.125"))', '30']),
  one('SECOND', ['SECOND(TIMEVALUE("17:30:45.125"))', '45']),
  one('MILLISECOND', ['MILLISECOND(TIMEVALUE("17:30:45.125"))', '125']),
  one(
    'ADDMONTHS',
    ['ADDMONTHS(Since, 1)', '2024-03-31T00:00:00.000Z', record],
    ['ADDMONTHS(DATE(2026,1,30), 1)', '2026-02-28T00:00:00.000Z'],
  ),
  one('NOW', ['NOW()', '2026-03-10T23:30:15.000Z']),
  one(
    'TODAY',
    ['TODAY()', '2026-03-11T00:00:00.000Z'],
    ['TODAY()', '2026-03-10T00:00:00.000Z', { zone: 'America/New_York' }],
  ),
  one('TIMENOW', ['TIMENOW()', 84_615_250]),
  one('UNIXTIMESTAMP', ['UNIXTIMESTAMP(DATE(1970,1,2))', '86400']),
  one('FROMUNIXTIME', ['FROMUNIXTIME(86400)', '1970-01-02T00:00:00.000Z']),
  one('FORMATDURATION', ['FORMATDURATION(3661)', '01:01:01'], ['FORMATDURATION(90061, TRUE)', '1:01:01:01']),
];

const texts: readonly FunctionCase[] = [
  one(
    'TEXT',
    ['TEXT(1.50)', '1.5'],
    ['TEXT(Since)', '2024-02-29', record],
    ['TEXT(Seen)', '2026-03-10 22:15:30Z', record],
    ['TEXT(Stage)', 'Pledged', record],
  ),
  one('VALUE', ["VALUE('1.5e2')", '150'], ["VALUE('')", null]),
  own('ISNUMBER', ["ISNUMBER('1.')", true], ["ISNUMBER('1..')", false], ['ISNUMBER(Blank)', false, record]),
  one('LEN', ['LEN(Name)', '8', record], ['LEN(Blank)', '0', record]),
  one('LEFT', ["LEFT('abc', 2)", 'ab'], ["LEFT('abc', -1)", null]),
  one('RIGHT', ["RIGHT('abc', 2)", 'bc']),
  one('MID', ["MID('abcdef', 2, 3)", 'bcd'], ["MID('abc', 0, 1)", 'a']),
  own('SUBSTR', ["SUBSTR('abcdef', -2, 5)", 'ef']),
  one('LPAD', ["LPAD('7', 3, '0')", '007'], ["LPAD('abc', 2)", 'ab']),
  one('RPAD', ["RPAD('7', 3, '-')", '7--']),
  one('TRIM', ["TRIM('  a  b ')", 'a  b']),
  one('UPPER', ["UPPER('élan')", 'ÉLAN']),
  one('LOWER', ["LOWER('ÉLAN')", 'élan']),
  one('INITCAP', ["INITCAP('les AMIS du lac')", 'Les Amis Du Lac']),
  one('REVERSE', ["REVERSE('abc')", 'cba']),
  one('BEGINS', ["BEGINS(Name, 'Les')", true, record], ["BEGINS(Name, 'les')", false, record]),
  one('CONTAINS', ["CONTAINS(Name, 'mi')", true, record]),
  own('ENDS', ["ENDS(Name, 'is')", true, record]),
  one('FIND', ["FIND('s', 'Les Amis')", '3'], ["FIND('s', 'Les Amis', 4)", '8'], ["FIND('z', 'abc')", '0']),
  one('SUBSTITUTE', ["SUBSTITUTE('a-b-c', '-', '+')", 'a+b+c'], ["SUBSTITUTE('abc', '', 'x')", 'abc']),
  one('CHR', ['CHR(65)', 'A'], ['CHR(0)', null]),
  one('ASCII', ["ASCII('A')", '65']),
  one('BR', ["'a' & BR() & 'b'", 'a<br>b']),
  one('HYPERLINK', ["HYPERLINK('/001', 'A & B')", '<a href="/001" target="_blank">A &amp; B</a>', inFields]),
  one('IMAGE', [
    "IMAGE('/i.png', 'x', 10, 20)",
    '<img src="/i.png" alt="x" style="height:10px; width:20px;" border="0"/>',
    inFields,
  ]),
  one('CASESAFEID', ["CASESAFEID('001000000000001')", '001000000000001AAA']),
  own('JSONVALUE', [`JSONVALUE('{"a": 5}', 'a')`, '5'], [`JSONVALUE('{}', 'a')`, null]),
  own('JSONPATHVALUE', [`JSONPATHVALUE('{"a": [{"b": "x"}]}', '$.a[0].b')`, 'x']),
];

export const functionCases = [...operators, ...logical, ...picklists, ...math, ...dates, ...texts];

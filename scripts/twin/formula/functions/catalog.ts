import { dateTimeFunctions } from './dateTime.ts';
import { encodingFunctions } from './encoding.ts';
import { jsonFunctions } from './json.ts';
import { matchingFunctions } from './matching.ts';
import { mathFunctions } from './math.ts';
import type { FunctionSpecification } from './specification.ts';
import { textFunctions } from './text.ts';

const catalog = new Map<string, FunctionSpecification>(
  [mathFunctions, textFunctions, dateTimeFunctions, encodingFunctions, matchingFunctions, jsonFunctions].flatMap(
    (table) => Object.entries(table),
  ),
);

/** Functions of the platform that this engine refuses by name. */
const refused = new Set([
  'CURRENCYRATE',
  'DAYS360',
  'FORMAT',
  'FORMATCURRENCY',
  'GETRECORDIDS',
  'GETSESSIONID',
  'IMAGEPROXYURL',
  'INCLUDE',
  'JUNCTIONIDLIST',
  'LINKTO',
  'PARENTGROUPVAL',
  'PREDICT',
  'PREVGROUPVAL',
  'REQUIRESCRIPT',
  'URLFOR',
]);

/** Functions of buttons, links, flows and templates, which no formula that the twin keeps may use. */
const elsewhere = new Set(['HTMLENCODE', 'JSENCODE', 'JSINHTMLENCODE', 'URLENCODE']);

export const isFunctionElsewhere = (name: string): boolean => elsewhere.has(name);

export const functionNamed = (name: string): FunctionSpecification | undefined => catalog.get(name);

export const isRefusedFunction = (name: string): boolean => refused.has(name);

/** Names of the functions with a specification of their own, for the support matrix. */
export const specifiedFunctions = (): readonly string[] => [...catalog.keys()].sort();

/** Names of the functions refused by name, for the support matrix. */
export const refusedFunctions = (): readonly string[] => [...refused].sort();

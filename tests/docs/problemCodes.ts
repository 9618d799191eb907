import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';

/** Codes of our own problems; Salesforce's are in capitals, reasons of decisions in lower case. */
const PROBLEM_CODE = /^[A-Z][a-z]\w+$/;

/** A problem whose code cannot be told from the source: where it is. */
export type CodesInSource = { readonly codes: ReadonlySet<string>; readonly untold: readonly string[] };

const nameOf = (node: ts.Node | undefined): string | undefined =>
  node !== undefined && ts.isIdentifier(node) ? node.text : undefined;

/** The texts an expression can have, through conditionals; undefined for each that is not a literal. */
const textsOf = (node: ts.Expression): readonly (string | undefined)[] => {
  if (ts.isStringLiteral(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return [...textsOf(node.left), ...textsOf(node.right)];
  return ts.isParenthesizedExpression(node) ? textsOf(node.expression) : [undefined];
};

/** Position of `code` among the parameters of a function that makes problems; -1 for any other function. */
const codePosition = (fn: ts.ArrowFunction | ts.FunctionDeclaration): number =>
  /\bactions\b/.test(fn.body?.getText() ?? '')
    ? fn.parameters.findIndex(({ name, type }) => nameOf(name) === 'code' && type?.getText() === 'string')
    : -1;

/** Functions given a code: by name, where the code is among their arguments. */
const givers = (file: ts.SourceFile): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    const fn = ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) ? node : undefined;
    const name = nameOf(fn?.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined));
    const position = fn === undefined ? -1 : codePosition(fn);
    if (name !== undefined && position >= 0) found.set(name, position);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found;
};

/** Rows of a table whose column `code` becomes a problem's: `([applies, code, …]) => … actions …` in one declaration. */
const tableCodes = (row: ts.ArrowFunction): readonly (string | undefined)[] => {
  const pattern = row.parameters[0]?.name;
  if (pattern === undefined || !ts.isArrayBindingPattern(pattern) || !/\bactions\b/.test(row.body.getText())) return [];
  const at = pattern.elements.findIndex((one) => ts.isBindingElement(one) && nameOf(one.name) === 'code');
  let declaration: ts.Node = row;
  while (!ts.isSourceFile(declaration.parent)) declaration = declaration.parent;
  const codes: (string | undefined)[] = [];
  const visit = (node: ts.Node): void => {
    const cell = ts.isArrayLiteralExpression(node) ? node.elements[at] : undefined;
    if (cell !== undefined && !ts.isArrayLiteralExpression(cell)) codes.push(...textsOf(cell));
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return codes;
};

/** Members of a type such as `LedgerFaultCode`: what is typed by it has no other code. */
const unionCodes = (node: ts.TypeAliasDeclaration): readonly (string | undefined)[] =>
  /(?:Problem|Fault)Code$/.test(node.name.text) && ts.isUnionTypeNode(node.type)
    ? node.type.types.map((type) =>
        ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? type.literal.text : undefined,
      )
    : [];

/** `createError('error.noAdmin')` is named `NoAdminError` by @salesforce/core. */
const messageCode = (key: string): string => {
  const name = key.replace(/^error.*\./, '');
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${key.endsWith('Error') ? '' : 'Error'}`;
};

const callCodes = (node: ts.CallExpression, known: ReadonlyMap<string, number>): readonly (string | undefined)[] => {
  const called = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  const first = node.arguments[0];
  if (nameOf(called) === 'createError' && first !== undefined)
    return textsOf(first).map((key) => (key === undefined ? undefined : messageCode(key)));
  const given = node.arguments[known.get(nameOf(called) ?? '') ?? -1];
  return given === undefined ? [] : textsOf(given);
};

const bindsCode = (name: ts.BindingName): boolean =>
  nameOf(name) === 'code' ||
  (!ts.isIdentifier(name) && name.elements.some((one) => ts.isBindingElement(one) && nameOf(one.name) === 'code'));

/** Whether `code` is a parameter here, so that it was found where the function is called or the table is. */
const isParameter = (node: ts.Node): boolean => {
  if (ts.isSourceFile(node)) return false;
  if (ts.isArrowFunction(node) || ts.isFunctionDeclaration(node)) {
    if (node.parameters.some(({ name }) => bindsCode(name))) return true;
  }
  return isParameter(node.parent);
};

/** Whether it is a code that was found elsewhere: a parameter, one typed by `OrgProblemCode`, another problem's. */
const isHandedOn = (node: ts.Expression): boolean =>
  (ts.isIdentifier(node) && (node.text === 'problem' || (node.text === 'code' && isParameter(node)))) ||
  (ts.isPropertyAccessExpression(node) && node.name.text === 'code');

const codeOf = (node: ts.ObjectLiteralExpression): ts.Expression | undefined => {
  const property = node.properties.find((one) => nameOf(one.name) === 'code');
  if (property === undefined) return undefined;
  return ts.isPropertyAssignment(property) ? property.initializer : (property.name as ts.Identifier);
};

const isProblem = (node: ts.ObjectLiteralExpression): boolean =>
  node.properties.some((one) => nameOf(one.name) === 'actions');

type Found = (codes: readonly (string | undefined)[], at: ts.Node) => void;

const readNode = (node: ts.Node, known: ReadonlyMap<string, number>, found: Found): void => {
  if (ts.isCallExpression(node)) found(callCodes(node, known), node);
  else if (ts.isTypeAliasDeclaration(node)) found(unionCodes(node), node);
  else if (ts.isArrowFunction(node)) found(tableCodes(node), node);
  else if (ts.isObjectLiteralExpression(node)) {
    const code = codeOf(node);
    if (code === undefined || isHandedOn(code)) return;
    const texts = textsOf(code);
    // An object without `actions` may be about somebody else's codes.
    found(isProblem(node) ? texts : texts.filter((text) => text !== undefined), node);
  }
};

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);

/**
 * Every problem code that the product's sources can give: literals behind `code:`, arguments of functions that take a
 * `code` and give a problem, tables of codes, `…ProblemCode` types, errors of message files. The twin answers with
 * Salesforce's codes, and the demo's generator with none.
 */
export const codesInSource = (): CodesInSource => {
  const files = readdirSync('scripts', { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.startsWith('twin/') && !name.startsWith('demo/'))
    .map((name) => parse(`scripts/${name}`));
  const own = new Map(files.map((file) => [file, givers(file)]));
  const shared = new Map([...own.values()].flatMap((one) => [...one]));
  const codes = new Set<string>();
  const untold: string[] = [];
  for (const file of files) {
    const imported = file.statements.filter(ts.isImportDeclaration).map((one) => one.getText());
    const known = new Map(
      [...shared].filter(([name]) => imported.some((text) => new RegExp(`\\b${name}\\b`).test(text))),
    );
    for (const [name, position] of own.get(file) ?? []) known.set(name, position);
    const found: Found = (texts, at) => {
      for (const text of texts) {
        if (text === undefined) untold.push(`${file.fileName}: ${at.getText().slice(0, 80)}`);
        else if (PROBLEM_CODE.test(text)) codes.add(text);
      }
    };
    const visit = (node: ts.Node): void => {
      readNode(node, known, found);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { codes, untold };
};

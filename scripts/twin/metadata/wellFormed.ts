import { ComponentProblem } from './problem.ts';

/** Line and column (1-based) of an index in a text. */
export type Place = (index: number) => { readonly line: number; readonly column: number };

/** Finds lines and columns in a text without reading it again each time. */
export const placesIn = (source: string): Place => {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (index) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: index - (starts[low] ?? 0) + 1 };
  };
};

const SKIPPED = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>/.source;
const TAG = /<(\/?)([^\s<>/!?]+)((?:"[^"]*"|'[^']*'|[^"'<>])*?)(\/?)>/.source;
const BARE = /<|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)/.source;

const problem = (place: Place, index: number, message: string): ComponentProblem =>
  new ComponentProblem(`Error parsing file: ${message}`, place(index));

type Scan = {
  readonly place: Place;
  readonly open: { readonly name: string; readonly index: number }[];
  roots: number;
};

const closeTag = (scan: Scan, name: string, index: number): void => {
  const last = scan.open.pop();
  if (last?.name === name) return;
  const wanted = last === undefined ? 'no element is open' : `</${last.name}> was expected`;
  throw problem(scan.place, index, `the end tag </${name}> does not match: ${wanted}`);
};

const openTag = (scan: Scan, name: string, index: number): void => {
  if (scan.open.length === 0) scan.roots += 1;
  if (scan.roots > 1) throw problem(scan.place, index, 'the markup following the root element must be well-formed');
  scan.open.push({ name, index });
};

const scanMatch = (scan: Scan, match: RegExpExecArray): void => {
  const [text, slash, name, , selfClosing] = match;
  if (name === undefined) {
    if (text === '<' || text === '&') throw problem(scan.place, match.index, `a bare ${text} must be escaped`);
    return;
  }
  if (slash === '/') {
    closeTag(scan, name, match.index);
    return;
  }
  openTag(scan, name, match.index);
  if (selfClosing === '/') scan.open.pop();
};

/**
 * Checks that a text is well-formed enough for the parser, which is lenient: tags balance, one root, nothing bare.
 * @throws ComponentProblem with the place of the first problem.
 */
export const checkWellFormed = (source: string): void => {
  const scan: Scan = { place: placesIn(source), open: [], roots: 0 };
  const tokens = new RegExp(`${SKIPPED}|${TAG}|${BARE}`, 'g');
  for (let match = tokens.exec(source); match !== null; match = tokens.exec(source)) scanMatch(scan, match);
  const left = scan.open.at(-1);
  if (left !== undefined) throw problem(scan.place, left.index, `the element ${left.name} has no end tag`);
  if (scan.roots === 0) throw problem(scan.place, 0, 'there is no root element');
};

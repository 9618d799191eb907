import type { NeedleFinder } from './compileNeedles.ts';
import type { NeedleHit, NeedleKind } from './contract.ts';

export type TakenOut = {
  readonly text: string;
  /** Passages that were replaced. */
  readonly count: number;
  /** What was to go and could not be placed in the text. */
  readonly left: readonly NeedleHit[];
};

type Span = { readonly start: number; readonly end: number };

/** Where a passage may begin and end: words with what they are written with, not the brackets and commas around them. */
const WORDS = /[^\s,;:<>"'‘’“”«»()[\]{}|]+/gu;
/** Words of the longest passage that is looked for word by word: an address with its town. */
const LONGEST = 64;
/** Passages replaced in one text at most. */
const MOST = 500;

/** An address or a number may hold the name in it: the longer passage goes first. */
const ORDER: readonly NeedleKind[] = ['email', 'identifier', 'record-id', 'phone', 'address', 'birth-date', 'name'];

/** The country's code before a number, which the number is found without. */
const COUNTRY_CODE = /(?:\+|\b00)\d{1,3}[\s.()/_-]{0,3}(?:\(0\)[\s.()/_-]{0,3})?$/;

const same = (a: NeedleHit, b: NeedleHit): boolean => a.kind === b.kind && a.of === b.of && a.strength === b.strength;

/** The first index in `[low, high]` for which `holds`, which is false before and true from there on. */
const firstOf = (low: number, high: number, holds: (at: number) => boolean): number => {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
};

/** The shortest run of words at the first place in which the finder sees the hit; undefined when cutting hides it. */
const spanOf = (text: string, hit: NeedleHit, finder: NeedleFinder): Span | undefined => {
  const words = [...text.matchAll(WORDS)].map(({ 0: word, index }) => ({ start: index, end: index + word.length }));
  const isIn = (start: number, end: number): boolean =>
    finder.find(text.slice(start, end)).some((one) => same(one, hit));
  const last = words.length - 1;
  const at = last < 0 ? -1 : firstOf(0, last, (index) => isIn(0, words[index]?.end ?? 0));
  const end = words[at]?.end;
  if (end === undefined || !isIn(0, end)) return undefined;
  for (let index = at; index >= Math.max(0, at - LONGEST); index -= 1) {
    const start = words[index]?.start ?? 0;
    if (isIn(start, end)) return { start: hit.kind === 'phone' ? withCountryCode(text, start) : start, end };
  }
  return { start: 0, end };
};

const withCountryCode = (text: string, start: number): number =>
  start - (COUNTRY_CODE.exec(text.slice(Math.max(0, start - 12), start))?.[0].length ?? 0);

/**
 * Replaces by `mark` every passage of a text in which one of the person's needles stands, however it is spelt or encoded: the
 * finder that found it says where it begins and ends. Only needles that `isWanted` takes; the rest of the text stays to
 * the letter.
 */
export const takeOut = (
  text: string,
  finder: NeedleFinder,
  { isWanted, mark }: { readonly isWanted: (hit: NeedleHit) => boolean; readonly mark: string },
): TakenOut => {
  let [now, count] = [text, 0];
  const lost: NeedleHit[] = [];
  for (;;) {
    const [hit] = finder
      .find(now)
      .filter((one) => isWanted(one) && !lost.some((known) => same(known, one)))
      .toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    if (hit === undefined) return { text: now, count, left: lost };
    const span = count < MOST ? spanOf(now, hit, finder) : undefined;
    if (span === undefined) {
      lost.push(hit);
      continue;
    }
    now = `${now.slice(0, span.start)}${mark}${now.slice(span.end)}`;
    count += 1;
  }
};

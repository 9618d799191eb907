import { foldedWords, type FoldedWord } from '../subject/foldText.ts';
import { emailsIn, phonesIn } from '../subject/identifiers.ts';
import type { RedactionKind, RedactionReason } from './dossier.ts';
import { valueKey, type IdentityIndex } from './identityIndex.ts';
import { isCapital, namesBeside, speaksOfKin } from './nameRuns.ts';

/** Finds account numbers, national numbers and the like; offsets in the original text. */
export type FindIdentifiers = (text: string) => readonly { readonly start: number; readonly end: number }[];

export type RedactOptions = {
  readonly index: IdentityIndex;
  readonly findIdentifiers: FindIdentifiers;
  /** Stands for what was taken out: `[third person]`. */
  readonly marker: string;
};

/**
 * How a text is read. `free`: anybody may be in it. `addresses`: a list of correspondents. `plain`: a value of the
 * person's own record, in which only people known by full name, address or number are others.
 */
export type TextMode = 'free' | 'addresses' | 'plain';

export type FoundThird = { readonly kind: RedactionKind; readonly reason: RedactionReason };
type Span = FoundThird & { readonly start: number; readonly end: number };

const contactSpans = (text: string, mode: TextMode, index: IdentityIndex): readonly Span[] => {
  const judge =
    (kind: 'email' | 'phone', own: ReadonlySet<string>, others: ReadonlyMap<string, RedactionReason>) =>
    ({ start, end, key }: { start: number; end: number; key: string }): readonly Span[] => {
      const reason = others.get(key) ?? (mode === 'plain' || own.has(key) ? undefined : 'not-the-persons');
      return reason === undefined ? [] : [{ start, end, kind, reason }];
    };
  return [
    ...emailsIn(text).flatMap(judge('email', index.ownEmails, index.otherEmails)),
    ...phonesIn(text, index.country).flatMap(judge('phone', index.ownPhones, index.otherPhones)),
  ];
};

const knownNameSpans = (
  text: string,
  words: readonly FoldedWord[],
  mode: TextMode,
  index: IdentityIndex,
): readonly Span[] => {
  const spans: Span[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const first = words[i];
    const patterns = first === undefined ? [] : (index.names.get(first.word) ?? []);
    const match = patterns.find(
      (pattern) =>
        (!pattern.capitalOnly || (mode === 'free' && first !== undefined && isCapital(text, first))) &&
        pattern.words.every((word, at) => words[i + at]?.word === word),
    );
    const last = match === undefined ? undefined : words[i + match.words.length - 1];
    if (match === undefined || first === undefined || last === undefined) continue;
    spans.push({ start: first.start, end: last.end, kind: 'name', reason: match.reason });
    i += match.words.length - 1;
  }
  return spans;
};

/** Names beside a title or a word of kin, unless they begin with a name of the person. */
const besideSpans = (text: string, words: readonly FoldedWord[], index: IdentityIndex): readonly Span[] =>
  namesBeside(text, words)
    .filter((run) => !index.ownWords.has(run.words[0] ?? ''))
    .map(({ start, end }): Span => ({ start, end, kind: 'name', reason: 'named-beside' }));

const SENTENCE_END = /[.!?](?=\s|$)|[\n;]/g;

/** Start and end of the sentence around a stretch. */
const sentenceAround = (text: string, start: number, end: number): { readonly start: number; readonly end: number } => {
  const ends = [...text.matchAll(SENTENCE_END)].map((match) => match.index + 1);
  return {
    start: ends.filter((at) => at <= start).at(-1) ?? 0,
    end: ends.find((at) => at >= end) ?? text.length,
  };
};

/** Account and national numbers: the person's own stay; others go when their sentence speaks of somebody else. */
const identifierSpans = (text: string, others: readonly Span[], options: RedactOptions): readonly Span[] =>
  options.findIdentifiers(text).flatMap(({ start, end }): readonly Span[] => {
    if (options.index.ownValues.has(valueKey(text.slice(start, end)))) return [];
    const sentence = sentenceAround(text, start, end);
    const beside =
      others.some((span) => span.start < sentence.end && sentence.start < span.end) ||
      speaksOfKin(foldedWords(text.slice(sentence.start, sentence.end)));
    return beside ? [{ start, end, kind: 'identifier', reason: 'beside-third-person' }] : [];
  });

/** Overlapping stretches become one: the earliest and longest names it. */
const joined = (spans: readonly Span[]): readonly Span[] => {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last === undefined || span.start >= last.end) result.push(span);
    else if (span.end > last.end) result[result.length - 1] = { ...last, end: span.end };
  }
  return result;
};

/**
 * A text without what it says of others: their names, addresses, numbers replaced by the marker. `found` says what was
 * replaced and why, never the value. Names that the org does not know and nothing announces cannot be recognised.
 */
export const redactText = (
  text: string,
  mode: TextMode,
  options: RedactOptions,
): { readonly text: string; readonly found: readonly FoundThird[] } => {
  const words = foldedWords(text);
  const people = [
    ...contactSpans(text, mode, options.index),
    ...knownNameSpans(text, words, mode, options.index),
    ...(mode === 'free' ? besideSpans(text, words, options.index) : []),
  ];
  const spans = joined([...people, ...(mode === 'free' ? identifierSpans(text, people, options) : [])]);
  let at = 0;
  let redacted = '';
  for (const span of spans) {
    redacted += text.slice(at, span.start) + options.marker;
    at = span.end;
  }
  return { text: redacted + text.slice(at), found: spans.map(({ kind, reason }) => ({ kind, reason })) };
};

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** What a rich text says, as plain text: names split by markup become readable, and nothing of it can run. */
export const textOfHtml = (html: string): string =>
  html
    .replace(/<(style|script)\b[^]*?<\/\1\s*>/gi, ' ')
    .replace(/<(br|\/p|\/div|\/li|\/tr|\/h[1-6])\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(
      /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,8}));/gi,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
        const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      },
    )
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

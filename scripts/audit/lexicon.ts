import { z } from 'zod';
import type { Result } from '../kernel/result.ts';
import { parseYaml } from '../model/parseYaml.ts';
import { key, source } from '../model/text.ts';
import { foldedWords, type FoldedWord } from '../subject/foldText.ts';

/** Words that tell of special categories, and the contexts in which they do not. */
export const lexicon = z.strictObject({
  source,
  traps: z.strictObject({
    reach: z.int().min(1).max(10),
    before: z.array(z.string().min(1)),
    cues: z.array(z.string().min(1)),
  }),
  entries: z.array(
    z.strictObject({
      key,
      category: z.string(),
      special: z.enum(['article-9', 'article-10']).optional(),
      terms: z.array(z.string().min(1)).min(1),
    }),
  ),
});
export type Lexicon = z.infer<typeof lexicon>;
export type LexiconEntry = Lexicon['entries'][number];

export const parseLexicon = (text: string, file = 'lexicon-fr.yml'): Result<Lexicon> =>
  parseYaml(lexicon, text, { code: 'ReferenceListNotValid', file });

/** A hit: offsets in the original text; `certain` when a personal cue stands nearby. */
export type LexiconHit = {
  readonly entry: LexiconEntry;
  readonly start: number;
  readonly end: number;
  readonly certain: boolean;
};

type Term = { readonly entry: LexiconEntry; readonly words: readonly string[] };

/** Terms by their first letters, so that a note of n words costs n look-ups, not n × terms. */
export type LexiconIndex = {
  readonly byStart: ReadonlyMap<string, readonly Term[]>;
  readonly before: ReadonlySet<string>;
  readonly cues: ReadonlySet<string>;
  readonly reach: number;
};

const START = 3;
const startOf = (word: string): string => word.replace('*', '').slice(0, START);

export const indexLexicon = (list: Lexicon): LexiconIndex => {
  const byStart = new Map<string, Term[]>();
  for (const entry of list.entries)
    for (const term of entry.terms) {
      const words = term.split(' ');
      const start = startOf(words[0] ?? '');
      byStart.set(start, [...(byStart.get(start) ?? []), { entry, words }]);
    }
  return { byStart, before: new Set(list.traps.before), cues: new Set(list.traps.cues), reach: list.traps.reach };
};

const fits = (word: string | undefined, wanted: string): boolean =>
  word !== undefined && (wanted.endsWith('*') ? word.startsWith(wanted.slice(0, -1)) : word === wanted);

const longestAt = (index: LexiconIndex, words: readonly FoldedWord[], at: number): Term | undefined =>
  (index.byStart.get((words[at]?.word ?? '').slice(0, START)) ?? [])
    .filter((term) => term.words.every((wanted, i) => fits(words[at + i]?.word, wanted)))
    .sort((a, b) => b.words.length - a.words.length)[0];

const SENTENCE_END = /[.!?:;\n«"(-]$/;
const TITLE = /(?:^|\s)(?:M|Mr|Mme|Mlle|Dr|famille)\.?$/;

/** A capital inside a sentence or a hyphen before another: `Mme Juif`, `Secours Catholique`, `Gay-Lussac`. Acronyms are not names. */
const isCapitalisedName = (text: string, word: FoldedWord): boolean => {
  if (!/^\p{Lu}\p{Ll}/u.test(text.slice(word.start, word.end))) return false;
  if (/^-\p{Lu}/u.test(text.slice(word.end))) return true;
  const before = text.slice(0, word.start).trimEnd();
  return before !== '' && (TITLE.test(before) || !SENTENCE_END.test(before));
};

/** The distance, in words, back to the nearest of a set; undefined when none is within reach or a sentence ended between. */
const distanceBack = (
  text: string,
  words: readonly FoldedWord[],
  place: { readonly at: number; readonly reach: number },
  wanted: ReadonlySet<string>,
): number | undefined => {
  for (let back = 1; back <= place.reach; back += 1) {
    const word = words[place.at - back];
    const next = words[place.at - back + 1];
    if (word === undefined || next === undefined || /[.!?;\n]/.test(text.slice(word.end, next.start))) return undefined;
    if (wanted.has(word.word)) return back;
  }
  return undefined;
};

/**
 * Words of special categories in a text, outside their traps: a street, a hospital as a place, an organisation, the
 * theme of a gift, a family name with a capital. A personal cue nearer than the trap voids the trap.
 */
export const searchLexicon = (index: LexiconIndex, text: string): readonly LexiconHit[] => {
  const words = foldedWords(text);
  const hits: LexiconHit[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const term = longestAt(index, words, at);
    const first = words[at];
    const last = words[at + (term?.words.length ?? 1) - 1];
    if (term === undefined || first === undefined || last === undefined) continue;
    const place = { at, reach: index.reach };
    const trap = distanceBack(text, words, place, index.before);
    const cue = distanceBack(text, words, place, index.cues);
    const trapped = trap !== undefined && (cue === undefined || trap < cue);
    if (!trapped && !isCapitalisedName(text, first)) {
      hits.push({ entry: term.entry, start: first.start, end: last.end, certain: cue !== undefined });
    }
    at += term.words.length - 1;
  }
  return hits;
};

import { SOUND_RULES } from './phoneticRules.ts';

type Rule = {
  readonly from: Uint8Array;
  /** Bits of letters, 1 for `a`; 0 when any will do. */
  readonly before: number;
  readonly after: number;
  readonly starts: boolean;
  readonly ends: boolean;
  readonly to: Uint8Array;
};

const codes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const bitOf = (code: number): number => (code >= 97 && code <= 122 ? 1 << (code - 97) : 0);
const bits = (text: string | undefined): number => codes(text ?? '').reduce((sum, code) => sum | bitOf(code), 0);

const ruleOf = (line: string): Rule => {
  const [pattern = '', to = ''] = line.split(' ');
  const parts = /^(\^|\([a-z]+\))?([a-z]+)(\([a-z]+\))?(\$)?$/.exec(pattern);
  if (parts === null) throw new Error(`not a sound rule: ${pattern}`);
  const [, before = '', from = '', after = '', end = ''] = parts;
  const starts = before === '^';
  return { from: codes(from), before: bits(before), after: bits(after), starts, ends: end !== '', to: codes(to) };
};

const LETTERS = 26;
const FIRST_LETTER = 97;
const isLetter = (code: number): boolean => code >= FIRST_LETTER && code < FIRST_LETTER + LETTERS;
const RULE_LIST = SOUND_RULES.split('\n')
  .filter((line) => line !== '')
  .map(ruleOf);

/** Rules by their first two letters (`LETTERS` in the second place: the word ends or goes on with a figure). */
const byLetters: readonly (readonly Rule[])[] = Array.from({ length: LETTERS * (LETTERS + 1) }, (_, at) => {
  const first = FIRST_LETTER + Math.floor(at / (LETTERS + 1));
  const second = FIRST_LETTER + (at % (LETTERS + 1));
  return RULE_LIST.filter((rule) => rule.from[0] === first && (rule.from.length === 1 || rule.from[1] === second));
});

const rulesFor = (first: number, second: number): readonly Rule[] => {
  if (!isLetter(first)) return [];
  const next = isLetter(second) ? second - FIRST_LETTER : LETTERS;
  return byLetters[(first - FIRST_LETTER) * (LETTERS + 1) + next] ?? [];
};

const LONGEST = 64;
const SHORTEST = 2;
const word = new Uint8Array(LONGEST + 1);
const sound = Buffer.alloc(LONGEST * 4);

const standsAt = (rule: Rule, at: number): boolean => {
  for (let i = 2; i < rule.from.length; i += 1) if (word[at + i] !== rule.from[i]) return false;
  return true;
};

const fitsBefore = (rule: Rule, at: number): boolean => {
  if (at === 0) return rule.before === 0;
  return !rule.starts && (rule.before === 0 || (rule.before & bitOf(word[at - 1] ?? 0)) !== 0);
};

/** `length`: of the word; `sounded`: letters of sound so far. A silent ending may not eat a short name up (`roy`, `lot`). */
const fits = (rule: Rule, at: number, length: number, sounded: number): boolean => {
  const end = at + rule.from.length;
  if (end > length || !standsAt(rule, at) || !fitsBefore(rule, at)) return false;
  if (rule.after !== 0) return end < length && (rule.after & bitOf(word[end] ?? 0)) !== 0;
  return !rule.ends || (end === length && (rule.to.length > 0 || sounded >= SHORTEST));
};

const ruleAt = (at: number, length: number, sounded: number): Rule | undefined => {
  for (const rule of rulesFor(word[at] ?? 0, at + 1 < length ? (word[at + 1] ?? 0) : 0))
    if (fits(rule, at, length, sounded)) return rule;
  return undefined;
};

// `ss` differs from `s` between vowels, `cc` from `c`: every other double letter sounds like one
const SINGLE = bits('abdefghijklmnopqrtuvwxyz');

const takeIn = (text: string): number => {
  let length = 0;
  for (let i = 0; i < text.length && length < LONGEST; i += 1) {
    const code = text.charCodeAt(i);
    const doubled = length > 0 && word[length - 1] === code && (SINGLE & bitOf(code)) !== 0;
    if (code !== 32 && !doubled) word[length++] = code;
  }
  return length;
};

const put = (at: number, code: number): number => {
  if (at > 0 && sound[at - 1] === code) return at;
  sound[at] = code;
  return at + 1;
};

/** Sound key of a folded text, its words run together; digits stay; the first 64 letters count. '' for ''. */
export const phoneticKey = (text: string): string => {
  const length = takeIn(text);
  let sounded = 0;
  for (let at = 0; at < length;) {
    const rule = ruleAt(at, length, sounded);
    if (rule === undefined) sounded = put(sounded, word[at] ?? 0);
    else for (const code of rule.to) sounded = put(sounded, code);
    at += rule?.from.length ?? 1;
  }
  return sound.toString('latin1', 0, sounded);
};

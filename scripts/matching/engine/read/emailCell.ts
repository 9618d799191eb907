import type { Knowledge } from '../../knowledge/contract.ts';
import { ByteDictionary } from '../text/byteDictionary.ts';
import { hashOf, hashText, mixed } from '../text/fold.ts';
import { type Cell, folded } from './memo.ts';

/**
 * Hash of the whole address and of what is before the at sign, 31 bits; zeros when it is none. Of the user without dots:
 * `letters` (userLetters) and the first four bytes, which rule most pairs out before any letter is compared.
 */
export type ReadEmail = { whole: number; user: number; letters: number; head: number };

const answer: ReadEmail = { whole: 0, user: 0, letters: 0, head: 0 };
const AT = 64;
const PLUS = 43;
const DOT = 46;

/** Where the user ends within folded bytes (before the at sign or a plus), and where the domain begins; -1 when none. */
const partsOf = (bytes: Uint8Array, length: number): { user: number; domain: number } => {
  let at = length - 1;
  while (at > 0 && bytes[at] !== AT) at -= 1;
  if (at <= 0 || at === length - 1) return { user: -1, domain: -1 };
  let user = 0;
  while (user < at && bytes[user] !== PLUS) user += 1;
  return { user: user === 0 ? at : user, domain: at + 1 };
};

const withoutDots = (bytes: Uint8Array, length: number): number => {
  let kept = 0;
  for (let i = 0; i < length; i += 1) if (bytes[i] !== DOT) bytes[kept++] = bytes[i] ?? 0;
  return kept;
};

const MOST_LENGTH = 31;
const OTHER_BYTES = 26;

/** A bit for each letter, one for other bytes, and the length (at most 31) in the upper five bits. */
export const userLetters = (bytes: Uint8Array, length: number): number => {
  let mask = 0;
  const end = Math.min(length, MOST_LENGTH + 1);
  for (let i = 0; i < end; i += 1) {
    const letter = (bytes[i] ?? 0) - 97;
    mask |= 1 << (letter >= 0 && letter < OTHER_BYTES ? letter : OTHER_BYTES);
  }
  return mask | (Math.min(length, MOST_LENGTH) << (OTHER_BYTES + 1));
};

const headOf = (bytes: Uint8Array, length: number): number => {
  let head = 0;
  for (let i = 0; i < 4; i += 1) head = (head << 8) | (i < length ? (bytes[i] ?? 0) : 0);
  return head;
};

/** Whether a provider passes over dots is seen from how knowledge writes an address of it. */
const PROBE = 'xa.zb';

/** Reads addresses: knowledge is asked once per domain. */
export const emailReader = (knowledge: Knowledge): ((cell: Cell) => ReadEmail) => {
  const domains = new ByteDictionary(1024);
  const known: { readonly hash: number; readonly dots: boolean }[] = [];
  const learn = (id: number): { readonly hash: number; readonly dots: boolean } => {
    const text = domains.text(id);
    const email = knowledge.email(`${PROBE}@${text}`);
    return { hash: email.key === '' ? 0 : hashText(email.domain), dots: email.user === PROBE };
  };
  return (cell) => {
    answer.whole = 0;
    answer.user = 0;
    const { bytes, length } = folded(cell);
    const parts = partsOf(bytes, length);
    if (parts.domain < 0) return answer;
    const id = domains.add(bytes, { from: parts.domain, to: length }, hashOf(bytes, parts.domain, length));
    const domain = (known[id] ??= learn(id));
    if (domain.hash === 0) return answer;
    const dotted = hashOf(bytes, 0, parts.user);
    const length0 = withoutDots(bytes, parts.user);
    const user = domain.dots ? dotted : hashOf(bytes, 0, length0);
    answer.letters = userLetters(bytes, length0);
    answer.head = headOf(bytes, length0);
    answer.user = user & 0x7fffffff || 1;
    answer.whole = mixed(user ^ Math.imul(domain.hash, 0x9e3779b1)) & 0x7fffffff || 1;
    return answer;
  };
};

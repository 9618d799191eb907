import { foldText } from '../../subject/foldText.ts';

const REACH = 48;

/** Whether one of the words (folded, `*` for any ending) stands shortly before or right after a place in a text. */
export const hasNearby = (text: string, start: number, end: number, words: readonly string[]): boolean => {
  const around = foldText(`${text.slice(Math.max(0, start - REACH), start)} | ${text.slice(end, end + REACH / 2)}`);
  return words.some((word) => {
    const open = word.endsWith('*');
    const literal = (open ? word.slice(0, -1) : word).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`(?<![a-z0-9])${literal}${open ? '' : '(?![a-z0-9])'}`).test(around);
  });
};

/** Matches of a pattern that do not touch further letters or digits. */
export const standingAlone = (text: string, pattern: RegExp): readonly RegExpExecArray[] =>
  [...text.matchAll(pattern)].filter((match) => {
    const before = text[match.index - 1] ?? ' ';
    const after = text[match.index + match[0].length] ?? ' ';
    return !/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after);
  });

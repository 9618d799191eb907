import { foldText } from '../foldText.ts';
import type { SpellingKnowledge } from './contract.ts';

/** A text for comparing: lower case, Latin letters without accents, invisible characters gone. */
export type Fold = (text: string) => string;

const INVISIBLE = /[\u00AD\u200B-\u200F\u2060\uFEFF]/g;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Folds any script that the knowledge has letters for: `Дюпон` → `dyupon`, `Müller` → `muller`, `Œuvre` → `oeuvre`. */
export const createFold = ({ transliteration }: Pick<SpellingKnowledge, 'transliteration'>): Fold => {
  const letters = new Map(transliteration);
  const keys = [...letters.keys()].filter((key) => key !== '').sort((a, b) => b.length - a.length);
  const foreign = keys.length === 0 ? undefined : new RegExp(keys.map(escaped).join('|'), 'gu');
  return (text) => {
    const plain = foldText(text.replace(INVISIBLE, ''));

    if (foreign === undefined || /^[\u0000-\u007F]*$/.test(plain)) return plain;
    return plain
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(foreign, (letter) => letters.get(letter) ?? letter);
  };
};

/** Words of a folded text. */
export const wordsOf = (folded: string): readonly string[] => folded.match(/[\p{L}\p{N}]+/gu) ?? [];

/** The German and Nordic way of writing what an accent says, and its absence: `muller` and `mueller`. */
export const umlautForms = (original: string, fold: Fold): readonly string[] => {
  const spelt = original
    .normalize('NFC')
    .replace(/[äæ]/giu, 'ae')
    .replace(/[öøœ]/giu, 'oe')
    .replace(/ü/giu, 'ue')
    .replace(/å/giu, 'aa');
  const forms = [fold(original), fold(spelt)];
  return [...new Set([...forms, ...forms.map((form) => form.replace(/([aou])e/g, '$1'))])];
};

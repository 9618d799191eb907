import { areTwoNames } from '../../knowledge/relateGivenNames.ts';
import type { Data } from '../compare/contract.ts';
import { givenNamesOf } from '../compare/givenValues.ts';
import { PairCache } from '../compare/pairCache.ts';
import { keyText } from '../compare/textLevels.ts';
import { intAt } from '../kernels/at.ts';
import { oneEditAway } from '../kernels/editDistance.ts';
import type { ValueTable } from '../values/contract.ts';

/** How far the given names of two rows are two names of their own: no more than anybody's, by a letter, by more than that. */
export const TWO_NAMES = { no: 0, letterApart: 1, yes: 2 } as const;

type Rows<T> = (a: number, b: number) => T;

/** `TWO_NAMES` of the given names of two rows: the least over all values they have. */
export const twoNamesOf = (data: Data): Rows<number> => {
  const table = data.values.given;
  if (table === undefined) return () => TWO_NAMES.no;
  const { records, layout } = data;
  const { stride } = layout;
  const slots = layout.slots('given');
  const name = givenNamesOf(data.knowledge, table);
  const cache = new PairCache(table.count, (a, b) => {
    if (!areTwoNames(name(a), name(b))) return TWO_NAMES.no;
    return oneEditAway(table.texts, a, b) ? TWO_NAMES.letterApart : TWO_NAMES.yes;
  });
  return (a, b) => {
    let least: number = TWO_NAMES.yes;
    for (const one of slots) {
      for (const other of slots) {
        const left = intAt(records, a * stride + one);
        const right = intAt(records, b * stride + other);
        if (left !== 0 && right !== 0) least = Math.min(least, left === right ? TWO_NAMES.no : cache.of(left, right));
      }
    }
    return least;
  };
};

type Mark = { readonly rank: string; readonly initial: boolean };

/** The younger one is the second, the elder one the first. */
const RANKS: Readonly<Record<string, string>> = { jr: '2', sr: '1' };
const FIRST = 'i';

const marksIn = (
  { records, layout }: Data,
  field: string,
  table: ValueTable | undefined,
  generation: (text: string) => string,
): ((row: number) => Mark) => {
  const known = new Map<number, Mark>();
  const slot = layout.slot(field);
  return (row) => {
    const id = slot < 0 ? 0 : intAt(records, row * layout.stride + slot);
    let mark = known.get(id);
    if (mark === undefined) {
      const text = table === undefined || id === 0 ? '' : keyText(table, id);
      // a mark is a word behind others
      const own = text.includes(' ') ? generation(text) : '';
      mark = { rank: RANKS[own] ?? own, initial: text.endsWith(` ${FIRST}`) };
      known.set(id, mark);
    }
    return mark;
  };
};

const differ = (one: Mark, other: Mark): boolean =>
  one.rank !== '' && ((other.rank !== '' && one.rank !== other.rank) || (one.rank !== '1' && other.initial));

/** Whether generation marks (`Jr`, `père`, `II`) on both sides exclude each other, be they with the given or the family name. */
export const generationsDiffer = (data: Data): Rows<boolean> => {
  const { values, knowledge } = data;
  const given = marksIn(data, 'given0', values.given, (text) => knowledge.givenName(text).generation);
  const family = marksIn(data, 'family0', values.family, (text) => knowledge.familyName(text).generation);
  const markOf = (row: number): Mark => {
    const own = family(row);
    return own.rank === '' ? given(row) : own;
  };
  return (a, b) => {
    const [one, other] = [markOf(a), markOf(b)];
    return differ(one, other) || differ(other, one);
  };
};

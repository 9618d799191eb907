import { oneEditAway } from '../kernels/editDistance.ts';
import { fewestMatches, jaroWinkler, neverSimilar, type Texts } from '../kernels/jaroWinkler.ts';
import type { ValueTable } from '../values/contract.ts';
import { SIMILAR } from './valueShapes.ts';

export const CLOSE = 0.92;

const FEWEST = fewestMatches(SIMILAR);

/** 0 unlike, 1 similar, 2 close: Jaro-Winkler, passed over when the letters alone rule it out. */
export const spelling = (texts: Texts, a: number, b: number): 0 | 1 | 2 => {
  if (neverSimilar(texts, a, b, FEWEST)) return 0;
  const similarity = jaroWinkler(texts, a, b);
  if (similarity >= CLOSE || (similarity >= SIMILAR && (texts.length[a] ?? 0) >= 4 && oneEditAway(texts, a, b)))
    return 2;
  return similarity >= SIMILAR ? 1 : 0;
};

const decoder = new TextDecoder();
/** The key of a value: what knowledge is asked again with. */
export const keyText = (table: ValueTable, id: number): string =>
  decoder.decode(table.keys.slice(table.keyStarts[id], table.keyStarts[id + 1]));

/** Answers of knowledge, worked out again for values that come to be compared in depth; kept as long as their table. */
export const remembered = <T>(table: ValueTable, read: (text: string) => T): ((id: number) => T) => {
  const known = new Map<number, T>();
  return (id) => {
    let value = known.get(id);
    if (value === undefined) {
      value = read(keyText(table, id));
      known.set(id, value);
    }
    return value;
  };
};

/** The level of two values of one kind. */
export type LevelOf = (a: number, b: number) => number;

/** The same in stages: equal numbers, then what knowledge and letters rule out, then the memory of pairs. */
export type ValueLevels = {
  of(a: number, b: number): number;
};

export const bothEqual = (left: number | undefined, right: number | undefined): boolean => left === right && left !== 0;

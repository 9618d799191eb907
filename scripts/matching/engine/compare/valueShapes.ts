import { bitsIn, fewestMatches, LONGEST_COMPARED } from '../kernels/jaroWinkler.ts';
import { HASH, type ValueTable } from '../values/contract.ts';

/**
 * What tells two values apart before their letters are looked at, one line of the processor's cache a value: letters that
 * occur, length, first four bytes, hash, and up to twelve fields of its table.
 */
export type ValueShapes = Int32Array;

export const SHAPE_BITS = 4;
const MASK = 0;
export const SHAPE_LENGTH = 1;
const HEAD = 2;
export const SHAPE_HASH = 3;
/** The first of the fields asked for. */
export const SHAPE_FIELDS = 4;

const made = new WeakMap<ValueTable, ValueShapes>();

/** Shapes of a table's values, made once: whoever asks for one table asks for the same fields. */
export const shapesOf = (table: ValueTable, fields: readonly number[]): ValueShapes => {
  const shapes = made.get(table) ?? makeShapes(table, fields);
  made.set(table, shapes);
  return shapes;
};

const makeShapes = (table: ValueTable, fields: readonly number[]): ValueShapes => {
  const { texts, width, count } = table;
  const shapes = new Int32Array(count << SHAPE_BITS);
  for (let id = 0; id < count; id += 1) {
    const at = id << SHAPE_BITS;
    shapes[at + MASK] = texts.mask[id] ?? 0;
    shapes[at + SHAPE_LENGTH] = Math.min(LONGEST_COMPARED, texts.length[id] ?? 0);
    shapes[at + HEAD] = texts.head[id] ?? 0;
    shapes[at + SHAPE_HASH] = table.fields[id * width + HASH] ?? 0;
    for (let i = 0; i < fields.length; i += 1)
      shapes[at + SHAPE_FIELDS + i] = table.fields[id * width + (fields[i] ?? 0)] ?? 0;
  }
  return shapes;
};

const SIZES = LONGEST_COMPARED + 1;

/** Below this similarity two values are not alike. */
export const SIMILAR = 0.8;
const FEWEST = fewestMatches(SIMILAR);

/** True when letters, lengths and heads rule out that two values are similar; `left` and `right`: where their shapes begin. */
export const neverAlike = (shapes: ValueShapes, left: number, right: number): boolean => {
  const maskA = shapes[left] ?? 0;
  const maskB = shapes[right] ?? 0;
  const la = shapes[left + SHAPE_LENGTH] ?? 0;
  const lb = shapes[right + SHAPE_LENGTH] ?? 0;
  const matches = Math.min(la - bitsIn(maskA & ~maskB), lb - bitsIn(maskB & ~maskA));
  const prefix = Math.clz32((shapes[left + HEAD] ?? 0) ^ (shapes[right + HEAD] ?? 0)) >>> 3;
  return matches < (FEWEST[(prefix * SIZES + la) * SIZES + lb] ?? 0);
};

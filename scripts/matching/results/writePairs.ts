import { LINKS, ZONES, type MatchPairs } from '../contract.ts';
import type { RowIds } from '../read/contract.ts';
import type { RowSpace } from '../rowSpace.ts';
import { bytesOf, writeLines, type LineWriter } from './lineWriter.ts';

/** Compares two ids byte by byte. */
export const compareIds = (left: RowIds, a: number, right: RowIds, b: number): number => {
  const aStart = left.starts[a] ?? 0;
  const bStart = right.starts[b] ?? 0;
  const aLength = (left.starts[a + 1] ?? 0) - aStart;
  const bLength = (right.starts[b + 1] ?? 0) - bStart;
  const length = Math.min(aLength, bLength);
  for (let i = 0; i < length; i += 1) {
    const apart = (left.bytes[aStart + i] ?? 0) - (right.bytes[bStart + i] ?? 0);
    if (apart !== 0) return apart;
  }
  return aLength - bLength;
};

const COMMA = bytesOf(',');
const TAILS = LINKS.map((link) => ZONES.map((zone) => bytesOf(`,${link},${zone}`)));

type Place = { readonly ids: RowIds; readonly row: number };

const places = (space: RowSpace) => {
  const { offsets, tables } = space;
  return (row = 0): Place => {
    const table = tables.length === 1 ? 0 : space.tableOf(row);
    const ids = tables[table]?.ids;
    if (ids === undefined) throw new RangeError(`row ${row} is of no table`);
    return { ids, row: row - (offsets[table] ?? 0) };
  };
};

const writeIds = (lines: LineWriter, a: Place, b: Place): void => {
  const turned = a.ids === b.ids && compareIds(a.ids, a.row, b.ids, b.row) > 0;
  const [first, second] = turned ? [b, a] : [a, b];
  lines.id(first.ids, first.row);
  lines.plain(COMMA);
  lines.id(second.ids, second.row);
  lines.plain(COMMA);
};

const tailOf = (link = 0, zone = 0): Uint8Array => TAILS[link]?.[zone] ?? COMMA;

/**
 * `pairs.csv`: `id_a,id_b,probability,link,zone`. Within one table the lower id stands first, whatever the order of the rows;
 * across two, the first table's.
 */
export const writePairs = (path: string, pairs: MatchPairs, space: RowSpace): Promise<void> =>
  writeLines(path, async (lines) => {
    const placeOf = places(space);
    lines.plain(bytesOf('id_a,id_b,probability,link,zone'));
    lines.end();
    for (let i = 0; i < pairs.count; i += 1) {
      writeIds(lines, placeOf(pairs.a[i]), placeOf(pairs.b[i]));
      lines.probability(pairs.probability[i] ?? 0);
      lines.plain(tailOf(pairs.link[i], pairs.zone[i]));
      if (lines.end()) await lines.flush();
    }
  });

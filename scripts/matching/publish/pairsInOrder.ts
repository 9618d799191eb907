import type { MatchedRecord } from '../../model/duplicateGroup.ts';
import { LINKS, ZONES } from '../contract.ts';
import type { Link, MatchPairs, Zone } from '../contract.ts';

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By object, then id: the order of rows in a file or an org does not matter. */
export const compareRecords = (a: MatchedRecord, b: MatchedRecord): number =>
  compareText(a.object, b.object) || compareText(a.id, b.id);

export type RecordOf = (row: number) => MatchedRecord | undefined;

/** Places of the pairs with one of these links and one of these zones, in no order but theirs. */
export const placesOf = (pairs: MatchPairs, links: readonly Link[], zones: readonly Zone[]): Int32Array => {
  const wantedLink = LINKS.map((link) => links.includes(link));
  const wantedZone = ZONES.map((zone) => zones.includes(zone));
  const wanted = (i: number): boolean =>
    wantedLink[pairs.link[i] ?? -1] === true && wantedZone[pairs.zone[i] ?? -1] === true;
  let count = 0;
  for (let i = 0; i < pairs.count; i += 1) if (wanted(i)) count += 1;
  const places = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < pairs.count; i += 1) if (wanted(i)) places[at++] = i;
  return places;
};

const endsOf = (pairs: MatchPairs, place: number, recordOf: RecordOf): readonly [MatchedRecord, MatchedRecord] => {
  const none = { object: '', id: '' };
  const a = recordOf(pairs.a[place] ?? -1) ?? none;
  const b = recordOf(pairs.b[place] ?? -1) ?? none;
  return compareRecords(a, b) <= 0 ? [a, b] : [b, a];
};

/** The places by falling probability; equal ones by the ids of their records, so that the order of rows does not matter. */
export const byProbability = (pairs: MatchPairs, places: Int32Array, recordOf: RecordOf): Int32Array =>
  places.toSorted((x, y) => {
    const falling = (pairs.probability[y] ?? 0) - (pairs.probability[x] ?? 0);
    if (falling !== 0) return falling;
    const [ax, bx] = endsOf(pairs, x, recordOf);
    const [ay, by] = endsOf(pairs, y, recordOf);
    return compareRecords(ax, ay) || compareRecords(bx, by) || (pairs.link[x] ?? 0) - (pairs.link[y] ?? 0);
  });

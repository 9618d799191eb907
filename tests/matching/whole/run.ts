import { generateMatching, matchingColumns, type MatchingOptions } from '../../../scripts/demo/matching/file.ts';
import { readMatchKnowledge } from '../../../scripts/app/matchKnowledge.ts';
import {
  LINKS,
  ZONES,
  type Link,
  type MatchRequest,
  type MatchResult,
  type MatchTable,
  type Zone,
} from '../../../scripts/matching/contract.ts';
import { runMatch } from '../../../scripts/matching/engine/match.ts';
import { groupedBy } from '../reference/groups.ts';

const knowledge = await readMatchKnowledge();

/** Lines of cells without header, and what is true of each of them. */
export type People = {
  readonly lines: readonly string[];
  readonly ids: readonly string[];
  readonly entities: readonly string[];
  readonly households: readonly string[];
  readonly columns: MatchTable['columns'];
};

/** People of the generated file with their truth. */
export const peopleOf = (options: MatchingOptions): People => {
  const lines: string[] = [];
  const truths: (readonly string[])[] = [];
  for (const { data, truth } of generateMatching(options)) {
    for (const line of data.trimEnd().split('\n')) lines.push(line);
    for (const line of truth.trimEnd().split('\n')) truths.push(line.split(','));
  }
  return {
    lines,
    ids: truths.map(([id = '']) => id),
    entities: truths.map(([, entity = '']) => entity),
    households: truths.map(([, , household = '']) => household),
    columns: matchingColumns(options),
  };
};

/** The same people in the order of these positions. */
export const inOrder = (people: People, order: readonly number[]): People => ({
  lines: order.map((i) => people.lines[i]!),
  ids: order.map((i) => people.ids[i]!),
  entities: order.map((i) => people.entities[i]!),
  households: order.map((i) => people.households[i]!),
  columns: people.columns,
});

/** Positions 0 to n - 1 by lot, the same lot for the same seed. */
export const shuffled = (n: number, seed: number): readonly number[] => {
  const order = Array.from({ length: n }, (_, i) => i);
  let state = seed;
  for (let left = n; left > 1; left -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const at = (state >>> 0) % left;
    [order[left - 1], order[at]] = [order[at]!, order[left - 1]!];
  }
  return order;
};

export const tableOf = (
  lines: readonly string[],
  columns: MatchTable['columns'],
  more: Partial<MatchTable> = {},
): MatchTable => {
  const text = new TextEncoder().encode(`${lines.join('\n')}\n`);
  const bytes = new SharedArrayBuffer(text.length);
  new Uint8Array(bytes).set(text);
  return {
    name: 'people.csv',
    side: 'a',
    bytes,
    start: 0,
    end: text.length,
    delimiter: ','.charCodeAt(0),
    columns,
    country: 'FR',
    entity: 'person',
    ...more,
  };
};

export const requestOf = (tables: readonly MatchTable[], more: Partial<MatchRequest> = {}): MatchRequest => ({
  tables,
  knowledge,
  decisions: [],
  excluded: new Set(),
  targetError: 0.001,
  pairsPerRecord: 40,
  threads: 2,
  ...more,
});

export const match = async (people: People, more: Partial<MatchRequest> = {}): Promise<MatchResult> =>
  runMatch(requestOf([tableOf(people.lines, people.columns)], more));

export type ToldPair = {
  readonly a: string;
  readonly b: string;
  readonly probability: number;
  readonly link: Link;
  readonly zone: Zone;
};

const inOneOrder = (a: string, b: string): readonly [string, string] => (a < b ? [a, b] : [b, a]);

/** The told pairs under the rows' own ids, sorted by them: comparable between any two orders of rows. */
export const pairsById = ({ pairs }: MatchResult, ids: readonly string[]): readonly ToldPair[] =>
  Array.from({ length: pairs.count }, (_, i): ToldPair => {
    const [a, b] = inOneOrder(ids[pairs.a[i]!]!, ids[pairs.b[i]!]!);
    return { a, b, probability: pairs.probability[i]!, link: LINKS[pairs.link[i]!]!, zone: ZONES[pairs.zone[i]!]! };
  }).sort((x, y) => (x.a === y.a ? (x.b < y.b ? -1 : 1) : x.a < y.a ? -1 : 1));

/** Groups of two or more, each sorted, all sorted. */
export const groupsById = (labels: Int32Array, ids: readonly string[]): readonly string[] =>
  [...groupedBy(ids, (_, row) => String(labels[row]!)).values()]
    .filter((group) => group.length > 1)
    .map((group) => group.toSorted().join(' '))
    .sort();

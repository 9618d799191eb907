import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { OrgValue } from '../org/port.ts';
import type { RowChunk } from '../snapshot/chunks.ts';
import { toldBy, type Fact } from './facts.ts';
import type { FactSource } from './factSources.ts';
import { rememberRows } from './rowMemo.ts';

/** What a row states through one of its lookups: which sources say what, whomever it is about. */
export type Statement = Pick<Fact, 'source' | 'date' | 'until'>;

/** Statements through one lookup as a short text; empty when there are none. */
const textOf = (statements: readonly (readonly [number, Statement])[]): string =>
  statements.map(([index, { date, until }]) => `${String(index)},${date ?? ''},${until ?? ''}`).join(';');

const dayIn = (text: string | undefined): LocalDate | null =>
  text === undefined || text === '' ? null : (text as LocalDate);

const MOST_REMEMBERED = 50_000;

/** Reads such texts, the sources being named by their place in the list. */
export const statementReader = (sources: readonly FactSource[]): ((text: string) => readonly Statement[]) => {
  const known = new Map<string, readonly Statement[]>();
  const read = (text: string): readonly Statement[] =>
    text.split(';').flatMap((one) => {
      const [index, date, until] = one.split(',');
      const source = sources[Number(index)];
      return source === undefined ? [] : [{ source, date: dayIn(date), until: dayIn(until) }];
    });
  return (text) => {
    const there = known.get(text);
    if (there !== undefined) return there;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const made = read(text);
    known.set(text, made);
    return made;
  };
};

/** Paths whose values decide what a row states: all but its id and its lookups. */
const judgedPaths = (sources: readonly FactSource[]): readonly string[] => [
  ...new Set(
    sources.flatMap(({ where, date, until }) => [
      ...where.map(({ field }) => field),
      ...[date, until].filter((path) => path !== undefined),
    ]),
  ),
];

/** How the rows of one object are read. */
export type RowTeller = {
  /** What to read of them: the id, each lookup, then what decides. */
  readonly paths: readonly string[];
  /** Of one row of such a chunk: its lookups and what it states through each, in the order of `paths`. */
  readonly texts: (chunk: RowChunk, row: number) => readonly string[];
};

/** @param sources those of the object, with their places in the list of all. */
export const rowTeller = (sources: readonly (readonly [number, FactSource])[], timeZone: string): RowTeller => {
  const vias = [...new Set(sources.map(([, { via }]) => via))];
  const judged = judgedPaths(sources.map(([, source]) => source));
  const at = new Map(judged.map((path, i) => [path, i]));
  const told = rememberRows((values) => {
    const read = (path: string): OrgValue => values[at.get(path) ?? -1] ?? null;
    return vias.map((via) =>
      textOf(
        sources.flatMap(([index, source]) => {
          const statement = source.via === via ? toldBy(source, read, timeZone) : undefined;
          return statement === undefined ? [] : [[index, statement] as const];
        }),
      ),
    );
  });
  const judgedFrom = 1 + vias.length;
  let [chunkSeen, columns]: [RowChunk | undefined, RowChunk['columns']] = [undefined, []];
  return {
    paths: ['Id', ...vias, ...judged],
    texts: (chunk, row) => {
      if (chunk !== chunkSeen) [chunkSeen, columns] = [chunk, chunk.columns.slice(judgedFrom)];
      return told(columns, row);
    },
  };
};

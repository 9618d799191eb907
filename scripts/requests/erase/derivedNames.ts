import { inChunks, soqlList, soqlName } from '../../kernel/soql.ts';
import type { ErasureItem } from '../../model/erasure.ts';
import type { Org } from '../../org/port.ts';
import { foldText } from '../../subject/foldText.ts';
import type { NeedleFinder } from '../../subject/needles/compileNeedles.ts';
import type { Needles } from '../../subject/needles/contract.ts';
import { rowText } from '../../subject/rowText.ts';
import { derivedTexts } from './derivedTexts.ts';

/** What became of names that a package works out by itself when somebody leaves a household, by object. */
export type NameCheck = {
  readonly object: string;
  /** `recomputed`: the person is in none of them any more. `not-yet`: still named when the time to wait was over. */
  readonly outcome: 'recomputed' | 'not-yet';
  readonly count: number;
};

type NamesInput = Parameters<typeof derivedTexts>[0] & {
  /** What the erasure decided: records that stay may be called by the person's name. */
  readonly items: readonly ErasureItem[];
  readonly needles: Pick<Needles, 'names'>;
  readonly finder: NeedleFinder;
};

type NamesPorts = {
  readonly org: Pick<Org, 'describe' | 'query'>;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds before each further look; none where nothing runs a package's jobs. */
  readonly waits?: readonly number[];
  /** Told before each look. */
  readonly look?: (done: number, total: number) => void;
};

/** Milliseconds between looks, a minute in all: jobs of a package begin within seconds, unless the org's queue is long. */
const WAITS = [2_000, 5_000, 8_000, 15_000, 30_000] as const;

const words = (text: string): readonly string[] => foldText(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** In the name of their own household a given name alone is the person: `Camille et Alix Vautrin`. */
const createNaming = ({ needles, finder }: NamesInput): ((text: string) => boolean) => {
  const given = new Set(needles.names.flatMap((name) => name.given.flatMap(words)).filter((word) => word.length > 1));
  return (text) => words(text).some((word) => given.has(word)) || finder.find(text).some(({ kind }) => kind === 'name');
};

type Place = { readonly object: string; readonly fields: readonly string[]; readonly ids: readonly string[] };

const placesOf = async (input: NamesInput, { org }: NamesPorts): Promise<readonly Place[]> => {
  const stays = input.items.filter(({ decision }) => decision !== 'delete' && decision !== 'archive');
  const places: Place[] = [];
  for (const object of new Set(stays.map((item) => item.object))) {
    const described = await org.describe(object);
    const fields = described === undefined ? [] : derivedTexts(input, described).names;
    const ids = stays.filter((item) => item.object === object).map(({ id }) => id);
    if (fields.length > 0) places.push({ object, fields, ids });
  }
  return places;
};

/** Records whose composed names still name the person. */
const stillNamed = async (
  { object, fields, ids }: Place,
  isNaming: (text: string) => boolean,
  { org }: NamesPorts,
): Promise<readonly string[]> => {
  const found: string[] = [];
  const select = `SELECT Id, ${fields.map(soqlName).join(', ')} FROM ${soqlName(object)}`;
  for (const some of inChunks(ids))
    for await (const row of org.query(`${select} WHERE Id IN ${soqlList(some)}`))
      if (fields.some((field) => isNaming(rowText(row, field)))) found.push(rowText(row, 'Id'));
  return found;
};

/**
 * Looks whether names that a package composes (a household's, its greetings) have let go of the person, and looks again a
 * few times, a minute at most: packages work them out in jobs of their own. Changes nothing. The org's errors.
 */
export const checkDerivedNames = async (input: NamesInput, ports: NamesPorts): Promise<readonly NameCheck[]> => {
  const places = await placesOf(input, ports);
  const isNaming = createNaming(input);
  const { waits = WAITS } = ports;
  const first = new Map<string, number>();
  let open = places;
  for (const [look, pause] of [0, ...waits].entries()) {
    ports.look?.(look, waits.length + 1);
    if (pause > 0) await ports.wait(pause);
    const left: Place[] = [];
    for (const place of open) {
      const ids = await stillNamed(place, isNaming, ports);
      if (look === 0) first.set(place.object, place.ids.length);
      if (ids.length > 0) left.push({ ...place, ids });
    }
    open = left;
    if (open.length === 0) break;
  }
  const rest = new Map(open.map(({ object, ids }) => [object, ids.length]));
  return places.flatMap(({ object }): readonly NameCheck[] => {
    const late = rest.get(object) ?? 0;
    const done = (first.get(object) ?? 0) - late;
    return [
      ...(done === 0 ? [] : [{ object, outcome: 'recomputed' as const, count: done }]),
      ...(late === 0 ? [] : [{ object, outcome: 'not-yet' as const, count: late }]),
    ];
  });
};

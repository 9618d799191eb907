import type { OrgValue } from '../../org/port.ts';
import type { Hierarchies, Hierarchy } from '../../model/treatments.ts';
import { periodAs, periodOf } from './dateSteps.ts';
import type { Places } from './places.ts';

/** The step after the last of every hierarchy: no value. */
export const NONE = 'none';

/** A hierarchy from the finest step that is allowed, ready to make values coarser. */
export type Coarsening = {
  readonly hierarchy: string;
  /** Allowed steps, the finest first; the last is `none`. */
  readonly steps: readonly string[];
  /** The value at a step as a field of the type holds it; null where the value tells nothing at that step. */
  readonly at: (value: OrgValue, step: string, country: string) => string | number | null;
};

const stepsOf = (hierarchy: Hierarchy): readonly string[] =>
  hierarchy.kind === 'bands' ? hierarchy.steps.map(({ step }) => step) : hierarchy.steps;

const bandOf = (lowerEnds: readonly number[], value: number): number | null => {
  const [first] = lowerEnds;
  return lowerEnds.findLast((end) => value >= end) ?? first ?? null;
};

type Read = (value: OrgValue, step: string, country: string) => string | number | null;

const readers: {
  readonly [K in Hierarchy['kind']]: (own: Extract<Hierarchy, { kind: K }>, type: string, places: Places) => Read;
} = {
  date: (_own, type) => (value, step) => {
    const period = typeof value === 'string' || typeof value === 'number' ? periodOf(value, step) : null;
    return period === null ? null : periodAs(period, type);
  },
  bands: (own) => {
    const ends = new Map(own.steps.map(({ step, from }) => [step, from.toSorted((a, b) => a - b)]));
    return (value, step) => {
      const number = typeof value === 'number' ? value : Number(value === null || value === '' ? Number.NaN : value);
      return Number.isFinite(number) ? bandOf(ends.get(step) ?? [], number) : null;
    };
  },
  postcode: (_own, _type, places) => (value, step, country) =>
    typeof value === 'string' || typeof value === 'number' ? places.at(String(value), country, step) : null,
  words: () => (value) => (value === null || value === '' || value === false ? null : String(value)),
};

const readerFor = (own: Hierarchy, type: string, places: Places): Read => {
  switch (own.kind) {
    case 'date':
      return readers.date(own, type, places);
    case 'bands':
      return readers.bands(own, type, places);
    case 'postcode':
      return readers.postcode(own, type, places);
    case 'words':
      return readers.words(own, type, places);
  }
};

/** RangeErrors for a hierarchy or a step that the data have not: configuration is checked before anything is planned. */
export const coarseningOf = (
  { hierarchies }: Pick<Hierarchies, 'hierarchies'>,
  places: Places,
  wanted: { readonly hierarchy: string; readonly from?: string; readonly type: string },
): Coarsening => {
  const own = hierarchies[wanted.hierarchy];
  if (own === undefined) throw new RangeError(`there is no hierarchy ${wanted.hierarchy}`);
  const all = stepsOf(own);
  const first = wanted.from === undefined ? 0 : all.indexOf(wanted.from);
  if (first < 0) throw new RangeError(`the hierarchy ${wanted.hierarchy} has no step ${wanted.from ?? ''}`);
  const read = readerFor(own, wanted.type, places);
  return {
    hierarchy: wanted.hierarchy,
    steps: [...all.slice(first), NONE],
    at: (value, step, country) => (step === NONE ? null : read(value, step, country)),
  };
};

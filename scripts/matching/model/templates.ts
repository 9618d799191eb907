import { LEVEL_MEANINGS, type ComparisonKind, type ComparisonShape, type FitInput } from './contract.ts';
import { strides } from './passes.ts';

/** Chances of conflict, weak, similar, close, shared and exact among pairs that have values on both sides. */
type Template = readonly [number, number, number, number, number, number];

// What is known before any data is seen; the counts of patterns take over as soon as there are some.
const MATCH: Readonly<Record<ComparisonKind, Template>> = {
  'given-name': [0.04, 0.03, 0.06, 0.07, 0, 0.8],
  'family-name': [0.06, 0.02, 0.05, 0.07, 0, 0.8],
  'full-name': [0.05, 0.05, 0.08, 0.1, 0, 0.72],
  'organisation-name': [0.02, 0.08, 0.13, 0.12, 0, 0.65],
  'birth-date': [0.05, 0.03, 0.04, 0.08, 0, 0.8],
  'birth-place': [0.1, 0.05, 0.05, 0.05, 0, 0.75],
  email: [0.25, 0.05, 0.08, 0.06, 0.06, 0.5],
  phone: [0.22, 0.05, 0.03, 0.05, 0.3, 0.35],
  address: [0.22, 0.08, 0.08, 0.08, 0, 0.54],
  place: [0.15, 0.1, 0.03, 0.05, 0, 0.67],
  identifier: [0.05, 0.01, 0.02, 0.07, 0, 0.85],
  sex: [0.02, 0.98, 0.98, 0.98, 0, 0.98],
  other: [0.15, 0.05, 0.1, 0.1, 0, 0.6],
};

// Two people of one household, or two organisations that belong together: what they share and what tells them apart.
const RELATED: Readonly<Record<ComparisonKind, Template>> = {
  'given-name': [0.93, 0.025, 0.025, 0.005, 0, 0.015],
  'family-name': [0.14, 0.02, 0.02, 0.02, 0, 0.8],
  'full-name': [0.3, 0.48, 0.18, 0.03, 0, 0.01],
  'organisation-name': [0.3, 0.34, 0.28, 0.04, 0, 0.04],
  'birth-date': [0.93, 0.055, 0.008, 0.004, 0, 0.003],
  'birth-place': [0.5, 0.1, 0.05, 0.05, 0, 0.3],
  email: [0.68, 0.1, 0.03, 0.01, 0.16, 0.02],
  phone: [0.46, 0.12, 0.02, 0.02, 0.35, 0.03],
  address: [0.05, 0.05, 0.05, 0.1, 0, 0.75],
  place: [0.05, 0.05, 0.02, 0.03, 0, 0.85],
  identifier: [0.97, 0.015, 0.01, 0.003, 0, 0.002],
  sex: [0.5, 0.5, 0.5, 0.5, 0, 0.5],
  other: [0.5, 0.1, 0.1, 0.05, 0, 0.25],
};

/** A template laid on the levels a comparison has; levels of one meaning share its chance, absent meanings give theirs up. */
const laidOn = (template: Template, shape: ComparisonShape): Float64Array => {
  const chances = new Float64Array(shape.levels.length);
  const holders = new Map<string, number>();
  for (const level of shape.levels) holders.set(level.meaning, (holders.get(level.meaning) ?? 0) + 1);
  let sum = 0;
  shape.levels.forEach((level, at) => {
    const position = LEVEL_MEANINGS.indexOf(level.meaning) - 1;
    chances[at] = position < 0 ? 0 : (template[position] ?? 0) / (holders.get(level.meaning) ?? 1);
    sum += chances[at] ?? 0;
  });
  return sum === 0 ? chances : chances.map((chance) => chance / sum);
};

/** [level] → chance among duplicates before any data; `missing` has 0. */
export const matchTemplate = (shape: ComparisonShape): Float64Array => laidOn(MATCH[shape.kind], shape);

/** [level] → chance among members of one household or related organisations before any data. */
export const relatedTemplate = (shape: ComparisonShape): Float64Array => laidOn(RELATED[shape.kind], shape);

/** [comparison][level] → chances before any data. */
export type Templates = { readonly match: readonly Float64Array[]; readonly related: readonly Float64Array[] };

type Seen = Pick<FitInput, 'comparisons' | 'rules'>;

/** [comparison] → levels that some candidate pair has. */
const levelsSeen = ({ comparisons, rules }: Seen): readonly ReadonlySet<number>[] => {
  const step = strides(comparisons);
  const codes = new Set(rules.flatMap(({ codes }) => Array.from(codes)));
  return comparisons.map(
    ({ levels }, at) => new Set(Array.from(codes, (code) => Math.floor(code / (step[at] ?? 1)) % levels.length)),
  );
};

/** What stays with a level that nothing was seen of. */
const UNSEEN = 0.02;

/** Where a file cannot tell what is shared from what is a person's own, the one level it has is both. */
const asSeen = (chances: Float64Array, shape: ComparisonShape, seen: ReadonlySet<number>): Float64Array => {
  const shared = shape.levels.findIndex(({ meaning }) => meaning === 'shared');
  const own = shape.levels.findIndex(({ meaning }) => meaning === 'exact');
  if (shared < 0 || own < 0 || seen.has(shared) === seen.has(own)) return chances;
  const [from, to] = seen.has(shared) ? [own, shared] : [shared, own];
  const moved = (chances[from] ?? 0) * (1 - UNSEEN);
  return chances.map((chance, level) => (level === from ? chance - moved : level === to ? chance + moved : chance));
};

/** Templates for the levels that the candidates of a file show. */
export const templatesFor = (input: Seen): Templates => {
  const seen = levelsSeen(input);
  const laid = (template: (shape: ComparisonShape) => Float64Array): Float64Array[] =>
    input.comparisons.map((shape, at) => asSeen(template(shape), shape, seen[at] ?? new Set()));
  return { match: laid(matchTemplate), related: laid(relatedTemplate) };
};

import type { ComparisonKind, ComparisonShape } from './contract.ts';
import { CELLS, type Pass, type Passes } from './passes.ts';
import { surplusOf, type Surplus } from './strangersInside.ts';
import type { Templates } from './templates.ts';

/** The three latent classes: [comparison][level] → chance, and each rule's shares of match, related, unrelated. */
export type Classes = {
  readonly match: Float64Array[];
  readonly related: Float64Array[];
  readonly unrelated: Float64Array[];
  /** [rule] → [match, related, unrelated]; they sum to 1. */
  readonly shares: Float64Array[];
  /** [rule] → how its strangers differ from others; none before that is asked. */
  readonly inside: readonly Surplus[];
};

/** Templates count as this share of the mass of their class… */
const HOLD = { match: 0.02, related: 0.1 };
/**
 * …but names, dates and numbers are what makes the class: let loose, it would take in the duplicates with a misspelt name or
 * date, and call them relatives. How often a household shares mailbox, phone and address is the file's own.
 */
const FILE_S_OWN: ReadonlySet<ComparisonKind> = new Set(['email', 'phone', 'address', 'place', 'birth-place', 'other']);
const HOLD_APART = 4;
/** …and as at least so many pairs: a handful of sightings does not overturn what is known. */
const HOLD_PAIRS = { match: 12, related: 40 };
/** Pseudo-pairs of match, related and unrelated in every rule. */
export const SHARE_PAIRS = [1, 0.5, 1];
const STILL = 1e-5;
const NEVER = 1e-12;

const logs = (tables: readonly Float64Array[]): Float64Array[] =>
  tables.map((table) => table.map((chance, level) => (level === 0 ? 0 : Math.log(Math.max(chance, NEVER)))));

const flat = (tables: readonly Float64Array[]): Float64Array => {
  const cells = new Float64Array(tables.length * CELLS);
  tables.forEach((table, at) => cells.set(table, at * CELLS));
  return cells;
};

/** The levels of each comparison again: views of the cells. */
const byComparison = (cells: Float64Array, shapes: readonly ComparisonShape[]): Float64Array[] =>
  shapes.map(({ levels }, at) => cells.subarray(at * CELLS, at * CELLS + levels.length));

/** Per pattern the sum over its levels. */
const sumsOfPatterns = (passes: Passes, table: Float64Array): Float64Array => {
  const sums = new Float64Array(passes.patterns);
  for (let pattern = 0; pattern < passes.patterns; pattern += 1) sums[pattern] = sumAt(passes, table, pattern);
  return sums;
};

/** Log chances against match, by cell and summed by pattern. */
type Logs = { readonly table: Float64Array; readonly patterns: Float64Array };

const logsAgainst = (passes: Passes, tables: readonly Float64Array[], match: readonly Float64Array[]): Logs => {
  const below = logs(match);
  const against = logs(tables).map((table, at) => table.map((chance, level) => chance - (below[at]?.[level] ?? 0)));
  const table = flat(against);
  return { table, patterns: sumsOfPatterns(passes, table) };
};

/** Masses of match and related: by pattern over all passes, and by cell of what passes settle and must not learn from. */
type Mass = { readonly byPattern: Float64Array; readonly settled: Float64Array };

type Expectation = {
  readonly match: Mass;
  readonly related: Mass;
  readonly shares: Float64Array[];
  /** [rule][cell] → mass of strangers. */
  readonly strangers: readonly Float64Array[];
};

const noMass = (passes: Passes): Mass => ({
  byPattern: new Float64Array(passes.patterns),
  settled: new Float64Array(passes.comparisons * CELLS),
});

const addTo = (sums: Float64Array, at: number, amount: number): void => {
  sums[at] = (sums[at] ?? 0) + amount;
};

const addMass = (mass: Mass, amount: number, pass: Pass, entry: number): void => {
  addTo(mass.byPattern, pass.pattern[entry] ?? 0, amount);
  const width = pass.fixed.length;
  for (let n = 0; n < width; n += 1) addTo(mass.settled, pass.settled[entry * width + n] ?? 0, amount);
};

/** What an entry is worth in a pass: without the comparisons its key settles, for they say nothing inside it. */
const inside = (pass: Pass, { table, patterns }: Logs, entry: number): number => {
  const width = pass.fixed.length;
  let sum = patterns[pass.pattern[entry] ?? 0] ?? 0;
  for (let n = 0; n < width; n += 1) sum -= table[pass.settled[entry * width + n] ?? 0] ?? 0;
  return Math.min(sum, 600);
};

const sumAt = (passes: Passes, table: Float64Array, pattern: number): number => {
  const { cells, comparisons } = passes;
  let sum = 0;
  for (let at = 0; at < comparisons; at += 1) sum += table[cells[pattern * comparisons + at] ?? 0] ?? 0;
  return sum;
};

const addStrangers = (passes: Passes, table: Float64Array, mass: number, pattern: number): void => {
  const { cells, comparisons } = passes;
  for (let at = 0; at < comparisons; at += 1) addTo(table, cells[pattern * comparisons + at] ?? 0, mass);
};

type Against = { readonly related: Logs; readonly unrelated: Logs };

/** One pass: adds its masses to `masses`, gives the rule's new shares. */
const expectPass = (passes: Passes, classes: Classes, against: Against, masses: Masses): Float64Array => {
  const { at, pass, match, related, strangers } = masses;
  const [ofMatch = 0, ofRelated = 0, ofUnrelated = 0] = classes.shares[at] ?? [];
  const own = classes.inside[at];
  const surplus = own === undefined ? undefined : flat(own);
  const sums = new Float64Array(3);
  for (let entry = 0; entry < pass.pattern.length; entry += 1) {
    const pattern = pass.pattern[entry] ?? 0;
    const more = surplus === undefined ? 0 : sumAt(passes, surplus, pattern);
    const forRelated = ofRelated * Math.exp(inside(pass, against.related, entry));
    const chance = Math.exp(inside(pass, against.unrelated, entry) + more) * (pass.rarity[entry] ?? 1);
    const forUnrelated = ofUnrelated * chance;
    const mass = (pass.mass[entry] ?? 0) / (ofMatch + forRelated + forUnrelated);
    addMass(match, ofMatch * mass, pass, entry);
    addMass(related, forRelated * mass, pass, entry);
    if (surplus !== undefined) addStrangers(passes, strangers, forUnrelated * mass, pattern);
    addTo(sums, 0, ofMatch * mass);
    addTo(sums, 1, forRelated * mass);
    addTo(sums, 2, forUnrelated * mass);
  }
  const counted = sums.map((sum, kind) => (sum * pass.pairs) / pass.weight + (SHARE_PAIRS[kind] ?? 0));
  const total = counted.reduce((sum, count) => sum + count, 0);
  return counted.map((count) => count / total);
};

type Masses = {
  readonly at: number;
  readonly pass: Pass;
  readonly match: Mass;
  readonly related: Mass;
  readonly strangers: Float64Array;
};

const expectation = (passes: Passes, classes: Classes): Expectation => {
  const against = {
    related: logsAgainst(passes, classes.related, classes.match),
    unrelated: logsAgainst(passes, classes.unrelated, classes.match),
  };
  const match = noMass(passes);
  const related = noMass(passes);
  const strangers = passes.rules.map(() => new Float64Array(passes.comparisons * CELLS));
  const shares = passes.rules.map((pass, at) =>
    expectPass(passes, classes, against, {
      ...{ at, pass, match, related },
      strangers: strangers[at] ?? new Float64Array(0),
    }),
  );
  return { match, related, shares, strangers };
};

/** Mass by cell, without what passes settle. */
const massByCell = (passes: Passes, of: Mass): Float64Array => {
  const { cells, comparisons } = passes;
  const mass = new Float64Array(comparisons * CELLS);
  for (let pattern = 0; pattern < passes.patterns; pattern += 1) {
    const own = of.byPattern[pattern] ?? 0;
    for (let at = 0; at < comparisons; at += 1) addTo(mass, cells[pattern * comparisons + at] ?? 0, own);
  }
  return mass.map((all, cell) => (cell % CELLS === 0 ? 0 : Math.max(all - (of.settled[cell] ?? 0), 0)));
};

/** What the counts are laid over. */
export type Ground = { readonly shapes: readonly ComparisonShape[]; readonly templates: Templates };

type Hold = { readonly share: number; readonly mass: number };

const withTemplate = (mass: Float64Array, template: Float64Array, hold: Hold): Float64Array => {
  const sum = mass.reduce((total, here) => total + here, 0);
  const weight = Math.max(sum * hold.share, hold.mass);
  return mass.map((here, level) => (here + weight * (template[level] ?? 0)) / (sum + weight));
};

/** Mass that one pair has on the average: turns pseudo-pairs into mass. */
const massOfPair = (passes: Passes, shares: readonly Float64Array[], kind: number): number => {
  const mass = passes.rules.reduce((sum, pass, at) => sum + pass.weight * (shares[at]?.[kind] ?? 0), 0);
  const pairs = passes.rules.reduce((sum, pass, at) => sum + pass.pairs * (shares[at]?.[kind] ?? 0), 0);
  return pairs === 0 ? 1 : mass / pairs;
};

const maximise = (passes: Passes, { shapes, templates }: Ground, found: Expectation, before: Classes): Classes => {
  const table = (kind: 'match' | 'related'): Float64Array[] => {
    const mass = HOLD_PAIRS[kind] * massOfPair(passes, found.shares, kind === 'match' ? 0 : 1);
    const own = byComparison(massByCell(passes, found[kind]), shapes);
    return shapes.map((shape, comparison) => {
      const apart = kind === 'related' && !FILE_S_OWN.has(shape.kind);
      const hold = { share: apart ? HOLD_APART : HOLD[kind], mass };
      const template = templates[kind][comparison] ?? new Float64Array(shape.levels.length);
      return withTemplate(own[comparison] ?? template, template, hold);
    });
  };
  const match = table('match');
  const { unrelated } = before;
  const inside = before.inside.map((surplus, at) => {
    const pass = passes.rules[at];
    return pass === undefined
      ? surplus
      : surplusOf(byComparison(found.strangers[at] ?? new Float64Array(0), shapes), pass, shapes, { match, unrelated });
  });
  return { match, related: table('related'), unrelated, shares: found.shares, inside };
};

const moved = (one: Classes, other: Classes): number => {
  let most = 0;
  const look = (before: readonly Float64Array[], after: readonly Float64Array[]): void =>
    before.forEach((table, at) =>
      table.forEach((chance, level) => {
        most = Math.max(most, Math.abs(chance - (after[at]?.[level] ?? 0)));
      }),
    );
  look(one.match, other.match);
  look(one.related, other.related);
  look(one.shares, other.shares);
  return most;
};

/**
 * Templates and chances between strangers, before any pattern is seen. `strangers`: share of each rule's pairs that chance
 * would bring together; where two classes look alike inside a rule the fit stays near where it began.
 */
export const beginning = (templates: Templates, unrelated: Float64Array[], strangers: readonly number[]): Classes => ({
  match: [...templates.match],
  related: [...templates.related],
  unrelated,
  shares: strangers.map((share) => {
    const chance = Math.min(Math.max(share, 0.02), 0.95);
    return Float64Array.of((1 - chance) * 0.75, (1 - chance) * 0.25, chance);
  }),
  inside: [],
});

/** From here on every rule's strangers have chances of their own, which begin as those of all. */
export const withOwnStrangers = (passes: Passes, shapes: readonly ComparisonShape[], classes: Classes): Classes => ({
  ...classes,
  inside: passes.rules.map(() => shapes.map(({ levels }) => new Float64Array(levels.length))),
});

/**
 * Expectation-maximisation on counts of patterns: one step costs as much as there are patterns, whatever the number of pairs.
 * Every rule has its own shares of the three classes; the chances of levels are common to all and learnt from rules that do
 * not settle the comparison themselves. Sums run in the order of rules and codes, so the result does not depend on threads.
 */
export const expectationMaximisation = (passes: Passes, ground: Ground, start: Classes, rounds: number): Classes => {
  let classes = start;
  for (let round = 0; round < rounds; round += 1) {
    const next = maximise(passes, ground, expectation(passes, classes), classes);
    const change = moved(classes, next);
    classes = next;
    if (change < STILL) break;
  }
  return classes;
};

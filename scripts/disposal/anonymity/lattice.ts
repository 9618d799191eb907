/** Levels of all columns together; nodes are numbered, mixed radix. */
export type Node = readonly number[];

/** What it costs in meaning to be at a level: 0 = as fine as allowed, 1 = given up. */
export type Loss = (node: Node) => number;

export type Search = {
  /** The node that loses least among those that pass and have nothing below them that passes. */
  readonly node: Node | undefined;
  readonly tried: number;
};

const UNKNOWN = 0;
const PASSES = 1;
const FAILS = 2;

type Lattice = {
  readonly size: number;
  readonly node: (number: number) => Node;
  readonly number: (node: Node) => number;
};

const latticeOf = (heights: readonly number[]): Lattice => {
  const size = heights.reduce((product, height) => product * height, 1);
  const nodeAt = (number: number): Node => {
    let rest = number;
    return heights.map((height) => {
      const level = rest % height;
      rest = Math.floor(rest / height);
      return level;
    });
  };
  const nodes = Array.from({ length: size }, (_, number) => nodeAt(number));
  return {
    size,
    node: (number) => nodes[number] ?? [],
    number: (node) => node.reduceRight((sum, level, at) => sum * (heights[at] ?? 1) + level, 0),
  };
};

const isBelow = (a: Node, b: Node): boolean => a.every((level, at) => level <= (b[at] ?? 0));

const byLevels = (a: Node, b: Node): number => {
  const at = a.findIndex((level, i) => level !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
};

type Marks = { readonly lattice: Lattice; readonly marks: Uint8Array; readonly passing: Node[] };

/** Coarser than what passes passes too, finer than what fails fails too. */
const mark = ({ lattice, marks }: Marks, node: Node, verdict: typeof PASSES | typeof FAILS): void => {
  for (let number = 0; number < lattice.size; number += 1) {
    if (marks[number] !== UNKNOWN) continue;
    const other = lattice.node(number);
    if (verdict === PASSES ? isBelow(node, other) : isBelow(other, node)) marks[number] = verdict;
  }
};

/** A way up from a node over nodes that are not decided yet: one of these columns after the other. */
const wayUp = (
  { lattice, marks }: Marks,
  heights: readonly number[],
  start: Node,
  free: readonly number[],
): readonly Node[] => {
  const way = [start];
  for (let node: Node | undefined = start; node !== undefined;) {
    const from: Node = node;
    const next: Node | undefined = free
      .flatMap((at) => ((from[at] ?? 0) + 1 < (heights[at] ?? 1) ? [from.with(at, (from[at] ?? 0) + 1)] : []))
      .find((one) => marks[lattice.number(one)] === UNKNOWN);
    if (next !== undefined) way.push(next);
    node = next;
  }
  return way;
};

/** The first node of a way that passes, by halving: what is above it need not be tried. */
const firstOn = (way: readonly Node[], marks: Marks, passes: (node: Node) => boolean): void => {
  let [low, high] = [0, way.length - 1];
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const node = way[middle] ?? [];
    if (passes(node)) {
      marks.passing.push(node);
      mark(marks, node, PASSES);
      high = middle - 1;
    } else {
      mark(marks, node, FAILS);
      low = middle + 1;
    }
  }
};

const heightOf = (node: Node): number => node.reduce((sum, level) => sum + level, 0);

/** Nodes in which only these columns are not given up, the finest first. */
const nodesOf = (heights: readonly number[], free: readonly number[]): readonly Node[] => {
  const top = heights.map((height) => height - 1);
  const levels = (at: number): readonly number[] => Array.from({ length: heights[at] ?? 1 }, (_, level) => level);
  const all = free.reduce<readonly Node[]>(
    (nodes, at) => nodes.flatMap((node) => levels(at).map((level) => node.with(at, level))),
    [top],
  );
  return all.toSorted((a, b) => heightOf(a) - heightOf(b) || byLevels(a, b));
};

const explore = (
  marks: Marks,
  heights: readonly number[],
  free: readonly number[],
  passes: (node: Node) => boolean,
): void => {
  for (const node of nodesOf(heights, free))
    if (marks.marks[marks.lattice.number(node)] === UNKNOWN) firstOn(wayUp(marks, heights, node, free), marks, passes);
};

/** Columns two by two, then three by three, and all of them. */
const subsets = (columns: readonly number[]): readonly (readonly number[])[] => {
  const pairs = columns.flatMap((a, i) => columns.slice(i + 1).map((b) => [a, b]));
  const triples = pairs.flatMap((pair) => columns.filter((c) => c > (pair[1] ?? 0)).map((c) => [...pair, c]));
  return columns.length < 4 ? [columns] : [...pairs, ...triples, columns];
};

/**
 * Looks through the lattice of generalisations from fine to coarse for the node with the least loss: full-domain
 * generalisation as in Flash (Kohlmayer et al., 2012), each way halved, everything below a failure and above a success
 * decided without being tried. Few columns come first, the others given up (Incognito, LeFevre et al., 2005): where two
 * columns alone make people stand out, no other can help. `heights` are the numbers of levels; `passes` must not turn
 * false by coarsening. The answer was tried itself. For lattices of some ten thousand nodes.
 */
export const searchLattice = (heights: readonly number[], passes: (node: Node) => boolean, loss: Loss): Search => {
  const lattice = latticeOf(heights);
  const marks: Marks = { lattice, marks: new Uint8Array(lattice.size), passing: [] };
  let tried = 0;
  const counted = (node: Node): boolean => {
    tried += 1;
    return passes(node);
  };
  const columns = heights.flatMap((height, at) => (height > 1 ? [at] : []));
  for (const free of subsets(columns)) explore(marks, heights, free, counted);
  const [best] = marks.passing.toSorted((a, b) => loss(a) - loss(b) || byLevels(a, b));
  return { node: best, tried };
};

/**
 * Tries nodes one after the other, what loses least first, at most so many: where coarsening may also take company away
 * (people anonymised earlier stay as they are) no node says anything about another.
 */
export const walkLattice = (
  heights: readonly number[],
  passes: (node: Node) => boolean,
  loss: Loss,
  most: number,
): Search => {
  const lattice = latticeOf(heights);
  const nodes = Array.from({ length: lattice.size }, (_, number) => lattice.node(number));
  const inOrder = nodes
    .map((node) => ({ node, lost: loss(node) }))
    .sort((a, b) => a.lost - b.lost || byLevels(a.node, b.node))
    .slice(0, most);
  const at = inOrder.findIndex(({ node }) => passes(node));
  return { node: inOrder[at]?.node, tried: at < 0 ? inOrder.length : at + 1 };
};

/** Nodes from which on a lattice is climbed instead of searched. */
export const MOST_NODES = 20_000;

/**
 * For lattices too large to be searched: always the column that leaves the fewest outliers for what it loses is made
 * coarser, then every column finer again as far as the node still passes. The answer cannot be made finer in one column,
 * but another may lose less. `outliers` counts what the node leaves standing out.
 */
export const climbLattice = (
  heights: readonly number[],
  outliers: (node: Node) => number,
  most: number,
  loss: Loss,
): Search => {
  let tried = 0;
  const count = (node: Node): number => {
    tried += 1;
    return outliers(node);
  };
  let node: Node = heights.map(() => 0);
  for (let left = count(node); left > most;) {
    const above = node.flatMap((level, at) => (level + 1 < (heights[at] ?? 1) ? [node.with(at, level + 1)] : []));
    const [best] = above
      .map((one) => ({ one, left: count(one) }))
      .map(({ one, left: rest }) => ({ one, rest, gain: (left - rest) / (loss(one) - loss(node)) }))
      .sort((a, b) => b.gain - a.gain || byLevels(a.one, b.one));
    if (best === undefined) return { node: undefined, tried };
    node = best.one;
    left = best.rest;
  }
  for (let at = 0; at < node.length; at += 1) {
    for (let level = (node[at] ?? 0) - 1; level >= 0; level -= 1) {
      const finer: Node = node.with(at, level);
      if (count(finer) > most) break;
      node = finer;
    }
  }
  return { node, tried };
};

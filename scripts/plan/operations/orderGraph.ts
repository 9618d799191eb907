/** Why one step comes before another, from what may be given up first to what may not. */
export const STRENGTHS = ['tidy', 'cascade', 'restrict', 'needed'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** `before` must be done before `after`; positions in the list of steps. `by` are lookups without which it would not be so. */
export type Edge<By = unknown> = {
  readonly before: number;
  readonly after: number;
  readonly strength: Strength;
  readonly by?: readonly By[];
};

const following = (size: number, edges: readonly Edge[]): readonly (readonly number[])[] => {
  const after: number[][] = Array.from({ length: size }, () => []);
  for (const edge of edges) after[edge.before]?.push(edge.after);
  return after;
};

type Visit = { readonly node: number; at: number };

const lower = (low: Int32Array, node: number, value: number | undefined): void => {
  low[node] = Math.min(low[node] ?? 0, value ?? 0);
};

/** Which circle each node is in: nodes with the same number reach each other (Tarjan, without recursion). */
export const circles = (size: number, edges: readonly Edge[]): readonly number[] => {
  const after = following(size, edges);
  const [index, circle] = [new Int32Array(size).fill(-1), new Int32Array(size).fill(-1)];
  const low = new Int32Array(size);
  const stack: number[] = [];
  let [counter, found] = [0, 0];
  const enter = (node: number): Visit => {
    index[node] = low[node] = counter;
    counter += 1;
    stack.push(node);
    return { node, at: 0 };
  };
  const leave = (node: number): void => {
    if (low[node] !== index[node]) return;
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      circle[top] = found;
      if (top === node) break;
    }
    found += 1;
  };
  /** Looks at the next node after this one; a new one is entered. */
  const advance = (visit: Visit): Visit | undefined => {
    const next = after[visit.node]?.[visit.at];
    visit.at += 1;
    if (next === undefined) return undefined;
    if (index[next] === -1) return enter(next);
    if (circle[next] === -1) lower(low, visit.node, index[next]);
    return undefined;
  };
  const end = (visits: Visit[]): void => {
    const done = visits.pop();
    const parent = visits.at(-1);
    if (done === undefined) return;
    leave(done.node);
    if (parent !== undefined) lower(low, parent.node, low[done.node]);
  };
  for (let start = 0; start < size; start += 1) {
    const visits = index[start] === -1 ? [enter(start)] : [];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const deeper = advance(visit);
      if (deeper !== undefined) visits.push(deeper);
      else if (after[visit.node]?.[visit.at - 1] === undefined) end(visits);
    }
  }
  return [...circle];
};

/** Edges inside circles: those that cannot all hold. */
export const circling = <By>(size: number, edges: readonly Edge<By>[]): readonly Edge<By>[] => {
  const circle = circles(size, edges);
  return edges.filter(({ before, after }) => circle[before] === circle[after]);
};

/** Children that go with a parent because nothing could put them before it, and theirs. */
const goingWith = (parent: number, taken: readonly Edge[]): ReadonlySet<number> => {
  const found = new Set([parent]);
  // A set that grows while it is walked.
  for (const one of found) for (const edge of taken) if (edge.after === one) found.add(edge.before);
  return found;
};

const isFirm = ({ strength }: Edge): boolean => strength === 'restrict' || strength === 'needed';

/** What had to be before a child now has to be before the parent that takes the child along. */
const inherited = <By>(edges: readonly Edge<By>[], taken: readonly Edge<By>[]): readonly Edge<By>[] => {
  const known = new Set(edges.filter(isFirm).map((edge) => `${edge.before} ${edge.after}`));
  return [...new Set(taken.map((edge) => edge.after))].flatMap((parent) => {
    const along = goingWith(parent, taken);
    const firm = edges.filter((edge) => isFirm(edge) && along.has(edge.after) && !along.has(edge.before));
    const held = taken
      .filter((edge) => along.has(edge.before) && along.has(edge.after))
      .flatMap((edge) => edge.by ?? []);
    return firm
      .filter((edge) => !known.has(`${edge.before} ${parent}`))
      .map((edge) => ({ ...edge, after: parent, by: [...(edge.by ?? []), ...held] }));
  });
};

/**
 * Gives up edges of circles, the weakest first, until only `restrict` and `needed` are left in them. A child whose place
 * before its parent is given up goes with the parent: what it had to wait for the parent waits for.
 */
export const relaxed = <By>(size: number, given: readonly Edge<By>[]): readonly Edge<By>[] => {
  let edges = given;
  const taken: Edge<By>[] = [];
  for (;;) {
    const tidy = new Set(circling(size, edges).filter((edge) => edge.strength === 'tidy'));
    edges = edges.filter((edge) => !tidy.has(edge));
    const held = new Set(circling(size, edges).filter((edge) => edge.strength === 'cascade'));
    if (held.size === 0) return edges;
    taken.push(...edges.filter((edge) => held.has(edge)));
    edges = edges.filter((edge) => !held.has(edge));
    edges = [...edges, ...inherited(edges, taken)];
  }
};

/** The wave of each node: one more than the latest before it. The graph has no circles. */
export const wavesOf = (size: number, edges: readonly Edge[]): readonly number[] => {
  const after = following(size, edges);
  const waiting = new Int32Array(size);
  for (const edge of edges) waiting[edge.after] = (waiting[edge.after] ?? 0) + 1;
  const waves = new Int32Array(size);
  const ready = Array.from({ length: size }, (_, node) => node).filter((node) => waiting[node] === 0);
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    for (const next of after[node] ?? []) {
      waves[next] = Math.max(waves[next] ?? 0, (waves[node] ?? 0) + 1);
      waiting[next] = (waiting[next] ?? 0) - 1;
      if (waiting[next] === 0) ready.push(next);
    }
  }
  return [...waves];
};

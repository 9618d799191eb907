import { componentsOf } from './components.ts';
import type { ClusterInput, Clusters } from './contract.ts';
import { forbiddenBy, verdictOn, type Verdict } from './repair.ts';
import { unionFind } from './unionFind.ts';

type Edge = { readonly a: number; readonly b: number; readonly probability: number };

const strongestFirst = (one: Edge, other: Edge): number =>
  other.probability - one.probability || one.a - other.a || one.b - other.b;

/** Edge numbers by the component of their rows, as start positions and a list. */
const edgesByComponent = (input: ClusterInput, labels: Int32Array): Map<number, Edge[]> => {
  const found = new Map<number, Edge[]>();
  const { a, b, probability } = input.edges;
  const sizes = new Int32Array(labels.length);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  const decided = new Set([...input.apart, ...input.together].map(([row]) => labels[row] ?? row));
  a.forEach((row, at) => {
    const label = labels[row] ?? row;
    if ((sizes[label] ?? 0) < 3 && !decided.has(label)) return;
    const edges = found.get(label) ?? [];
    edges.push({ a: row, b: b[at] ?? row, probability: probability[at] ?? 0 });
    found.set(label, edges);
  });
  return found;
};

/** Two candidates of a record are equally likely when the odds of one are not more than so many times the other's. */
const RIVALS = 4;

const odds = ({ probability }: Edge): number => probability / Math.max(1e-12, 1 - probability);
const otherEnd = ({ a, b }: Edge, row: number): number => (a === row ? b : a);

/**
 * Edges of a record that two people of one home claim, and neither much better than the other: a letter to J. Martin
 * when father and son live at the address. Nobody can say whose it is, so it stays with neither.
 */
const ambiguous = (edges: readonly Edge[], judge: ClusterInput['judge']): ReadonlySet<Edge> => {
  const ofRow = new Map<number, Edge[]>();
  for (const edge of [...edges].sort(strongestFirst))
    for (const row of [edge.a, edge.b]) {
      const own = ofRow.get(row);
      if (own === undefined) ofRow.set(row, [edge]);
      else own.push(edge);
    }
  const found = new Set<Edge>();
  for (const [row, [best, ...others]] of ofRow) {
    if (best === undefined) continue;
    const first = otherEnd(best, row);
    for (const edge of others) {
      if (odds(best) > odds(edge) * RIVALS) break;
      const second = otherEnd(edge, row);
      if (judge(Math.min(first, second), Math.max(first, second)).areTwo !== true) continue;
      found.add(best);
      found.add(edge);
    }
  }
  return found;
};

type Counts = Record<Exclude<Verdict, 'join'>, number>;

/** Joins the rows of one component anew, strongest pairs first, asking before every join. */
const agglomerate = (edges: readonly Edge[], start: readonly (readonly number[])[], ask: Ask): readonly number[][] => {
  const groupOf = new Map<number, number[]>();
  for (const group of start) for (const row of group) groupOf.set(row, [...group]);
  for (const group of start) {
    const shared = [...group];
    for (const row of group) groupOf.set(row, shared);
  }
  for (const edge of [...edges].sort(strongestFirst)) {
    const one = groupOf.get(edge.a) ?? [edge.a];
    const other = groupOf.get(edge.b) ?? [edge.b];
    if (one === other) continue;
    const verdict = ask.verdict(one, other);
    if (verdict !== 'join') {
      ask.counts[verdict] += 1;
      continue;
    }
    const joined = [...one, ...other].sort((left, right) => left - right);
    for (const row of joined) groupOf.set(row, joined);
  }
  return [...new Set(groupOf.values())];
};

type Ask = { readonly verdict: (one: readonly number[], other: readonly number[]) => Verdict; readonly counts: Counts };

const pairKey = ([one, other]: readonly [number, number]): string => `${Math.min(one, other)} ${Math.max(one, other)}`;

/** Groups people's decisions make before any evidence is asked; a decision to keep apart wins over one to join. */
const decidedGroups = (input: ClusterInput, counts: Counts): { readonly labels: Int32Array } => {
  const apart = new Set(input.apart.map(pairKey));
  const forbidden = forbiddenBy(input.apart);
  const groups = unionFind(input.rows);
  const members = new Map<number, number[]>();
  const of = (row: number): number[] => members.get(groups.find(row)) ?? [row];
  const ordered = [...input.together].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  for (const pair of ordered) {
    const [one, other] = [of(pair[0]), of(pair[1])];
    if (groups.find(pair[0]) === groups.find(pair[1])) continue;
    if (apart.has(pairKey(pair)) || forbidden(one, other)) {
      counts.forbidden += 1;
      continue;
    }
    members.set(
      groups.union(pair[0], pair[1]),
      [...one, ...other].sort((left, right) => left - right),
    );
  }
  return { labels: groups.labels() };
};

/**
 * Groups of duplicates: connected rows first, then every group of three and more is built again from its strongest pairs,
 * and a join that strong evidence, a weak bridge or a decision speaks against is not made. Rows ascend in every step, so the
 * answer depends on the pairs alone.
 */
export const cluster = (input: ClusterInput): Clusters => {
  const counts: Counts = { contradicted: 0, weakBridge: 0, forbidden: 0 };
  const decided = decidedGroups(input, counts).labels;
  const connected = unionFind(input.rows);
  decided.forEach((label, row) => {
    if (label !== row) connected.union(row, label);
  });
  input.edges.a.forEach((row, at) => connected.union(row, input.edges.b[at] ?? row));
  const labels = connected.labels();
  const edges = edgesByComponent(input, labels);
  const { starts, rows } = componentsOf(labels);
  const final = unionFind(input.rows);
  const forbidden = forbiddenBy(input.apart);
  const ask: Ask = { verdict: (one, other) => verdictOn(one, other, { judge: input.judge, forbidden }), counts };
  for (let at = 0; at + 1 < starts.length; at += 1) {
    const members = rows.subarray(starts[at] ?? 0, starts[at + 1] ?? 0);
    const own = edges.get(labels[members[0] ?? 0] ?? -1);
    const doubtful = own === undefined ? undefined : ambiguous(own, input.judge);
    const sure = own?.filter((edge) => doubtful?.has(edge) !== true);
    const groups = sure === undefined ? [Array.from(members)] : agglomerate(sure, together(members, decided), ask);
    for (const group of groups) for (const row of group) final.union(group[0] ?? row, row);
  }
  return {
    labels: final.labels(),
    contradicted: counts.contradicted,
    weakBridges: counts.weakBridge,
    forbidden: counts.forbidden,
  };
};

/** Rows of a component by the groups that decisions made. */
const together = (members: Int32Array, decided: Int32Array): number[][] => {
  const groups = new Map<number, number[]>();
  for (const row of members) {
    const label = decided[row] ?? row;
    const group = groups.get(label) ?? [];
    group.push(row);
    groups.set(label, group);
  }
  return [...groups.values()];
};

import type { PlanStep } from '../model/plan.ts';
import type { GroupSize, StepSize } from '../plan/apply/callBudget.ts';
import type { FactSource } from '../standing/factSources.ts';
import type { PersonFacts } from '../standing/people.ts';
import { readingsOf, targetsOfPerson } from '../standing/readFacts.ts';
import type { PeopleInScope } from './retentionScope.ts';

export type PlanTally = {
  add(group: PeopleInScope, known: PersonFacts, steps: readonly PlanStep[]): void;
  /** Steps that no people's rules are behind: the end of archives. */
  addOther(steps: readonly PlanStep[]): void;
  groups(): readonly GroupSize[];
  /** Objects of steps and of what goes with them. */
  counted(): number;
};

/** One reading of an object by a lookup, and the keys of the sources it answers. */
type Wanted = {
  readonly to: ReadonlySet<string>;
  readonly keys: readonly string[];
  ids: number;
  rows: number;
};

type Open = {
  people: number;
  readonly steps: Map<string, StepSize>;
  readonly wanted: readonly Wanted[];
  /** Of each source, its reading and the place of its key there. */
  readonly places: ReadonlyMap<FactSource, readonly [number, number]>;
};

/** Rows that reading again will find about a person: those of the busiest source of each object and lookup. */
const addReadings = (open: Open, group: PeopleInScope, known: PersonFacts): void => {
  const rows = open.wanted.map(({ keys }) => keys.map(() => 0));
  for (const { source } of known.facts) {
    const [reading = -1, key = 0] = open.places.get(source) ?? [];
    const counts = rows[reading];
    if (counts !== undefined) counts[key] = (counts[key] ?? 0) + 1;
  }
  for (const [i, wanted] of open.wanted.entries()) {
    wanted.ids += targetsOfPerson(group.spec, wanted.to, known.person);
    wanted.rows += Math.max(0, ...(rows[i] ?? []));
  }
};

const fresh = (group: PeopleInScope): Open => {
  const readings = readingsOf(group.sources);
  const names = new Map(readings.map(({ name }, i) => [name, i]));
  const keys = readings.map((): string[] => []);
  const places = new Map<FactSource, readonly [number, number]>();
  for (const source of group.sources) {
    const reading = names.get(`${source.object} ${source.via}`);
    const own = reading === undefined ? undefined : keys[reading];
    if (reading === undefined || own === undefined) continue;
    if (!own.includes(source.key)) own.push(source.key);
    places.set(source, [reading, own.indexOf(source.key)]);
  }
  const wanted = readings.map(({ to }, i) => ({ to, keys: keys[i] ?? [], ids: 0, rows: 0 }));
  return { people: 0, steps: new Map<string, StepSize>(), wanted, places };
};

const countSteps = (into: Open['steps'], counted: Set<string>, steps: readonly PlanStep[]): void => {
  for (const { wave, operation, object } of steps) {
    const key = `${wave} ${operation} ${object}`;
    into.set(key, { wave, operation, object, count: (into.get(key)?.count ?? 0) + 1 });
    counted.add(object);
  }
};

/** Counts, while a plan is made, what its run's calls depend on. */
export const createPlanTally = (): PlanTally => {
  const groups = new Map<string, Open>();
  const counted = new Set<string>();
  return {
    add: (group, known, steps) => {
      if (steps.length === 0) return;
      const { object } = group.spec;
      const open: Open = groups.get(object) ?? fresh(group);
      groups.set(object, open);
      open.people += 1;
      countSteps(open.steps, counted, steps);
      for (const { source } of known.facts) if (source.kind === 'cascades') counted.add(source.object);
      addReadings(open, group, known);
    },
    addOther: (steps) => {
      const object = steps.at(-1)?.object;
      if (object === undefined) return;
      const open: Open = groups.get(object) ?? { people: 0, wanted: [], steps: new Map(), places: new Map() };
      groups.set(object, open);
      open.people += 1;
      countSteps(open.steps, counted, steps);
    },
    groups: () =>
      [...groups].map(([object, { people, steps, wanted }]) => ({
        ...{ object, people, steps: [...steps.values()], own: { ids: people, rows: people } },
        others: wanted.filter((one) => one.ids > 0).map(({ ids, rows }) => ({ ids, rows })),
      })),
    counted: () => counted.size,
  };
};

import type { PlanStep } from '../model/plan.ts';
import type { GroupSize, Reading, StepSize } from '../plan/apply/callBudget.ts';
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

type Open = {
  people: number;
  readonly steps: Map<string, StepSize>;
  readonly readings: Map<string, Reading>;
  readonly wanted: ReturnType<typeof readingsOf>;
};

const plus = (a: Reading | undefined, b: Reading): Reading => ({
  ids: (a?.ids ?? 0) + b.ids,
  rows: (a?.rows ?? 0) + b.rows,
});

/** Rows that reading again will find about a person: those of the busiest source of each object and lookup. */
const addReadings = (open: Open, group: PeopleInScope, known: PersonFacts): void => {
  const rows = new Map<string, Map<string, number>>();
  for (const { source } of known.facts) {
    const name = `${source.object} ${source.via}`;
    const own = rows.get(name) ?? new Map<string, number>();
    rows.set(name, own.set(source.key, (own.get(source.key) ?? 0) + 1));
  }
  for (const reading of open.wanted) {
    const ids = targetsOfPerson(group.spec, reading.to, known.person);
    const found = Math.max(0, ...(rows.get(reading.name)?.values() ?? []));
    open.readings.set(reading.name, plus(open.readings.get(reading.name), { ids, rows: found }));
  }
};

const fresh = (group: PeopleInScope): Open => ({
  people: 0,
  wanted: readingsOf(group.sources),
  steps: new Map<string, StepSize>(),
  readings: new Map<string, Reading>(),
});

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
      const open: Open = groups.get(object) ?? { people: 0, wanted: [], steps: new Map(), readings: new Map() };
      groups.set(object, open);
      open.people += 1;
      countSteps(open.steps, counted, steps);
    },
    groups: () =>
      [...groups].map(([object, { people, steps, readings }]) => ({
        ...{ object, people, steps: [...steps.values()], own: { ids: people, rows: people } },
        others: [...readings.values()].filter((one) => one.ids > 0),
      })),
    counted: () => counted.size,
  };
};

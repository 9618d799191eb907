import type { PlanStep } from '../../scripts/model/plan.ts';
import type { PlannedPerson } from '../../scripts/plan/file/planStore.ts';
import { openPlan } from '../../scripts/plan/file/openPlan.ts';
import { writePlan } from '../../scripts/plan/file/writePlan.ts';
import type { StoreValue } from '../../scripts/vault/port.ts';
import { exampleFrame, examplePerson, ORG } from '../plan/examplePlan.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { timed, type Bench } from './bench.ts';

const EXPIRES = '2026-03-01T00:00:00.000Z';
const COLUMNS = ['ordinal', 'key', 'subject', 'wave', 'operation', 'object', 'rule', 'json'] as const;
type Home = ReturnType<typeof temporaryVault>;

/** People who are due, two steps each: example persons with even numbers. */
const duePeople = function* (count: number): Generator<PlannedPerson> {
  for (let n = 0; n < count; n += 1) yield examplePerson(2 * n);
};

const writeAndOpen = ({ vault, folder }: Home, people: number): number => {
  const sealed = vault.createStore('plan-steps', ORG, EXPIRES);
  const { path } = writePlan(vault, {
    ...{ frame: exampleFrame(), people: duePeople(people), sealed, folder },
    ...{ createdAt: '2026-01-15T08:02:00.000Z', snapshotHolding: 'none' },
    calls: (due, steps) => due + steps,
  });
  sealed.store.close();
  const { header, store } = openPlan(path, vault);
  store.close();
  return header.terms.steps;
};

const plainRow = (step: PlanStep, ordinal: number): readonly StoreValue[] => {
  const { key, subject, wave, operation, object, rule } = step;
  return [ordinal, key, subject, wave, operation, object, rule, JSON.stringify(step)];
};

const insertOnly = ({ vault }: Home, people: number): number => {
  const { store } = vault.createStore('plan-steps', ORG, EXPIRES);
  const columns = Object.fromEntries(COLUMNS.map((column) => [column, 'text' as const]));
  store.create({ name: 'step', columns: { ...columns, ordinal: 'integer', wave: 'integer' } });
  const rows = function* (): Generator<readonly StoreValue[]> {
    let ordinal = 0;
    for (const { steps } of duePeople(people)) for (const step of steps) yield plainRow(step, (ordinal += 1));
  };
  const count = store.insert('step', COLUMNS, rows());
  store.flush();
  store.close();
  return count;
};

export const plan: Bench = {
  name: 'plan',
  unit: 'steps/s',
  baseline: 'the same steps into an encrypted table, read by nobody: no decisions, digest, tally or index',
  measure: (quick, rows) => {
    const people = Math.ceil((rows ?? (quick ? 400 : 100_000)) / 2);
    const home = temporaryVault();
    try {
      const own = timed(() => writeAndOpen(home, people));
      const memory = process.resourceUsage().maxRSS * 1024;
      return { own, memory, baseline: timed(() => insertOnly(home, people)) };
    } finally {
      home.remove();
    }
  },
};

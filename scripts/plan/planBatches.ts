import type { EncryptedStore } from '../vault/port.ts';
import type { Operation } from '../model/plan.ts';
import { predictCalls, type BatchPeople, type GroupSize, type StepSize } from './callBudget.ts';
import { batchesOf, chooseRamp, TIERS } from './ramp.ts';

const inObjects = (store: EncryptedStore, subjects: readonly string[], objects: readonly string[]): BatchPeople => {
  const sql = `SELECT object, COUNT(DISTINCT subject) AS n FROM person
               WHERE steps > 0 AND subject IN (SELECT value FROM json_each(?)) GROUP BY object`;
  const counts = new Map([...store.read(sql, [JSON.stringify(subjects)])].map((row) => [row['object'], row['n']]));
  return objects.map((object) => Number(counts.get(object) ?? 0));
};

/**
 * People of each object in the batches that a run of the stored plan will make, in the run's order. The recycle bin's
 * room, which may make them smaller, is known to the run alone.
 */
export const batchesByObject = (store: EncryptedStore, objects: readonly string[]): readonly BatchPeople[] => {
  const ramp = chooseRamp(store);
  const batches: BatchPeople[] = [];
  for (const tier of TIERS) {
    for (const subjects of batchesOf(store, ramp, tier)) batches.push(inObjects(store, subjects, objects));
  }
  return batches;
};

/** People and steps of a stored plan by object of the people; nothing about what is read of them. */
const groupsOf = (store: EncryptedStore): readonly GroupSize[] => {
  const sql = `SELECT p.object AS people, s.wave, s.operation, s.object, COUNT(*) AS n
               FROM step s JOIN person p ON p.subject = s.subject AND p.steps > 0 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`;
  const steps = new Map<string, StepSize[]>();
  for (const row of store.read(sql)) {
    const people = String(row['people']);
    const operation = String(row['operation']) as Operation;
    const size = { operation, wave: Number(row['wave']), object: String(row['object']), count: Number(row['n']) };
    steps.set(people, [...(steps.get(people) ?? []), size]);
  }
  const counts = store.read('SELECT object, COUNT(DISTINCT subject) AS n FROM person WHERE steps > 0 GROUP BY object');
  const none = { ids: 0, rows: 0 };
  return [...counts].map((row) => ({
    ...{ object: String(row['object']), people: Number(row['n']), own: none, others: [] },
    steps: steps.get(String(row['object'])) ?? [],
  }));
};

/** Calls of a run of a stored plan whose decisions read nothing again, as those of an undo. */
export const predictStoredCalls = (store: EncryptedStore): number => {
  const groups = groupsOf(store);
  const batches = batchesByObject(
    store,
    groups.map((group) => group.object),
  );
  const counted = new Set(groups.flatMap((group) => group.steps.map((step) => step.object))).size;
  return predictCalls({ groups, batches, counted, guard: 0 });
};

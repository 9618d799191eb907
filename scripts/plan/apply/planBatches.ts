import type { EncryptedStore } from '../../vault/port.ts';
import type { BatchPeople } from './callBudget.ts';
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

import type { EncryptedStore } from '../../vault/port.ts';
import { EARLY_BATCH, RAMP, REST_BATCH } from './callBudget.ts';

/** The three tiers of a run, by GardeRun__c.RampTier__c. */
export const TIERS = ['first-twenty', 'next-two-hundred', 'rest'] as const;
export type Tier = (typeof TIERS)[number];

/** People of the first two tiers; the rest is everybody else. */
export type Ramp = { readonly early: readonly (readonly string[])[] };

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The first person of each object × operation × rule: the smallest set that shows every kind of step once. */
const oneOfEachKind = (store: EncryptedStore): readonly string[] => [
  ...new Set([...store.read('SELECT subject FROM kind ORDER BY first')].map((row) => textOf(row['subject']))),
];

type PersonSize = { readonly subject: string; readonly steps: number };

const SIZES = `SELECT subject, SUM(steps) AS n FROM person WHERE steps > 0`;

/** The first people of a plan: each has a step at least, so that no more are needed to fill the early tiers. */
const firstPeople = (store: EncryptedStore, most: number): readonly PersonSize[] =>
  [...store.read(`${SIZES} GROUP BY subject ORDER BY subject LIMIT ?`, [most])].map((row) => ({
    subject: textOf(row['subject']),
    steps: Number(row['n']),
  }));

const stepsOfPerson = (store: EncryptedStore, subject: string): number =>
  Number([...store.read(`${SIZES} AND subject = ?`, [subject])][0]?.['n'] ?? 0);

/** Chooses the first tiers: 20 steps with at least one per object × operation × rule, then 200. */
export const chooseRamp = (store: EncryptedStore): Ramp => {
  const wanted = oneOfEachKind(store);
  const taken = new Set(wanted);
  const tiers: string[][] = [[...wanted].sort(), []];
  let filling = 0;
  let count = wanted.reduce((sum, subject) => sum + stepsOfPerson(store, subject), 0);
  const most = RAMP.reduce((sum, steps) => sum + steps, wanted.length);
  for (const { subject, steps } of firstPeople(store, most)) {
    while (filling < RAMP.length && count >= (RAMP[filling] ?? 0)) [filling, count] = [filling + 1, 0];
    if (filling >= RAMP.length) break;
    if (taken.has(subject)) continue;
    taken.add(subject);
    tiers[filling]?.push(subject);
    count += steps;
  }
  return { early: tiers };
};

/** How many people, and rows in the recycle bin at once, a batch may have. */
export type BatchSize = { readonly people: number; readonly rows: number };
export const UNBOUNDED: BatchSize = { people: REST_BATCH, rows: Number.POSITIVE_INFINITY };

type Sized = { readonly subject: string; readonly rows: number };

/** Rows that a person's steps put into the recycle bin at most: the steps' own and what goes with them. */
const rowsOf = (steps: number, effects: string): number => {
  if (effects === '[]') return steps;
  const found = JSON.parse(effects) as readonly { readonly effect: string; readonly count: number }[];
  return found.reduce((sum, one) => sum + (one.effect === 'cascade' ? one.count : 0), steps);
};

const page = (store: EncryptedStore, after: string, size: number): readonly Sized[] => {
  const sql = `SELECT subject, steps, effects FROM person WHERE steps > 0 AND subject > ? ORDER BY subject LIMIT ?`;
  const found = new Map<string, number>();
  for (const row of store.read(sql, [after, size])) {
    const subject = textOf(row['subject']);
    const rows = rowsOf(Number(row['steps']), textOf(row['effects']));
    found.set(subject, (found.get(subject) ?? 0) + rows);
  }
  return [...found].map(([subject, rows]) => ({ subject, rows }));
};

function* restBatches(store: EncryptedStore, taken: ReadonlySet<string>, most: BatchSize): Iterable<readonly string[]> {
  let batch: string[] = [];
  let rows = 0;
  for (let after = ''; ;) {
    const found = page(store, after, REST_BATCH);
    for (const one of found) {
      if (taken.has(one.subject)) continue;
      if (batch.length > 0 && (batch.length >= most.people || rows + one.rows > most.rows)) {
        yield batch;
        [batch, rows] = [[], 0];
      }
      batch.push(one.subject);
      rows += one.rows;
    }
    if (found.length === 0) break;
    after = found.at(-1)?.subject ?? '';
  }
  if (batch.length > 0) yield batch;
}

/**
 * People of a tier in groups, in a fixed order; the last tier is read page by page, in groups that fit into the recycle
 * bin: what it cannot hold is dropped, and with it what anybody else might still want back.
 */
export function* batchesOf(
  store: EncryptedStore,
  ramp: Ramp,
  tier: Tier,
  most: BatchSize = UNBOUNDED,
): Iterable<readonly string[]> {
  const early = ramp.early[TIERS.indexOf(tier)];
  if (early === undefined) yield* restBatches(store, new Set(ramp.early.flat()), most);
  else for (let at = 0; at < early.length; at += EARLY_BATCH) yield early.slice(at, at + EARLY_BATCH);
}

import type { EncryptedStore } from '../vault/port.ts';
import { PEOPLE_PER_BATCH, RAMP } from './callBudget.ts';

/** The three tiers of a run, by GardeRun__c.RampTier__c. */
export const TIERS = ['first-twenty', 'next-two-hundred', 'rest'] as const;
export type Tier = (typeof TIERS)[number];

/** People of the first two tiers; the rest is everybody else. */
export type Ramp = { readonly early: readonly (readonly string[])[] };

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The first person of each object × operation × rule: the smallest set that shows every kind of step once. */
const oneOfEachKind = (store: EncryptedStore): readonly string[] => {
  const sql = 'SELECT subject, MIN(ordinal) AS first FROM step GROUP BY object, operation, rule ORDER BY first';
  return [...new Set([...store.read(sql)].map((row) => textOf(row['subject'])))];
};

function* people(store: EncryptedStore): Iterable<{ readonly subject: string; readonly steps: number }> {
  for (const row of store.read('SELECT subject, COUNT(*) AS n FROM step GROUP BY subject ORDER BY subject')) {
    yield { subject: textOf(row['subject']), steps: Number(row['n']) };
  }
}

/** Chooses the first tiers: 20 steps with at least one per object × operation × rule, then 200. */
export const chooseRamp = (store: EncryptedStore): Ramp => {
  const wanted = oneOfEachKind(store);
  const stepsOf = (subject: string): number =>
    Number([...store.read('SELECT COUNT(*) AS n FROM step WHERE subject = ?', [subject])][0]?.['n'] ?? 0);
  const taken = new Set(wanted);
  const tiers: string[][] = [[...wanted].sort(), []];
  let filling = 0;
  let count = wanted.reduce((sum, subject) => sum + stepsOf(subject), 0);
  for (const { subject, steps } of people(store)) {
    while (filling < RAMP.length && count >= (RAMP[filling] ?? 0)) [filling, count] = [filling + 1, 0];
    if (filling >= RAMP.length) break;
    if (taken.has(subject)) continue;
    taken.add(subject);
    tiers[filling]?.push(subject);
    count += steps;
  }
  return { early: tiers };
};

/** People of a tier in groups, in a fixed order; the last tier is read page by page. */
export function* batchesOf(store: EncryptedStore, ramp: Ramp, tier: Tier): Iterable<readonly string[]> {
  const early = ramp.early[TIERS.indexOf(tier)];
  if (early !== undefined) {
    for (let at = 0; at < early.length; at += PEOPLE_PER_BATCH) yield early.slice(at, at + PEOPLE_PER_BATCH);
    return;
  }
  const taken = new Set(ramp.early.flat());
  const sql = 'SELECT DISTINCT subject FROM step WHERE subject > ? ORDER BY subject LIMIT ?';
  for (let after = ''; ;) {
    const page = [...store.read(sql, [after, PEOPLE_PER_BATCH])].map((row) => textOf(row['subject']));
    const own = page.filter((subject) => !taken.has(subject));
    if (own.length > 0) yield own;
    if (page.length < PEOPLE_PER_BATCH) return;
    after = page.at(-1) ?? '';
  }
}

import { describe, expect, it } from '@jest/globals';
import { generateTruth } from '../../scripts/demo/generate.ts';
import { matchAgainstTruth } from '../../scripts/app/demo/matchTruth.ts';
import type { KeptRun } from '../../scripts/matching/keptRun.ts';
import { rowIdsOf } from '../../scripts/matching/read/rowIds.ts';
import type { Org, OrgRow } from '../../scripts/org/port.ts';
import { serialize } from 'node:v8';
import type { Vault } from '../../scripts/vault/port.ts';
import { matched } from '../matching/publish/matched.ts';
import type { GivenPair } from '../matching/publish/matched.ts';

const OPTIONS = { people: 200, seed: 3, today: '2026-11-22' };
/** Two true pairs of the generator's, and three records of one person where it has them. */
const truth = [...generateTruth(OPTIONS)].filter(
  ({ kind, detail }) => kind === 'duplicate' && detail?.['kind'] !== 'organisation-spelling',
);
const [first, second] = truth;
const keys = [...(first?.keys ?? []), ...(second?.keys ?? []), 'somebody else'];

const runOf = (pairs: readonly GivenPair[]): KeptRun =>
  ({
    ...{
      gardeMatchRun: 1,
      key: 'run',
      orgId: 'org',
      tables: [{ name: 'Contact', rows: 'person', ids: rowIdsOf(keys) }],
    },
    result: matched(keys.length, pairs),
  }) as unknown as KeptRun;

/** An org whose records have their keys as ids, and holds only those of the run. */
const org = {
  identity: () => Promise.resolve({ orgId: 'org' }),
  query: async function* (soql: string): AsyncGenerator<OrgRow> {
    await Promise.resolve();
    for (const key of keys) if (soql.includes(`'${key}'`)) yield { Id: key, Demo_Key__c: key };
  },
} as unknown as Org;
const vaultWith = (run: KeptRun): Vault =>
  ({
    holdings: () => [{ id: 'h', kind: 'match-run', createdAt: '2026-11-22' }],
    open: () => Promise.resolve(new Uint8Array(serialize(run))),
  }) as unknown as Vault;

const judged = async (pairs: readonly GivenPair[]) =>
  matchAgainstTruth(OPTIONS, { org, vault: vaultWith(runOf(pairs)) });

describe('what the demo found, against its ground truth', () => {
  it('counts true pairs of the records that were compared, automatic ones apart from those to look at', async () => {
    expect(
      await judged([
        { a: 0, b: 1, probability: 0.9999, zone: 'auto' },
        { a: 2, b: 3, probability: 0.7 },
      ]),
    ).toEqual({ truePairs: 2, autoPairs: 1, autoRight: 1, precision: 1, recall: 0.5, recallWithReview: 1 });
  });

  it('counts a wrong merge against precision, and household links for nothing', async () => {
    expect(
      await judged([
        { a: 0, b: 4, probability: 0.9999, zone: 'auto' },
        { a: 0, b: 1, probability: 0.9, link: 'household' },
      ]),
    ).toMatchObject({ autoPairs: 1, autoRight: 0, precision: 0, recall: 0, recallWithReview: 0 });
  });

  it('gives no share of nothing', async () => {
    expect(await judged([])).toMatchObject({ autoPairs: 0, precision: null, recall: 0 });
  });
});

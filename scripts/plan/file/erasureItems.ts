import { createHash } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonicalJson.ts';
import { GardeError } from '../../kernel/result.ts';
import { erasureItem, type ErasureItem, type ErasureTerms } from '../../model/erasure.ts';
import type { EncryptedStore } from '../../vault/port.ts';

/** The decisions of an erasure plan lie sealed beside its steps; their digest is part of the plan's terms. */
const TABLE = 'erasureItem';

const textOf = (item: ErasureItem): string => canonicalJson(erasureItem.parse(item));

/** SHA-256 over the items in their order. */
export const itemsDigest = (items: Iterable<ErasureItem>): string => {
  const digest = createHash('sha256');
  for (const item of items) digest.update(`${textOf(item)}\n`);
  return digest.digest('hex');
};

export const writeErasureItems = (store: EncryptedStore, items: readonly ErasureItem[]): void => {
  store.run(`CREATE TABLE ${TABLE} (position integer PRIMARY KEY, item text)`);
  store.insert(
    TABLE,
    ['position', 'item'],
    items.map((item, position) => [position, textOf(item)]),
  );
};

const altered = (): GardeError =>
  new GardeError([
    {
      code: 'PlanAltered',
      subject: 'erasure-items',
      message: 'The decisions sealed with this plan are not those its digest was taken of: somebody changed them.',
      actions: ['Plan again; a plan is not edited by hand.'],
    },
  ]);

/** The decisions of an erasure plan in their order, compared with the plan's terms. Error: PlanAltered. */
export const readErasureItems = (
  store: EncryptedStore,
  terms: Pick<ErasureTerms, 'itemsDigest'>,
): readonly ErasureItem[] => {
  const items = [...store.read(`SELECT item FROM ${TABLE} ORDER BY position`)].map((row) =>
    erasureItem.parse(JSON.parse(String(row['item']))),
  );
  if (itemsDigest(items) !== terms.itemsDigest) throw altered();
  return items;
};

/** How many items there are of each place, decision and reason, in that order. */
export const countItems = (items: Iterable<ErasureItem>): ErasureTerms['items'] => {
  const counts = new Map<string, ErasureTerms['items'][number]>();
  for (const { object, decision, code, law, until } of items) {
    const key = [decision, object, code, law ?? '', until ?? ''].join(' ');
    counts.set(key, { object, decision, code, law, until, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
};

import type { ScoredPairs } from '../../model/contract.ts';
import { pairsIn } from '../block/blockBuilder.ts';
import type { Pool } from '../threads/pool.ts';
import { need } from '../threads/state.ts';
import { collectPairs } from './collect.ts';
import type { ScanItem } from './scanTask.ts';

const PAIRS_A_TASK = 250_000;

/** Stretches of blocks with about as many pairs each, in the order of rules. */
const itemsOf = (pool: Pool): readonly ScanItem[] => {
  const cross = need(pool.local, 'cross');
  return need(pool.local, 'blocks').flatMap((set, rule) => {
    const items: ScanItem[] = [];
    let from = 0;
    let pairs = 0;
    for (let block = 0; block < set.count; block += 1) {
      pairs += pairsIn((set.starts[block + 1] ?? 0) - (set.starts[block] ?? 0), set.leads[block] ?? 0, cross);
      if (pairs < PAIRS_A_TASK && block + 1 < set.count) continue;
      items.push({ rule, from, to: block + 1 });
      from = block + 1;
      pairs = 0;
    }
    return items;
  });
};

/** Compares the pairs of all blocks and keeps those worth telling. */
export const scanBlocks = async (
  pool: Pool,
  tell: (done: number, total: number) => void,
): Promise<{ readonly pairs: ScoredPairs; readonly compared: number; readonly considered: number }> => {
  const items = itemsOf(pool);
  const scanned = await pool.run('scan', items, (done) => tell(done, items.length));
  return {
    pairs: collectPairs(
      scanned,
      items.map(({ rule }) => rule),
    ),
    considered: scanned.reduce((sum, one) => sum + one.considered, 0),
    compared: scanned.reduce((sum, one) => sum + one.compared, 0),
  };
};

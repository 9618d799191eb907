import { createHash } from 'node:crypto';
import { growTree, leafHash } from '../../scripts/evidence/merkle.ts';
import { timed, type Bench } from './bench.ts';

const LEAF_BYTES = 100;

export const merkle: Bench = {
  name: 'merkle',
  unit: 'leaves/s',
  baseline: 'one SHA-256 over the same bytes, leaf by leaf',
  measure: (quick) => {
    const leaves = Array.from({ length: quick ? 1_000 : 200_000 }, (_, n) => Buffer.alloc(LEAF_BYTES, `leaf ${n} `));
    const own = timed(() => {
      const tree = growTree();
      for (const leaf of leaves) tree.append(leafHash(leaf));
      return tree.root().length === 32 ? tree.size() : 0;
    });
    const baseline = timed(() => {
      const hash = createHash('sha256');
      for (const leaf of leaves) hash.update(leaf);
      return hash.digest().length === 32 ? leaves.length : 0;
    });
    return { own, baseline };
  },
};

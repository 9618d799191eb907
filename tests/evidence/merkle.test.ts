import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyRoot, growTree, leafHash, rootOf, rootOfPeaks } from '../../scripts/evidence/merkle.ts';
import { collectNodes, consistencyRanges, formPeaks, inclusionRanges } from '../../scripts/evidence/merkleNodes.ts';
import { verifyConsistency, verifyInclusion } from '../../scripts/evidence/proofs.ts';
import { consistencyProof, inclusionProof, referenceRoot, vectors } from './referenceTree.ts';

// https://github.com/transparency-dev/merkle, testonly: leaf inputs and the roots of the trees of 1 to 8 of them.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const hashes = LEAVES.map((hex) => leafHash(Buffer.from(hex, 'hex')));
const treeOf = (size: number): readonly Buffer[] =>
  Array.from({ length: size }, (_, i) => leafHash(`leaf ${String(i)}`));

describe('Merkle tree (RFC 6962)', () => {
  it('has the published roots of one to eight leaves', () => {
    expect(LEAVES.map((_, i) => rootOf(hashes.slice(0, i + 1)).toString('hex'))).toEqual(ROOTS);
    expect(rootOf(hashes).toString('base64')).toBe('XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=');
    expect(emptyRoot().toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('grows from the peaks of any earlier state to the same root', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 0, max: 70 }), (size, more) => {
        const all = treeOf(size + more);
        const tree = growTree();
        for (const hash of all.slice(0, size)) tree.append(hash);
        const restored = growTree({ size, peaks: tree.peaks() });
        for (const hash of all.slice(size)) restored.append(hash);
        expect(restored.root()).toEqual(rootOf(all));
        expect(rootOfPeaks(restored.peaks())).toEqual(restored.root());
      }),
    );
    expect(() => growTree({ size: 3, peaks: [leafHash('')] })).toThrow('peaks');
  });

  it('proves every leaf of every tree, and no other leaf, place or tree', () => {
    for (let size = 1; size <= 40; size += 1) {
      const all = treeOf(size);
      const root = rootOf(all);
      all.forEach((hash, index) => {
        const proof = inclusionProof(all, index);
        expect(verifyInclusion({ index, hash }, { size, root }, proof)).toBe(true);
        expect(verifyInclusion({ index, hash: leafHash('other') }, { size, root }, proof)).toBe(false);
        expect(verifyInclusion({ index: index + 1, hash }, { size, root }, proof)).toBe(false);
        expect(verifyInclusion({ index, hash }, { size, root: leafHash('x') }, proof)).toBe(false);
        expect(verifyInclusion({ index, hash }, { size, root }, [...proof, root])).toBe(false);
        expect(verifyInclusion({ index, hash }, { size, root }, proof.slice(1))).toBe(size === 1);
      });
    }
  });

  it('proves that a tree is the beginning of a later one, and refuses every altered proof', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.nat(), (size, pick) => {
        const older = pick % (size + 1);
        const all = treeOf(size);
        const first = { size: older, root: rootOf(all.slice(0, older)) };
        const second = { size, root: rootOf(all) };
        const proof = consistencyProof(all, older);
        expect(verifyConsistency(first, second, proof)).toBe(older > 0);
        expect(verifyConsistency(first, second, [...proof, leafHash('')])).toBe(false);
        expect(verifyConsistency({ size: size + 1, root: second.root }, second, proof)).toBe(false);
        if (older === 0 || older === size) return;
        expect(verifyConsistency({ ...first, root: leafHash('x') }, second, proof)).toBe(false);
        expect(verifyConsistency(first, { ...second, root: leafHash('x') }, proof)).toBe(false);
        proof.forEach((_, i) => {
          const altered = proof.map((hash, j) => (i === j ? leafHash(hash) : hash));
          expect(verifyConsistency(first, second, altered)).toBe(false);
        });
      }),
    );
  });
});

describe('proofs gathered while a tree grows', () => {
  it('are those of the recursive definition, for every leaf and every earlier size', () => {
    for (const size of [1, 2, 3, 5, 8, 13, 31, 32, 33]) {
      const all = treeOf(size);
      const inclusion = all.map((_, index) => inclusionRanges(index, size));
      const consistency = all.map((_, index) => consistencyRanges(index + 1, size));
      const nodes = collectNodes([...inclusion, ...consistency]);
      const tree = growTree(undefined, nodes.formed);
      for (const hash of all) tree.append(hash);
      expect(tree.root()).toEqual(referenceRoot(all));
      expect(inclusion.map(nodes.proof)).toEqual(all.map((_, index) => inclusionProof(all, index)));
      expect(consistency.map(nodes.proof)).toEqual(all.map((_, index) => consistencyProof(all, index + 1)));
    }
  });

  it('need of an earlier tree its peaks only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 1, max: 70 }), (before, more) => {
        const all = treeOf(before + more);
        const older = growTree();
        for (const hash of all.slice(0, before)) older.append(hash);
        const start = { size: before, peaks: older.peaks() };
        const ranges = all.slice(before).map((_, i) => inclusionRanges(before + i, all.length));
        const nodes = collectNodes(ranges);
        formPeaks(start, nodes.formed);
        const tree = growTree(start, nodes.formed);
        for (const hash of all.slice(before)) tree.append(hash);
        ranges.forEach((one, i) => expect(nodes.proof(one)).toEqual(inclusionProof(all, before + i)));
      }),
    );
    expect(() => collectNodes([]).proof([{ start: 0, end: 1 }])).toThrow('did not grow');
  });
});

describe('vectors of a slow reference', () => {
  const all = vectors();

  it('are many, right and wrong ones', () => {
    expect(all.length).toBeGreaterThan(800);
    expect(all.filter((one) => one.isRight).length).toBeGreaterThan(150);
    expect(all.filter((one) => !one.isRight).length).toBeGreaterThan(600);
  });

  it('are each judged as the reference says', () => {
    const wrong = all.filter(
      (one) =>
        one.isRight !==
        (one.kind === 'inclusion'
          ? verifyInclusion(one.leaf, one.tree, one.proof)
          : verifyConsistency(one.first, one.second, one.proof)),
    );
    expect(wrong.map((one) => one.what)).toEqual([]);
  });
});

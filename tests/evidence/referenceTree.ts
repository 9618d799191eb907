import { createHash } from 'node:crypto';

/**
 * Merkle trees as RFC 6962 defines them, word for word and slowly, with nothing of the product: MTH, PATH and PROOF of
 * section 2.1, and vectors made from them, right ones and ones with one thing wrong.
 */
type Hash = Buffer;

const sha256 = (...parts: readonly Uint8Array[]): Hash => createHash('sha256').update(Buffer.concat(parts)).digest();

/** k: the largest power of two smaller than n. */
const largest = (n: number): number => {
  let k = 1;
  while (k << 1 < n) k <<= 1;
  return k;
};

/** MTH(D[n]) over leaf hashes. */
export const referenceRoot = (leaves: readonly Uint8Array[]): Hash => {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return Buffer.from(only);
  const k = largest(leaves.length);
  return sha256(Buffer.of(1), referenceRoot(leaves.slice(0, k)), referenceRoot(leaves.slice(k)));
};

/** PATH(m, D[n]). */
export const inclusionProof = (leaves: readonly Uint8Array[], m: number): readonly Hash[] => {
  if (leaves.length === 1) return [];
  const k = largest(leaves.length);
  return m < k
    ? [...inclusionProof(leaves.slice(0, k), m), referenceRoot(leaves.slice(k))]
    : [...inclusionProof(leaves.slice(k), m - k), referenceRoot(leaves.slice(0, k))];
};

/** SUBPROOF(m, D[n], b). */
const subproof = (m: number, leaves: readonly Uint8Array[], b: boolean): readonly Hash[] => {
  if (m === leaves.length) return b ? [] : [referenceRoot(leaves)];
  const k = largest(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), b), referenceRoot(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), referenceRoot(leaves.slice(0, k))];
};

/** PROOF(m, D[n]); empty for the empty tree, of which nothing can be proved. */
export const consistencyProof = (leaves: readonly Uint8Array[], m: number): readonly Hash[] =>
  m === 0 ? [] : subproof(m, leaves, true);

type Tree = { readonly size: number; readonly root: Hash };
type Judged = { readonly what: string; readonly isRight: boolean; readonly proof: readonly Hash[] };
export type Vector =
  | (Judged & {
      readonly kind: 'inclusion';
      readonly leaf: { readonly index: number; readonly hash: Hash };
      readonly tree: Tree;
    })
  | (Judged & { readonly kind: 'consistency'; readonly first: Tree; readonly second: Tree });

const other = sha256(Buffer.from('other'));

/** One thing of a proof wrong: cut, too long, swapped, a hash of it another. */
const wrongProofs = (proof: readonly Hash[]): readonly (readonly [string, readonly Hash[]])[] => [
  ['one too many at the end', [...proof, other]],
  ['one too many at the start', [other, ...proof]],
  ...(proof.length > 0
    ? [['the first missing', proof.slice(1)] as const, ['the last missing', proof.slice(0, -1)] as const]
    : []),
  ...(proof.length > 1 ? [['reversed', [...proof].reverse()] as const] : []),
  ...proof.map((_, i) => [`hash ${String(i)} another`, proof.map((one, j) => (i === j ? other : one))] as const),
];

const inclusionVectors = (leaves: readonly Hash[], index: number): readonly Vector[] => {
  const tree = { size: leaves.length, root: referenceRoot(leaves) };
  const leaf = { index, hash: leaves[index]! };
  const proof = inclusionProof(leaves, index);
  const named = `inclusion ${String(index)} of ${String(tree.size)}`;
  const base = { kind: 'inclusion', what: named, isRight: true, leaf, tree, proof } as const;
  const wrong = (what: string, over: Partial<typeof base>): Vector => ({
    ...base,
    ...over,
    what: `${named}: ${what}`,
    isRight: false,
  });
  return [
    base,
    wrong('another leaf', { leaf: { index, hash: other } }),
    wrong('another root', { tree: { size: tree.size, root: other } }),
    wrong('an index beyond', { leaf: { index: tree.size, hash: leaf.hash } }),
    wrong('a negative index', { leaf: { index: -1, hash: leaf.hash } }),
    wrong('no whole index', { leaf: { index: index + 0.5, hash: leaf.hash } }),
    ...wrongProofs(proof).map(([what, altered]) => wrong(what, { proof: altered })),
  ];
};

const consistencyVectors = (leaves: readonly Hash[], size: number): readonly Vector[] => {
  const first = { size, root: referenceRoot(leaves.slice(0, size)) };
  const second = { size: leaves.length, root: referenceRoot(leaves) };
  const proof = consistencyProof(leaves, size);
  const named = `consistency ${String(size)} to ${String(second.size)}`;
  const base = { kind: 'consistency', what: named, isRight: size > 0, first, second, proof } as const;
  const wrong = (what: string, over: Partial<typeof base>): Vector => ({
    ...base,
    ...over,
    what: `${named}: ${what}`,
    isRight: false,
  });
  return [
    base,
    wrong('another older root', { first: { size, root: other } }),
    wrong('another newer root', { second: { size: second.size, root: other } }),
    wrong('sizes beyond', { first: { size: second.size + 1, root: first.root } }),
    ...(size < second.size ? [wrong('swapped', { first: second, second: first })] : []),
    ...wrongProofs(proof).map(([what, altered]) => wrong(what, { proof: altered })),
  ];
};

/** Vectors over trees of some sizes, as the public ones are made: every altered one must be refused. */
export const vectors = (): readonly Vector[] =>
  [1, 2, 3, 4, 5, 7, 8, 11, 16, 21].flatMap((size) => {
    const leaves = Array.from({ length: size }, (_, i) => sha256(Buffer.of(0), Buffer.from(`leaf ${String(i)}`)));
    return leaves.flatMap((_, i) => [
      ...inclusionVectors(leaves, i),
      ...consistencyVectors(leaves, i),
      ...(i === 0 ? consistencyVectors(leaves, size) : []),
    ]);
  });

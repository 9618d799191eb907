import { hash } from 'node:crypto';

/** Merkle trees of RFC 6962, section 2.1 (https://www.rfc-editor.org/rfc/rfc6962#section-2.1); hashes are 32 bytes. */
const LEAF = Uint8Array.of(0);

const sha256 = (parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');

// one buffer for all: hashing is synchronous
const short = Buffer.alloc(33);

export const leafHash = (entry: string | Uint8Array): Buffer => {
  if (typeof entry === 'string') return sha256([LEAF, Buffer.from(entry)]);
  if (entry.length !== 32) return sha256([LEAF, entry]);
  short.set(entry, 1);
  // by way of text: hash() makes a buffer of its own at three times the cost
  return Buffer.from(hash('sha256', short, 'binary'), 'binary');
};

// one buffer for all: hashing is synchronous, and a million nodes need not be a million concatenations
const pair = Buffer.alloc(65);
pair[0] = 1;

export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => {
  pair.set(left, 1);
  pair.set(right, 33);
  // by way of text: hash() makes a buffer of its own at three times the cost
  return Buffer.from(hash('sha256', pair, 'binary'), 'binary');
};

/** The root of a tree without leaves. */
export const emptyRoot = (): Buffer => sha256([]);

/** A tree that only grows and keeps one hash per set bit of its size: a million leaves need twenty. */
export type GrowingTree = {
  readonly size: () => number;
  append(hash: Uint8Array): void;
  root(): Buffer;
  /** Roots of the perfect subtrees, largest first; with the size they restore the tree. */
  peaks(): readonly Uint8Array[];
};

const peakCount = (size: number): number => size.toString(2).replaceAll('0', '').length;

/** The root over the perfect subtrees, largest first. */
export const rootOfPeaks = (peaks: readonly Uint8Array[]): Buffer =>
  peaks.length === 0
    ? emptyRoot()
    : Buffer.from(peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), peaks.at(-1) ?? emptyRoot()));

/** Told of each perfect subtree once it is whole: level 0 is a leaf, `index` counts subtrees of that level. */
export type NodeFormed = (level: number, index: number, hash: Uint8Array) => void;

/** A tree to append to, empty or restored from the peaks of a checkpoint. */
export const growTree = (
  from?: { readonly size: number; readonly peaks: readonly Uint8Array[] },
  formed?: NodeFormed,
): GrowingTree => {
  let size = from?.size ?? 0;
  const peaks: Uint8Array[] = [...(from?.peaks ?? [])];
  if (peaks.length !== peakCount(size)) throw new RangeError('these peaks do not belong to a tree of this size');
  return {
    size: () => size,
    append: (hash) => {
      let node = hash;
      let level = 0;
      formed?.(level, size, node);
      for (let index = size; index % 2 === 1;) {
        node = nodeHash(peaks.pop() ?? emptyRoot(), node);
        index = Math.floor(index / 2);
        level += 1;
        formed?.(level, index, node);
      }
      peaks.push(node);
      size += 1;
    },
    root: () => rootOfPeaks(peaks),
    peaks: () => [...peaks],
  };
};

export const rootOf = (hashes: readonly Uint8Array[]): Buffer => {
  const tree = growTree();
  for (const hash of hashes) tree.append(hash);
  return tree.root();
};

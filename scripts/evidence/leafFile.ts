import { hash } from 'node:crypto';
import { z } from 'zod';
import { leafHash } from './merkle.ts';

/**
 * The leaf file of a run, NDJSON: one line per leaf with its index in the run, its salted commitment and a running
 * hash, so that a changed, deleted, inserted or moved line is found at its place. It holds no personal data.
 */
const line = z.strictObject({
  i: z.int().min(0),
  c: z.string().regex(/^[0-9a-f]{64}$/),
  h: z.string().regex(/^[0-9a-f]{64}$/),
});

const FIRST = '0'.repeat(64);

// one buffer for all: hashing is synchronous, and a million lines need not be a million buffers
const both = Buffer.alloc(64);

const runningHash = (before: string, commitment: string): string => {
  both.write(before, 0, 'hex');
  both.write(commitment, 32, 'hex');
  return hash('sha256', both, 'hex');
};

const leaf = Buffer.alloc(32);

/** The leaf of the tree that a commitment, 64 hexadecimal characters, is. */
export const leafHashOf = (commitment: string): Buffer => {
  if (commitment.length !== 64 || leaf.write(commitment, 'hex') !== 32) return leafHash(Buffer.from(commitment, 'hex'));
  return leafHash(leaf);
};

/** The file's text, from commitments in order. */
export const leafFileText = (commitments: Iterable<string>): string => {
  const lines: string[] = [];
  let running = FIRST;
  for (const c of commitments) {
    running = runningHash(running, c);
    lines.push(`{"i":${String(lines.length)},"c":"${c}","h":"${running}"}\n`);
  }
  return lines.join('');
};

export type LeafFault = {
  /** Index in the run of the first leaf that is not as it was written. */
  readonly index: number;
  readonly kind: 'unreadable' | 'altered' | 'moved';
};

export type LeafFile = { readonly commitments: readonly string[]; readonly fault: LeafFault | undefined };

/** Reads a leaf file as far as it goes; `fault` is its first wrong line. */
export const readLeafFile = (text: string): LeafFile => {
  const commitments: string[] = [];
  let running = FIRST;
  let fault: LeafFault | undefined;
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [index, one] of lines.entries()) {
    const read = parseLine(one);
    if (read === undefined) return { commitments, fault: fault ?? { index, kind: 'unreadable' } };
    running = runningHash(running, read.c);
    if (read.i !== index) fault ??= { index, kind: 'moved' };
    else if (read.h !== running) fault ??= { index, kind: 'altered' };
    commitments.push(read.c);
  }
  return { commitments, fault };
};

const parseLine = (text: string): z.infer<typeof line> | undefined => {
  try {
    return line.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};

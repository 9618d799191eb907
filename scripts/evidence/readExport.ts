import { exportLine, type ExportLine } from './exportLines.ts';
import { leafHashOf } from './leafFile.ts';
import { growTree } from './merkle.ts';
import { parseNote, type NoteKey } from './signedNote.ts';

/** Why a witness does not sign; docs/ERRORS.md says what to do. */
export type ExportFault =
  | 'ExportUnreadable'
  | 'ExportCut'
  | 'ExportOfAnotherLedger'
  | 'SignatureUnknown'
  | 'RootDiffers'
  | 'LedgerForked'
  | 'CheckpointMissing';

export type ExportHead = { readonly size: number; readonly root: string; readonly note: string };
export type ExportCheck =
  | { readonly ok: true; readonly head: ExportHead }
  | { readonly ok: false; readonly fault: ExportFault; readonly treeSize: number };

export type Pinned = {
  readonly origin: string;
  readonly keys: readonly NoteKey[];
  /** What was signed last: this ledger must grow from there. */
  readonly last?: { readonly size: number; readonly root: string };
};

const parse = (text: string): ExportLine | undefined => {
  try {
    return exportLine.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};

type Walk = {
  readonly tree: ReturnType<typeof growTree>;
  readonly pinned: Pinned;
  head: ExportHead | undefined;
  metLast: boolean;
};

const atCheckpoint = (walk: Walk, text: string): ExportFault | undefined => {
  const { tree, pinned } = walk;
  const note = parseNote(text, pinned.keys);
  if (note === undefined) return 'ExportUnreadable';
  const { origin, size, root } = note.checkpoint;
  if (origin !== pinned.origin) return 'ExportOfAnotherLedger';
  if (note.signedBy === undefined) return 'SignatureUnknown';
  if (size !== tree.size() || !root.equals(tree.root())) return 'RootDiffers';
  if (size === pinned.last?.size) {
    if (root.toString('hex') !== pinned.last.root) return 'LedgerForked';
    walk.metLast = true;
  }
  walk.head = { size, root: root.toString('hex'), note: text };
  return undefined;
};

const take = (walk: Walk, line: ExportLine): ExportFault | undefined => {
  if ('leaves' in line) for (const commitment of line.leaves) walk.tree.append(leafHashOf(commitment));
  return 'checkpoint' in line ? atCheckpoint(walk, line.checkpoint) : undefined;
};

const ending = (walk: Walk, isWhole: boolean): ExportCheck => {
  const treeSize = walk.tree.size();
  const { head, metLast, pinned } = walk;
  if (!isWhole || head?.size !== treeSize) return { ok: false, fault: 'ExportCut', treeSize };
  if (pinned.last !== undefined && !metLast) return { ok: false, fault: 'CheckpointMissing', treeSize };
  return { ok: true, head };
};

/**
 * Reads an exported ledger as a witness does: every checkpoint is rebuilt from the leaves, is signed by a pinned key, and
 * what the witness signed last is among them. Bounded memory.
 */
export const checkExport = async (lines: AsyncIterable<string>, pinned: Pinned): Promise<ExportCheck> => {
  const walk: Walk = { tree: growTree(), pinned, head: undefined, metLast: pinned.last?.size === 0 };
  let [count, announced] = [0, -1];
  for await (const text of lines) {
    count += 1;
    const line = parse(text);
    const isHeader = line !== undefined && 'garde' in line;
    const unreadable = line === undefined || isHeader !== (count === 1);
    const fault = unreadable ? 'ExportUnreadable' : take(walk, line);
    if (fault !== undefined) return { ok: false, fault, treeSize: walk.tree.size() };
    if (line !== undefined && 'lines' in line) announced = line.lines;
  }
  return ending(walk, announced === count);
};

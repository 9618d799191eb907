import type { Org } from '../org/port.ts';
import { leafHashOf, readLeafFile } from './leafFile.ts';
import { checkpointsBySize, downloadLeafFile, type CheckpointRow } from './ledgerRecords.ts';
import { growTree, rootOfPeaks, type GrowingTree } from './merkle.ts';
import { parseNote, type Checkpoint, type NoteKey } from './signedNote.ts';

export type LedgerFaultCode =
  | 'CheckpointUnreadable'
  | 'CheckpointAltered'
  | 'CheckpointMissing'
  | 'SignatureUnknown'
  | 'LeafFileMissing'
  | 'LeafAltered'
  | 'LeafMoved'
  | 'LeafUnreadable'
  | 'LeafCountDiffers'
  | 'RootDiffers'
  | 'LedgerForked'
  /** A witness cosigned a checkpoint that the ledger no longer has, or has otherwise. */
  | 'WitnessDiffers'
  | 'TimestampInvalid'
  /** An approval was added with an earlier date, changed or deleted since the run ended. */
  | 'ApprovalDiffers';

/** Something in the ledger is not as it was written, and where. */
export type LedgerFault = {
  readonly code: LedgerFaultCode;
  /** Size of the tree at the checkpoint concerned. */
  readonly treeSize: number;
  readonly run: string | null;
  /** Index of the leaf in the whole ledger, when it can be told. */
  readonly leaf: number | null;
};

/** What this machine remembers of a run it ended: where its checkpoint stood and its commitments. */
export type LedgerMemory = {
  readonly checkpoints: readonly { readonly size: number; readonly root: string }[];
  /** Commitments of the run that ended in a checkpoint, as written; undefined when not known here. */
  readonly commitmentsAt: (size: number) => Iterable<string> | undefined;
};

export type LedgerReport = {
  readonly state: 'verified' | 'failed' | 'empty';
  readonly checkpoints: number;
  readonly leaves: number;
  readonly root: string | null;
  readonly faults: readonly LedgerFault[];
  /** Id of the newest checkpoint's record. */
  readonly headId: string | null;
};

type Walk = {
  readonly org: Org;
  readonly keys: readonly NoteKey[];
  readonly memory: LedgerMemory;
  readonly faults: LedgerFault[];
  tree: GrowingTree;
};

const fault = (row: CheckpointRow, code: LedgerFaultCode, leaf: number | null = null): LedgerFault => ({
  code,
  treeSize: row.TreeSize__c,
  run: row.Run__r?.RunKey__c ?? null,
  leaf,
});

/** The note, when note and record say the same and the note agrees with itself. */
const checkNote = (walk: Walk, row: CheckpointRow): Checkpoint | undefined => {
  const note = parseNote(row.NoteText__c ?? '', walk.keys);
  if (note === undefined) {
    walk.faults.push(fault(row, 'CheckpointUnreadable'));
    return undefined;
  }
  const { checkpoint } = note;
  const isWhole =
    checkpoint.size === row.TreeSize__c &&
    checkpoint.root.toString('hex') === row.RootHash__c &&
    rootOfPeaks(checkpoint.peaks).equals(checkpoint.root);
  if (!isWhole) walk.faults.push(fault(row, 'CheckpointAltered'));
  if (note.signedBy === undefined) walk.faults.push(fault(row, 'SignatureUnknown'));
  return isWhole ? checkpoint : undefined;
};

const LEAF_CODES = { unreadable: 'LeafUnreadable', altered: 'LeafAltered', moved: 'LeafMoved' } as const;

/** The first leaf that differs from what this machine wrote; finds also a file that was rewritten as a whole. */
const firstDifference = (walk: Walk, row: CheckpointRow, found: readonly string[]): number | undefined => {
  const written = walk.memory.commitmentsAt(row.TreeSize__c);
  if (written === undefined) return undefined;
  let index = 0;
  for (const commitment of written) {
    if (found[index] !== commitment) return index;
    index += 1;
  }
  return found.length > index ? index : undefined;
};

const readLeaves = async (walk: Walk, row: CheckpointRow): Promise<readonly string[] | undefined> => {
  const documentId = row.Run__r?.LeafDocumentId__c ?? null;
  const bytes = documentId === null ? undefined : await downloadLeafFile(walk.org, documentId);
  if (bytes === undefined) {
    walk.faults.push(fault(row, 'LeafFileMissing'));
    return undefined;
  }
  const file = readLeafFile(Buffer.from(bytes).toString('utf8'));
  const first = walk.tree.size();
  const expected = row.TreeSize__c - first;
  if (file.fault !== undefined) {
    walk.faults.push(fault(row, LEAF_CODES[file.fault.kind], first + file.fault.index));
    return undefined;
  }
  const different = firstDifference(walk, row, file.commitments);
  if (different !== undefined) walk.faults.push(fault(row, 'LeafAltered', first + different));
  else if (file.commitments.length !== expected) {
    walk.faults.push(fault(row, 'LeafCountDiffers', first + Math.min(expected, file.commitments.length)));
  } else return file.commitments;
  return undefined;
};

/** Goes on from a checkpoint's own peaks, so that one fault does not hide the next. */
const continueFrom = (walk: Walk, checkpoint: Checkpoint | undefined): void => {
  if (checkpoint !== undefined) walk.tree = growTree(checkpoint);
};

const verifyCheckpoint = async (walk: Walk, row: CheckpointRow, previousSize: number): Promise<void> => {
  const checkpoint = checkNote(walk, row);
  const claimed = row.PreviousTreeSize__c ?? 0;
  if (claimed !== previousSize || walk.tree.size() !== previousSize) {
    walk.faults.push(fault(row, claimed < previousSize ? 'LedgerForked' : 'CheckpointMissing', previousSize));
    continueFrom(walk, checkpoint);
    return;
  }
  const commitments = await readLeaves(walk, row);
  if (commitments === undefined) {
    continueFrom(walk, checkpoint);
    return;
  }
  for (const commitment of commitments) walk.tree.append(leafHashOf(commitment));
  if (walk.tree.root().toString('hex') === row.RootHash__c) return;
  walk.faults.push(fault(row, 'RootDiffers', previousSize));
  continueFrom(walk, checkpoint);
};

/** Checkpoints that this machine saw and that are gone: a ledger that was cut back verifies in itself. */
const remembered = (walk: Walk, seen: ReadonlyMap<number, string>): void => {
  for (const { size, root } of walk.memory.checkpoints) {
    const found = seen.get(size);
    if (found === root) continue;
    const code = found === undefined ? 'CheckpointMissing' : 'CheckpointAltered';
    if (!walk.faults.some((one) => one.treeSize === size)) {
      walk.faults.push({ code, treeSize: size, run: null, leaf: null });
    }
  }
};

const report = (faults: readonly LedgerFault[], checkpoints: number, head: CheckpointRow | undefined): LedgerReport => {
  const verified = head === undefined ? 'empty' : 'verified';
  return {
    ...{ faults, checkpoints, state: faults.length > 0 ? 'failed' : verified },
    leaves: head?.TreeSize__c ?? 0,
    root: head?.RootHash__c ?? null,
    headId: head?.Id ?? null,
  };
};

/**
 * Verifies the org's ledger from its beginning: each leaf file against its checkpoint, each checkpoint against the one
 * before, its signature and what this machine remembers. Altered, deleted, moved and inserted entries are located
 * (EVI-01). One checkpoint's leaves are in memory at a time.
 */
export const verifyLedger = async (
  org: Org,
  known: {
    readonly keys: readonly NoteKey[];
    readonly memory: LedgerMemory;
    /** Told of each checkpoint, oldest first. */
    readonly see?: (row: CheckpointRow) => void;
  },
): Promise<LedgerReport> => {
  const { keys, memory, see } = known;
  const walk: Walk = { org, keys, memory, faults: [], tree: growTree() };
  const seen = new Map<number, string>();
  let head: CheckpointRow | undefined;
  for await (const row of checkpointsBySize(org)) {
    await verifyCheckpoint(walk, row, head?.TreeSize__c ?? 0);
    see?.(row);
    seen.set(row.TreeSize__c, row.RootHash__c);
    head = row;
  }
  remembered(walk, seen);
  return report(walk.faults, seen.size, head);
};

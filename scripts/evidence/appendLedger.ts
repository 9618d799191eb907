import { GardeError } from '../kernel/result.ts';
import type { Org } from '../org/port.ts';
import { leafHashOf } from './leafFile.ts';
import { checkpointOfRun, ledgerHead, sizeKey, type CheckpointRow } from './ledgerRecords.ts';
import { growTree, rootOfPeaks } from './merkle.ts';
import { parseNote, signCheckpoint, type Checkpoint, type NoteSigner } from './signedNote.ts';

export type LedgerAppend = {
  readonly runRecordId: string;
  readonly commitments: () => Iterable<string>;
  readonly signer: NoteSigner;
};

export type AppendedCheckpoint = { readonly size: number; readonly previousSize: number; readonly root: string };

/** Others may append at the same time; each attempt that loses reads the new head. */
const ATTEMPTS = 8;

const broken = (head: CheckpointRow): GardeError =>
  new GardeError([
    {
      code: 'LedgerBroken',
      subject: `checkpoint of ${head.TreeSize__c} leaves`,
      message: 'The newest checkpoint of the ledger is not what it was when it was written.',
      actions: ['Run `garde ledger verify`: it says where; nothing is appended to a ledger that does not verify.'],
    },
  ]);

/** The tree to go on from, checked against itself and the record around it. */
const headCheckpoint = (head: CheckpointRow, signer: NoteSigner): Checkpoint => {
  const note = parseNote(head.NoteText__c ?? '', [signer])?.checkpoint;
  if (note === undefined) throw broken(head);
  const { size, root, peaks } = note;
  if (size !== head.TreeSize__c || root.toString('hex') !== head.RootHash__c) throw broken(head);
  if (!rootOfPeaks(peaks).equals(root)) throw broken(head);
  return note;
};

const appended = (row: CheckpointRow): AppendedCheckpoint => ({
  size: row.TreeSize__c,
  previousSize: row.PreviousTreeSize__c ?? 0,
  root: row.RootHash__c,
});

const nextCheckpoint = (append: LedgerAppend, head: CheckpointRow | undefined): Checkpoint => {
  const before = head === undefined ? undefined : headCheckpoint(head, append.signer);
  const tree = growTree(before);
  for (const commitment of append.commitments()) tree.append(leafHashOf(commitment));
  return {
    origin: append.signer.name,
    size: tree.size(),
    root: tree.root(),
    peaks: tree.peaks().map((peak) => Buffer.from(peak)),
  };
};

/**
 * Refuses a ledger whose newest checkpoint is not what this machine signed: asked before a run begins, since nothing
 * could be written down of what it does. Errors: LedgerBroken, the org's.
 */
export const assertLedgerWhole = async (org: Org, signer: NoteSigner): Promise<void> => {
  const head = await ledgerHead(org);
  if (head !== undefined) headCheckpoint(head, signer);
};

/**
 * Appends a run's leaves: a checkpoint whose key names the size before it, so that the platform accepts one append per
 * head (DUPLICATE_VALUE: somebody else was first, the new head is read). Idempotent per run. Errors: LedgerBroken,
 * LedgerBusy, LedgerRefused, the org's.
 */
export const appendLedger = async (org: Org, append: LedgerAppend): Promise<AppendedCheckpoint> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const existing = await checkpointOfRun(org, append.runRecordId);
    if (existing !== undefined) return appended(existing);
    const head = await ledgerHead(org);
    const checkpoint = nextCheckpoint(append, head);
    const previousSize = head?.TreeSize__c ?? 0;
    const [outcome] = await org.create('GardeCheckpoint__c', [
      {
        TreeSizeKey__c: sizeKey(previousSize),
        TreeSize__c: checkpoint.size,
        PreviousTreeSize__c: previousSize,
        RootHash__c: checkpoint.root.toString('hex'),
        Origin__c: checkpoint.origin,
        NoteText__c: signCheckpoint(checkpoint, append.signer),
        Run__c: append.runRecordId,
      },
    ]);
    if (outcome?.success === true)
      return { size: checkpoint.size, previousSize, root: checkpoint.root.toString('hex') };
    const codes = outcome?.errors.map((error) => error.code) ?? [];
    if (!codes.includes('DUPLICATE_VALUE')) throw refused(codes);
  }
  throw busy();
};

const refused = (codes: readonly string[]): GardeError =>
  new GardeError([
    {
      code: 'LedgerRefused',
      subject: 'GardeCheckpoint__c',
      message: `The org refused the checkpoint (${codes.join(', ')}).`,
      actions: ['Assign the permission set GardeAdmin to the running user, then `garde plan resume`.'],
    },
  ]);

const busy = (): GardeError =>
  new GardeError([
    {
      code: 'LedgerBusy',
      subject: 'GardeCheckpoint__c',
      message: 'Others kept appending to the ledger at the same moment.',
      actions: ['Run `garde plan resume` in a minute.'],
    },
  ]);

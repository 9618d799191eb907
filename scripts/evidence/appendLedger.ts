import { GardeError } from '../kernel/result.ts';
import { orgError } from '../org/orgProblems.ts';
import type { Org } from '../org/port.ts';
import { reactionTo, type Reaction } from '../org/salesforceErrors.ts';
import { leafHashOf } from './leafFile.ts';
import { checkpointOfRun, ledgerHead, sizeKey, type CheckpointRow } from './ledgerRecords.ts';
import { growTree, rootOfPeaks } from './merkle.ts';
import {
  keyId,
  noteParts,
  parseNote,
  signCheckpoint,
  type Checkpoint,
  type NoteKey,
  type NoteSigner,
} from './signedNote.ts';

export type LedgerAppend = {
  /** Whose checkpoints are built on, beside this machine's own. */
  readonly trusted?: readonly NoteKey[];
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

const signedByStranger = (head: CheckpointRow): GardeError =>
  new GardeError([
    {
      code: 'LedgerSignerUnknown',
      subject: `checkpoint of ${head.TreeSize__c} leaves`,
      message:
        'The newest checkpoint of the ledger is signed by a key that neither this machine nor the charter knows.',
      actions: [
        'When another machine of yours runs plans too, add the key that `garde ledger verify` prints there to ledger.keys in the charter.',
        'Otherwise somebody forged it: run `garde ledger verify`, and build on nothing before you know who wrote it.',
      ],
    },
  ]);

/** Whether one of these keys is said to have signed: then what does not verify was altered. */
const namesOneOf = (note: string, keys: readonly NoteKey[]): boolean =>
  (noteParts(note)?.signatures ?? []).some(({ name, id }) =>
    keys.some((key) => key.name === name && keyId(key).equals(id)),
  );

/** The tree to go on from, checked against itself, the record around it and who may have signed it. */
const headCheckpoint = (head: CheckpointRow, keys: readonly NoteKey[]): Checkpoint => {
  const note = parseNote(head.NoteText__c ?? '', keys);
  if (note === undefined) throw broken(head);
  if (note.signedBy === undefined)
    throw namesOneOf(head.NoteText__c ?? '', keys) ? broken(head) : signedByStranger(head);
  const { size, root, peaks } = note.checkpoint;
  if (size !== head.TreeSize__c || root.toString('hex') !== head.RootHash__c) throw broken(head);
  if (!rootOfPeaks(peaks).equals(root)) throw broken(head);
  return note.checkpoint;
};

const appended = (row: CheckpointRow): AppendedCheckpoint => ({
  size: row.TreeSize__c,
  previousSize: row.PreviousTreeSize__c ?? 0,
  root: row.RootHash__c,
});

const nextCheckpoint = (append: LedgerAppend, head: CheckpointRow | undefined): Checkpoint => {
  const before = head === undefined ? undefined : headCheckpoint(head, [append.signer, ...(append.trusted ?? [])]);
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
 * Refuses a ledger whose newest checkpoint is not what was signed, or not by one of these keys: asked before a run begins,
 * since nothing could be written down of what it does. Errors: LedgerBroken, LedgerSignerUnknown, the org's.
 */
export const assertLedgerWhole = async (org: Org, keys: readonly NoteKey[]): Promise<void> => {
  const head = await ledgerHead(org);
  if (head !== undefined) headCheckpoint(head, keys);
};

/** It passes by itself: whoever appends may ask again. */
const LOCKED: readonly Reaction[] = ['retry-after-wait', 'smaller-batches', 'settle-then-repeat'];

/**
 * Appends a run's leaves: a checkpoint whose key names the size before it, so that the platform accepts one append per
 * head (DUPLICATE_VALUE: somebody else was first, the new head is read). Idempotent per run. Errors: LedgerBroken,
 * LedgerSignerUnknown, LedgerBusy, LedgerRefused, the org's.
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
    const errors = outcome?.errors ?? [];
    if (errors.some(({ code }) => code === 'DUPLICATE_VALUE')) continue;
    if (errors.some(({ code }) => LOCKED.includes(reactionTo(code).reaction))) throw orgError(errors);
    throw refused(errors.map(({ code }) => code));
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

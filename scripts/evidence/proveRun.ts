import type { Org } from '../org/port.ts';
import { checkpointLine } from './exportLedger.ts';
import type { ExportLine } from './exportLines.ts';
import { leafHashOf } from './leafFile.ts';
import { checkpointOfRun, checkpointOfSize, type CheckpointRow } from './ledgerRecords.ts';
import type { OpenedEntry } from './leafSalts.ts';
import { growTree, rootOfPeaks } from './merkle.ts';
import { collectNodes, formPeaks, inclusionRanges } from './merkleNodes.ts';
import { parseNote, type Checkpoint } from './signedNote.ts';

export type RunToProve = {
  readonly runRecordId: string;
  readonly commitments: () => Iterable<string>;
  /** Entries to open, by their index in the run. */
  readonly opened: readonly OpenedEntry[];
  readonly header: { readonly origin: string; readonly exportedAt: string; readonly tool: string };
  readonly keys: readonly string[];
};

const startOf = async (org: Org, size: number): Promise<Checkpoint | undefined> => {
  if (size === 0) return undefined;
  const row = await checkpointOfSize(org, size);
  const note = parseNote(row?.NoteText__c ?? '', [])?.checkpoint;
  return note?.size === size && rootOfPeaks(note.peaks).equals(note.root) ? note : undefined;
};

const openedLines = (
  run: RunToProve,
  row: CheckpointRow,
  before: Checkpoint | undefined,
): readonly ExportLine[] | undefined => {
  const start = row.PreviousTreeSize__c ?? 0;
  const size = row.TreeSize__c;
  const ranges = run.opened.map(({ index }) => inclusionRanges(start + index, size));
  const nodes = collectNodes(ranges);
  if (before !== undefined) formPeaks(before, nodes.formed);
  const tree = growTree(before, nodes.formed);
  for (const commitment of run.commitments()) tree.append(leafHashOf(commitment));
  if (tree.size() !== size || tree.root().toString('hex') !== row.RootHash__c) return undefined;
  return run.opened.map(({ index, salt, content }, i) => ({
    ...{ entry: start + index, of: size, salt, content },
    proof: nodes.proof(ranges[i] ?? []).map((hash) => hash.toString('base64')),
  }));
};

/**
 * What the holder of a certificate needs to verify it without the org: the run's checkpoint and its opened entries, each
 * with its inclusion proof. Undefined when the run has no checkpoint or what leads to it is not as it was written.
 */
export const proveRun = async (org: Org, run: RunToProve): Promise<readonly ExportLine[] | undefined> => {
  const row = await checkpointOfRun(org, run.runRecordId);
  if (row === undefined) return undefined;
  const start = row.PreviousTreeSize__c ?? 0;
  const before = await startOf(org, start);
  if (start > 0 && before === undefined) return undefined;
  const opened = openedLines(run, row, before);
  if (opened === undefined) return undefined;
  const lines: readonly ExportLine[] = [
    { garde: 'proof', version: 1, ...run.header, keys: [...run.keys], size: row.TreeSize__c },
    checkpointLine(row),
    ...opened,
  ];
  return [...lines, { lines: lines.length + 1 }];
};

import { GardeError } from '../kernel/result.ts';
import type { Org } from '../org/port.ts';
import type { ExportLine } from './exportLines.ts';
import { leafHashOf, readLeafFile } from './leafFile.ts';
import type { OpenedEntry } from './leafSalts.ts';
import { checkpointsBySize, checkpointSizes, downloadLeafFile, type CheckpointRow } from './ledgerRecords.ts';
import { growTree } from './merkle.ts';
import { collectNodes, consistencyRanges, inclusionRanges } from './merkleNodes.ts';

export type LedgerExport = {
  readonly origin: string;
  readonly exportedAt: string;
  readonly tool: string;
  readonly keys: readonly string[];
  /** Entries that this machine can open and may show, by their index in the whole ledger. */
  readonly opened: readonly OpenedEntry[];
  /** Notes that witnesses cosigned. */
  readonly witnessed: readonly { readonly name: string; readonly note: string }[];
};

const LEAVES_PER_LINE = 500;

const base64 = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('base64'));

const leafLines = function* (commitments: readonly string[]): Iterable<ExportLine> {
  for (let at = 0; at < commitments.length; at += LEAVES_PER_LINE)
    yield { leaves: commitments.slice(at, at + LEAVES_PER_LINE) };
};

/** A checkpoint as it is exported. */
export const checkpointLine = (row: CheckpointRow): ExportLine => ({
  checkpoint: row.NoteText__c ?? '',
  run: row.Run__r?.RunKey__c ?? null,
  plan: row.Run__r?.PlanDigest__c ?? null,
  leafFileHash: row.Run__r?.LeafFileHash__c ?? null,
  certificateHash: row.Run__r?.CertificateHash__c ?? null,
  timestamp: row.TimestampToken__c,
});

const leavesOf = async (org: Org, row: CheckpointRow): Promise<readonly string[]> => {
  const document = row.Run__r?.LeafDocumentId__c ?? null;
  const bytes = document === null ? undefined : await downloadLeafFile(org, document);
  if (bytes !== undefined) return readLeafFile(Buffer.from(bytes).toString()).commitments;
  throw new GardeError([
    {
      code: 'LedgerNotExportable',
      subject: `checkpoint of ${row.TreeSize__c} leaves`,
      message: 'The leaf file of this checkpoint is gone.',
      actions: ['Run `garde ledger verify`: it says where the ledger is broken.'],
    },
  ]);
};

/**
 * The whole ledger, line by line, with the proofs that every checkpoint is the beginning of the newest and that each
 * opened entry is in it: one pass, one checkpoint's leaves in memory. Errors: LedgerNotExportable, the org's.
 */
export async function* exportLedger(org: Org, what: LedgerExport): AsyncIterable<ExportLine> {
  const sizes = await checkpointSizes(org);
  const size = sizes.at(-1) ?? 0;
  const older = sizes.slice(0, -1);
  const opened = what.opened.filter(({ index }) => index < size);
  const nodes = collectNodes([
    ...older.map((one) => consistencyRanges(one, size)),
    ...opened.map(({ index }) => inclusionRanges(index, size)),
  ]);
  const tree = growTree(undefined, nodes.formed);
  let lines = 1;
  const { origin, exportedAt, tool } = what;
  yield { garde: 'ledger', version: 1, origin, exportedAt, tool, keys: [...what.keys], size };
  for await (const row of checkpointsBySize(org)) {
    if (row.TreeSize__c > size) break;
    const commitments = await leavesOf(org, row);
    for (const commitment of commitments) tree.append(leafHashOf(commitment));
    for (const line of [...leafLines(commitments), checkpointLine(row)]) {
      lines += 1;
      yield line;
    }
  }
  const proofs: readonly ExportLine[] = [
    ...opened.map(({ index, salt, content }) => ({
      ...{ entry: index, of: size, salt, content },
      proof: base64(nodes.proof(inclusionRanges(index, size))),
    })),
    ...older.map((one) => ({
      ...{ consistency: one, of: size },
      proof: base64(nodes.proof(consistencyRanges(one, size))),
    })),
    ...what.witnessed.map(({ name, note }) => ({ witness: name, note })),
  ];
  yield* proofs;
  yield { lines: lines + proofs.length + 1 };
}

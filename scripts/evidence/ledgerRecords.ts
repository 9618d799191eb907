import { z } from 'zod';
import { parseRecordId } from '../kernel/recordId.ts';
import { soqlString } from '../kernel/soql.ts';
import type { Org, OrgRow } from '../org/port.ts';

/** The ledger as it lies in the org: checkpoints by size, each with the run whose leaves it ends. */
const checkpointRow = z.object({
  Id: z.string(),
  TreeSize__c: z.number(),
  PreviousTreeSize__c: z.number().nullable(),
  RootHash__c: z.string(),
  NoteText__c: z.string().nullable(),
  TreeSizeKey__c: z.string(),
  Run__c: z.string().nullable(),
  TimestampToken__c: z.string().nullable(),
  Run__r: z
    .object({
      RunKey__c: z.string(),
      PlanDigest__c: z.string().nullable(),
      LeafDocumentId__c: z.string().nullable(),
      LeafFileHash__c: z.string().nullable(),
      CertificateHash__c: z.string().nullable(),
    })
    .nullable(),
});
export type CheckpointRow = z.infer<typeof checkpointRow>;

const SELECT = `SELECT Id, TreeSize__c, PreviousTreeSize__c, RootHash__c, NoteText__c, TreeSizeKey__c, Run__c,
  TimestampToken__c, Run__r.RunKey__c, Run__r.PlanDigest__c, Run__r.LeafDocumentId__c, Run__r.LeafFileHash__c,
  Run__r.CertificateHash__c FROM GardeCheckpoint__c`;

const parse = (row: OrgRow): CheckpointRow => checkpointRow.parse({ Run__r: null, ...row });

export async function* checkpointsBySize(org: Org): AsyncIterable<CheckpointRow> {
  for await (const row of org.query(`${SELECT} ORDER BY TreeSize__c`)) yield parse(row);
}

const first = async (org: Org, soql: string): Promise<CheckpointRow | undefined> => {
  for await (const row of org.query(soql)) return parse(row);
  return undefined;
};

/** The newest checkpoint; undefined for an empty ledger. */
export const ledgerHead = (org: Org): Promise<CheckpointRow | undefined> =>
  first(org, `${SELECT} ORDER BY TreeSize__c DESC LIMIT 1`);

/** The checkpoint of a run, once it stands. */
export const checkpointOfRun = (org: Org, runId: string): Promise<CheckpointRow | undefined> =>
  first(org, `${SELECT} WHERE Run__c = ${soqlString(runId)} ORDER BY TreeSize__c LIMIT 1`);

/** The checkpoint at a size of the tree. */
export const checkpointOfSize = (org: Org, size: number): Promise<CheckpointRow | undefined> =>
  first(org, `${SELECT} WHERE TreeSize__c = ${size} LIMIT 1`);

/** Sizes of all checkpoints, ascending. */
export const checkpointSizes = async (org: Org): Promise<readonly number[]> => {
  const sizes: number[] = [];
  for await (const row of org.query('SELECT TreeSize__c FROM GardeCheckpoint__c ORDER BY TreeSize__c')) {
    if (typeof row['TreeSize__c'] === 'number') sizes.push(row['TreeSize__c']);
  }
  return sizes;
};

/** Unique per preceding size: of two appends after the same checkpoint the platform accepts one. */
export const sizeKey = (previousSize: number): string => `after:${previousSize}`;

/** The bytes of a leaf file; undefined when the file is gone. */
export const downloadLeafFile = async (org: Org, documentId: string): Promise<Uint8Array | undefined> => {
  const soql = `SELECT Id FROM ContentVersion WHERE ContentDocumentId = ${soqlString(documentId)} AND IsLatest = true`;
  for await (const row of org.query(soql)) {
    const id = typeof row['Id'] === 'string' ? parseRecordId(row['Id']) : undefined;
    return id === undefined ? undefined : org.downloadFile('ContentVersion', id);
  }
  return undefined;
};

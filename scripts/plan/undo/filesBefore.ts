import { z } from 'zod';
import type { RecordId } from '../../kernel/recordId.ts';
import { inChunks, soqlList } from '../../kernel/soql.ts';
import type { Org } from '../../org/port.ts';
import type { Vault } from '../../vault/port.ts';
import type { DoneStep, FileBefore } from './contract.ts';

const version = z.object({
  Id: z.string(),
  ContentDocumentId: z.string(),
  Title: z.string(),
  PathOnClient: z.string(),
  IsLatest: z.boolean(),
  CreatedDate: z.string(),
});
type Version = z.infer<typeof version>;

const versionsOf = async (org: Org, documents: readonly string[]): Promise<ReadonlyMap<string, readonly Version[]>> => {
  const found = new Map<string, Version[]>();
  for (const chunk of inChunks(documents)) {
    const soql = `SELECT Id, ContentDocumentId, Title, PathOnClient, IsLatest, CreatedDate FROM ContentVersion
      WHERE ContentDocumentId IN ${soqlList(chunk)} ORDER BY ContentDocumentId, CreatedDate DESC, Id DESC`;
    for await (const row of org.query(soql)) {
      const one = version.parse(row);
      found.set(one.ContentDocumentId, [...(found.get(one.ContentDocumentId) ?? []), one]);
    }
  }
  return found;
};

/** The version before ours; undefined when there is none, or somebody uploaded a newer one. */
const before = (all: readonly Version[], step: DoneStep['step'], endedAt: string): Version | undefined => {
  const newest = all.find((one) => one.IsLatest);
  const isOurs =
    newest?.Title === step.payload?.file?.title && Date.parse(newest?.CreatedDate ?? '') <= Date.parse(endedAt);
  return isOurs ? all.find((one) => !one.IsLatest) : undefined;
};

/**
 * Bytes of the version before each new one that the run uploaded, sealed on this machine until the undo plan expires:
 * the platform has no way back to an older version but uploading it again.
 */
export const readFilesBefore = async (
  { org, vault }: { readonly org: Org; readonly vault: Vault },
  steps: readonly DoneStep[],
  at: { readonly endedAt: string; readonly expiresAt: string },
): Promise<ReadonlyMap<string, FileBefore>> => {
  const byDocument = new Map(steps.map(({ step }) => [step.payload?.file?.versionOf ?? '', step]));
  const versions = await versionsOf(org, [...byDocument.keys()].sort());
  const { orgId } = await org.identity();
  const files = new Map<string, FileBefore>();
  for (const [documentId, step] of byDocument) {
    const one = before(versions.get(documentId) ?? [], step, at.endedAt);
    if (one === undefined) continue;
    const bytes = await org.downloadFile('ContentVersion', one.Id as RecordId);
    const holding = await vault.seal('file-before', orgId, bytes, { expiresAt: at.expiresAt, fileName: one.Id });
    files.set(documentId, { holding: holding.id, title: one.Title, fileName: one.PathOnClient });
  }
  return files;
};

import { z } from 'zod';
import { soqlString } from '../../kernel/soql.ts';
import type { Org } from '../../org/port.ts';

const approvalRow = z.object({
  Name: z.string(),
  OwnerId: z.string(),
  CreatedById: z.string(),
  LastModifiedById: z.string(),
  CreatedDate: z.string(),
  LastModifiedDate: z.string(),
  SystemModstamp: z.string(),
  IsDeleted: z.boolean(),
  PlanDigest__c: z.string(),
  Decision__c: z.string(),
  ExpiresAt__c: z.string(),
  SummaryHash__c: z.string().nullable(),
});
/** One decision as it lies in the org, the recycle bin included. */
export type ApprovalRecord = z.infer<typeof approvalRow>;

/**
 * Every decision that is bound to a plan's digest, or that hangs on the plan's record with another digest, oldest first.
 * Deleted ones are read too: a refusal does not end by being thrown away.
 */
export const approvalRecords = async (org: Org, digest: string): Promise<readonly ApprovalRecord[]> => {
  const rows: ApprovalRecord[] = [];
  const own = soqlString(digest);
  const soql = `SELECT ${Object.keys(approvalRow.shape).join(', ')} FROM GardeApproval__c
    WHERE PlanDigest__c = ${own} OR Plan__r.PlanDigest__c = ${own} ORDER BY CreatedDate, Id`;
  for await (const row of org.query(soql, { deletedToo: true })) rows.push(approvalRow.parse(row));
  return rows;
};

/**
 * Whether the record is as the platform wrote it when its creator saved it. Who may set audit fields can write Created
 * By, Created Date and the like, but not SystemModstamp
 * (https://help.salesforce.com/s/articleView?id=000386875&type=1); an owner other than the creator tells that the
 * record was saved by somebody else or handed over.
 */
export const isUntouched = (row: ApprovalRecord): boolean =>
  row.LastModifiedById === row.CreatedById &&
  row.OwnerId === row.CreatedById &&
  row.LastModifiedDate === row.CreatedDate &&
  row.SystemModstamp === row.CreatedDate;

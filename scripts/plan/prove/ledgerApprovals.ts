import { z } from 'zod';
import type { LeafSalts, LedgerEntry } from '../../evidence/leafSalts.ts';
import type { LedgerFault } from '../../evidence/verifyLedger.ts';
import type { Json } from '../../kernel/canonicalJson.ts';
import { soqlString } from '../../kernel/soql.ts';
import type { Org } from '../../org/port.ts';
import type { Journal } from '../apply/journal.ts';
import type { SignedApproval } from '../approve/offlineApprovers.ts';

const approval = z.object({
  id: z.string(),
  approver: z.string(),
  decision: z.string(),
  decidedAt: z.string(),
  expiresAt: z.string(),
});
const content = z.object({
  kind: z.literal('approval'),
  content: z.object({ plan: z.string(), readAt: z.string(), approvals: z.array(approval) }),
});
type Approval = z.infer<typeof approval>;

const row = z
  .object({
    Id: z.string(),
    CreatedById: z.string(),
    CreatedDate: z.string(),
    Decision__c: z.string(),
    ExpiresAt__c: z.string(),
  })
  .transform((one): Approval => ({
    id: one.Id,
    approver: one.CreatedById,
    decision: one.Decision__c,
    decidedAt: new Date(one.CreatedDate).toISOString(),
    expiresAt: new Date(one.ExpiresAt__c).toISOString(),
  }));

const approvalsOf = async (org: Org, digest: string): Promise<readonly Approval[]> => {
  const rows: Approval[] = [];
  const soql = `SELECT Id, CreatedById, CreatedDate, Decision__c, ExpiresAt__c FROM GardeApproval__c
    WHERE PlanDigest__c = ${soqlString(digest)} ORDER BY CreatedDate, Id`;
  for await (const one of org.query(soql)) rows.push(row.parse(one));
  return rows;
};

/** Name under which a run's journal keeps the approvals by signature that it began with. */
export const SIGNED = 'signed approvals';

/** The approvals by signature that a run began with. */
export const signedApprovals = (journal: Pick<Journal, 'get'>): readonly SignedApproval[] =>
  JSON.parse(journal.get(SIGNED) ?? '[]') as readonly SignedApproval[];

const signedContent = ({ userId, approval: one }: SignedApproval): Json => {
  const { signedAt, expiresAt, summary, signature } = one;
  return { approver: userId, decision: one.decision, decidedAt: signedAt, expiresAt, summary, signature };
};

/** The leaf about a plan's approvals: those the org has, and those by signature; ids of records and users, no names. */
export const approvalEntry = async (
  org: Org,
  digest: string,
  now: string,
  signed: readonly SignedApproval[] = [],
): Promise<LedgerEntry> => ({
  kind: 'approval',
  subject: null,
  content: {
    ...{ plan: digest, readAt: now, approvals: await approvalsOf(org, digest) },
    ...(signed.length === 0 ? {} : { signed: signed.map(signedContent) }),
  },
});

const same = (a: Approval, b: Approval): boolean =>
  a.approver === b.approver && a.decision === b.decision && a.decidedAt === b.decidedAt && a.expiresAt === b.expiresAt;

/** Approvals that the org shows now otherwise than when the run ended; one given after that is none of its business. */
const differs = (then: z.infer<typeof content>['content'], now: readonly Approval[]): boolean => {
  const known = new Map(then.approvals.map((one) => [one.id, one]));
  const isForged = now.some((one) => !known.has(one.id) && one.decidedAt <= then.readAt);
  const found = new Map(now.map((one) => [one.id, one]));
  return (
    isForged || then.approvals.some((one) => found.get(one.id) === undefined || !same(one, found.get(one.id) ?? one))
  );
};

/**
 * Compares the approvals in the org with those that each run's leaf committed to: one that was added with an earlier
 * date, changed or deleted since is a fault at its leaf. Only runs whose entries this machine can open are compared.
 */
export const approvalFaults = async (
  org: Org,
  runs: readonly { readonly salts: LeafSalts; readonly size: number }[],
): Promise<readonly LedgerFault[]> => {
  const faults: LedgerFault[] = [];
  for (const { salts, size } of runs) {
    for (const entry of salts.runEntries()) {
      const read = content.safeParse(JSON.parse(entry.content));
      if (!read.success) continue;
      const now = await approvalsOf(org, read.data.content.plan);
      if (!differs(read.data.content, now)) continue;
      faults.push({ code: 'ApprovalDiffers', treeSize: size, run: null, leaf: size - salts.count() + entry.index });
    }
  }
  return faults;
};

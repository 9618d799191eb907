import { z } from 'zod';
import type { Problem } from '../../kernel/result.ts';
import { soqlList } from '../../kernel/soql.ts';
import type { PlanHeader } from '../../model/plan.ts';
import { OrgError } from '../../org/orgProblems.ts';
import type { Org } from '../../org/port.ts';
import { acceptedSummaries } from '../file/shownSummary.ts';
import { isSignedBy, type OfflineApproval } from './offlineApproval.ts';

/** A signed approval and the user in the org whose it is. */
export type SignedApproval = { readonly userId: string; readonly approval: OfflineApproval };

/** Those that count, and why the others do not. */
export type OfflineApprovers = { readonly signed: readonly SignedApproval[]; readonly problems: readonly Problem[] };

export type OfflineNeed = {
  readonly approvals: readonly OfflineApproval[];
  readonly runningUserId: string;
  readonly now: string;
  /** Last decision on this plan in the org, by user. */
  readonly decided: ReadonlyMap<string, string>;
};

const keyRow = z.object({
  Username__c: z.string(),
  PublicKey__c: z.string(),
  /** First day on which the key signs no more. */
  ValidToDate__c: z.string(),
});
type PinnedKey = z.infer<typeof keyRow>;

const problem = (code: string, subject: string, message: string, action: string): Problem => ({
  ...{ code, subject, message },
  actions: [action],
});

const PIN =
  'Ask an administrator to pin the public key in Setup > Custom Metadata Types > Approval Key (docs/AUTH.md).';

const keysHidden: Problem = problem(
  'ApprovalKeysHidden',
  'GardeApprovalKey__mdt',
  'The running user cannot see which keys may approve, so no signature can be trusted.',
  'Deploy the package and assign the permission set GardeAdmin: `garde deploy --assign`.',
);

/** Usernames are told apart without case. */
const nameOf = (username: string): string => username.toLowerCase();

/** Pinned keys by username; undefined where the running user does not see them. */
const pinnedKeys = async (org: Org): Promise<ReadonlyMap<string, readonly PinnedKey[]> | undefined> => {
  const keys = new Map<string, PinnedKey[]>();
  try {
    const soql = 'SELECT Username__c, PublicKey__c, ValidToDate__c FROM GardeApprovalKey__mdt';
    for await (const row of org.query(soql)) {
      const key = keyRow.parse(row);
      keys.set(nameOf(key.Username__c), [...(keys.get(nameOf(key.Username__c)) ?? []), key]);
    }
  } catch (error) {
    if (!(error instanceof OrgError) || error.name !== 'PlaceNotFound') throw error;
    return undefined;
  }
  return keys;
};

const userRow = z.object({ Id: z.string(), Username: z.string() });

const activeUsers = async (org: Org, usernames: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const users = new Map<string, string>();
  const soql = `SELECT Id, Username FROM User WHERE IsActive = true AND Username IN ${soqlList(usernames)}`;
  for await (const row of org.query(soql)) {
    const { Id, Username } = userRow.parse(row);
    users.set(nameOf(Username), Id);
  }
  return users;
};

type Frame = OfflineNeed & {
  readonly header: PlanHeader;
  readonly keys: ReadonlyMap<string, readonly PinnedKey[]>;
  readonly users: ReadonlyMap<string, string>;
};

/** The signature itself: by a key that is pinned for the person, and still valid. */
const signatureFlaw = (approval: OfflineApproval, { keys, now }: Frame): Problem | undefined => {
  const { approver } = approval;
  const pinned = keys.get(nameOf(approver)) ?? [];
  if (pinned.length === 0)
    return problem('ApprovalKeyNotPinned', approver, 'No key of this person is pinned in the org.', PIN);
  const signing = pinned.filter((key) => isSignedBy(approval, key.PublicKey__c));
  if (signing.length === 0)
    return problem(
      'ApprovalForged',
      approver,
      'No key that is pinned for this person made this signature: somebody else signed, or the file was changed.',
      'Ask the person themselves for the file as it was written; do not run the plan before.',
    );
  const today = now.slice(0, 10);
  if (signing.every(({ ValidToDate__c: until }) => until <= today))
    return problem('ApprovalKeyExpired', approver, 'The key of this signature is past its last day.', PIN);
  return undefined;
};

const bindingFlaw = (approval: OfflineApproval, { header, now }: Frame): Problem | undefined => {
  const { approver } = approval;
  const again = 'Ask the person to approve this plan: `garde plan sign`.';
  if (approval.plan !== header.digest)
    return problem('ApprovalOfOtherPlan', approver, 'This approval is bound to another plan’s digest.', again);
  if (!acceptedSummaries(header).has(approval.summary))
    return problem('ApprovalOfOtherSummary', approver, 'What the approver read is not what this plan says.', again);
  if (!(Date.parse(approval.expiresAt) > Date.parse(now)))
    return problem('ApprovalExpired', approver, 'This approval is past its expiry.', again);
  return undefined;
};

const personFlaw = ({ approver }: OfflineApproval, frame: Frame): Problem | undefined => {
  const { header, runningUserId, users, decided } = frame;
  const userId = users.get(nameOf(approver));
  if (userId === undefined)
    return problem(
      'ApproverUnknown',
      approver,
      'The org has no active user of this name, or the running user may not see them.',
      'Check the username that was approved with and that the key is pinned for.',
    );
  if (userId === header.terms.userId || userId === runningUserId)
    return problem('SelfApproval', approver, 'Whoever planned or runs cannot approve.', 'Ask another person.');
  const own = decided.get(userId);
  if (own !== undefined && own !== 'approved')
    return problem(
      'ApprovalOverruled',
      approver,
      'The same person decided otherwise in the org: that stands, whatever they signed.',
      'Talk to them: they decide anew with `garde plan approve`.',
    );
  return undefined;
};

/**
 * Which signed approvals count. A file that does not is refused whatever else was approved: somebody handed it over as
 * genuine. Problems: ApprovalKeysHidden, ApprovalKeyNotPinned, ApprovalForged, ApprovalKeyExpired, ApprovalOfOtherPlan,
 * ApprovalOfOtherSummary, ApprovalExpired, ApproverUnknown, SelfApproval, ApprovalOverruled.
 */
export const offlineApprovers = async (org: Org, header: PlanHeader, need: OfflineNeed): Promise<OfflineApprovers> => {
  const { approvals } = need;
  if (approvals.length === 0) return { signed: [], problems: [] };
  const keys = await pinnedKeys(org);
  if (keys === undefined) return { signed: [], problems: [keysHidden] };
  const users = await activeUsers(org, [...new Set(approvals.map(({ approver }) => approver))]);
  const frame: Frame = { ...need, header, keys, users };
  const flawOf = (one: OfflineApproval): Problem | undefined =>
    signatureFlaw(one, frame) ?? bindingFlaw(one, frame) ?? personFlaw(one, frame);
  const signed = approvals.flatMap((approval): readonly SignedApproval[] => {
    const userId = users.get(nameOf(approval.approver));
    return userId === undefined || flawOf(approval) !== undefined ? [] : [{ userId, approval }];
  });
  return { signed, problems: approvals.flatMap((one) => flawOf(one) ?? []) };
};

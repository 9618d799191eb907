import { executeMutation } from 'lightning/graphql';
import { labels } from './labels';
import { groupMutation, memberMutation } from './reviewQuery';
import type { MemberNode } from './reviewQuery';

export type Decision = 'duplicate' | 'not-duplicate' | 'related' | 'later';

export const DECISIONS: Readonly<Record<Decision, string>> = {
  duplicate: labels.duplicate,
  'not-duplicate': labels.notDuplicate,
  related: labels.related,
  later: labels.later,
};

const STATUS: Readonly<Record<Decision, string>> = {
  duplicate: 'confirmed',
  'not-duplicate': 'dismissed',
  related: 'dismissed',
  later: 'proposed',
};

export type Deciding = {
  readonly groupId: string;
  readonly decision: Decision;
  readonly why: string;
  readonly userId: string;
  readonly members: readonly MemberNode[];
  /** Members that are somebody else. */
  readonly others: ReadonlySet<string>;
};

const isMarked = (member: MemberNode): boolean =>
  member.Role__c.value === 'excluded' && member.ExclusionReason__c.value === 'different-person';

const memberChanges = ({ members, others, decision }: Deciding): readonly Readonly<Record<string, unknown>>[] =>
  members
    .map((member) => ({ member, isOther: decision === 'duplicate' && others.has(member.Id) }))
    // an exclusion for another reason is not the page's to take away
    .filter(({ member, isOther }) => isOther !== isMarked(member))
    .map(({ member, isOther }) => ({
      Id: member.Id,
      GardeDuplicateMember__c: isOther
        ? { Role__c: 'excluded', ExclusionReason__c: 'different-person' }
        : { Role__c: 'duplicate', ExclusionReason__c: null },
    }));

const groupChange = ({ groupId, decision, why, userId }: Deciding): Readonly<Record<string, unknown>> => ({
  Id: groupId,
  GardeDuplicateGroup__c: {
    Status__c: STATUS[decision],
    Decision__c: decision,
    DecisionComment__c: why === '' ? null : why,
    DecidedBy__c: userId,
    DecidedAt__c: new Date().toISOString(),
  },
});

const refused = (answer: { readonly errors?: readonly unknown[] }): boolean => (answer.errors?.length ?? 0) > 0;

const changeMembers = async (inputs: readonly Readonly<Record<string, unknown>>[]): Promise<boolean> => {
  const answers = await Promise.all(
    inputs.map((input) => executeMutation({ query: memberMutation, variables: { input } })),
  );
  return !answers.some(refused);
};

/** Members first, the group last: a decision only counts once all that it means is recorded. Returns whether it was. */
export const recordDecision = async (deciding: Deciding): Promise<boolean> => {
  if (!(await changeMembers(memberChanges(deciding)))) return false;
  return !refused(await executeMutation({ query: groupMutation, variables: { input: groupChange(deciding) } }));
};

export const REASONS = [
  { value: 'evidence', label: labels.reasonEvidence },
  { value: 'asked', label: labels.reasonAsked },
  { value: 'document', label: labels.reasonDocument },
  { value: 'other', label: labels.reasonOther },
] as const;

/** The reason in words, or undefined when it must be written and is not. */
export const reasonText = (reason: string, comment: string): string | undefined => {
  const written = comment.trim();
  if (reason === 'other') return written === '' ? undefined : written;
  const chosen = REASONS.find(({ value }) => value === reason)?.label ?? '';
  return written === '' ? chosen : `${chosen}. ${written}`;
};

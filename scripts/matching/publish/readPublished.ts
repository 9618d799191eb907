import { soqlString } from '../../kernel/soql.ts';
import type { DuplicateGroup } from '../../model/duplicateGroup.ts';
import type { Org, OrgRow } from '../../org/port.ts';
import { textIn } from './rowText.ts';
import { GROUP, groupSays, MEMBER, memberKey, memberSays, saysTheSame } from './groupRows.ts';

/** Which groups a run could have found: only those may be stale. */
export type PublicationScope = {
  /** API names of the objects that were compared. */
  readonly objects: readonly string[];
  readonly links: readonly string[];
  readonly zones: readonly string[];
  /** False when only new and changed records were compared: then nothing is stale. */
  readonly isWhole: boolean;
};

/** The org against what is wanted. */
export type Gap = {
  /** Record ids of wanted groups that are there and nobody touched. */
  readonly groupIds: ReadonlyMap<string, string>;
  readonly newGroups: readonly DuplicateGroup[];
  readonly changedGroups: readonly DuplicateGroup[];
  /** Keys of members by what they lack: not there, or other values; record ids of the latter. */
  readonly newMembers: ReadonlySet<string>;
  readonly changedMembers: ReadonlyMap<string, string>;
  readonly staleIds: readonly string[];
  /** Members of the stale groups: they go with them. */
  readonly staleMembers: number;
  /** Keys of wanted groups that somebody touched. */
  readonly keptKeys: ReadonlySet<string>;
  readonly kept: number;
  readonly unchanged: number;
};

const numberIn = (row: OrgRow, field: string): number => {
  const value = row[field];
  return typeof value === 'number' ? value : 0;
};

/** Anything a person wrote: a decision, a reason, another status, a group made by hand. */
const isTouched = (row: OrgRow): boolean =>
  row['Status__c'] !== 'proposed' ||
  ['Decision__c', 'DecidedAt__c', 'DecidedBy__c', 'DecisionComment__c', 'Plan__c'].some(
    (field) => textIn(row, field) !== '',
  ) ||
  row['Method__c'] === 'manual';

const isInScope = (row: OrgRow, scope: PublicationScope): boolean =>
  scope.isWhole &&
  scope.links.includes(textIn(row, 'LinkKind__c')) &&
  scope.zones.includes(textIn(row, 'Zone__c')) &&
  textIn(row, 'PeopleObject__c')
    .split(',')
    .every((object) => scope.objects.includes(object));

const GROUP_FIELDS = [
  ...['Id', 'GroupKey__c', 'Status__c', 'Decision__c', 'DecidedAt__c', 'DecidedBy__c', 'DecisionComment__c'],
  ...['Plan__c', 'PeopleObject__c', 'LinkKind__c', 'Zone__c', 'Method__c', 'Confidence__c', 'MatchedFields__c'],
  ...['ConflictCodes__c', 'TotalMembers__c'],
];
const MEMBER_FIELDS = ['Id', 'MemberKey__c', 'Score__c', 'LinkedToKey__c', 'Evidence__c'];

/** Groups with a member whose role a person changed. */
const groupsWithRoles = async (org: Org): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>();
  const soql = `SELECT Group__c FROM ${MEMBER} WHERE Role__c != ${soqlString('duplicate')}`;
  for await (const row of org.query(soql)) ids.add(textIn(row, 'Group__c'));
  return ids;
};

type GroupGap = Omit<Gap, 'newMembers' | 'changedMembers' | 'unchanged'> & { readonly unchangedGroups: number };

const groupGap = async (org: Org, wanted: readonly DuplicateGroup[], scope: PublicationScope): Promise<GroupGap> => {
  const byKey = new Map(wanted.map((group) => [group.key, group]));
  const withRoles = await groupsWithRoles(org);
  const groupIds = new Map<string, string>();
  const changedGroups: DuplicateGroup[] = [];
  const keptKeys = new Set<string>();
  const staleIds: string[] = [];
  let [kept, staleMembers] = [0, 0];
  for await (const row of org.query(`SELECT ${GROUP_FIELDS.join(', ')} FROM ${GROUP}`)) {
    const group = byKey.get(textIn(row, 'GroupKey__c'));
    if (isTouched(row) || withRoles.has(textIn(row, 'Id'))) {
      kept += 1;
      if (group !== undefined) keptKeys.add(group.key);
    } else if (group !== undefined) {
      groupIds.set(group.key, textIn(row, 'Id'));
      if (!saysTheSame(row, groupSays(group))) changedGroups.push(group);
    } else if (isInScope(row, scope)) {
      staleIds.push(textIn(row, 'Id'));
      staleMembers += numberIn(row, 'TotalMembers__c');
    }
  }
  const newGroups = wanted.filter(({ key }) => !groupIds.has(key) && !keptKeys.has(key));
  const unchangedGroups = groupIds.size - changedGroups.length;
  return { groupIds, newGroups, changedGroups, keptKeys, staleIds, staleMembers, kept, unchangedGroups };
};

/** What the org lacks, holds otherwise, or holds too much of the wanted groups. Memory grows with the wanted groups only. */
export const readGap = async (org: Org, wanted: readonly DuplicateGroup[], scope: PublicationScope): Promise<Gap> => {
  const { unchangedGroups, ...groups } = await groupGap(org, wanted, scope);
  const open = wanted.filter(({ key }) => !groups.keptKeys.has(key));
  const missing = new Map(
    open.flatMap((group) => group.members.map((member) => [memberKey(group, member), member] as const)),
  );
  const changedMembers = new Map<string, string>();
  let unchanged = unchangedGroups;
  const soql = `SELECT ${MEMBER_FIELDS.join(', ')} FROM ${MEMBER} WHERE Group__r.Status__c = ${soqlString('proposed')}`;
  for await (const row of org.query(soql)) {
    const key = textIn(row, 'MemberKey__c');
    const member = missing.get(key);
    if (member === undefined) continue;
    missing.delete(key);
    if (saysTheSame(row, memberSays(member))) unchanged += 1;
    else changedMembers.set(key, textIn(row, 'Id'));
  }
  return { ...groups, newMembers: new Set(missing.keys()), changedMembers, unchanged };
};

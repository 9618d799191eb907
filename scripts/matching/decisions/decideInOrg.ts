import { GardeError, type Problem } from '../../kernel/result.ts';
import { parseRecordId } from '../../kernel/recordId.ts';
import { soqlName, soqlString } from '../../kernel/soql.ts';
import type { MatchedRecord } from '../../model/duplicateGroup.ts';
import type { Org, OrgRow, WriteOutcome } from '../../org/port.ts';
import { groupKey } from '../publish/groups.ts';
import { GROUP, MEMBER, memberKey, memberRow } from '../publish/groupRows.ts';
import type { Decision } from './contract.ts';

export type OrgDecision = {
  readonly ids: readonly [string, string];
  readonly decision: Decision;
  readonly why: string;
};

/** The decided group as it now lies in the org. */
export type DecidedGroup = {
  readonly key: string;
  readonly recordId: string;
  readonly records: readonly MatchedRecord[];
  /** False when a proposal of the same two was already there. */
  readonly made: boolean;
};

/** What the review page writes for each decision (`gardeDuplicateReview`). */
const STATUS: Readonly<Record<Decision, string>> = {
  duplicate: 'confirmed',
  'not-duplicate': 'dismissed',
  related: 'dismissed',
};

const notFound = (which: string): Problem => ({
  code: 'RecordNotFound',
  subject: which,
  message: 'The org shows the running user no record with this id.',
  actions: ['Check the id; it has 15 or 18 characters.'],
});

const recordNamed = async (org: Org, text: string, which: string): Promise<MatchedRecord | Problem> => {
  const id = parseRecordId(text);
  if (id === undefined) return notFound(which);
  const objects = (await org.describeGlobal()).filter(({ keyPrefix }) => keyPrefix === id.slice(0, 3));
  for (const { name } of objects) {
    for await (const row of org.query(`SELECT Id FROM ${soqlName(name)} WHERE Id = ${soqlString(id)}`))
      if (row['Id'] === id) return { object: name, id };
  }
  return notFound(which);
};

const refused = (outcomes: readonly WriteOutcome[], object: string): void => {
  const codes = [...new Set(outcomes.flatMap(({ errors }) => errors.map(({ code }) => code)))];
  if (codes.length === 0) return;
  throw new GardeError([
    {
      code: 'DecisionNotKept',
      subject: object,
      message: `The org refused to keep the decision: ${codes.join(', ')}.`,
      actions: ['Deploy the package and assign the permission set GardeOfficer, then decide again.'],
    },
  ]);
};

const isProblem = (one: MatchedRecord | Problem): one is Problem => 'code' in one;

const twoRecords = async (org: Org, ids: OrgDecision['ids']): Promise<readonly [MatchedRecord, MatchedRecord]> => {
  const [a, b] = [await recordNamed(org, ids[0], 'first id'), await recordNamed(org, ids[1], 'second id')];
  const problems = [a, b].filter(isProblem);
  if (isProblem(a) || isProblem(b)) throw new GardeError(problems);
  if (a.id !== b.id) return [a, b];
  throw new GardeError([
    { code: 'RecordTwice', message: 'Both ids are those of one record.', actions: ['Give the ids of two records.'] },
  ]);
};

const textIn = (row: OrgRow, field: string): string => {
  const value = row[field];
  return typeof value === 'string' ? value : '';
};

const groupNamed = async (org: Org, key: string): Promise<OrgRow | undefined> => {
  for await (const row of org.query(`SELECT Id FROM ${GROUP} WHERE GroupKey__c = ${soqlString(key)}`)) return row;
  return undefined;
};

const membersOf = async (org: Org, groupId: string): Promise<ReadonlySet<string>> => {
  const keys = new Set<string>();
  const soql = `SELECT MemberKey__c FROM ${MEMBER} WHERE Group__c = ${soqlString(groupId)}`;
  for await (const row of org.query(soql)) keys.add(textIn(row, 'MemberKey__c'));
  return keys;
};

/**
 * Keeps a decision in the org where every later run reads it: as the proposed group of exactly these two, or one made by
 * hand. The org keeps who, when and why. GardeErrors `RecordNotFound`, `RecordTwice`, `DecisionNotKept`; the org's.
 */
export const decideInOrg = async (org: Org, { ids, decision, why }: OrgDecision): Promise<DecidedGroup> => {
  const records = await twoRecords(org, ids);
  const { userId } = await org.identity();
  const key = groupKey('person', records);
  const known = await groupNamed(org, key);
  const row: OrgRow = {
    GroupKey__c: key,
    ...(known === undefined
      ? {
          Method__c: 'manual',
          LinkKind__c: 'person',
          PeopleObject__c: records[0].object,
          DetectedAt__c: await org.now(),
        }
      : {}),
    ...{ Status__c: STATUS[decision], Decision__c: decision, DecidedBy__c: userId, DecidedAt__c: await org.now() },
    DecisionComment__c: why,
  };
  const [written] = await org.upsert(GROUP, 'GroupKey__c', [row]);
  refused(written === undefined ? [] : [written], GROUP);
  const recordId = written?.id ?? (known === undefined ? '' : textIn(known, 'Id'));
  const there = await membersOf(org, recordId);
  const rows = missingMembers({ key, recordId, records, there });
  if (rows.length > 0) refused(await org.upsert(MEMBER, 'MemberKey__c', rows), MEMBER);
  return { key, recordId, records, made: known === undefined };
};

const missingMembers = (group: {
  readonly key: string;
  readonly recordId: string;
  readonly records: readonly [MatchedRecord, MatchedRecord];
  readonly there: ReadonlySet<string>;
}): readonly OrgRow[] => {
  const { key, recordId, records, there } = group;
  const [a, b] = records;
  const members = [
    { record: a, score: 0, linkedTo: b, evidence: [] },
    { record: b, score: 0, linkedTo: a, evidence: [] },
  ];
  const made = { key, link: 'person' as const, zone: 'review' as const, probability: 0, members };
  return members
    .filter((member) => !there.has(memberKey(made, member)))
    .map((member) => ({ ...memberRow(made, member, recordId), Score__c: null, Evidence__c: null }));
};

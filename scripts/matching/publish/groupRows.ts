import { sha256Hex } from '../../kernel/hash.ts';
import type { DuplicateGroup, DuplicateMember } from '../../model/duplicateGroup.ts';
import { subjectReference } from '../../model/subjectReference.ts';
import type { OrgRow, OrgValue } from '../../org/port.ts';
import type { PublishedRun } from './contract.ts';

export const GROUP = 'GardeDuplicateGroup__c';
export const MEMBER = 'GardeDuplicateMember__c';

const TEXT = 255;
const EVIDENCE = 16_000;
const COMPARED = 8000;

/** As a percent field with two decimals holds it; cut, not rounded: nothing is told surer than it is. */
export const percent = (probability: number): number => Math.floor(probability * 10_000 + 1e-6) / 100;

/** Names joined by `; `, as many as a text field holds. */
const joined = (names: readonly string[]): string | null => {
  const unique = [...new Set(names)].sort();
  let text = unique.join('; ');
  while (text.length > TEXT) {
    unique.pop();
    text = unique.join('; ');
  }
  return text === '' ? null : text;
};

/** JSON of as many of the entries as the field holds, the first ones. */
const jsonWithin = (entries: readonly unknown[], length: number): string => {
  let kept = entries;
  let text = JSON.stringify(kept);
  while (text.length > length) {
    kept = kept.slice(0, -1);
    text = JSON.stringify(kept);
  }
  return text;
};

const saying = (group: DuplicateGroup, says: (weight: number) => boolean): readonly string[] =>
  group.members.flatMap(({ evidence }) =>
    evidence.filter(({ weight }) => says(weight)).map(({ comparison }) => comparison),
  );

/** What a group's row says that may change from run to run; the rest of the row goes along when one of these does. */
export type Said = Readonly<Record<string, OrgValue>>;

export const groupSays = (group: DuplicateGroup): Said => ({
  PeopleObject__c: joined(group.members.map(({ record }) => record.object))?.replaceAll('; ', ',') ?? null,
  LinkKind__c: group.link,
  Zone__c: group.zone,
  Method__c: 'probabilistic',
  Confidence__c: percent(group.probability),
  MatchedFields__c: joined(saying(group, (weight) => weight > 0)),
  ConflictCodes__c: joined(saying(group, (weight) => weight < 0)),
});

export const groupRow = (group: DuplicateGroup, run: PublishedRun, detectedAt: string | null): OrgRow => ({
  GroupKey__c: group.key,
  ...groupSays(group),
  MatchRunKey__c: run.runKey.slice(0, 64),
  ModelDigest__c: run.modelDigest.slice(0, 64),
  ComparedFields__c: jsonWithin(
    run.compared.filter(({ fields }) => group.members.some(({ record }) => record.object in fields)),
    COMPARED,
  ),
  ...(detectedAt === null ? {} : { DetectedAt__c: detectedAt }),
});

export const memberKey = (group: DuplicateGroup, { record }: DuplicateMember): string =>
  sha256Hex(`${group.key}\n${record.object} ${record.id}`);

export const memberSays = (member: DuplicateMember): Said => ({
  Score__c: percent(member.score),
  LinkedToKey__c: member.linkedTo.id,
  Evidence__c: jsonWithin(member.evidence, EVIDENCE),
});

/** A new member's row; the group is given by its record id, which cannot be changed later. */
export const memberRow = (group: DuplicateGroup, member: DuplicateMember, groupId: string): OrgRow => {
  const { object, id } = member.record;
  return {
    MemberKey__c: memberKey(group, member),
    Group__c: groupId,
    ...subjectReference(object, id),
    Role__c: 'duplicate',
    ...memberSays(member),
  };
};

/** Whether a row of the org says the same; an empty text and nothing are one. */
export const saysTheSame = (row: OrgRow, said: Said): boolean =>
  Object.entries(said).every(([field, value]) => (row[field] ?? null) === (value === '' ? null : value));

import { idSuffix, type RecordId } from '../../scripts/kernel/recordId.ts';
import type { Org, OrgRow } from '../../scripts/org/port.ts';
import { rowText } from '../../scripts/subject/rowText.ts';
import type { Twin } from '../../scripts/twin/contract.ts';
import { createOne } from './needles.ts';

/** A person with marks in every kind of place that an org has for them, among a spouse and a namesake. */
export type Everywhere = { readonly contact: RecordId; readonly mark: string; readonly household: RecordId };

type Place = {
  readonly twin: Twin;
  readonly org: Org;
  /** Begins every text that is the person's: `NDL-SUBJECT`. */
  readonly mark: string;
  readonly email: string;
  readonly spouse: RecordId;
  readonly household: RecordId;
  /** Whether the Nonprofit Success Pack is there. */
  readonly isNpsp: boolean;
};

let rows = 0;
const historyId = (): string => {
  rows += 1;
  const id15 = `017Ne${String(rows).padStart(10, '0')}`;
  return id15 + idSuffix(id15);
};

const plantConsents = async ({ org, mark }: Place, individual: RecordId): Promise<void> => {
  const one = (object: string, row: OrgRow) => createOne(org, object, row);
  const address = await one('ContactPointEmail', { EmailAddress: `${mark}@erase.example`, ParentId: individual });
  await one('ContactPointConsent', {
    ...{ Name: `${mark}-point-consent`, ContactPointId: address, PrivacyConsentStatus: 'OptIn' },
  });
  await one('ContactPointTypeConsent', {
    ...{ Name: `${mark}-type-consent`, PartyId: individual, PrivacyConsentStatus: 'OptIn' },
  });
};

const plantActivities = async ({ org, mark, email, spouse }: Place, contact: RecordId): Promise<void> => {
  const one = (object: string, row: OrgRow) => createOne(org, object, row);
  await one('Task', { Subject: `${mark}-task`, WhoId: contact, Description: `${mark}-task-text` });
  const shared = await one('Task', { Subject: 'Appeler le foyer', WhoId: contact });
  await one('TaskRelation', { TaskId: shared, RelationId: spouse, IsWhat: false });
  const meeting = await one('Event', {
    ...{ Subject: 'Réunion des deux', WhoId: contact, DurationInMinutes: 30, Description: `Prévenir ${email}` },
    ActivityDateTime: '2024-05-02T09:00:00.000Z',
  });
  await one('EventRelation', { EventId: meeting, RelationId: spouse });
  const binned = await one('Task', { Subject: `${mark}-binned`, WhoId: contact });
  await org.delete([binned]);
};

const plantMessages = async ({ org, mark, email, spouse }: Place, contact: RecordId): Promise<void> => {
  const one = (object: string, row: OrgRow) => createOne(org, object, row);
  const own = await one('EmailMessage', {
    ...{ Status: '3', Subject: `${mark}-mail`, TextBody: `${mark}-mail-body`, ToAddress: email },
  });
  await one('EmailMessageRelation', { EmailMessageId: own, RelationId: contact, RelationType: 'ToAddress' });
  const both = await one('EmailMessage', { Status: '3', Subject: 'Aux deux', TextBody: 'Bonjour à tous les deux' });
  for (const RelationId of [contact, spouse])
    await one('EmailMessageRelation', { EmailMessageId: both, RelationId, RelationType: 'ToAddress' });
  const closed = await one('Case', { ContactId: contact, Subject: `${mark}-case`, Status: 'Closed' });
  await one('CaseComment', { ParentId: closed, CommentBody: `${mark}-case-comment` });
};

const plantFiles = async ({ org, mark, spouse }: Place, contact: RecordId): Promise<void> => {
  const bytes = Buffer.from(`${mark}-file\n`);
  const own = await org.uploadFile({ title: `${mark}-title`, fileName: 'lettre.txt', bytes, linkTo: contact });
  await org.uploadFile({ title: `${mark}-title-2`, fileName: 'lettre.txt', bytes, versionOf: own });
  const shared = await org.uploadFile({
    ...{ title: 'Photo du foyer', fileName: 'photo.txt', bytes: Buffer.from('x\n'), linkTo: contact },
  });
  await createOne(org, 'ContentDocumentLink', { ContentDocumentId: shared, LinkedEntityId: spouse, ShareType: 'V' });
  await createOne(org, 'Note', { Title: `${mark}-note`, ParentId: contact, Body: `${mark}-note-body` });
  await createOne(org, 'Attachment', {
    ...{ Name: `${mark}-attachment`, ParentId: contact, Body: bytes.toString('base64') },
  });
};

const plantFeed = async ({ org, mark }: Place, contact: RecordId): Promise<void> => {
  const post = await createOne(org, 'FeedItem', { ParentId: contact, Body: `${mark}-post`, Type: 'TextPost' });
  await createOne(org, 'FeedComment', { FeedItemId: post, CommentBody: `${mark}-post-comment` });
};

const plantNonprofit = async ({ org, mark, email, spouse }: Place, contact: RecordId): Promise<void> => {
  const one = (object: string, row: OrgRow) => createOne(org, object, row);
  await one('npsp__DataImport__c', {
    ...{ npsp__Contact1_Firstname__c: 'Camille', npsp__Contact1_Lastname__c: 'Vautrin' },
    ...{ npsp__Contact1_Personal_Email__c: email, npsp__Home_Street__c: `${mark}-import` },
  });
  await one('npsp__Error__c', { npsp__Related_Record_ID__c: contact, npsp__Full_Message__c: `${mark}-error` });
  await one('npe4__Relationship__c', {
    ...{ npe4__Contact__c: contact, npe4__RelatedContact__c: spouse, npe4__Description__c: `${mark}-relationship` },
  });
};

const plantPast = ({ twin, mark }: Place, contact: RecordId): void => {
  const base = { ContactId: contact, Field: 'Title', DataType: 'Text', CreatedDate: '2024-05-01T08:00:00.000Z' };
  twin.engine.adminLoad('ContactHistory', [
    { ...base, Id: historyId(), OldValue: `${mark}-history-old`, NewValue: `${mark}-history-new` },
  ]);
};

const plantPackage = async ({ org, mark }: Place, contact: RecordId): Promise<void> => {
  const one = (object: string, row: OrgRow) => createOne(org, object, row);
  const request = await one('GardeRequest__c', {
    ...{ RequestKey__c: `${mark}-R1`.slice(0, 36), Status__c: 'fulfilled', ReceivedAt__c: '2026-03-01T08:00:00.000Z' },
    ...{ ClosedAt__c: '2026-03-20T08:00:00.000Z', Contact__c: contact, SubjectKey__c: contact },
    ...{ RequesterName__c: `${mark}-requester`, RequestText__c: `${mark}-request`, RequesterContact__c: `${mark}-at` },
  });
  await one('GardeRequestItem__c', {
    ...{ Request__c: request, Right__c: 'access', Decision__c: 'granted', DecisionReason__c: `${mark}-reason` },
  });
  await one('GardeConsentEvent__c', {
    ...{ EventKey__c: `${mark}-E1`, Status__c: 'given', OccurredAt__c: '2024-03-01T08:00:00.000Z' },
    ...{ Contact__c: contact, SubjectKey__c: contact, CaptureContext__c: `${mark}-context` },
  });
  const group = await one('GardeDuplicateGroup__c', { GroupKey__c: `${mark}-G`, Status__c: 'proposed' });
  await one('GardeDuplicateMember__c', {
    ...{ Group__c: group, MemberKey__c: `${mark}-M`, Role__c: 'duplicate', Contact__c: contact },
    Evidence__c: `${mark}-evidence`,
  });
};

/** Plants one person everywhere; keys of the package's own rows say nothing of the person and are no marks. */
export const plantEverywhere = async (place: Place): Promise<Everywhere> => {
  const { org, mark, email, household } = place;
  const contact = await createOne(org, 'Contact', {
    ...{ FirstName: 'Camille', LastName: 'Vautrin', AccountId: household, Email: email },
    ...{ Description: `${mark}-contact`, Title: `${mark}-before` },
  });
  await org.update('Contact', [{ Id: contact, Title: `${mark}-title` }]);
  const individual = await createOne(org, 'Individual', { FirstName: 'Camille', LastName: `${mark}-individual` });
  await org.update('Contact', [{ Id: contact, IndividualId: individual }]);
  await createOne(org, 'Lead', {
    ...{ FirstName: 'Camille', LastName: 'Vautrin', Company: `${mark}-lead`, IndividualId: individual },
  });
  const campaign = await createOne(org, 'Campaign', { Name: 'Appel de printemps' });
  await createOne(org, 'CampaignMember', { CampaignId: campaign, ContactId: contact });
  const loan = await createOne(org, 'NeedleLoan__c', { Name: `${mark}-loan`, Reader__c: contact });
  await createOne(org, 'NeedleFine__c', { Name: `${mark}-fine`, Loan__c: loan, Remark__c: `${mark}-fine-remark` });
  await plantConsents(place, individual);
  await plantActivities(place, contact);
  await plantMessages(place, contact);
  await plantFiles(place, contact);
  await plantFeed(place, contact);
  plantPast(place, contact);
  await plantPackage(place, contact);
  if (place.isNpsp) await plantNonprofit(place, contact);
  return { contact, mark, household };
};

const TEXTS = new Set([
  'string',
  'textarea',
  'email',
  'phone',
  'url',
  'combobox',
  'encryptedstring',
  'id',
  'reference',
]);

const rowsOf = async (org: Org, object: string, fields: readonly string[]): Promise<readonly OrgRow[]> => {
  const found: OrgRow[] = [];
  const soql = `SELECT ${[...new Set(['Id', ...fields])].join(', ')} FROM ${object}`;
  try {
    for await (const row of org.query(soql, { deletedToo: true })) found.push(row);
  } catch (error) {
    if (!NOT_ASKED.has((error as Error).name)) throw error;
  }
  return found;
};

const placesIn = async (org: Org, object: string, text: string): Promise<readonly string[]> => {
  const described = await org.describe(object);
  const fields = (described?.fields ?? [])
    .filter(({ type, calculated }) => TEXTS.has(type) && !calculated)
    .map(({ name }) => name);
  return (await rowsOf(org, object, fields)).flatMap((row) =>
    fields
      .filter((field) => rowText(row, field).includes(text))
      .map((field) => `${object}.${field} ${rowText(row, 'Id')}`),
  );
};

/** Every place (`Object.Field id`) of the org that holds the text: queryAll over all objects the user sees, and files. */
export const placesHolding = async (org: Org, text: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const { name, queryable } of await org.describeGlobal())
    if (queryable && !NEEDS_FILTER.has(name)) found.push(...(await placesIn(org, name, text)));
  for (const row of await rowsOf(org, 'ContentVersion', ['IsDeleted'])) {
    // bytes of a deleted file are given to nobody
    if (row['IsDeleted'] === true) continue;
    const bytes = await org.downloadFile('ContentVersion', rowText(row, 'Id') as RecordId);
    if (Buffer.from(bytes).toString('utf8').includes(text))
      found.push(`ContentVersion.VersionData ${rowText(row, 'Id')}`);
  }
  return found.sort();
};
const NEEDS_FILTER = new Set(['ContentDocumentLink']);
const NOT_ASKED = new Set(['NotEmulated', 'RequestRefused']);

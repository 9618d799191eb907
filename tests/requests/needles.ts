import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idSuffix, parseRecordId, type RecordId } from '../../scripts/kernel/recordId.ts';
import type { Org, OrgRow } from '../../scripts/org/port.ts';
import type { Twin } from '../../scripts/twin/contract.ts';
import { orgAs } from '../org/twinConnection.ts';
import { writeNeedlePackage } from './needlePackage.ts';

/** A person with a needle in every kind of place, and a namesake with needles of their own. */
export type Planted = { readonly contact: RecordId; readonly needles: readonly string[] };

const idOf = (outcome: { readonly id: string | null; readonly errors: readonly unknown[] } | undefined): RecordId => {
  const id = parseRecordId(outcome?.id ?? '');
  if (id === undefined) throw new Error(`not created: ${JSON.stringify(outcome?.errors)}`);
  return id;
};

export const createOne = async (org: Org, object: string, row: OrgRow): Promise<RecordId> =>
  idOf((await org.create(object, [row]))[0]);

/** Deploys the org's own objects and lets the user see them; answers with a port that has described them. */
export const prepareOrg = async (twin: Twin, role: string): Promise<Org> => {
  const admin = await orgAs(twin, 'admin');
  const folder = mkdtempSync(join(tmpdir(), 'garde-needles-'));
  try {
    const report = await admin.deployFolder(writeNeedlePackage(folder), { checkOnly: false });
    if (!report.success) throw new Error(JSON.stringify(report.failures));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for await (const row of admin.query("SELECT Id FROM PermissionSet WHERE Name = 'Needle'")) {
    const AssigneeId = twin.users[role]!.userId;
    await createOne(admin, 'PermissionSetAssignment', { AssigneeId, PermissionSetId: row['Id'] });
  }
  return orgAs(twin, role);
};

/** Rows as the org would hold them after years: history is written by the platform alone, deleted rows wait in the bin. */
const plantPast = async (twin: Twin, org: Org, contact: RecordId, needle: (place: string) => string): Promise<void> => {
  const base = { ContactId: contact, Field: 'Title', DataType: 'Text', CreatedDate: '2024-05-01T08:00:00.000Z' };
  twin.engine.adminLoad('ContactHistory', [
    { ...base, Id: nextHistoryId(), OldValue: needle('history-old'), NewValue: needle('history-new') },
  ]);
  const task = await createOne(org, 'Task', { Subject: needle('binned'), WhoId: contact });
  await org.delete([task]);
};

let histories = 0;
const nextHistoryId = (): string => {
  histories += 1;
  const id15 = `017Nd${String(histories).padStart(10, '0')}`;
  return id15 + idSuffix(id15);
};

/** Plants one person's needles (`NDL-<tag>-…`): own record, gifts, own objects two levels deep, tasks, notes, files, history. */
export const plant = async (twin: Twin, org: Org, tag: string, email: string): Promise<Planted> => {
  const needle = (place: string): string => `NDL-${tag}-${place}`;
  const account = await createOne(org, 'Account', { Name: `Foyer ${tag}` });
  const contact = await createOne(org, 'Contact', {
    ...{ FirstName: 'Camille', LastName: 'Vautrin', AccountId: account, Email: email },
    Description: `Rencontre au forum, ${needle('contact')}`,
    Title: needle('before'),
  });
  await org.update('Contact', [{ Id: contact, Title: needle('title') }]);
  const gift = await createOne(org, 'Opportunity', {
    ...{ Name: `Don ${needle('gift')}`, StageName: 'Closed Won', CloseDate: '2025-11-02', Amount: 50 },
    ...{ npsp__Primary_Contact__c: contact, AccountId: account, Description: needle('gift-text') },
  });
  const loan = await createOne(org, 'NeedleLoan__c', {
    Name: needle('loan'),
    Reader__c: contact,
    Shelf__c: needle('shelf'),
  });
  await createOne(org, 'NeedleFine__c', { Name: needle('fine'), Loan__c: loan, Remark__c: needle('fine-remark') });
  await createOne(org, 'Task', { Subject: needle('task'), WhoId: contact, Description: needle('task-text') });
  await createOne(org, 'Task', { Subject: needle('gift-task'), WhatId: gift });
  await createOne(org, 'Note', { Title: needle('note'), ParentId: contact, Body: needle('note-body') });
  const individual = await createOne(org, 'Individual', { FirstName: 'Camille', LastName: 'Vautrin' });
  await org.update('Contact', [{ Id: contact, IndividualId: individual }]);
  await createOne(org, 'Lead', {
    ...{ FirstName: 'Camille', LastName: 'Vautrin', Company: needle('lead'), IndividualId: individual },
  });
  await plantPast(twin, org, contact, needle);
  const bytes = Buffer.from(`${needle('file')}\n`);
  await org.uploadFile({ title: needle('file-title'), fileName: 'lettre.txt', bytes, linkTo: contact });
  const places = ['contact', 'title', 'gift', 'gift-text', 'loan', 'shelf', 'fine', 'fine-remark', 'task', 'task-text'];
  const more = ['gift-task', 'note', 'note-body', 'file', 'file-title', 'lead', 'history-old', 'history-new', 'binned'];
  return { contact, needles: [...places, ...more].map(needle) };
};

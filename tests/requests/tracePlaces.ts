import { idSuffix, type RecordId } from '../../scripts/kernel/recordId.ts';
import type { Org, OrgRow } from '../../scripts/org/port.ts';
import { rowText } from '../../scripts/subject/rowText.ts';
import type { ControlledTwin } from '../../scripts/twin/controls.ts';
import { docx, eml } from '../subject/residual/files.ts';
import { createOne } from './needles.ts';

export type Traced = {
  readonly twin: ControlledTwin;
  readonly org: Org;
  readonly email: string;
  readonly name: string;
  /** Somebody else, whose records name the person. */
  readonly other: RecordId;
  /** Bears the person's name. */
  readonly namesake: RecordId;
};

/** Place → record that was planted there. */
export type Planted = ReadonlyMap<string, RecordId>;

let rows = 0;
const historyId = (): string => {
  rows += 1;
  const id15 = `017Tr${String(rows).padStart(10, '0')}`;
  return id15 + idSuffix(id15);
};

export const oneRow = async (org: Org, soql: string): Promise<OrgRow | undefined> => {
  for await (const row of org.query(soql, { deletedToo: true })) return row;
  return undefined;
};

const versionOf = async (org: Org, title: string, fileName: string, bytes: Buffer): Promise<RecordId> => {
  const document = await org.uploadFile({ title, fileName, bytes });
  const row = await oneRow(org, `SELECT Id FROM ContentVersion WHERE ContentDocumentId = '${document}'`);
  return rowText(row ?? {}, 'Id') as RecordId;
};

/** Leaves traces of a person in records that nothing ties to them: texts of others, copies, files, feeds, history. */
export const plantTraces = async ({ twin, org, email, name, other, namesake }: Traced): Promise<Planted> => {
  const one = (object: string, row: OrgRow) => createOne(org, object, row);
  const planted = new Map<string, RecordId>();
  const account = await one('Account', { Name: 'Mairie de Rezé', Description: `Voir ${name} (${email}) et Paul.` });
  planted.set('account', account);
  planted.set('task', await one('Task', { Subject: `Rappel ${email}`, WhoId: other, Description: 'Paul, 12 mai' }));
  planted.set(
    'note',
    await one('Note', { Title: 'Note', ParentId: account, Body: `Demander à ${email.toUpperCase()}` }),
  );
  planted.set('case', await one('Case', { Subject: 'Question', SuppliedEmail: email, Status: 'Closed' }));
  const comment = { ParentId: planted.get('case'), CommentBody: `Réponse à <${email}>, merci` };
  planted.set('case-comment', await one('CaseComment', comment));
  const post = await one('FeedItem', { ParentId: account, Body: `${name} : ${email}`, Type: 'TextPost' });
  planted.set('post', post);
  planted.set('post-comment', await one('FeedComment', { FeedItemId: post, CommentBody: `Noté, ${email}` }));
  planted.set('log', await one('npsp__Error__c', { npsp__Full_Message__c: `Row 3: ${email} refused` }));
  const copy = { npsp__Contact1_Consent_Message__c: `${name} ${email}` };
  planted.set('import', await one('npsp__DataImport__c', copy));
  const mail = { Status: '3', Subject: 'Bonjour', ToAddress: 'paul@mairie.example' };
  planted.set('mail-of-others', await one('EmailMessage', { ...mail, TextBody: `Demandez à ${email}` }));
  planted.set('mail-alone', await one('EmailMessage', { ...mail, ToAddress: email, TextBody: 'Merci' }));
  planted.set('namesake', namesake);
  await org.update('Contact', [{ Id: namesake, Description: `Ne pas confondre avec ${email}` }]);
  planted.set('namesake-task', await one('Task', { Subject: 'Appel', WhoId: namesake, Description: `Pas ${email}` }));
  const binned = await one('Task', { Subject: `Courrier à ${email}` });
  await org.delete([binned]);
  planted.set('bin', binned);
  const history = historyId() as RecordId;
  const base = { ContactId: other, Field: 'Email', DataType: 'Text', CreatedDate: '2024-05-01T08:00:00.000Z' };
  twin.engine.adminLoad('ContactHistory', [{ ...base, Id: history, OldValue: email, NewValue: 'x@y.example' }]);
  planted.set('history', history);
  planted.set('letter', await versionOf(org, 'Courrier', 'courrier.docx', docx(`Madame ${name}`, email)));
  const list = Buffer.from(`nom;mail\nPaul;paul@mairie.example\n${name};${email}\n`);
  planted.set('list', await versionOf(org, 'Liste', 'liste.csv', list));
  const attached = { name: 'a.txt', bytes: Buffer.from('rien') };
  planted.set(
    'message',
    await versionOf(org, 'Message', 'm.eml', eml('paul@mairie.example', 'Re', `À ${email}`, attached)),
  );
  planted.set(
    'titled',
    await versionOf(org, `Photo de ${email} en mars`, 'photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0])),
  );
  return planted;
};

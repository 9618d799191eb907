import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadDetectors } from '../../../scripts/app/detectors.ts';
import { loadLaw } from '../../../scripts/app/loadLaw.ts';
import { readSpellingKnowledge } from '../../../scripts/app/spellingKnowledge.ts';
import { idSuffix, parseRecordId, type RecordId } from '../../../scripts/kernel/recordId.ts';
import type { OrgModel } from '../../../scripts/model/orgModel.ts';
import type { Org, OrgRow } from '../../../scripts/org/port.ts';
import { gatherNeedles, type NeedleRow } from '../../../scripts/subject/needles/gatherNeedles.ts';
import type { Needles, SpellingKnowledge } from '../../../scripts/subject/needles/contract.ts';
import { measureNeedles } from '../../../scripts/subject/needles/measureNeedles.ts';
import { readOrgModel } from '../../../scripts/subject/readOrgModel.ts';
import { SCAN_BUDGET, type ResidualReport, type ScanBudget } from '../../../scripts/subject/residual/contract.ts';
import { scanResidual } from '../../../scripts/subject/residual/scanResidual.ts';
import type { TechnicalList } from '../../../scripts/model/referenceLists.ts';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { orgAs } from '../../org/twinConnection.ts';
import { createOne } from '../../requests/needles.ts';
import { docx, eml, pdf, xlsx } from './files.ts';

let twin: Twin;
let org: Org;
let model: OrgModel;
let knowledge: SpellingKnowledge;
let technical: TechnicalList;
let needles: Needles;
/** Place → id of the row that was planted there. */
const planted = new Map<string, string>();
const innocent = new Set<string>();

const clock = { now: () => '2026-11-22T10:00:00.000Z' };
const scan = (over: Partial<ScanBudget> = {}, as: Org = org): Promise<ResidualReport> =>
  scanResidual(
    {
      ...{ needles, knowledge, technical, hidden: [] },
      budget: { ...SCAN_BUDGET, ...over },
      people: model.people.map(({ object }) => object),
    },
    { org: as, clock },
  );

const MAIL = 'aurelie.briancourt@asso.example';
const AURELIE = { FirstName: 'Aurélie', LastName: 'Briançourt' };
const rowOf = async (object: string, id: RecordId, fields: readonly string[]): Promise<OrgRow> => {
  for await (const row of org.query(`SELECT Id, ${fields.join(', ')} FROM ${object} WHERE Id = '${id}'`)) return row;
  throw new Error('not there');
};
const upload = async (place: string, fileName: string, bytes: Buffer, title = 'Scan 0042'): Promise<void> => {
  const document = await org.uploadFile({ title, fileName, bytes });
  for await (const row of org.query(`SELECT Id FROM ContentVersion WHERE ContentDocumentId = '${document}'`))
    planted.set(place, row['Id'] as string);
};

const plantPerson = async (): Promise<readonly NeedleRow[]> => {
  const contact = await createOne(org, 'Contact', {
    ...{ ...AURELIE, Email: MAIL, MobilePhone: '06 39 98 55 44', Birthdate: '1961-05-07' },
    ...{ MailingStreet: '7 avenue des Tilleuls', MailingPostalCode: '44000', MailingCity: 'Nantes' },
  });
  planted.set('own', contact);
  const fields = [
    'Name',
    'FirstName',
    'LastName',
    'Email',
    'MobilePhone',
    'Birthdate',
    'MailingStreet',
    'MailingPostalCode',
    'MailingCity',
  ];
  return [{ object: 'Contact', id: contact, shared: false, row: await rowOf('Contact', contact, fields) }];
};

const plantRows = async (): Promise<void> => {
  const account = await createOne(org, 'Account', {
    Name: 'Mairie de Rezé',
    Description: 'Contact : BRIANCOURT Aurelie, 0033 6 39 98 55 44',
  });
  planted.set('account-text', account);
  planted.set(
    'task',
    await createOne(org, 'Task', { Subject: 'Rappeler', Description: `<p>aurelie.briancourt&#64;asso.example</p>` }),
  );
  planted.set('case', await createOne(org, 'Case', { Subject: 'x', SuppliedEmail: MAIL.toUpperCase() }));
  planted.set(
    'stray',
    await createOne(org, 'npsp__DataImport__c', {
      npsp__Contact1_Firstname__c: 'AURELIE',
      npsp__Contact1_Lastname__c: 'Briancourt',
      npsp__Contact1_Birthdate__c: '1961-05-07',
    }),
  );
  const binned = await createOne(org, 'Task', { Subject: `mail à ${MAIL.replace('@', ' (at) ')}` });
  await org.delete([binned]);
  planted.set('bin', binned);
  const history = `017Nr0000000001`;
  twin.engine.adminLoad('ContactHistory', [
    {
      Id: history + idSuffix(history),
      ContactId: planted.get('own') ?? '',
      Field: 'Email',
      DataType: 'Text',
      CreatedDate: '2024-05-01T08:00:00.000Z',
      OldValue: 'Aurelie.Briancourt+dons@asso.example',
      NewValue: 'x@y.example',
    },
  ]);
  planted.set('history', history + idSuffix(history));
  const post = { ParentId: account, Body: 'Vu Aurélie Briançourt, née le 7 mai 1961' };
  planted.set('feed', await createOne(org, 'FeedItem', post));
  const comment = { FeedItemId: planted.get('feed'), CommentBody: 'rappeler au 06.39.98.55.44' };
  planted.set('comment', await createOne(org, 'FeedComment', comment));
  await plantMessages(account);
};

/** Messages, logs, links and what is composed from names. */
const plantMessages = async (account: RecordId): Promise<void> => {
  const mail = { Status: '3', Subject: 'Re', ToAddress: `"A. B." <${MAIL}>`, TextBody: 'Bien reçu' };
  planted.set('mail', await createOne(org, 'EmailMessage', mail));
  const log = { npsp__Full_Message__c: `{"email":"aurelie.briancourt\\u0040asso.example"}` };
  planted.set('log', await createOne(org, 'npsp__Error__c', log));
  const stack = { npsp__Related_Record_ID__c: planted.get('own'), npsp__Full_Message__c: 'refused' };
  planted.set('log-of-id', await createOne(org, 'npsp__Error__c', stack));
  const url = { Name: 'Lien', Website: `https://asso.example/?mail=${encodeURIComponent(MAIL)}` };
  planted.set('url', await createOne(org, 'Account', url));
  const greeting = { Name: 'Foyer 12', npo02__Formal_Greeting__c: 'Mme Aurélie Briançourt, 06 39 98 55 44' };
  planted.set('derived', await createOne(org, 'Account', greeting));
  planted.set('note', await createOne(org, 'Note', { Title: 'Note', ParentId: account, Body: MAIL.toUpperCase() }));
  const body = Buffer.from(`Reçu de ${MAIL}`).toString('base64');
  const attachment = { Name: 'recu.txt', ParentId: account, Body: body };
  planted.set('attachment', await createOne(org, 'Attachment', attachment));
};

const plantFiles = async (): Promise<void> => {
  await upload('docx', 'courrier.docx', docx('Madame Aurélie Briançourt', '7 av. des Tilleuls, 44000 Nantes'));
  await upload(
    'xlsx',
    'liste.xlsx',
    await xlsx([
      ['Nom', 'Portable'],
      ['?', 639985544],
    ]),
  );
  await upload(
    'eml',
    'message.eml',
    eml('x@x.example', 'Bonjour', `Réponse à ${MAIL}`, { name: 'a.txt', bytes: Buffer.from('rien') }),
  );
  await upload('csv', 'export.csv', Buffer.from(`nom;mail\nDurand;d@x.example\nB;${MAIL}\n`, 'latin1'));
  await upload('file-name', 'scan.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]), `Carte 06 39 98 55 44`);
  await upload('pdf-text', 'lettre.pdf', Buffer.from(pdf(['Madame Aurélie Briançourt', MAIL])));
  const inside = eml('x@x.example', 'Tr', 'voir pièce jointe', { name: 'l.csv', bytes: Buffer.from(`a;${MAIL}\n`) });
  await upload('attached', 'transfert.eml', inside);
  await upload('pdf', 'recu.pdf', Buffer.from('%PDF-1.7'));
};

const plantNamesake = async (): Promise<void> => {
  const namesake = await createOne(org, 'Contact', {
    ...AURELIE,
    Email: 'a.briancourt@mairie.example',
    Birthdate: '1990-01-02',
    MobilePhone: '06 39 98 55 45',
  });
  innocent.add(namesake);
  innocent.add(
    await createOne(org, 'Task', {
      Subject: 'Appel Aurélie Briançourt',
      WhoId: namesake,
      Description: '7 avenue des Tilleuls',
    }),
  );
  innocent.add(
    await createOne(org, 'Account', { Name: 'Briançourt SARL', Description: 'Jean Briançourt et Aurélie Martin' }),
  );
};

beforeAll(async () => {
  twin = await startTwin({ shape: 'npsp', port: 0, production: true });
  org = await orgAs(twin, 'admin');
  const law = await loadLaw({ charterPath: 'config/charters/demo.yml', starterAllowed: false });
  const detectors = await loadDetectors();
  technical = detectors.technical;
  knowledge = await readSpellingKnowledge();
  model = await readOrgModel(org, { ...law, ...detectors });
  const rows = await plantPerson();
  await plantNamesake();
  await plantRows();
  await plantFiles();
  const gathered = gatherNeedles(rows, [{ object: 'Contact', id: planted.get('own') ?? '' }], { model, country: 'FR' });
  needles = await measureNeedles(gathered, { model, knowledge }, org);
});
afterAll(() => twin.close());

describe('residual scan', () => {
  it('gathers what identifies the person, and knows of the namesake', () => {
    expect(needles).toMatchObject({
      ...{ emails: [MAIL], phones: ['06 39 98 55 44'], birthDates: ['1961-05-07'], sharedEmails: [] },
      addresses: [{ street: '7 avenue des Tilleuls', postcode: '44000', city: 'Nantes' }],
      names: [{ given: ['Aurélie'], family: ['Briançourt'], namesakes: 1, familyBearers: 1 }],
    });
  });

  it('DSR-10: finds every planted needle in rows, bin, history, feed and files, and touches no namesake', async () => {
    const report = await scan();
    const sure = report.findings.filter(({ verdict }) => verdict === 'sure');
    const missed = [...planted].filter(([place, id]) => place !== 'pdf' && !sure.some((one) => one.id === id));
    expect(missed).toEqual([]);
    expect(sure.filter(({ id }) => innocent.has(id))).toEqual([]);
    expect(new Set(sure.map(({ place }) => place))).toEqual(
      new Set(['rows', 'recycle-bin', 'history', 'feed', 'file', 'file-name']),
    );
    expect(sure.filter(({ own }) => own).every(({ id }) => id === planted.get('own'))).toBe(true);
  });

  it('says what it did not examine, by name and reason', async () => {
    const report = await scan();
    expect(report.notExamined).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ place: 'file', object: 'ContentVersion', reason: 'format', format: 'pdf', count: 1 }),
        expect.objectContaining({ place: 'file', format: 'png', reason: 'format' }),
      ]),
    );
    expect(report.examined.find(({ object }) => object === 'Contact')).toMatchObject({ by: 'read', place: 'rows' });
  });

  it('holds no text of what it found', async () => {
    const told = JSON.stringify(await scan());
    for (const text of ['Aur', 'rian', MAIL, '39 98', '1961']) expect(told).not.toContain(text);
  });

  it('keeps its budget, names what is left out, and foretells its calls', async () => {
    const foreseen: number[] = [];
    const whole = await scanResidual(
      {
        needles,
        knowledge,
        technical,
        hidden: [{ object: 'Lead', field: 'Secret__c' }],
        budget: SCAN_BUDGET,
        people: ['Contact'],
      },
      { org, clock, foresee: ({ calls }) => foreseen.push(calls) },
    );
    expect(foreseen).toEqual([whole.spent.foreseenCalls]);
    expect(whole.notExamined).toContainEqual({
      place: 'rows',
      object: 'Lead',
      fields: ['Secret__c'],
      reason: 'hidden',
      count: null,
    });
    const small = await scan({ calls: 30, files: 2 });
    expect(small.notExamined.some(({ reason }) => reason === 'calls')).toBe(true);
    expect(small.examined.length).toBeLessThan(whole.examined.length);
  });

  it('asks the org for spellings where rows are too many to be read', async () => {
    const report = await scan({ rows: 0 });
    const contact = report.examined.find(({ object }) => object === 'Contact');
    expect(contact?.by).toBe('searched');
    expect(report.findings.some(({ id, verdict }) => id === planted.get('own') && verdict === 'sure')).toBe(true);
    expect(report.findings.some(({ id, verdict }) => id === planted.get('case') && verdict === 'sure')).toBe(true);
    expect(report.notExamined.some(({ object, reason }) => object === 'Contact' && reason === 'not-filterable')).toBe(
      true,
    );
  });

  it('puts no spelling into a query unescaped', async () => {
    const asked: string[] = [];
    const watched: Org = {
      ...org,
      search: (sosl) => (asked.push(sosl), org.search(sosl)),
      query: (soql, options) => (asked.push(soql), org.query(soql, options)),
    };
    const hostile: Needles = {
      ...needles,
      names: [
        {
          full: `O'Neil} RETURNING User(Id)`,
          given: [`Ann"} `],
          family: [`O'Neil} OR Id != ''`],
          namesakes: 0,
          familyBearers: 0,
        },
      ],
    };
    const report = await scanResidual(
      {
        needles: hostile,
        knowledge,
        technical,
        hidden: [],
        budget: { ...SCAN_BUDGET, rows: 0, files: 0 },
        people: ['Contact'],
      },
      { org: watched, clock },
    );
    expect(report.notExamined.filter(({ object }) => object === 'SOSL')).toEqual([]);
    for (const statement of asked) expect(statement).not.toMatch(/(?<!\\)'Neil|(?<!\\)} RETURNING|(?<!\\)} OR/i);
  });

  it('keeps record ids valid', () => {
    for (const id of planted.values()) expect(parseRecordId(id)).toBe(id);
  });
});

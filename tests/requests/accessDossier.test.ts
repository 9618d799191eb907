import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerAccess, type AccessAnswer, type AccessOrder } from '../../scripts/app/answerAccess.ts';
import { loadDetectors } from '../../scripts/app/detectors.ts';
import { loadLaw } from '../../scripts/app/loadLaw.ts';
import { openVault, systemClock, systemRandom, type Ports } from '../../scripts/app/ports.ts';
import { GardeError } from '../../scripts/kernel/result.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { OrgModel } from '../../scripts/model/orgModel.ts';
import type { Org, OrgRow } from '../../scripts/org/port.ts';
import type { Twin } from '../../scripts/twin/contract.ts';
import { findPerson } from '../../scripts/subject/findPerson.ts';
import { readOrgModel } from '../../scripts/subject/readOrgModel.ts';
import { createOrgRows } from '../../scripts/subject/rowSource.ts';
import { startTwin } from '../../scripts/twin/startTwin.ts';
import { orgAs } from '../org/twinConnection.ts';
import { createOne, plant, prepareOrg, type Planted } from './needles.ts';
import { openDossier } from './openDossier.ts';

const CHARTER = 'config/charters/demo.yml';
let twin: Twin;
let org: Org;
let folder: string;
let ports: Ports;
let person: Planted;
let namesake: Planted;
let model: OrgModel;

const portsFor = async (as: Org): Promise<Ports> => ({
  org: as,
  vault: await openVault(join(folder, 'data')),
  clock: systemClock,
  random: systemRandom,
});
const answer = async (order: Partial<AccessOrder>, through: Ports = ports): Promise<AccessAnswer> =>
  answerAccess(
    { person: person.contact, includeMatchingEmail: false, charterPath: CHARTER, outputDir: folder, ...order },
    through,
    () => undefined,
  );
const problemOf = async (work: Promise<unknown>): Promise<GardeError> => {
  const error = await work.then(
    () => new Error('no error'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GardeError)) throw error;
  return error;
};
const sealedFiles = (): readonly string[] => readdirSync(folder).filter((name) => name.endsWith('.age'));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'garde-access-'));
  twin = await startTwin({ shape: 'npsp', port: 0, production: true });
  org = await prepareOrg(twin, 'admin');
  person = await plant(twin, org, 'SUBJECT', 'camille.vautrin@gmail.example');
  namesake = await plant(twin, org, 'NAMESAKE', 'c.vautrin@mairie.example');
  ports = await portsFor(org);
  const law = await loadLaw({ charterPath: CHARTER, starterAllowed: false });
  model = await readOrgModel(org, { ...law, ...(await loadDetectors()) });
});
afterAll(async () => {
  await twin.close();
  rmSync(folder, { recursive: true, force: true });
});

const textOf = (files: ReadonlyMap<string, Buffer>): string =>
  [...files].map(([name, bytes]) => `${name}\n${bytes.toString('utf8')}`).join('\n');

describe('an access dossier', () => {
  let given: AccessAnswer;
  let files: ReadonlyMap<string, Buffer>;
  beforeAll(async () => {
    given = await answer({ language: 'fr' });
    files = await openDossier(given.path, given.passphrase!);
  });

  it('holds every planted needle: own record, gifts, objects two levels deep, tasks, notes, files', () => {
    const text = textOf(files);
    expect(person.needles.filter((needle) => !text.includes(needle))).toEqual([]);
  });

  it('holds each needle of a record in the letter and in the data alike', () => {
    const [letter, data] = ['letter.html', 'dossier.json'].map((name) => files.get(name)!.toString('utf8'));
    const inRecords = person.needles.filter((needle) => !needle.endsWith('-file'));
    expect(inRecords.filter((needle) => !letter!.includes(needle) || !data!.includes(needle))).toEqual([]);
  });

  it('holds no needle of a namesake', () => {
    expect(textOf(files)).not.toContain('NDL-NAMESAKE');
    expect(textOf(files)).not.toContain(namesake.contact);
  });

  it('is named after the request and listed among the holdings with the expiry of the charter', () => {
    expect(given.path).toBe(join(folder, `${given.requestKey}.zip.age`));
    expect(given.requestKey).toMatch(/^AR-\d{8}-[0-9a-f]{8}$/);
    const listed = ports.vault.holdings().find((holding) => holding.id === given.holdingId);
    expect(listed).toMatchObject({ kind: 'access-dossier', path: given.path, expiresAt: given.expiresAt });
  });

  it('DSR-06: carries a manifest with every item of Art. 15', () => {
    const manifest = JSON.parse(files.get('manifest.json')!.toString('utf8')) as { item: string; state: string }[];
    expect(manifest.map((line) => line.item)).toContain('transfer-safeguards');
    expect(manifest.every((line) => ['present', 'not-applicable'].includes(line.state))).toBe(true);
  });
});

describe('a copy among others', () => {
  let spouse: RecordId;
  let subject: RecordId;
  let given: AccessAnswer;
  let files: ReadonlyMap<string, Buffer>;
  type Dossier = {
    files: { title: string; state: string; path?: string; active?: boolean }[];
    redactions: { object: string; field: string; id: string; kind: string; reason: string; count: number }[];
    records: { object: string; id: string; fields: { field: string; value: unknown }[] }[];
  };
  let dossier: Dossier;
  const fileWith = (title: string, fileName: string, text: string, linkTo: RecordId) =>
    org.uploadFile({ title, fileName, bytes: Buffer.from(text), linkTo });
  const valueIn = (object: string, field: string): unknown =>
    dossier.records.find((record) => record.object === object)?.fields.find((one) => one.field === field)?.value;

  beforeAll(async () => {
    const household = await createOne(org, 'Account', { Name: 'Foyer Kermarrec' });
    const member = (FirstName: string, Email: string, more: OrgRow = {}) =>
      createOne(org, 'Contact', { FirstName, LastName: 'Kermarrec', AccountId: household, Email, ...more });
    subject = await member('Gaëlle', 'gaelle@gmail.example', {
      Description: 'Son mari Tanguy est malade. Voir aussi Mme Pouliquen, 06 39 98 12 34, t.kermarrec@gmail.example.',
      AssistantName: 'Yann Assistant',
    });
    spouse = await member('Tanguy', 't.kermarrec@gmail.example');
    await createOne(org, 'npe4__Relationship__c', {
      ...{ npe4__Contact__c: subject, npe4__RelatedContact__c: spouse, npe4__Type__c: 'Husband' },
    });
    await fileWith('Page', 'page.html', '<script>alert(1)</script>', subject);
    const shared = await fileWith('Bail de Tanguy', 'bail.pdf', 'SECRET-OF-BOTH', subject);
    await createOne(org, 'ContentDocumentLink', { ContentDocumentId: shared, LinkedEntityId: spouse, ShareType: 'V' });
    const gift = await createOne(org, 'Opportunity', {
      ...{ Name: 'Don Tanguy', StageName: 'Closed Won', CloseDate: '2025-01-01', npsp__Primary_Contact__c: spouse },
    });
    const elsewhere = await fileWith('Reçu', 'recu.pdf', 'SECRET-OF-SPOUSE', subject);
    await createOne(org, 'ContentDocumentLink', { ContentDocumentId: elsewhere, LinkedEntityId: gift, ShareType: 'V' });
    const importRow = (Firstname: string, text: string): OrgRow => ({
      ...{ npsp__Contact1_Firstname__c: 'Gaëlle', npsp__Contact1_Lastname__c: 'Kermarrec' },
      npsp__Contact1_Personal_Email__c: 'gaelle@gmail.example',
      ...(Firstname === '' ? {} : { npsp__Contact2_Firstname__c: Firstname, npsp__Contact2_Lastname__c: 'Kermarrec' }),
      npsp__Donation_Description__c: text,
    });
    await org.create('npsp__DataImport__c', [importRow('', 'IMPORT-OWN'), importRow('Tanguy', 'IMPORT-OF-BOTH')]);
    given = await answer({ person: 'Kermarrec gaelle', language: 'en' });
    files = await openDossier(given.path, given.passphrase!);
    dossier = JSON.parse(files.get('dossier.json')!.toString('utf8')) as Dossier;
  });

  it('finds the person by name, accents and order aside', () => {
    expect(given.subject).toEqual([{ object: 'Contact', id: subject }]);
  });

  it('DSR-07: replaces what is others’ in notes and says where, of what kind and why', () => {
    expect(valueIn('Contact', 'Description')).toBe(
      'Son mari [third person] est malade. Voir aussi Mme [third person], [third person], [third person].',
    );
    const own = dossier.redactions.filter((one) => one.id === subject);
    expect(own.map(({ field, kind, reason, count }) => `${field} ${kind} ${reason} ${count}`).sort()).toEqual([
      'AssistantName field third-party-field 1',
      'Description email known-person 1',
      'Description name known-person 1',
      'Description name named-beside 1',
      'Description phone not-the-persons 1',
    ]);
  });

  it('shows neither name nor id nor address of the other, in any file', () => {
    const text = textOf(files);
    for (const trace of ['Tanguy', 't.kermarrec', spouse, 'Pouliquen', 'Yann Assistant', 'SECRET', '98 12 34']) {
      expect(text).not.toContain(trace);
    }
  });

  it('keeps the values themselves out of the log and out of the answer', () => {
    expect(JSON.stringify({ log: dossier.redactions, given })).not.toMatch(/Gaëlle|Tanguy|Pouliquen|gmail/);
  });

  it('names shared files for review instead of enclosing them, and takes the bite out of active ones', () => {
    const states = dossier.files.map(({ title, state, active }) => [title, state, active ?? null]);
    expect(states.sort()).toEqual([
      ['Bail de [third person]', 'shared', null],
      ['Page', 'included', true],
      ['Reçu', 'linked-elsewhere', null],
    ]);
    expect([...files.keys()].filter((name) => name.startsWith('files/'))).toEqual([
      expect.stringMatching(/-page\.html\.bin$/),
    ]);
    expect(given.files).toEqual({ included: 1, heldBack: 2 });
  });

  it('takes an import row of the person alone and holds back one that names somebody else', () => {
    expect(textOf(files)).toContain('IMPORT-OWN');
    expect(textOf(files)).not.toContain('IMPORT-OF-BOTH');
    const held = given.review.filter((item) => item.kind === 'import-row-held-back');
    expect(held.map(({ object, count }) => [object, count])).toEqual([['npsp__DataImport__c', 1]]);
  });
});

describe('finding the person', () => {
  it('refuses a name that several people bear: counts and ids, no names, and nothing is written', async () => {
    const before = sealedFiles();
    const error = await problemOf(answer({ person: 'Camille Vautrin' }));
    expect(error.name).toBe('PersonAmbiguous');
    expect(error.message).toContain(person.contact);
    expect(error.message).toContain('2 people match');
    expect(error.message).not.toMatch(/Camille|Vautrin/i);
    expect(sealedFiles()).toEqual(before);
  });

  const find = async (text: string, includeMatchingEmail = false) =>
    findPerson({ person: text, includeMatchingEmail }, model, { org, rows: createOrgRows(org) });
  const codesOf = (found: Awaited<ReturnType<typeof find>>): readonly string[] =>
    found.ok ? [] : found.problems.map((problem) => problem.code);
  const idsOf = (records: readonly { readonly id: string }[]): readonly string[] => records.map(({ id }) => id).sort();

  it.each(['nobody@nowhere.example', 'Personne Inconnue', '003000000000009AAA', '', "O'Neil\\ %_' OR Name != '"])(
    'says that %j is nobody here',
    async (text) => {
      expect(codesOf(await find(text))).toEqual(['PersonNotFound']);
    },
  );

  it('ties records by what the platform says: the same Individual, a converted lead, a merge', async () => {
    const found = await find('camille.vautrin@gmail.example');
    const objects = found.ok ? found.value.roots.map((one) => one.object).sort() : [];
    expect(objects).toEqual(['Contact', 'Individual', 'Lead']);
    const [kept, lost] = await Promise.all(
      ['Nolwenn Tual', 'Nolwen Tual'].map((name) =>
        createOne(org, 'Contact', { FirstName: name.split(' ')[0]!, LastName: 'Tual' }),
      ),
    );
    await org.merge({ object: 'Contact', masterId: kept!, masterFields: {}, loserIds: [lost!] });
    const merged = await find('Nolwen Tual');
    expect(merged.ok ? idsOf(merged.value.roots) : codesOf(merged)).toEqual([kept, lost].sort());
  });

  it('takes unlinked records with the same address only when asked, and never another name', async () => {
    const mail = 'erwan@gmail.example';
    const contact = await createOne(org, 'Contact', { FirstName: 'Erwan', LastName: 'Riou', Email: mail });
    const lead = await createOne(org, 'Lead', { FirstName: 'Erwan', LastName: 'RIOU', Email: mail, Company: 'x' });
    const wife = await createOne(org, 'Contact', { FirstName: 'Anne', LastName: 'Riou', Email: mail });
    const apart = await find(contact);
    expect(apart.ok ? [idsOf(apart.value.roots), idsOf(apart.value.sameEmail)] : codesOf(apart)).toEqual([
      [contact],
      [wife, lead].sort(),
    ]);
    const together = await find(contact, true);
    expect(together.ok ? idsOf(together.value.roots) : codesOf(together)).toEqual([contact, lead].sort());
    expect(codesOf(await find(mail, true))).toEqual(['PersonAmbiguous']);
    const byIds = await find(`${contact}, ${lead}`);
    expect(byIds.ok ? idsOf(byIds.value.roots) : codesOf(byIds)).toEqual([contact, lead].sort());
  });
});

describe('what is hidden', () => {
  it.each<{ role: string; language: 'en' | 'fr'; places: readonly string[] }>([
    { role: 'noFiles', language: 'fr', places: ['ContentVersion', 'NeedleLoan__c'] },
    { role: 'officer', language: 'en', places: ['ContentVersion', '*'] },
  ])('from $role is listed, and nothing is called complete ($language)', async ({ role, language, places }) => {
    const given = await answer({ language }, await portsFor(await orgAs(twin, role)));
    expect(given.completeness).toBe('incomplete');
    expect(given.hidden.map((place) => place.object)).toEqual(expect.arrayContaining([...places]));
    const toReview = given.review.filter((item) => item.kind === 'hidden-place');
    expect(toReview.reduce((sum, item) => sum + item.count, 0)).toBe(given.hidden.length);
    const letter = (await openDossier(given.path, given.passphrase!)).get('letter.html')!.toString('utf8');
    expect(letter).toContain(language === 'fr' ? 'Cette réponse est incomplète' : 'This answer is incomplete');
    // the name of a category of data is no claim
    expect(letter.replaceAll('Nom complet', '')).not.toMatch(/\b(complete|completely|complet|complète)\b/i);
  });
});

describe('a user without permission', () => {
  it('who sees nobody is told which permission misses, and nothing is written', async () => {
    const before = sealedFiles();
    const people = new Set(['Contact', 'Lead', 'Individual']);
    // what the port answers to a user without object permissions
    const blind: Org = {
      ...org,
      describe: async (name) => (people.has(name) ? undefined : org.describe(name)),
      describeGlobal: async () => (await org.describeGlobal()).filter((object) => !people.has(object.name)),
    };
    const error = await problemOf(answer({}, await portsFor(blind)));
    expect([error.name, error.problems[0]?.actions[0]]).toEqual([
      'PeopleHidden',
      expect.stringContaining('GardeAccess'),
    ]);
    expect(sealedFiles()).toEqual(before);
  });
});

describe('bad input', () => {
  it('without a charter of its own says so', async () => {
    const error = await problemOf(answer({ charterPath: join(folder, 'none.yml') }));
    expect(error.name).toBe('CharterNotFound');
  });

  it('with an unreadable charter lists its problems, and asks the org nothing', async () => {
    const path = join(folder, 'bad.yml');
    writeFileSync(path, 'garde: 1\npurposes: [\n');
    const before = org.calls();
    expect((await problemOf(answer({ charterPath: path }))).name).toBe('CharterNotValid');
    expect(org.calls()).toBe(before);
  });

  it('with a folder that is not there, or a passphrase file that is, writes nothing', async () => {
    expect((await problemOf(answer({ outputDir: join(folder, 'none') }))).name).toBe('FolderNotFound');
    const passphraseFile = join(folder, 'taken.txt');
    writeFileSync(passphraseFile, 'mine');
    const before = sealedFiles();
    expect((await problemOf(answer({ passphraseFile }))).name).toBe('FileExists');
    expect([readFileSync(passphraseFile, 'utf8'), sealedFiles()]).toEqual(['mine', before]);
  });

  it('leaves no passphrase file behind when the person is not found', async () => {
    const passphraseFile = join(folder, 'new.txt');
    await problemOf(answer({ person: 'Personne Inconnue', passphraseFile }));
    expect(existsSync(passphraseFile)).toBe(false);
  });

  it('puts the passphrase into a file of its own when asked, for its owner alone', async () => {
    const passphraseFile = join(folder, 'secret.txt');
    const given = await answer({ passphraseFile });
    expect([given.passphrase, given.passphraseFile]).toEqual([undefined, passphraseFile]);
    if (process.platform !== 'win32') expect(statSync(passphraseFile).mode & 0o777).toBe(0o600);
    const files = await openDossier(given.path, readFileSync(passphraseFile, 'utf8').trim());
    expect([...files.keys()]).toContain('letter.html');
  });
});

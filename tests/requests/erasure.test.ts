import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Decrypter } from 'age-encryption';
import { answerErasure } from '../../scripts/app/answerErasure.ts';
import { finishErasure } from '../../scripts/app/finishErasure.ts';
import { systemRandom } from '../../scripts/app/ports.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { ErasureItem } from '../../scripts/model/erasure.ts';
import type { Org, OrgRow } from '../../scripts/org/port.ts';
import { applyPlan, resumePlan, type ApplyResult } from '../../scripts/plan/apply/applyPlan.ts';
import type { CrashPoint } from '../../scripts/plan/apply/runCalls.ts';
import { readErasureItems } from '../../scripts/plan/file/erasureItems.ts';
import { openPlan } from '../../scripts/plan/file/openPlan.ts';
import { readSteps } from '../../scripts/plan/file/planStore.ts';
import type { ErasureResult } from '../../scripts/requests/erase/erasurePorts.ts';
import { planErasure } from '../../scripts/requests/erase/planErasure.ts';
import { takeSnapshot } from '../../scripts/snapshot/takeSnapshot.ts';
import { openNeedles } from '../../scripts/subject/needles/sealedNeedles.ts';
import { applyInput, applyPorts, approve } from '../plan/cycle.ts';
import { START, type TestOrg } from '../plan/testOrg.ts';
import { openErasureKit, type ErasureKit } from './erasureKit.ts';
import { placesHolding, plantEverywhere, type Everywhere } from './erasureNeedles.ts';
import { createOne } from './needles.ts';

let kit: ErasureKit;
let at: TestOrg;
let org: Org;
let home: ErasureKit['home'];
const { plan, guard, applyIt, household } = {
  plan: (...given: Parameters<ErasureKit['plan']>) => kit.plan(...given),
  guard: () => kit.guard(),
  applyIt: (...given: Parameters<ErasureKit['applyIt']>) => kit.applyIt(...given),
  household: (name: string) => kit.household(name),
};

const itemsOf = (path: string): readonly ErasureItem[] => {
  const { header, store } = openPlan(path, home.vault);
  try {
    return readErasureItems(store, header.terms.erasure!);
  } finally {
    store.close();
  }
};

/** `delete 003…` of every direct change that a plan's steps ask of the org. */
const changesAsked = (path: string): readonly string[] => {
  const { store } = openPlan(path, home.vault);
  try {
    return [...readSteps(store)]
      .filter(({ step }) => ['delete', 'purge', 'update'].includes(step.operation))
      .map(({ step }) => `${step.operation} ${step.recordId}`);
  } finally {
    store.close();
  }
};

const nameOfError = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    return (error as Error).name;
  }
  return 'no error';
};

beforeAll(async () => {
  kit = await openErasureKit('npsp');
  ({ at, org, home } = kit);
});
afterAll(() => kit.close());

describe('erasing a person who is everywhere', () => {
  let person: Everywhere;
  let spouse: RecordId;
  let before: { readonly namesake: readonly string[]; readonly spouse: readonly string[] };
  let planned: ErasureResult;
  let done: ApplyResult;
  let since: number;
  let sealedBefore: string;
  let olderCopy: string;
  beforeAll(async () => {
    const own = await household('Foyer commun');
    spouse = own.spouse;
    const shared = { twin: at.twin, org, isNpsp: true };
    person = await plantEverywhere({ ...shared, ...own, mark: 'NDL-SUBJECT', email: 'camille.vautrin@gmail.example' });
    const other = await household('Foyer voisin');
    await plantEverywhere({ ...shared, ...other, mark: 'NDL-NAMESAKE', email: 'c.vautrin@mairie.example' });
    before = { namesake: await placesHolding(org, 'NDL-NAMESAKE'), spouse: await placesHolding(org, spouse) };
    sealedBefore = home.vault.sealForSubject(at.twin.orgId, person.contact, Buffer.from('NDL-SUBJECT-losing-value'));
    const wants = [{ object: 'Contact', fields: 'all' as const }];
    const copy = await takeSnapshot(
      { wants, expiresAt: '2027-01-01T00:00:00.000Z' },
      { org, vault: home.vault, clock: at.clock },
    );
    olderCopy = copy.holding.id;
    copy.store.close();
    planned = await plan(person.contact);
    await approve(at, planned.plan!.path);
    since = at.twin.engine.journal(0).at(-1)!.sequence;
    done = await applyIt(planned.plan!.path);
  });

  it('DSR-10: decides on every record found, each with its path', () => {
    const items = itemsOf(planned.plan!.path);
    const decisionOn = (object: string): readonly string[] => [
      ...new Set(items.filter((one) => one.object === object).map((one) => `${one.decision} ${one.code}`)),
    ];
    expect(decisionOn('Contact')).toEqual(['delete own-record']);
    expect(decisionOn('Account')).toEqual(['leave household']);
    expect(decisionOn('Event')).toEqual(['unlink shared-with-others']);
    expect([...decisionOn('Task')].sort()).toEqual([
      'delete in-bin',
      'delete part-of-record',
      'unlink shared-with-others',
    ]);
    expect([...decisionOn('EmailMessage')].sort()).toEqual(['delete part-of-record', 'unlink shared-with-others']);
    expect([...decisionOn('ContentDocument')].sort()).toEqual(['delete part-of-record', 'unlink shared-with-others']);
    expect(decisionOn('GardeConsentEvent__c')).toEqual(['anonymise kept-as-proof']);
    expect(decisionOn('npsp__DataImport__c')).toEqual(['delete stray-copy']);
    const fine = items.find(({ object }) => object === 'NeedleFine__c');
    expect(fine?.path).toEqual(['NeedleLoan__c.Reader__c', 'NeedleFine__c.Loan__c']);
  });

  it('lists for review what names the person in records of others, and changes nothing there', async () => {
    const [mention, ...more] = planned.review.filter(({ code }) => code === 'mention');
    expect(mention?.object).toBe('Event');
    expect(more).toEqual([]);
    const items = itemsOf(planned.plan!.path);
    expect(items.find(({ id }) => id === mention?.ids[0])?.fields).toContain('Description');
    const texts: unknown[] = [];
    for await (const row of org.query(`SELECT Description FROM Event WHERE Id = '${mention!.ids[0]!}'`))
      texts.push(row['Description']);
    expect(texts).toEqual(['Prévenir camille.vautrin@gmail.example']);
  });

  it('DSR-10: leaves none of the planted marks in rows, recycle bin, history or files', async () => {
    expect(done.summary).toMatchObject({ state: 'done', notDone: [] });
    const keys = /^Garde\w+__c\.(RequestKey__c|EventKey__c|GroupKey__c|MemberKey__c|Name) /;
    expect((await placesHolding(org, 'NDL-SUBJECT')).filter((place) => !keys.test(place))).toEqual([]);
  });

  it('DSR-10: touches nothing of a namesake', async () => {
    expect(await placesHolding(org, 'NDL-NAMESAKE')).toEqual(before.namesake);
  });

  it('DSR-10: leaves to the spouse what was both of theirs', async () => {
    const left = await placesHolding(org, spouse);
    const lost = before.spouse.filter((place) => !left.includes(place));
    expect(lost.filter((place) => !place.startsWith('npe4__Relationship__c.'))).toEqual([]);
  });

  it('DSR-10: does to the org exactly what was planned', () => {
    const own = at.twin.engine
      .journal(since)
      .filter(
        ({ object, cause }) => cause === 'direct' && !/^(Garde(Run|Plan|Checkpoint|Approval)__c|Content)/.test(object),
      );
    const asked = changesAsked(planned.plan!.path).filter((one) => !/ 06[89A]/.test(one));
    const isHistory = (object: string): boolean => object.endsWith('History');
    expect(
      own
        .filter(({ object }) => !isHistory(object))
        .map(({ change, id }) => `${change} ${id}`)
        .sort(),
    ).toEqual([...asked].sort());
  });

  it('DSR-10: keeps what identifies the person for the scan after the run, sealed and with an end', async () => {
    const { needlesHolding } = planned.plan!.header;
    const needles = await openNeedles(home.vault, needlesHolding!);
    expect(needles.emails).toContain('camille.vautrin@gmail.example');
    expect(needles.roots.map(({ id }) => id)).toContain(person.contact);
    const held = home.vault.holdings().find(({ id }) => id === needlesHolding);
    expect(held).toMatchObject({ kind: 'erasure-needles', expiresAt: expect.stringMatching(/^2026-12/) });
  });

  it('DSR-10: takes the person out of what Garde itself holds', () => {
    const { orgId } = at.twin;
    expect(() => home.vault.openForSubject(orgId, person.contact, sealedBefore)).not.toThrow();
    const held = finishErasure(planned.plan!.path, { vault: home.vault }, done)!;
    expect(held).toContainEqual({ kind: 'subject-keys', outcome: 'forgotten', count: 1, until: null });
    expect(held).toContainEqual(expect.objectContaining({ kind: 'snapshot', outcome: 'emptied' }));
    expect(() => home.vault.openForSubject(orgId, person.contact, sealedBefore)).toThrow(/No key opens this/);
    const copy = home.vault.openStore(olderCopy);
    try {
      const left = [...copy.read('SELECT "Id" FROM "Contact"')].map((row) => row['Id']);
      expect(left).not.toContain(person.contact);
      expect(left.length).toBeGreaterThan(0);
    } finally {
      copy.close();
    }
    expect(finishErasure(planned.plan!.path, { vault: home.vault }, done)).not.toContainEqual(
      expect.objectContaining({ outcome: 'emptied' }),
    );
  });

  it('DSR-10: plans nothing when asked again', async () => {
    const again = await nameOfError(plan(person.contact));
    expect(again).toBe('PersonNotFound');
  });
});

describe('erasing a donor whose receipt the law makes us keep', () => {
  const NEEDED = { street: 'NDL-RECEIPT-street', gift: 'Don de printemps' };
  const donor = async (mark: string): Promise<{ readonly contact: RecordId; readonly gift: RecordId }> => {
    const contact = await createOne(org, 'Contact', {
      ...{ FirstName: 'Maxime', LastName: `${mark}-donor`, Email: `${mark.toLowerCase()}@gift.example` },
      ...{ Description: `${mark}-notes`, MailingStreet: NEEDED.street },
    });
    const gift = await createOne(org, 'Opportunity', {
      ...{ Name: NEEDED.gift, StageName: 'Closed Won', CloseDate: '2025-11-02', Amount: 50 },
      ...{ npsp__Primary_Contact__c: contact, Description: `${mark}-gift-notes` },
    });
    await createOne(org, 'Task', { Subject: `${mark}-call`, WhoId: contact });
    await createOne(org, 'Task', { Subject: `${mark}-thanks`, WhatId: gift });
    return { contact, gift };
  };
  const rowOf = async (soql: string): Promise<OrgRow | undefined> => {
    for await (const row of org.query(soql)) return row;
    return undefined;
  };

  const letterFor = async (planPath: string): Promise<string> => {
    const order = {
      planPath,
      charterPath: 'config/charters/demo.yml',
      outputDir: home.folder,
      language: 'fr' as const,
    };
    const ports = { org, vault: home.vault, clock: at.clock, random: systemRandom };
    const { path, passphrase } = await answerErasure(order, ports);
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase!);
    return Buffer.from(await decrypter.decrypt(new Uint8Array(readFileSync(path)))).toString('utf8');
  };

  it('DSR-09: without a place for archives keeps name, address and gift alone, and says until when', async () => {
    const { contact, gift } = await donor('NDL-DONOR');
    const { plan: made, items } = await plan(contact);
    expect(items.find(({ object }) => object === 'Opportunity')).toMatchObject({
      ...{ decision: 'keep', code: 'fiscal-duty', law: 'accounting-gift', until: '2036-11-02' },
    });
    expect(made!.header.terms.erasure!.laws['accounting-gift']?.en).toContain('Accounting records');
    await approve(at, made!.path);
    expect((await applyIt(made!.path)).summary).toMatchObject({ state: 'done', notDone: [] });
    const kept = await rowOf(`SELECT Name, Email, Description, MailingStreet FROM Contact WHERE Id = '${contact}'`);
    expect(kept).toMatchObject({ Email: null, Description: null, MailingStreet: NEEDED.street });
    expect(await rowOf(`SELECT Name, Amount, Description FROM Opportunity WHERE Id = '${gift}'`)).toMatchObject({
      ...{ Name: NEEDED.gift, Amount: 50, Description: null },
    });
    const left = (await placesHolding(org, 'NDL-DONOR')).map((place) => place.split(' ')[0]);
    expect([...new Set(left)].sort()).toEqual(['Contact.LastName', 'Contact.Name'].slice(0, new Set(left).size));
    expect((await plan(contact)).plan).toBeNull();
    const letter = await letterFor(made!.path);
    for (const part of ['Maxime NDL-DONOR-donor', 'Pièces comptables', '2 novembre 2036', 'CNIL'])
      expect(letter).toContain(part);
    expect(letter).not.toContain('NDL-DONOR-notes');
  });

  it('DSR-09: seals the receipt in the archive with its law, and the donor leaves the active base', async () => {
    const vault = { ...home.vault, requireRecipients: () => undefined };
    const { contact, gift } = await donor('NDL-ARCHIVED');
    const made = await planErasure({ ...kit.base, person: contact }, { org, vault, clock: at.clock });
    expect(made.items.find(({ object }) => object === 'Opportunity')).toMatchObject({
      ...{ decision: 'archive', code: 'archived', until: '2036-11-02' },
    });
    expect(made.items.find(({ object }) => object === 'Contact')).toMatchObject({ decision: 'delete' });
    await approve(at, made.plan!.path);
    const ports = { ...applyPorts(at, { vault }), org, createGuard: guard() };
    const done = await applyPlan(applyInput(at, made.plan!.path), ports);
    expect(done.summary).toMatchObject({ state: 'done', notDone: [] });
    expect(await placesHolding(org, 'NDL-ARCHIVED')).toEqual([]);
    expect(await org.count(`SELECT COUNT() FROM Opportunity WHERE Id = '${gift}'`)).toBe(0);
    const archive = await rowOf(
      `SELECT UntilDate__c, LegalGround__c, DocumentKey__c FROM GardeArchive__c WHERE SubjectKey__c = '${contact}'`,
    );
    expect(archive).toMatchObject({ UntilDate__c: '2036-11-02', DocumentKey__c: expect.stringMatching(/^069/) });
    expect(archive!['LegalGround__c']).toContain('comptables');
    const version = await rowOf(
      `SELECT Id FROM ContentVersion WHERE ContentDocumentId = '${archive!['DocumentKey__c'] as string}'`,
    );
    const sealed = Buffer.from(await org.downloadFile('ContentVersion', version!['Id'] as RecordId)).toString('utf8');
    expect(sealed).not.toContain('NDL-');
    const held = finishErasure(made.plan!.path, { vault }, done)!;
    expect(held).toContainEqual({ kind: 'subject-keys', outcome: 'kept-by-law', count: 1, until: null });
    const opened = Buffer.from(vault.openForSubject(at.twin.orgId, contact, sealed)).toString('utf8');
    expect(opened).toContain(NEEDED.street);
    expect(opened).not.toContain('NDL-ARCHIVED-notes');
    expect(opened).not.toContain('NDL-ARCHIVED-gift-notes');
  });
});

describe('what stands in the way of an erasure', () => {
  const someone = (name: string): Promise<RecordId> =>
    createOne(org, 'Contact', { FirstName: 'Dominique', LastName: name, Email: `${name.toLowerCase()}@wait.example` });
  const ask = async (contact: RecordId, key: string, right: string): Promise<void> => {
    const request = await createOne(org, 'GardeRequest__c', {
      ...{ RequestKey__c: key, Status__c: 'initiated', ReceivedAt__c: START, Contact__c: contact },
    });
    await createOne(org, 'GardeRequestItem__c', { Request__c: request, Right__c: right, Decision__c: 'pending' });
  };

  it('DSR-10: an access request without an answer comes first; the request carried out does not hold its own run', async () => {
    const contact = await someone('Attente');
    await ask(contact, 'erase-1', 'erasure');
    expect(await nameOfError(plan(contact))).toBe('RequestUnanswered');
    expect((await plan(contact, { requestKey: 'erase-1' })).plan).not.toBeNull();
    await ask(contact, 'access-1', 'access');
    expect(await nameOfError(plan(contact, { requestKey: 'erase-1' }))).toBe('RequestUnanswered');
  });

  it('a request of somebody else, or none, is not carried out', async () => {
    const [contact, other] = [await someone('Sienne'), await someone('Autre')];
    await ask(other, 'erase-2', 'erasure');
    expect(await nameOfError(plan(contact, { requestKey: 'erase-2' }))).toBe('RequestNotThePersons');
    expect(await nameOfError(plan(contact, { requestKey: 'nothing' }))).toBe('RequestNotFound');
  });

  it('RET-03: an open case holds, and says which', async () => {
    const contact = await someone('Dossier');
    await createOne(org, 'Case', { ContactId: contact, Status: 'New', Origin: 'Phone' });
    expect(await nameOfError(plan(contact))).toBe('ErasureHeld');
  });

  it('DSR-10: a gift that came after the plan stops the run, and nothing is gone', async () => {
    const contact = await someone('Nouveau');
    await createOne(org, 'Note', { Title: 'Note', ParentId: contact });
    const { plan: made } = await plan(contact);
    await approve(at, made!.path);
    await createOne(org, 'Opportunity', {
      ...{ Name: 'Don', StageName: 'Closed Won', CloseDate: '2026-11-19', npsp__Primary_Contact__c: contact },
    });
    const { summary } = await applyIt(made!.path);
    expect(summary).toMatchObject({ state: 'partly-done', notDone: [{ code: 'new-related-row' }] });
    expect(await org.count(`SELECT COUNT() FROM Contact WHERE Id = '${contact}'`)).toBe(1);
    expect(await org.count(`SELECT COUNT() FROM Note WHERE ParentId = '${contact}'`)).toBe(1);
  });

  it('DSR-10: a run that was killed in the middle of the purge ends as it would have', async () => {
    const contact = await someone('Interrompu');
    await createOne(org, 'Note', { Title: 'NDL-KILLED-note', ParentId: contact });
    await createOne(org, 'Case', { ContactId: contact, Status: 'Closed', Subject: 'NDL-KILLED-case' });
    const { plan: made } = await plan(contact);
    await approve(at, made!.path);
    let kills = 0;
    const crashPoint: CrashPoint = (boundary, operation) => {
      if (operation !== 'purge' || boundary !== 'committed-not-answered' || kills > 0) return;
      kills += 1;
      throw new Error('killed');
    };
    await expect(applyIt(made!.path, { crashPoint })).rejects.toThrow('killed');
    const ports = { ...applyPorts(at, home), org, createGuard: guard() };
    const { summary } = await resumePlan(applyInput(at, made!.path), ports);
    expect(kills).toBe(1);
    expect(summary.state).toBe('done');
    expect(await placesHolding(org, 'NDL-KILLED')).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSpellingKnowledge } from '../../scripts/app/spellingKnowledge.ts';
import { idSuffix, type RecordId } from '../../scripts/kernel/recordId.ts';
import type { Org, OrgRow } from '../../scripts/org/port.ts';
import { checkDerivedNames, type NameCheck } from '../../scripts/requests/erase/derivedNames.ts';
import type { ErasureResult } from '../../scripts/requests/erase/erasurePorts.ts';
import { compileNeedles } from '../../scripts/subject/needles/compileNeedles.ts';
import { openNeedles } from '../../scripts/subject/needles/sealedNeedles.ts';
import { rowText } from '../../scripts/subject/rowText.ts';
import { approve } from '../plan/cycle.ts';
import { openErasureKit, type ErasureKit } from './erasureKit.ts';
import { placesHolding } from './erasureNeedles.ts';
import { createOne } from './needles.ts';
import { oneRow } from './tracePlaces.ts';

const decisionsOf = ({ items }: ErasureResult, object: string): readonly string[] =>
  items.filter((one) => one.object === object).map(({ decision, code }) => `${decision} ${code}`);

const carryOut = async (kit: ErasureKit, path: string) => {
  await approve(kit.at, path);
  return (await kit.applyIt(path)).summary;
};

describe('erasing a person account', () => {
  let kit: ErasureKit;
  type Made = { readonly account: RecordId; readonly contact: RecordId };
  const person = async (mark: string, email: string): Promise<Made> => {
    const { org } = kit;
    const name = { FirstName: 'Zoé', LastName: 'Ménard', PersonEmail: email, Description: `${mark}-account` };
    const account = await createOne(org, 'Account', name);
    const contact = rowText(
      (await oneRow(org, `SELECT PersonContactId FROM Account WHERE Id = '${account}'`)) ?? {},
      'PersonContactId',
    ) as RecordId;
    await createOne(org, 'Task', { Subject: `${mark}-task`, WhoId: contact });
    await createOne(org, 'Note', { Title: `${mark}-note`, ParentId: account, Body: `${mark}-text` });
    await createOne(org, 'Opportunity', {
      ...{ Name: `${mark}-asked`, AccountId: account, StageName: 'Prospecting', CloseDate: '2027-01-01' },
    });
    return { account, contact };
  };
  beforeAll(async () => {
    kit = await openErasureKit('bare', { personAccounts: true });
  });
  afterAll(() => kit.close());

  it('DSR-10: takes account and contact for one person, whichever is named, and leaves a namesake alone', async () => {
    const { account, contact } = await person('NDL-ONE', 'zoe@asso.example');
    const other = await person('NDL-TWO', 'zoe.menard@mairie.example');
    const before = await placesHolding(kit.org, 'NDL-TWO');
    const made = await kit.plan(account);
    for (const asked of [contact, 'zoe@asso.example']) {
      const same = await kit.plan(asked);
      expect(same.subject.map(({ id }) => id).sort()).toEqual([account, contact].sort());
      expect(same.items).toEqual(made.items);
    }
    expect(decisionsOf(made, 'Account')).toEqual(['delete own-record']);
    expect(decisionsOf(made, 'Contact')).toEqual(['delete own-record']);
    // the contact goes with its account: the platform lets nobody delete it by itself
    const deleted = made.plan!.header.terms.stepCounts.filter(({ operation }) => operation === 'delete');
    expect(deleted.map(({ object }) => object)).not.toContain('Contact');
    expect(await carryOut(kit, made.plan!.path)).toMatchObject({ state: 'done', notDone: [] });
    expect(await placesHolding(kit.org, 'NDL-ONE')).toEqual([]);
    expect(await placesHolding(kit.org, 'NDL-TWO')).toEqual(before);
    expect(await kit.org.count(`SELECT COUNT() FROM Contact WHERE Id = '${other.contact}'`)).toBe(1);
    await expect(kit.plan(account)).rejects.toMatchObject({ name: 'PersonNotFound' });
  });
});

describe('erasing people of a nonprofit', () => {
  let kit: ErasureKit;
  beforeAll(async () => {
    kit = await openErasureKit('npsp');
  });
  afterAll(() => kit.close());

  it('DSR-10: a portal user is emptied and switched off with their contact, and what stays of both is named', async () => {
    const { org, at } = kit;
    const contact = await createOne(org, 'Contact', {
      ...{ FirstName: 'Inès', LastName: 'NDL-PORTAL', Email: 'ines@asso.example', Description: 'NDL-PORTAL-text' },
    });
    const profile = await oneRow(org, 'SELECT ProfileId FROM User WHERE IsActive = true LIMIT 1');
    const id = `005Po0000000001${idSuffix('005Po0000000001')}`;
    at.twin.engine.adminLoad('User', [
      {
        ...{ Id: id, ContactId: contact, Username: 'ines@portail.example', Email: 'ines@asso.example' },
        ...{ FirstName: 'Inès', LastName: 'NDL-PORTAL', Alias: 'ines', IsActive: true, Phone: '06 39 98 11 22' },
        ...{ CommunityNickname: 'NDL-PORTAL-nick', ProfileId: rowText(profile ?? {}, 'ProfileId') },
        ...{
          TimeZoneSidKey: 'Europe/Paris',
          LocaleSidKey: 'fr_FR',
          LanguageLocaleKey: 'fr',
          EmailEncodingKey: 'UTF-8',
        },
      },
    ]);
    const made = await kit.plan(contact);
    expect(decisionsOf(made, 'User')).toEqual(['anonymise cannot-be-deleted']);
    expect(decisionsOf(made, 'Contact')).toEqual(['delete own-record']);
    expect(made.plan!.header.terms.erasure!.stays?.['User']?.en).toContain('login history');
    expect(await carryOut(kit, made.plan!.path)).toMatchObject({ state: 'done', notDone: [] });
    const user = await oneRow(
      org,
      `SELECT IsActive, LastName, FirstName, Email, Phone, ContactId FROM User WHERE Id = '${id}'`,
    );
    expect(user).toMatchObject({ IsActive: false, LastName: 'Erased', FirstName: null, Phone: null, ContactId: null });
    expect(user?.['Email']).toBe('erased@erased.invalid');
    for (const mark of ['NDL-PORTAL', 'ines@']) expect(await placesHolding(org, mark)).toEqual([]);
    await expect(kit.plan(contact)).rejects.toMatchObject({ name: 'PersonNotFound' });
  });

  it('DSR-10: a hold that is hidden blocks and is named; one that is absent does not', async () => {
    const { org } = kit;
    const contact = await createOne(org, 'Contact', {
      FirstName: 'Loïc',
      LastName: 'Kerbrat',
      Email: 'l@asso.example',
    });
    const { packs } = kit.base;
    const source = packs.flatMap((pack) => pack.holds).find(({ object }) => object === 'Case')!;
    const hides = (place: { readonly field?: string }): Org => ({
      ...org,
      describe: async (name) => {
        const described = await org.describe(name);
        if (name !== source.object || described === undefined) return described;
        return place.field === undefined
          ? undefined
          : { ...described, fields: described.fields.filter((field) => field.name !== place.field) };
      },
    });
    const blocked = kit.planAs(hides({ field: source.via }), contact);
    await expect(blocked).rejects.toMatchObject({ name: 'HoldSourceHidden' });
    await expect(blocked).rejects.toThrow(/cannot see a place that may forbid deletion/);
    const absent = { key: 'elsewhere', object: 'Lawsuit__c', via: 'Contact__c', to: 'Contact' };
    const more = { ...absent, where: [], reason: { en: 'a lawsuit', fr: 'un procès' }, optional: true };
    const withHold = (hold: typeof more) => packs.map((pack, at) => (at === 0 ? { ...pack, holds: [hold] } : pack));
    expect((await kit.plan(contact, { packs: withHold(more) })).plan).not.toBeNull();
    const demanded = kit.plan(contact, { packs: withHold({ ...more, optional: false }) });
    await expect(demanded).rejects.toMatchObject({ name: 'RequiredSourceAbsent' });
  });

  describe('whose household is called by their name', () => {
    let household: RecordId;
    let check: (wait: (milliseconds: number) => Promise<unknown>) => Promise<readonly NameCheck[]>;
    const called = (names: string): OrgRow => ({
      ...{ Id: household, Name: `Foyer ${names}`, npo02__Formal_Greeting__c: `Mme et M. ${names}` },
      npo02__Informal_Greeting__c: names,
    });
    beforeAll(async () => {
      const own = await kit.household('Foyer');
      household = own.household;
      await kit.org.update('Account', [called('Enora et Alix Vautrin')]);
      const contact = await createOne(kit.org, 'Contact', {
        ...{ FirstName: 'Enora', LastName: 'Vautrin', Email: 'enora@asso.example', AccountId: household },
      });
      const made = await kit.plan(contact);
      expect(decisionsOf(made, 'Account')).toEqual(['leave household']);
      await carryOut(kit, made.plan!.path);
      const needles = await openNeedles(kit.home.vault, made.plan!.header.needlesHolding!);
      const finder = compileNeedles(needles, await readSpellingKnowledge());
      const item = { object: 'Account', id: household, path: ['Contact.AccountId'], decision: 'leave' as const };
      const items = [{ ...item, code: 'household', law: null, until: null, fields: [], because: [] }];
      const { charter, packs } = kit.base;
      check = (wait) => checkDerivedNames({ packs, charter, items, needles, finder }, { org: kit.org, wait });
    });

    it('waits no longer than a minute, and says that the name is not worked out anew yet', async () => {
      const waited: number[] = [];
      const checked = await check((milliseconds) => Promise.resolve(waited.push(milliseconds)));
      expect(checked).toEqual([{ object: 'Account', outcome: 'not-yet', count: 1 }]);
      expect(waited.length).toBeGreaterThan(2);
      expect(waited.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(60_000);
    });

    it('looks again until the package has worked it out', async () => {
      let looks = 0;
      const checked = await check(async () => {
        looks += 1;
        if (looks === 2) await kit.org.update('Account', [called('Alix Vautrin')]);
      });
      expect(checked).toEqual([{ object: 'Account', outcome: 'recomputed', count: 1 }]);
      expect(looks).toBe(2);
    });
  });
});

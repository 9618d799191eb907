import { describe, expect, it } from '@jest/globals';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import { soqlList, soqlString } from '../../scripts/kernel/soql.ts';
import type { Org, OrgRow, WriteOutcome } from '../../scripts/org/port.ts';

const idsOf = (outcomes: readonly WriteOutcome[]): readonly RecordId[] =>
  outcomes.flatMap((outcome) => (outcome.id === null ? [] : [outcome.id]));

const all = (rows: AsyncIterable<OrgRow>): Promise<readonly OrgRow[]> => Array.fromAsync(rows);

/**
 * What every adapter of the Org port keeps, whichever org is behind it: run against the twin, and against a sandbox when
 * one is at hand. Writes invented people and purges them again. `tag` tells this run's rows from others.
 */
export const orgContract = (name: string, makeOrg: () => Promise<Org>, tag: string): void => {
  describe(`${name} as an Org`, () => {
    const lastName = (i: number): string => `${tag}-${String(i).padStart(5, '0')}`;
    const ofTag = `LastName LIKE ${soqlString(`${tag}-%`)}`;
    const remove = async (org: Org): Promise<void> => {
      const ids = (await all(org.query(`SELECT Id FROM Contact WHERE ${ofTag}`))).map((row) => row['Id'] as RecordId);
      await org.delete(ids);
      await org.emptyRecycleBin(ids);
    };

    it('says which org it is and who asks', async () => {
      const org = await makeOrg();
      const identity = await org.identity();
      expect(identity.orgId).toMatch(/^00D[A-Za-z0-9]{15}$/);
      expect(identity.userId).toMatch(/^005[A-Za-z0-9]{15}$/);
      expect(identity.username).toContain('@');
      expect(identity.instanceUrl).toMatch(/^https?:\/\/[^/]+$/);
      expect(Number(identity.apiVersion)).toBeGreaterThan(50);
    });

    it('describes objects and fields, once per run, and says undefined of what it cannot see', async () => {
      const org = await makeOrg();
      const contact = await org.describe('contact');
      const before = org.calls();
      expect(contact?.name).toBe('Contact');
      expect(contact?.fields.find((field) => field.name === 'AccountId')).toMatchObject({
        type: 'reference',
        referenceTo: ['Account'],
        relationshipName: 'Account',
      });
      expect(contact?.children.some((child) => child.childObject === 'Case' && child.field === 'ContactId')).toBe(true);
      await org.describe('Contact');
      expect(org.calls()).toBe(before);
      expect(await org.describe('NoSuchObject__c')).toBeUndefined();
      expect((await org.describeGlobal()).map((object) => object.name)).toContain('Contact');
    });

    it('writes row by row, one row’s failure leaving the others, and streams them back page by page', async () => {
      const org = await makeOrg();
      const rows = Array.from({ length: 450 }, (_, i) => (i === 7 ? { FirstName: 'Zoé' } : { LastName: lastName(i) }));
      const outcomes = await org.create('Contact', rows);
      expect(outcomes).toHaveLength(450);
      expect(outcomes[7]).toMatchObject({
        id: null,
        success: false,
        errors: [{ code: 'REQUIRED_FIELD_MISSING', fields: ['LastName'] }],
      });
      expect(outcomes.filter((outcome) => outcome.success && outcome.created)).toHaveLength(449);
      expect(await org.count(`SELECT COUNT() FROM Contact WHERE ${ofTag}`)).toBe(449);
      const read = await all(org.query(`SELECT Id, LastName FROM Contact WHERE ${ofTag} ORDER BY LastName`));
      expect(read.map((row) => row['LastName'])).toEqual(rows.flatMap((row) => row.LastName ?? []));
      await remove(org);
    });

    it('answers parents nested, children as lists, and queries too long for an address', async () => {
      const org = await makeOrg();
      const [account] = idsOf(await org.create('Account', [{ Name: `${tag} Foyer` }]));
      const contacts = idsOf(await org.create('Contact', [{ LastName: lastName(1), AccountId: account! }]));
      const soql = `SELECT Id, Account.Name, (SELECT Id FROM Cases) FROM Contact WHERE Id = ${soqlString(contacts[0]!)}`;
      expect(await all(org.query(soql))).toEqual([{ Id: contacts[0], Account: { Name: `${tag} Foyer` }, Cases: null }]);
      const long = Array.from({ length: 900 }, () => contacts[0]!);
      expect(await all(org.query(`SELECT Id FROM Contact WHERE Id IN ${soqlList(long)}`))).toHaveLength(1);
      await remove(org);
      await org.delete([account!]);
    });

    it('updates, empties and upserts', async () => {
      const org = await makeOrg();
      const [id] = idsOf(await org.create('Contact', [{ LastName: lastName(1), Title: 'a' }]));
      expect(await org.update('Contact', [{ Id: id!, Title: null, FirstName: `O'Zoé \\ "x"` }])).toMatchObject([
        { success: true, created: false },
      ]);
      expect(await all(org.query(`SELECT Title, FirstName FROM Contact WHERE Id = ${soqlString(id!)}`))).toEqual([
        { Title: null, FirstName: `O'Zoé \\ "x"` },
      ]);
      expect(await org.upsert('Contact', 'Id', [{ Id: id!, Title: 'b' }])).toMatchObject([
        { id, success: true, created: false },
      ]);
      await remove(org);
    });

    it('deletes into the recycle bin, takes back, purges, and tells what is gone already', async () => {
      const org = await makeOrg();
      const ids = idsOf(await org.create('Contact', [{ LastName: lastName(1) }, { LastName: lastName(2) }]));
      expect((await org.delete(ids)).every((outcome) => outcome.success)).toBe(true);
      expect(await org.delete([ids[0]!])).toMatchObject([
        { id: ids[0], success: false, errors: [{ code: 'ENTITY_IS_DELETED' }] },
      ]);
      const deleted = await all(
        org.query(`SELECT Id, IsDeleted FROM Contact WHERE Id = ${soqlString(ids[0]!)}`, { deletedToo: true }),
      );
      expect(deleted).toEqual([{ Id: ids[0], IsDeleted: true }]);
      expect(await org.undelete(ids)).toMatchObject([
        { id: ids[0], success: true },
        { id: ids[1], success: true },
      ]);
      await org.delete(ids);
      expect(await org.emptyRecycleBin(ids)).toMatchObject([{ success: true }, { success: true }]);
      expect(await all(org.query(`SELECT Id FROM Contact WHERE ${ofTag}`, { deletedToo: true }))).toEqual([]);
    });

    it('merges in one call: losers gone, what hung off them moved', async () => {
      const org = await makeOrg();
      const [master, loser] = idsOf(
        await org.create('Contact', [{ LastName: lastName(1) }, { LastName: lastName(2) }]),
      );
      const [task] = idsOf(await org.create('Task', [{ Subject: tag, WhoId: loser! }]));
      const merged = await org.merge({
        object: 'Contact',
        masterId: master!,
        masterFields: { Title: 'kept', FirstName: null },
        loserIds: [loser!],
      });
      expect(merged).toMatchObject({ id: master, success: true, mergedRecordIds: [loser] });
      expect(await all(org.query(`SELECT WhoId, Who.Name FROM Task WHERE Id = ${soqlString(task!)}`))).toMatchObject([
        { WhoId: master },
      ]);
      await org.delete([task!]);
      await remove(org);
    });

    it('loads and reads thousands of rows in bulk, typed as REST would', async () => {
      const org = await makeOrg();
      const rows = function* (): Generator<OrgRow> {
        for (let i = 0; i < 2500; i += 1)
          yield i === 3
            ? { LastName: null, HasOptedOutOfEmail: false }
            : { LastName: lastName(i), HasOptedOutOfEmail: i % 2 === 0 };
      };
      const outcomes = await Array.fromAsync(org.bulkLoad('Contact', 'insert', rows()));
      expect(outcomes.filter((outcome) => outcome.created)).toHaveLength(2499);
      expect(outcomes.filter((outcome) => !outcome.success)).toMatchObject([
        { errors: [{ code: 'REQUIRED_FIELD_MISSING', fields: ['LastName'] }] },
      ]);
      const soql = `SELECT Id, LastName, HasOptedOutOfEmail, CreatedDate, Account.Name, Title FROM Contact WHERE ${ofTag} ORDER BY LastName`;
      const byBulk = await all(org.bulkQuery(soql));
      expect(byBulk).toHaveLength(2499);
      const byRest = await all(org.query(`${soql} LIMIT 20`));
      const byId = new Map(byBulk.map((row) => [row['Id'], row]));
      expect(byRest.map((row) => byId.get(row['Id']))).toEqual(byRest);
      const ids = byBulk.map((row) => ({ Id: row['Id'] as RecordId }));
      const gone = await Array.fromAsync(org.bulkLoad('Contact', 'delete', ids));
      expect(gone.every((outcome) => outcome.success)).toBe(true);
      expect(await org.count(`SELECT COUNT() FROM Contact WHERE ${ofTag}`)).toBe(0);
      await org.emptyRecycleBin(ids.map(({ Id }) => Id));
    });

    it('refuses a bulk query the org refuses, without a row', async () => {
      const org = await makeOrg();
      await expect(all(org.bulkQuery('SELECT NoSuchField__c FROM Contact'))).rejects.toHaveProperty('reaction');
    });

    it('puts files on records and gives their bytes back', async () => {
      const org = await makeOrg();
      const [contact] = idsOf(await org.create('Contact', [{ LastName: lastName(1) }]));
      const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
      const document = await org.uploadFile({ title: 'Reçu "2026"', fileName: 'reçu.bin', bytes, linkTo: contact! });
      expect(document).toMatch(/^069/);
      const [version] = await all(
        org.query(`SELECT Id, Title FROM ContentVersion WHERE ContentDocumentId = ${soqlString(document)}`),
      );
      expect(version?.['Title']).toBe('Reçu "2026"');
      expect(Buffer.from(await org.downloadFile('ContentVersion', version!['Id'] as RecordId)).equals(bytes)).toBe(
        true,
      );
      const links = await all(
        org.query(`SELECT LinkedEntityId FROM ContentDocumentLink WHERE ContentDocumentId = ${soqlString(document)}`),
      );
      expect(links.map((row) => row['LinkedEntityId'])).toContain(contact);
      await org.delete([document]);
      await remove(org);
    });

    it('reads limits, the platform’s own counts and metadata lists', async () => {
      const org = await makeOrg();
      const daily = (await org.limits()).get('DailyApiRequests');
      expect(daily!.remaining).toBeLessThanOrEqual(daily!.max);
      expect((await org.approximateCounts(['Contact', 'Account'])).has('Contact')).toBe(true);
      expect(await org.listMetadata('CustomObject')).toContain('Contact');
    });

    it('names a place it may not read as not found, and a malformed query as refused', async () => {
      const org = await makeOrg();
      await expect(all(org.query('SELECT Id FROM NoSuchObject__c'))).rejects.toMatchObject({ name: 'PlaceNotFound' });
      await expect(all(org.query('SELECT FROM WHERE'))).rejects.toMatchObject({ name: 'RequestRefused' });
    });

    it('counts every call it makes', async () => {
      const org = await makeOrg();
      const before = org.calls();
      await org.count('SELECT COUNT() FROM Contact');
      expect(org.calls()).toBe(before + 1);
    });
  });
};

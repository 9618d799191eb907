import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSuppressAdd } from '../../scripts/app/objection.ts';
import { runSuppressCheck, runSuppressList, runSuppressSweep } from '../../scripts/app/suppression.ts';
import { addToList } from '../../scripts/suppression/list.ts';
import { seededRandom, temporaryVault } from '../plan/temporaryVault.ts';
import { openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let folder: string;
let objector: string;

const charterPath = 'config/charters/demo.yml';
const ports = () => ({
  ...{ org: at.admin, clock: at.clock, random: seededRandom('objection') },
  // what two recipients are for is told in the tests of keys
  vault: { ...home.vault, requireRecipients: () => undefined },
});
const add = (person: string) => runSuppressAdd({ person, charterPath }, ports(), () => undefined);

beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('objection', START);
  folder = mkdtempSync(join(tmpdir(), 'garde-objection-'));
  const named = { FirstName: 'Solène', LastName: 'Opposée', Email: 'solene.opposee@people.example' };
  [objector] = at.load('Contact', [named, { LastName: 'Autre', Email: 'autre@people.example' }]) as [string];
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  home.remove();
  await at.close();
});

describe('a person who objected to prospecting', () => {
  it('is entered once, by record, for three years and not a month longer', async () => {
    expect(await add(objector)).toEqual({ object: 'Contact', id: objector, expiresAt: '2029-12-01T00:00:00.000Z' });
    await add(objector);
    expect((await runSuppressList(ports())).counts).toMatchObject([{ cause: 'objection', count: 1 }]);
  });

  it('is refused by name without two recipients of the key, and where nobody is meant', async () => {
    const single = { ...ports(), vault: home.vault };
    await expect(runSuppressAdd({ person: objector, charterPath }, single, () => undefined)).rejects.toMatchObject({
      name: 'RecipientsMissing',
    });
    for (const person of ['somebody', '003000000000000AAA', '001000000000000AAA'])
      await expect(add(person)).rejects.toMatchObject({ name: 'PersonNotFound' });
  });

  it('is met in a file in another spelling, as somebody who objected and was not erased', async () => {
    const input = join(folder, 'bought.csv');
    writeFileSync(
      input,
      'Prénom;Nom;Courriel\nJean;Petit;jean.petit@x.example\nSOLENE;OPPOSEE;Solene.Opposee@PEOPLE.example\n',
    );
    const { found } = await runSuppressCheck({ input, charterPath }, ports());
    expect(found).toMatchObject([{ place: 2, verdict: 'caught', cause: 'objection' }]);
  });

  it('is told in the org after a copy came back, and no erasure is planned for it', async () => {
    at.load('Contact', [{ FirstName: 'Solene', LastName: 'Opposee', Email: 'solene.opposee@people.example' }]);
    const order = { all: true, plan: true, outputDir: folder, charterPath };
    const swept = await runSuppressSweep(order, ports(), () => undefined);
    expect(swept.found.map(({ verdict, cause }) => [verdict, cause])).toEqual([
      ['caught', 'objection'],
      ['caught', 'objection'],
    ]);
    expect(swept.plans).toEqual([]);
  });

  it('counts as erased when both are on record', async () => {
    const { vault, org } = ports();
    const { orgId } = await org.identity();
    const keys = {
      names: { whole: new Set<string>(), hints: new Set<string>() },
      emails: ['solene.opposee@people.example'],
    };
    const none = { phones: [], births: [], postcodes: [], addresses: [] };
    addToList(vault, orgId, {
      keep: { years: 3 },
      entries: [{ id: 'gone', cause: 'erasure', at: START, keys: { ...keys, ...none } }],
    });
    const input = join(folder, 'again.csv');
    writeFileSync(input, 'Nom;Courriel\nOpposée;solene.opposee@people.example\n');
    const { found } = await runSuppressCheck({ input, charterPath }, ports());
    expect(found).toMatchObject([{ cause: 'erasure' }]);
  });
});

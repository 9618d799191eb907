import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadDetectors } from '../../scripts/app/detectors.ts';
import { rememberErasure } from '../../scripts/app/erasureMemory.ts';
import { runEraseExport, runEraseReplay, runSuppressCheck, runSuppressSweep } from '../../scripts/app/suppression.ts';
import type { Ports } from '../../scripts/app/ports.ts';
import { productVersion } from '../../scripts/app/demo/runCommand.ts';
import { createErasureGuard } from '../../scripts/requests/erase/erasureGuard.ts';
import { applyPlan } from '../../scripts/plan/apply/applyPlan.ts';
import type { Needles } from '../../scripts/subject/needles/contract.ts';
import { openErasures } from '../../scripts/suppression/exportErasures.ts';
import { readErasures } from '../../scripts/suppression/erasures.ts';
import { applyInput, applyPorts, approve } from '../plan/cycle.ts';
import { seededRandom, temporaryVault } from '../plan/temporaryVault.ts';
import { openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';

const CHARTER = 'config/charters/demo.yml';
let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let ports: Ports;
let orgId: string;
const quiet = (): void => undefined;

/** Rows as a backup holds them: the same ids come back. */
const ODILE = '003000000000042AAA';
const TASK = '00T000000000042EAA';
const row = {
  Id: ODILE,
  FirstName: 'Odile',
  LastName: 'Kerbrat',
  Email: 'odile.kerbrat@asso.example',
  Birthdate: '1949-08-01',
  CreatedDate: '2019-01-01T10:00:00.000Z',
};
const task = { Id: TASK, Subject: 'Appel', WhoId: ODILE, CreatedDate: '2019-01-01T10:00:00.000Z' };
const restore = (): void => {
  at.twin.engine.adminLoad('Contact', [row]);
  at.twin.engine.adminLoad('Task', [task]);
};
const isThere = async (object: string, id: string): Promise<boolean> => {
  for await (const one of at.admin.query(`SELECT Id FROM ${object} WHERE Id = '${id}'`, { deletedToo: true }))
    return one['Id'] === id;
  return false;
};

const NEEDLES: Needles = {
  ...{ version: 1, country: 'FR', roots: [{ object: 'Contact', id: ODILE }], recordIds: [ODILE, TASK] },
  names: [{ full: 'Odile Kerbrat', given: ['Odile'], family: ['Kerbrat'], namesakes: 0, familyBearers: 0 }],
  ...{ emails: ['odile.kerbrat@asso.example'], sharedEmails: [], phones: [], sharedPhones: [] },
  ...{ birthDates: ['1949-08-01'], addresses: [], identifiers: [] },
};

beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('replay', START);
  const vault = { ...home.vault, requireRecipients: () => undefined };
  ports = { org: at.admin, vault, clock: at.clock, random: seededRandom('replay') };
  orgId = (await at.admin.identity()).orgId;
  const records = [
    { object: 'Contact', id: ODILE, isRoot: true },
    { object: 'Task', id: TASK, isRoot: false },
  ];
  await rememberErasure(
    { orgId, needles: NEEDLES, erasure: { entry: 'e1', at: START, plan: 'a'.repeat(64), records } },
    vault,
  );
});
afterAll(async () => {
  await at.close();
  home.remove();
});

describe('an erased person who comes back', () => {
  it('is told by row number in a file before it is imported, and nobody else is', async () => {
    const input = join(home.folder, 'people.csv');
    const rows = [
      'Prénom;Nom;Courriel;Naissance',
      'Jean;Petit;jean.petit@x.example;02/03/1980',
      'ODILE;KERBRAT;;01/08/1949',
      'Odile;Kerbrat;odile@y.example;01/08/1979',
      ';;Odile.Kerbrat+news@asso.example;',
    ];
    writeFileSync(input, Buffer.from(rows.join('\n'), 'latin1'));
    const checked = await runSuppressCheck({ input, charterPath: CHARTER }, ports);
    expect(checked).toMatchObject({ candidates: 4, listed: 1 });
    expect(checked.found.map(({ place, verdict }) => [place, verdict])).toEqual([
      [2, 'caught'],
      [4, 'caught'],
    ]);
    expect(JSON.stringify(checked)).not.toMatch(/kerbrat/i);
  });

  it('is met by a sweep of what changed since the last one', async () => {
    const order = { all: false, plan: false, outputDir: home.folder, charterPath: CHARTER };
    expect((await runSuppressSweep(order, ports, quiet)).found).toEqual([]);
    const [id] = at.load('Contact', [{ FirstName: 'Odile', LastName: 'KERBRAT', Birthdate: '1949-08-01' }]);
    at.load('Contact', [{ FirstName: 'Odile', LastName: 'Kerbrat', Birthdate: '1990-08-01' }]);
    const swept = await runSuppressSweep(order, ports, quiet);
    expect(swept.since).not.toBeNull();
    expect(swept.found).toEqual([
      expect.objectContaining({ place: { object: 'Contact', id }, verdict: 'caught', by: ['name-birth'] }),
    ]);
    await at.admin.delete([id as never]);
    await at.admin.emptyRecycleBin([id as never]);
  });

  it('an exported ledger is sealed, opens with its passphrase alone, and names nobody', async () => {
    const path = join(home.folder, 'erasures.age');
    const { passphrase = '', erasures } = await runEraseExport({ path }, ports);
    expect(erasures).toBe(1);
    expect(readFileSync(path, 'latin1')).not.toContain(ODILE);
    await expect(openErasures(ports.vault, path, 'wrong')).rejects.toMatchObject({ name: 'SealedFileClosed' });
    const opened = await openErasures(ports.vault, path, passphrase);
    expect(opened.erasures).toEqual([...readErasures(ports.vault, orgId)]);
    expect(JSON.stringify(opened)).not.toMatch(/kerbrat/i);
  });

  it('DSR-11: a backup restored over an erasure is erased again before it is read', async () => {
    const path = join(home.folder, 'ledger.age');
    const { passphrase = '' } = await runEraseExport({ path }, ports);
    const order = { input: path, passphrase, plan: true, outputDir: home.folder, charterPath: CHARTER };
    const before = await runEraseReplay(order, ports, quiet);
    expect(before).toMatchObject({ erasures: 1, people: [], plans: [] });
    restore();
    const replayed = await runEraseReplay(order, ports, quiet);
    expect(replayed.people).toEqual([
      { entry: 'e1', at: START, roots: [{ object: 'Contact', id: ODILE }], others: [{ object: 'Task', id: TASK }] },
    ]);
    const [plan = ''] = replayed.plans;
    await approve(at, plan);
    const guard = createErasureGuard(
      { ...at.law, ...(await loadDetectors()) },
      { org: ports.org, vault: ports.vault, now: at.clock.now },
    );
    const input = applyInput(at, plan);
    const result = await applyPlan(
      { ...input, use: { ...input.use, toolVersion: productVersion() } },
      { ...applyPorts(at, { vault: ports.vault }), createGuard: guard },
    );
    expect(result.summary.state).toBe('done');
    expect([await isThere('Contact', ODILE), await isThere('Task', TASK)]).toEqual([false, false]);
    expect((await runEraseReplay(order, ports, quiet)).people).toEqual([]);
  });
});

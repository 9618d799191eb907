import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Decrypter } from 'age-encryption';
import { afterRun } from '../../scripts/app/afterErasure.ts';
import { answerErasure } from '../../scripts/app/answerErasure.ts';
import { runErasurePlan } from '../../scripts/app/eraseRequest.ts';
import { loadLaw } from '../../scripts/app/loadLaw.ts';
import { runApply, type AppliedPlan } from '../../scripts/app/planning.ts';
import { runTracesPlan } from '../../scripts/app/planTraces.ts';
import { systemRandom } from '../../scripts/app/ports.ts';
import { runScan } from '../../scripts/app/residualScan.ts';
import { readSteps } from '../../scripts/plan/file/planStore.ts';
import { takeSnapshot } from '../../scripts/snapshot/takeSnapshot.ts';
import type { EncryptedStore, Holding, Vault } from '../../scripts/vault/port.ts';
import { OrgError } from '../../scripts/org/orgProblems.ts';
import type { Org, WriteOutcome } from '../../scripts/org/port.ts';
import type { ErasureResult } from '../../scripts/requests/erase/erasurePorts.ts';
import type { TracesResult } from '../../scripts/requests/traces/planTraces.ts';
import { approve, ORG_NAME } from '../plan/cycle.ts';
import { openErasureKit, type ErasureKit } from './erasureKit.ts';
import { createOne } from './needles.ts';

const EMAIL = 'solene.abgrall@gmail.example';

let kit: ErasureKit;
let charterPath: string;
let planned: ErasureResult;
let applied: AppliedPlan;
/** Two can restore the key, as far as the test is concerned: the suppression list is kept. */
const vault = (): Vault => ({ ...kit.home.vault, requireRecipients: () => undefined });
const ports = () => ({ org: kit.org, vault: vault(), clock: kit.at.clock, random: systemRandom });
const tell = () => undefined;
const apply = async (planPath: string, org: Org = kit.org): Promise<AppliedPlan> => {
  await approve(kit.at, planPath);
  const order = { planPath, charterPath, orgName: ORG_NAME, budgetShare: 0.5, upTo: 'rest' as const };
  return runApply('apply', { ...order, language: 'fr', outputDir: kit.home.folder }, { ...ports(), org }, tell);
};
const MARKS = [EMAIL, 'Abgrall', 'Solène', '639981234'];
const tablesOf = (store: EncryptedStore): string =>
  [...store.read("SELECT name FROM sqlite_master WHERE type = 'table'")]
    .map(({ name }) => JSON.stringify([...store.read(`SELECT * FROM "${String(name)}"`)]))
    .join('\n');
const stepsOf = (store: EncryptedStore): string => JSON.stringify([...readSteps(store)]);

/** All that a holding says, as far as the org's key opens it. */
const contentOf = async ({ id, kind, path }: Holding): Promise<string> => {
  if (['request-letter', 'keyring-handover'].includes(kind)) return '';
  if (!path.endsWith('.db') && !statSync(path).isDirectory())
    try {
      return Buffer.from(await kit.home.vault.open(id)).toString('utf8');
    } catch {
      // no sealed file: an encrypted store
    }
  const store = kit.home.vault.openStore(id);
  try {
    return tablesOf(store) + (kind === 'plan-steps' ? stepsOf(store) : '');
  } finally {
    store.close();
  }
};
const certificate = ({ certificatePath }: AppliedPlan): string => readFileSync(certificatePath!, 'utf8');

beforeAll(async () => {
  kit = await openErasureKit('npsp');
  charterPath = join(kit.home.folder, 'garde.yml');
  const backups = 'backups: [{ name: { en: nightly export, fr: export de nuit }, keptDays: 35 }]\n';
  const demo = readFileSync('config/charters/demo.yml', 'utf8');
  writeFileSync(charterPath, `${demo.replace('{ people: 1 }', '{ people: 1, rehearsal: advised }')}\n${backups}`);
  const { household } = await kit.household('Foyer commun');
  const name = { FirstName: 'Solène', LastName: 'Abgrall' };
  const reach = { Email: EMAIL, MobilePhone: '06 39 98 12 34' };
  const contact = await createOne(kit.org, 'Contact', { ...name, ...reach, AccountId: household });
  const wants = [{ object: 'Contact', fields: 'all' as const }];
  const kept = { wants, expiresAt: '2027-01-01T00:00:00.000Z' };
  (await takeSnapshot(kept, { org: kit.org, vault: vault(), clock: kit.at.clock })).store.close();
  await createOne(kit.org, 'Opportunity', {
    ...{ Name: 'Don', StageName: 'Closed Won', CloseDate: '2025-11-02', Amount: 50, npsp__Primary_Contact__c: contact },
  });
  await createOne(kit.org, 'Account', { Name: 'Mairie', Description: `Demander à ${EMAIL}` });
  const order = { charterPath, person: contact, includeMatchingEmail: false, outputDir: kit.home.folder };
  planned = await runErasurePlan({ ...order, publish: false }, ports(), tell);
  applied = await apply(planned.plan!.path);
});
afterAll(() => kit.close());

describe('what follows an erasure by itself', () => {
  it('DSR-10: foretells the calls of the search in the plan and keeps within them', () => {
    const { terms } = planned.plan!.header;
    expect(terms.erasure!.scan!.calls).toBeGreaterThan(50);
    expect(terms.calls).toBeGreaterThan(terms.erasure!.scan!.calls);
    expect(applied.search!.calls).toBeLessThanOrEqual(terms.erasure!.scan!.calls);
  });

  it('DSR-10: searches the org, and says what is left, what is kept until when and what was not examined', () => {
    const { search } = applied;
    expect(search?.state).toBe('partly');
    expect(search?.found).toContainEqual(
      expect.objectContaining({ object: 'Account', decision: 'leave', code: 'found-after', count: 1 }),
    );
    expect(search?.found).toContainEqual(
      expect.objectContaining({ object: 'GardeArchive__c', decision: 'keep', until: '2036-11-02' }),
    );
    const html = certificate(applied);
    for (const part of ['Recherche après l’effacement', 'trouvé ensuite', '2036-11-02', 'l’org refuse'])
      expect(html).toContain(part);
    for (const part of ['Abgrall', 'solene']) expect(html).not.toContain(part);
  });

  it('DSR-10: names backups with the day on which the last one made before ends, in certificate and letter', async () => {
    expect(certificate(applied)).toContain('export de nuit (2026-12-25)');
    const { path, passphrase } = await answerErasure(
      { planPath: planned.plan!.path, charterPath, outputDir: kit.home.folder, language: 'fr' },
      ports(),
    );
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase!);
    const letter = Buffer.from(await decrypter.decrypt(new Uint8Array(readFileSync(path)))).toString('utf8');
    expect(letter).toContain('export de nuit (25 décembre 2026)');
  });

  it('leaves the erasure done when the org does not answer the search, and says so', async () => {
    const silent: Org = {
      ...kit.org,
      describeGlobal: () =>
        Promise.reject(new OrgError('stop', [{ code: 'SessionLost', message: 'x', actions: [] }], [])),
    };
    const law = await loadLaw({ charterPath, starterAllowed: false });
    const wait = () => Promise.resolve();
    const asked = { planPath: planned.plan!.path, law, result: applied };
    const { search } = await afterRun(asked, { ...ports(), org: silent, wait }, tell);
    expect(search).toMatchObject({ state: 'not-done', code: 'SessionLost', found: [] });
  });

  it('does not search when the run left no calls for it', async () => {
    const law = await loadLaw({ charterPath, starterAllowed: false });
    const { summary } = applied;
    const spent = { ...applied, summary: { ...summary, calls: { ...summary.calls, used: summary.calls.budget - 10 } } };
    const before = kit.org.calls();
    const asked = { planPath: planned.plan!.path, law, result: spent };
    const { search } = await afterRun(asked, { ...ports(), wait: () => Promise.resolve() }, tell);
    expect(search).toMatchObject({ state: 'not-done', code: 'call-budget' });
    expect(kit.org.calls() - before).toBeLessThan(10);
  });

  it('DSR-10: searches also when something of it was not done, names it, and forgets nobody yet', async () => {
    const name = { FirstName: 'Yann', LastName: 'Kermarrec', Email: 'yann.kermarrec@people.example' };
    const person = await createOne(kit.org, 'Contact', name);
    await createOne(kit.org, 'Task', { WhoId: person, Subject: 'Rappeler Yann Kermarrec' });
    const order = { charterPath, person, includeMatchingEmail: false, outputDir: kit.home.folder, publish: false };
    const { plan } = await runErasurePlan(order, ports(), tell);
    const refusal = [{ code: 'INSUFFICIENT_ACCESS_OR_READONLY', message: 'x', fields: [] }];
    const refusing: Org = {
      ...kit.org,
      delete: async (ids) => {
        const outcomes = [...(await kit.org.delete(ids.filter((id) => id !== person)))];
        return ids.map((id): WriteOutcome => {
          const outcome = id === person ? undefined : outcomes.shift();
          return outcome ?? { id, success: false, created: false, errors: refusal };
        });
      },
    };
    const done = await apply(plan!.path, refusing);
    expect([done.summary.state, done.holdings, done.suppression]).toEqual(['partly-done', undefined, undefined]);
    expect(done.search?.found).toContainEqual(
      expect.objectContaining({ object: 'Contact', decision: 'leave', code: 'not-erased', count: 1 }),
    );
    expect(certificate(done)).toContain('Recherche après l’effacement');
    expect(kit.home.vault.holdings().map(({ id }) => id)).toContain(plan!.header.needlesHolding);
    // what was not done is planned and done again by the next erasure
    const again = await runErasurePlan(order, ports(), tell);
    expect((await apply(again.plan!.path)).summary.state).toBe('done');
  });

  describe('and what was found', () => {
    let traces: TracesResult;
    const planFound = async (): Promise<TracesResult> => {
      const order = { charterPath, planPath: planned.plan!.path, includeMatchingEmail: false, budget: {} };
      const report = await runScan(order, ports(), tell, tell);
      return runTracesPlan({ ...order, outputDir: kit.home.folder }, report, ports(), tell);
    };

    it('DSR-10: is planned, approved and applied like any other, with a search of its own', async () => {
      traces = await planFound();
      expect(traces.items).toContainEqual(
        expect.objectContaining({ object: 'Account', decision: 'redact', code: 'passage', count: 1 }),
      );
      const done = await apply(traces.plan!.path);
      expect(done.summary).toMatchObject({ state: 'done', notDone: [] });
      expect(done.suppression).toBeUndefined();
      expect(done.search!.found.map(({ code }) => code)).not.toContain('found-after');
      const html = certificate(done);
      expect(html).toContain('le passage sur la personne disparaît');
    });

    it('DSR-10: plans nothing when asked again', async () => {
      expect((await planFound()).plan).toBeNull();
    });

    it('DSR-10: nothing that Garde holds or wrote names the person any more, but what the search looks for', async () => {
      const naming: string[] = [];
      for (const holding of kit.home.vault.holdings()) {
        const text = await contentOf(holding);
        if (MARKS.some((mark) => text.includes(mark))) naming.push(holding.kind);
      }
      // the letter is sealed to its passphrase: Garde cannot look into it
      expect(naming).toEqual(['erasure-needles']);
      const written = readdirSync(kit.home.folder, { recursive: true, withFileTypes: true }).filter((one) =>
        one.isFile(),
      );
      expect(written.length).toBeGreaterThan(10);
      for (const file of written) {
        const bytes = readFileSync(join(file.parentPath, file.name));
        for (const mark of MARKS) expect([file.name, bytes.includes(mark)]).toEqual([file.name, false]);
      }
    });
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runErasurePlan } from '../../scripts/app/eraseRequest.ts';
import { runApply, runRetentionPlan, type AppliedPlan } from '../../scripts/app/planning.ts';
import { systemRandom } from '../../scripts/app/ports.ts';
import { sha256Hex } from '../../scripts/kernel/hash.ts';
import type { Org } from '../../scripts/org/port.ts';
import { takeSnapshot } from '../../scripts/snapshot/takeSnapshot.ts';
import type { Vault } from '../../scripts/vault/port.ts';
import { approve, ORG_NAME } from '../plan/cycle.ts';
import { oldContact } from '../plan/testOrg.ts';
import { Killed } from '../soak/drive.ts';
import { openErasureKit, type ErasureKit } from './erasureKit.ts';
import { createOne } from './needles.ts';

let kit: ErasureKit;
let charterPath: string;
const tell = () => undefined;

beforeAll(async () => {
  kit = await openErasureKit('npsp');
  charterPath = join(kit.home.folder, 'garde.yml');
  const demo = readFileSync('config/charters/demo.yml', 'utf8');
  writeFileSync(charterPath, demo.replace('{ people: 1 }', '{ people: 1, rehearsal: advised }'));
});
afterAll(() => kit.close());

/** Two can restore the key, as far as the test is concerned: the suppression list is kept. */
const vault = (): Vault => ({ ...kit.home.vault, requireRecipients: () => undefined });
const ports = () => ({ org: kit.org, vault: vault(), clock: kit.at.clock, random: systemRandom });

/** What a killed process holds open ends with it; here it would stay open in the test's own process. */
const HELD = new Set(['lock', 'openStore', 'createStore']);

/**
 * The same ports, killed at the nth use of org or vault that comes after the run's last word on its own record: before
 * it is made when n is odd, after it when n is even.
 */
const killedAfterEnd = (nth: number, hasEnded: boolean): ReturnType<typeof ports> => {
  let isOver = hasEnded;
  let uses = 0;
  const strike = (isBefore: boolean): void => {
    if (isOver && uses === nth && (nth % 2 === 1) === isBefore) throw new Killed(`use ${String(nth)}`);
  };
  const watched = <T extends object>(port: T): T =>
    Object.fromEntries(
      Object.entries(port).map(([name, method]: [string, unknown]) => {
        if (typeof method !== 'function' || HELD.has(name)) return [name, method];
        const use = (...given: readonly unknown[]): unknown => {
          if (isOver) uses += 1;
          strike(true);
          const answer: unknown = Reflect.apply(method, port, given);
          const isEnd = JSON.stringify(given).includes('FinishedAt__c');
          if (!(answer instanceof Promise)) {
            strike(false);
            return answer;
          }
          return answer.then((value: unknown) => {
            strike(false);
            isOver ||= isEnd;
            return value;
          });
        };
        return [name, use];
      }),
    ) as T;
  const own = ports();
  return { ...own, org: watched<Org>(own.org), vault: watched<Vault>(own.vault) };
};

const order = (planPath: string) => ({
  ...{ planPath, charterPath, orgName: ORG_NAME, budgetShare: 0.5, upTo: 'rest' as const },
  ...{ language: 'en' as const, outputDir: kit.home.folder },
});

/** Sits at the plan again and again, killed later each time, by either verb, until it comes through. */
const killedEverywhere = async (planPath: string) => {
  await approve(kit.at, planPath);
  let kills = 0;
  for (let nth = 1; ; nth += 1 + Math.floor(nth / 4)) {
    const own = killedAfterEnd(nth, kills > 0);
    try {
      const verb = kills > 0 && kills % 2 === 0 ? ('resume' as const) : ('apply' as const);
      return { applied: await runApply(verb, order(planPath), own, tell), kills };
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      kills += 1;
    }
  }
};

const proven = async ({ runRecordId, certificatePath }: AppliedPlan): Promise<string> => {
  const html = readFileSync(certificatePath!, 'utf8');
  const hashes: unknown[] = [];
  const soql = `SELECT CertificateHash__c FROM GardeRun__c WHERE Id = '${runRecordId}'`;
  for await (const row of kit.org.query(soql)) hashes.push(row['CertificateHash__c']);
  expect(hashes).toEqual([sha256Hex(html)]);
  expect(await kit.org.count(`SELECT COUNT() FROM GardeCheckpoint__c WHERE Run__c = '${runRecordId}'`)).toBe(1);
  expect(existsSync(certificatePath!.replace('.html', '.proof.ndjson'))).toBe(true);
  return html;
};
const again = (planPath: string) => runApply('resume', order(planPath), ports(), tell);

describe('RET-06: a run that is killed between its end and its certificate', () => {
  it('is not repeated, and its certificate is written by the next sitting, whichever verb it is', async () => {
    kit.at.load('Contact', [oldContact('Ancienne')]);
    const only = ['prospects'];
    const base = { charterPath, only, outputDir: kit.home.folder, publish: false, publishPeople: false };
    const { path } = await runRetentionPlan(base, ports(), tell);
    const { applied, kills } = await killedEverywhere(path);
    process.stdout.write(`killed ${String(kills)} times between end and certificate\n`);
    expect(kills).toBeGreaterThan(5);
    expect(applied.summary).toMatchObject({ state: 'done', counts: { refused: 0 } });
    expect(await proven(applied)).toContain(applied.checkpoint!.root);
    await expect(again(path)).rejects.toMatchObject({ name: 'PlanAlreadyApplied' });
  });

  it('DSR-10: of an erasure, still visits what Garde holds, lists the person, searches the org and says all of it', async () => {
    const who = { FirstName: 'Solène', LastName: 'Abgrall', Email: 'solene.abgrall@gmail.example' };
    const contact = await createOne(kit.org, 'Contact', who);
    const kept = { wants: [{ object: 'Contact', fields: 'all' as const }], expiresAt: '2027-01-01T00:00:00.000Z' };
    (await takeSnapshot(kept, ports())).store.close();
    kit.home.vault.sealForSubject(kit.at.twin.orgId, contact, Buffer.from('something'));
    const asked = { charterPath, person: contact, includeMatchingEmail: false, outputDir: kit.home.folder };
    const planned = await runErasurePlan({ ...asked, publish: false }, ports(), tell);
    const path = planned.plan!.path;
    const { applied, kills } = await killedEverywhere(path);
    process.stdout.write(`killed ${String(kills)} times between end and search\n`);
    expect(kills).toBeGreaterThan(15);
    expect(applied).toMatchObject({ summary: { state: 'done' }, suppression: 'listed', search: { state: 'partly' } });
    for (const visit of [
      { kind: 'subject-keys', outcome: 'forgotten', count: 1, until: null },
      { kind: 'snapshot', outcome: 'emptied', count: 1, until: null },
    ])
      expect(applied.holdings).toContainEqual(visit);
    expect(await proven(applied)).toContain('Search');
    await expect(again(path)).rejects.toMatchObject({ name: 'PlanAlreadyApplied' });
  });
});

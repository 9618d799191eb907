import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createExchanges } from '../../scripts/org/exchanges.ts';
import type { Exchanges } from '../../scripts/org/exchanges.ts';
import type { Org, OrgIdentity } from '../../scripts/org/port.ts';
import { readProbes } from '../../scripts/probe/probeFile.ts';
import type { Probe } from '../../scripts/probe/probeFile.ts';
import { refuseProduction, runProbes } from '../../scripts/probe/runProbes.ts';
import type { ProbeOutcome } from '../../scripts/probe/runProbes.ts';
import { startTwin } from '../../scripts/twin/startTwin.ts';
import type { Twin } from '../../scripts/twin/contract.ts';
import { connectionTo, orgAs } from '../org/twinConnection.ts';

let twin: Twin;
let org: Org;
let exchanges: Exchanges;
beforeAll(async () => {
  twin = await startTwin({ shape: 'npsp', port: 0, production: true });
  org = await orgAs(twin, 'admin');
  exchanges = createExchanges(await connectionTo(twin, 'admin'));
});
afterAll(() => twin.close());

const bench = { deploy: 'config/probes/bench/deploy', remove: 'config/probes/bench/remove' };
const ports = () => ({ org, exchanges, bench, wait: () => Promise.resolve() });

const rowsLeft = (): Readonly<Record<string, number>> => {
  const objects = ['Account', 'Contact', 'Lead', 'Case', 'Opportunity', 'Individual', 'DataUsePurpose', 'Contract'];
  return twin.engine.recordCounts(objects);
};

const probe = (key: string): Probe => readProbes().find((one) => one.probe === key)!;
const only = async (one: Probe): Promise<ProbeOutcome> => (await runProbes([one], ports())).probes[0]!;

describe('the probe list', () => {
  it('has the twelve probes, each with a source', () => {
    const keys = Array.from({ length: 12 }, (_, index) => `P${index + 1}`);
    expect(
      readProbes()
        .map((one) => one.probe)
        .toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))),
    ).toEqual(keys);
    expect(readProbes().filter(({ source }) => !source.startsWith('https://'))).toEqual([]);
  });

  it('makes records of invented people on reserved domains only', () => {
    const text = JSON.stringify(readProbes());
    expect(
      [...text.matchAll(/@([\w.-]+)/g)].map(([, domain]) => domain).filter((one) => !one!.endsWith('.example')),
    ).toEqual([]);
  });
});

describe('running probes', () => {
  it('records what was asked and answered, and leaves no record behind', async () => {
    const before = rowsLeft();
    const outcome = await only(probe('P2'));
    expect(outcome).toMatchObject({ outcome: 'recorded', leftovers: [], notRun: [] });
    expect(rowsLeft()).toEqual(before);
    const refused = outcome.cassette!.exchanges.find(({ name }) => name === 'delete an individual with a contact')!;
    expect(refused).toMatchObject({
      request: { method: 'DELETE', path: '/services/data/v66.0/sobjects/Individual/{{id:0PK:1}}' },
      answer: { status: 400, body: [expect.objectContaining({ errorCode: 'DELETE_FAILED' })] },
    });
  });

  it('says of a twin’s answers that they are a twin’s', async () => {
    expect((await only(probe('P4'))).cassette!.source.kind).toBe('twin');
  });

  it('deploys the objects it needs and takes them away again', async () => {
    const report = await runProbes([probe('P10')], ports());
    expect(report).toMatchObject({ benchLeft: false, probes: [{ outcome: 'recorded', leftovers: [] }] });
    expect(await org.listMetadata('CustomObject')).not.toContain('GardeProbe__c');
  });

  it('cleans up after a failure, and tells the probe as failed', async () => {
    const before = rowsLeft();
    const failing: Exchanges = {
      ...exchanges,
      send: (request) => (request.path.includes('/query') ? Promise.reject(new Error('cut')) : exchanges.send(request)),
    };
    const report = await runProbes([probe('P6')], { ...ports(), exchanges: failing });
    expect(report.probes[0]).toMatchObject({ outcome: 'failed', cassette: undefined, leftovers: [] });
    expect(rowsLeft()).toEqual(before);
  });

  it('lists what it could not delete', async () => {
    const stubborn: Exchanges = {
      ...exchanges,
      send: (request) =>
        request.method === 'DELETE' && request.path.includes('/composite/sobjects')
          ? Promise.resolve({ status: 400, headers: {}, body: '[{"errorCode":"UNABLE_TO_LOCK_ROW","message":"x"}]' })
          : exchanges.send(request),
    };
    const one: Probe = { ...probe('P6'), steps: probe('P6').steps.slice(0, 1) };
    const report = await runProbes([one], { ...ports(), exchanges: stubborn });
    expect(report.probes[0]!.leftovers).toEqual([{ id: expect.stringMatching(/^001/), code: 'UNABLE_TO_LOCK_ROW' }]);
    await org.delete(report.probes[0]!.leftovers.map(({ id }) => id as never));
  });

  it('skips a step whose record could not be made, and says so', async () => {
    const steps = probe('P4').steps.map((step) =>
      step.do === 'rest' && step.name === 'make boss' ? { ...step, body: {} } : step,
    );
    expect(await only({ ...probe('P4'), steps })).toMatchObject({
      outcome: 'partly',
      notRun: expect.arrayContaining(['make staff', 'merge across objects']),
    });
  });

  it('skips a probe whose package is not there', async () => {
    expect(await only({ ...probe('P12'), onlyWith: 'Absent__c' })).toMatchObject({ outcome: 'skipped', calls: 0 });
  });
});

describe('where probes may run', () => {
  const identity = { edition: 'Enterprise Edition', isSandbox: false, isTwin: false, orgName: 'Mains' } as OrgIdentity;

  it.each([
    ['a Developer Edition org', { edition: 'Developer Edition' }],
    ['a sandbox or scratch org', { isSandbox: true }],
    ['a twin', { isTwin: true }],
  ])('%s', (_, difference) => {
    expect(() => refuseProduction({ ...identity, ...difference })).not.toThrow();
  });

  it('nowhere else, and says where', () => {
    expect(() => refuseProduction(identity)).toThrow(
      expect.objectContaining({ name: 'ProbeInProduction', problems: [expect.objectContaining({ subject: 'Mains' })] }),
    );
  });
});

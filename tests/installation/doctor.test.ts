import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examine } from '../../scripts/installation/doctor.ts';
import type { Examination, ExaminedNeed } from '../../scripts/installation/doctor.ts';
import { parseNeeds } from '../../scripts/installation/needs.ts';
import { PROBES } from '../../scripts/installation/probeRegistry.ts';
import { valueOf } from '../../scripts/kernel/result.ts';
import { parsePack } from '../../scripts/model/parsePack.ts';
import type { Twin, TwinShape } from '../../scripts/twin/contract.ts';
import { startTwin } from '../../scripts/twin/startTwin.ts';
import { orgAs } from '../org/twinConnection.ts';

const text = readFileSync('config/installation/needs.yml', 'utf8');
const needs = valueOf(parseNeeds(text));
const packs = ['core', 'npsp'].map((name) => valueOf(parsePack(readFileSync(`config/packs/${name}.yml`, 'utf8'))));
const built = { objects: ['GardePlan__c', 'GardeRun__c'], permissionSets: ['GardeAdmin', 'GardePurge'] };
const twins = new Map<TwinShape, Twin>();

beforeAll(async () => {
  for (const shape of ['npsp', 'bare'] as const)
    twins.set(shape, await startTwin({ shape, port: 0, production: true }));
});
afterAll(async () => {
  for (const twin of twins.values()) await twin.close();
});

const examineAs = async (role: string, shape: TwinShape = 'npsp'): Promise<Examination> =>
  examine({ needs, packs, package: built }, await orgAs(twins.get(shape)!, role));
const need = ({ needs: found }: Examination, key: string): ExaminedNeed => found.find((one) => one.key === key)!;

describe('the list of needs', () => {
  it('has a probe for each need and a need for each probe', () => {
    expect(needs.needs.map(({ key }) => key).sort()).toEqual([...PROBES.keys()].sort());
  });

  it('has a remedy wherever there is something to do, and asks for the same values in both languages', () => {
    const marks = (sentence: string): readonly string[] => [...sentence.matchAll(/\{\w+\}/g)].map(String).sort();
    for (const { key, findings, remedies } of needs.needs) {
      for (const state of ['to-do', 'by-hand'] as const) {
        if (findings[state] !== undefined)
          expect({ key, state, remedy: remedies[state] !== undefined }).toEqual({ key, state, remedy: true });
      }
      for (const { en, fr } of Object.values(findings))
        expect({ key, marks: marks(fr) }).toEqual({ key, marks: marks(en) });
    }
  });

  it('is refused with every problem when it is written wrongly', () => {
    const read = parseNeeds(text.replace('key: api-access', 'key: API').replace('without:', 'wihtout:'));
    expect(read.ok ? [] : read.problems.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['NeedsNotValid', 'NeedsNotValid']),
    );
  });
});

describe('doctor', () => {
  it('finds a fresh nonprofit org ready but for the package', async () => {
    const found = await examineAs('admin');
    const states = Object.fromEntries(found.needs.map(({ key, state }) => [key, state]));
    expect(states).toMatchObject({
      'api-access': 'ok',
      'api-version': 'ok',
      'see-all-files': 'ok',
      'data-protection': 'ok',
      'packages-found': 'ok',
      'garde-package': 'to-do',
      'permission-sets': 'to-do',
      'hard-delete': 'ok',
    });
    expect(need(found, 'garde-package')).toMatchObject({
      finding: { en: '2 of 2 objects are not deployed.' },
      remedy: { en: expect.stringContaining('garde deploy') },
    });
    expect(found.calls).toBeLessThan(40);
    expect(JSON.stringify(found.needs)).not.toMatch(/\{\w+\}/);
  });

  it('sends a user without a permission to the exact place in Setup and says what Garde does without it', async () => {
    expect(need(await examineAs('noFiles'), 'see-all-files')).toMatchObject({
      state: 'by-hand',
      setupPath: { en: expect.stringContaining('Query All Files') },
      without: { fr: expect.stringContaining('fichiers') },
    });
  });

  it('tells a permission that makes approvals worthless', async () => {
    expect(need(await examineAs('loader'), 'audit-fields').state).toBe('to-do');
  });

  it('names packs whose package the org does not show', async () => {
    expect(need(await examineAs('admin', 'bare'), 'packages-found')).toMatchObject({
      state: 'to-do',
      finding: { en: expect.stringContaining('npsp') },
    });
  });

  it('makes a finding of what a plain user may not look at, and goes on', async () => {
    const found = await examineAs('officer');
    expect(found.needs).toHaveLength(needs.needs.length);
    expect(need(found, 'see-metadata').state).toBe('by-hand');
    expect(need(found, 'see-all-rows').state).toBe('by-hand');
  });
});

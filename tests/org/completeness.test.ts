import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { valueOf } from '../../scripts/kernel/result.ts';
import type { Completeness } from '../../scripts/model/completeness.ts';
import { parsePack } from '../../scripts/model/parsePack.ts';
import { blockingPlaces, readCompleteness } from '../../scripts/org/completeness.ts';
import { namedPlaces } from '../../scripts/org/places.ts';
import type { NamedPlace } from '../../scripts/org/places.ts';
import type { Twin, TwinShape } from '../../scripts/twin/contract.ts';
import { startTwin } from '../../scripts/twin/startTwin.ts';
import { orgAs } from './twinConnection.ts';

const packs = ['core', 'sales-cloud', 'npsp'].map((name) =>
  valueOf(parsePack(readFileSync(`config/packs/${name}.yml`, 'utf8'))),
);
const holdPlaces: readonly NamedPlace[] = [{ object: 'Legal_Hold__c', holds: true }];
const places = [...namedPlaces(packs), ...holdPlaces];
const now = '2026-11-22T10:00:00.000Z';

const twins = new Map<TwinShape, Twin>();
beforeAll(async () => {
  for (const shape of ['npsp', 'bare'] as const)
    twins.set(shape, await startTwin({ shape, port: 0, production: true }));
});
afterAll(async () => {
  for (const twin of twins.values()) await twin.close();
});

const as = async (role: string, shape: TwinShape = 'npsp', named = places): Promise<Completeness> =>
  readCompleteness(await orgAs(twins.get(shape)!, role), { places: named, now });
const namesOf = (found: Completeness['hidden']): readonly string[] =>
  found.map(({ object, field }) => (field === undefined ? object : `${object}.${field}`));

describe('completeness', () => {
  it('is complete for a user who sees everything', async () => {
    const found = await as('admin');
    expect(namesOf(found.hidden)).toEqual([]);
    expect(found).toMatchObject({ state: 'complete', filesVisible: 'seen', encryptedFieldsReadable: true, at: now });
    expect(found.seenObjects).toBeGreaterThan(20);
    expect(found.seenFields).toBeGreaterThan(100);
  });

  it('names a special-category field without field-level security as hidden, not as absent', async () => {
    const found = await as('noSpecialField');
    expect(found.state).toBe('incomplete');
    expect(found.hidden).toHaveLength(1);
    const [place] = found.hidden;
    expect(place).toMatchObject({ object: 'Contact', visibility: 'hidden' });
    expect(namesOf(found.absent)).not.toContain(`Contact.${place!.field}`);
  });

  it('says that files are hidden from a user who sees all data but not all files', async () => {
    const found = await as('noFiles');
    expect(found).toMatchObject({ state: 'incomplete', filesVisible: 'hidden' });
    expect(namesOf(found.hidden)).toEqual(['ContentVersion.*files*']);
  });

  it('lets a hidden hold source block', async () => {
    const found = await as('hiddenHold');
    expect(found.state).toBe('incomplete');
    expect(namesOf(blockingPlaces(found, places))).toEqual(['Legal_Hold__c']);
  });

  it('does not let an absent hold source block', async () => {
    const found = await as('admin', 'bare');
    expect(namesOf(found.absent)).toContain('Legal_Hold__c');
    expect(blockingPlaces(found, places)).toEqual([]);
  });

  it('finds a hidden custom object and field nobody named', async () => {
    expect(namesOf((await as('hiddenHold', 'npsp', [])).hidden)).toContain('Legal_Hold__c');
  });

  it('calls nothing absent for a user who may not ask what exists', async () => {
    const found = await as('officer');
    expect(found.absent).toEqual([]);
    expect(found.state).toBe('incomplete');
    expect(namesOf(found.hidden)).toEqual(expect.arrayContaining(['Legal_Hold__c', '*']));
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectTwin } from '../../scripts/app/connectTwin.ts';
import { rehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import { createSchemaSource } from '../../scripts/org/wholeDescribes.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { applyPorts, approve } from '../plan/cycle.ts';
import { openErasureKit, type ErasureKit } from './erasureKit.ts';
import { placesHolding, plantEverywhere, type Everywhere } from './erasureNeedles.ts';

let kit: ErasureKit;
const rehearse = async (planPath: string) => {
  const { at, org, home } = kit;
  const schema = createSchemaSource(await connectTwin(at.twin, 'admin'));
  const ports = { ...applyPorts(at, home), org, createGuard: kit.guard() };
  return rehearsePlan(planPath, { ...ports, openRehearsal: rehearsalTwin(schema) });
};
beforeAll(async () => {
  kit = await openErasureKit('bare');
});
afterAll(() => kit.close());

describe('erasing a person in an org without the Nonprofit Success Pack', () => {
  let person: Everywhere;
  let before: readonly string[];
  beforeAll(async () => {
    const { at, org } = kit;
    const shared = { twin: at.twin, org, isNpsp: false };
    const own = await kit.household('Foyer commun');
    person = await plantEverywhere({ ...shared, ...own, mark: 'NDL-SUBJECT', email: 'camille.vautrin@gmail.example' });
    const other = await kit.household('Foyer voisin');
    await plantEverywhere({ ...shared, ...other, mark: 'NDL-NAMESAKE', email: 'c.vautrin@mairie.example' });
    before = await placesHolding(org, 'NDL-NAMESAKE');
  });

  it('DSR-10: does in rehearsal what is planned, leaves none of the planted marks, touches nothing of a namesake, and plans nothing again', async () => {
    const { plan: made } = await kit.plan(person.contact);
    const rehearsed = await rehearse(made!.path);
    expect(rehearsed.differences).toEqual([]);
    expect(rehearsed.summary.state).toBe('done');
    await approve(kit.at, made!.path);
    const { summary } = await kit.applyIt(made!.path);
    expect(summary).toMatchObject({ state: 'done', notDone: [] });
    const keys = /^Garde\w+__c\.(RequestKey__c|EventKey__c|GroupKey__c|MemberKey__c|Name) /;
    expect((await placesHolding(kit.org, 'NDL-SUBJECT')).filter((place) => !keys.test(place))).toEqual([]);
    expect(await placesHolding(kit.org, 'NDL-NAMESAKE')).toEqual(before);
    await expect(kit.plan(person.contact)).rejects.toMatchObject({ name: 'PersonNotFound' });
  });
});

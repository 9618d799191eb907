import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectTwin } from '../../scripts/app/connectTwin.ts';
import { rehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import { createSchemaSource } from '../../scripts/org/wholeDescribes.ts';
import type { CreateGuard } from '../../scripts/plan/apply/guard.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { finishErasure } from '../../scripts/app/finishErasure.ts';
import { loadDetectors } from '../../scripts/app/detectors.ts';
import { scanForNeedles } from '../../scripts/app/personNeedles.ts';
import { readSpellingKnowledge } from '../../scripts/app/spellingKnowledge.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { ErasureItem } from '../../scripts/model/erasure.ts';
import { readCompleteness } from '../../scripts/org/completeness.ts';
import { namedPlaces } from '../../scripts/org/places.ts';
import { applyPlan, type ApplyResult } from '../../scripts/plan/apply/applyPlan.ts';
import { readErasureItems } from '../../scripts/plan/file/erasureItems.ts';
import { openPlan } from '../../scripts/plan/file/openPlan.ts';
import { readSteps } from '../../scripts/plan/file/planStore.ts';
import type { ErasureResult } from '../../scripts/requests/erase/erasurePorts.ts';
import { planTraces, type TracesResult } from '../../scripts/requests/traces/planTraces.ts';
import { createTraceGuard } from '../../scripts/requests/traces/traceGuard.ts';
import type { Needles } from '../../scripts/subject/needles/contract.ts';
import { openNeedles } from '../../scripts/subject/needles/sealedNeedles.ts';
import type { ResidualReport } from '../../scripts/subject/residual/contract.ts';
import { applyInput, applyPorts, approve } from '../plan/cycle.ts';
import { openErasureKit, type ErasureKit } from './erasureKit.ts';
import { placesHolding } from './erasureNeedles.ts';
import { createOne } from './needles.ts';
import { oneRow, plantTraces, type Planted } from './tracePlaces.ts';

const EMAIL = 'camille.vautrin@gmail.example';
const NAME = { FirstName: 'Camille', LastName: 'Vautrin' };

let kit: ErasureKit;
let planted: Planted;
let erased: ErasureResult;
let needles: Needles;
let untouched: readonly string[];
let other: RecordId;
let made: TracesResult;
let since: number;

const itemsOf = (path: string): readonly ErasureItem[] => {
  const { header, store } = openPlan(path, kit.home.vault);
  try {
    return readErasureItems(store, header.terms.erasure!);
  } finally {
    store.close();
  }
};
const at = (place: string): string => planted.get(place) ?? '';
const scan = (): Promise<ResidualReport> =>
  scanForNeedles({ needles, hidden: [] }, kit.at.law, { org: kit.org, clock: kit.at.clock });
const planFound = async (): Promise<TracesResult> => {
  const { org, home, base } = kit;
  const { clock, law } = kit.at;
  const places = namedPlaces(law.packs, law.charter);
  return planTraces(
    {
      ...{ ...base, needles, erasure: erased.plan!.header, items: itemsOf(erased.plan!.path), scanCalls: 7 },
      completeness: await readCompleteness(org, { places, now: clock.now() }),
      findings: (await scan()).findings,
    },
    { org, vault: home.vault, clock, knowledge: await readSpellingKnowledge() },
  );
};
const guarding = async (): Promise<CreateGuard> => {
  const guarded = { ...kit.at.law, ...(await loadDetectors()) };
  return createTraceGuard(guarded, needles.roots, { org: kit.org, now: kit.at.clock.now });
};
const carryOut = async (path: string): Promise<ApplyResult> => {
  await approve(kit.at, path);
  const { org, home } = kit;
  return applyPlan(applyInput(kit.at, path), { ...applyPorts(kit.at, home), org, createGuard: await guarding() });
};
const valueOf = async (place: string, object: string, field: string): Promise<unknown> =>
  (await oneRow(kit.org, `SELECT ${field} FROM ${object} WHERE Id = '${at(place)}'`))?.[field];

beforeAll(async () => {
  kit = await openErasureKit('npsp');
  const { org, home } = kit;
  const { twin } = kit.at;
  const person = await createOne(org, 'Contact', { ...NAME, Email: EMAIL, Description: 'Bénévole' });
  other = await createOne(org, 'Contact', { FirstName: 'Paul', LastName: 'Leroy', Email: 'paul@mairie.example' });
  const namesake = await createOne(org, 'Contact', { ...NAME, Email: 'c.vautrin@mairie.example' });
  await createOne(org, 'Task', { Subject: 'Appeler Camille Vautrin', WhoId: namesake, Description: 'NDL-OTHER' });
  planted = await plantTraces({ twin, org, email: EMAIL, name: 'Camille Vautrin', other, namesake });
  erased = await kit.plan(person);
  await approve(kit.at, erased.plan!.path);
  const done = await kit.applyIt(erased.plan!.path);
  finishErasure(erased.plan!.path, { vault: home.vault }, done);
  needles = await openNeedles(home.vault, erased.plan!.header.needlesHolding!);
  untouched = await placesHolding(org, namesake);
  made = await planFound();
  since = twin.engine.journal(0).at(-1)!.sequence;
});
afterAll(() => kit.close());

describe('what a scan found of an erased person becomes a plan', () => {
  it('DSR-10: gives each finding a step or a reason why it stays', () => {
    const items = itemsOf(made.plan!.path);
    const on = (place: string, id = at(place)): readonly string[] =>
      items.filter((item) => item.id === id).map(({ decision, code }) => `${decision} ${code}`);
    const redacted = ['account', 'task', 'note', 'case', 'case-comment', 'post', 'post-comment'];
    for (const place of redacted) expect([place, on(place)[0]]).toEqual([place, 'redact passage']);
    expect(on('log')).toEqual(['delete stray-copy']);
    expect(on('import')).toEqual(['delete stray-copy']);
    expect(on('mail-alone')).toEqual(['delete about-person-alone']);
    expect(on('mail-of-others')).toEqual(['cannot org-refuses']);
    expect(on('bin')).toEqual(['delete in-bin']);
    expect(on('history')).toEqual(['delete history']);
    expect(on('list')).toEqual(['leave file-of-others']);
    expect(on('message')).toEqual(['leave file-of-others']);
    expect(on('titled')).toEqual(['redact passage']);
    expect(items.filter((item) => item.object === 'ContentDocument' && item.decision === 'delete')).toEqual([
      expect.objectContaining({ code: 'about-person-alone', path: ['ContentVersion.VersionData'] }),
    ]);
    for (const place of ['namesake', 'namesake-task']) expect(on(place)).toEqual(['leave namesake-record']);
  });

  it('says in the plan what it is, without a word of the person', () => {
    const { header } = made.plan!;
    expect(header.terms.erasure).toMatchObject({ traces: true, scan: { calls: 7 } });
    expect(header.terms.calls).toBeGreaterThan(7);
    const told = JSON.stringify([header, itemsOf(made.plan!.path)]);
    for (const word of ['Camille', 'Vautrin', 'vautrin', 'Rezé']) expect(told).not.toContain(word);
  });

  it('DSR-10: rehearsed and applied, takes passages out, deletes what is about the person alone, and leaves the rest to the letter', async () => {
    const schema = createSchemaSource(await connectTwin(kit.at.twin, 'admin'));
    const rehearsed = await rehearsePlan(made.plan!.path, {
      ...applyPorts(kit.at, kit.home),
      ...{ org: kit.org, createGuard: await guarding(), openRehearsal: rehearsalTwin(schema) },
    });
    expect(rehearsed.state.open).toEqual([]);
    const { summary } = await carryOut(made.plan!.path);
    expect([summary.stopCause, summary.stopCode]).toEqual([null, null]);
    expect(summary).toMatchObject({ state: 'done', notDone: [] });
    expect(await valueOf('account', 'Account', 'Description')).toBe('Voir […] ([…]) et Paul.');
    expect(await valueOf('task', 'Task', 'Subject')).toBe('Rappel […]');
    expect(await valueOf('task', 'Task', 'Description')).toBe('Paul, 12 mai');
    expect(await valueOf('note', 'Note', 'Body')).toBe('Demander à […]');
    expect(await valueOf('case', 'Case', 'SuppliedEmail')).toBeNull();
    expect(await valueOf('case-comment', 'CaseComment', 'CommentBody')).toBe('Réponse à <[…]>, merci');
    expect(await valueOf('titled', 'ContentVersion', 'Title')).toBe('Photo de […] en mars');
    const left = (await placesHolding(kit.org, EMAIL)).map((place) => place.split(' ')[1]);
    // a mail's text is encoded
    const meant = ['mail-of-others', 'namesake', 'namesake-task', 'list'].map(at);
    expect([...new Set(left)].sort()).toEqual([...meant].sort());
  });

  it('DSR-10: changes exactly what was planned', () => {
    const own = kit.at.twin.engine
      .journal(since)
      .filter(({ object, cause }) => cause === 'direct' && !/^Garde(Run|Plan|Checkpoint|Approval)__c/.test(object))
      .filter(({ change, object }) => change !== 'insert' && !object.endsWith('History'));
    const { store } = openPlan(made.plan!.path, kit.home.vault);
    const asked = [...readSteps(store)]
      .map(({ step }) => step)
      .filter(({ operation }) => operation !== 'deleteHistory');
    store.close();
    const wanted = asked.map(({ operation, recordId }) => `${operation} ${recordId}`);
    expect([...new Set(own.map(({ change, id }) => `${change} ${id}`))].sort()).toEqual([...wanted].sort());
  });

  it('DSR-10: touches nothing of a namesake and plans nothing when asked again', async () => {
    expect(await placesHolding(kit.org, planted.get('namesake')!)).toEqual(untouched);
    const again = await planFound();
    expect(again.plan).toBeNull();
    expect(again.left.map(({ code }) => code)).toEqual(expect.arrayContaining(['namesake-record', 'file-of-others']));
  });

  it('leaves a text that somebody changed since it was seen', async () => {
    const id = await createOne(kit.org, 'Account', { Name: 'École', Description: `Pour ${EMAIL}` });
    const late = await planFound();
    await kit.org.update('Account', [{ Id: id, Description: `Pour ${EMAIL} et Paul` }]);
    const { summary } = await carryOut(late.plan!.path);
    expect(summary).toMatchObject({ state: 'partly-done', notDone: [{ code: 'VALUE_CHANGED' }] });
    const row = await oneRow(kit.org, `SELECT Description FROM Account WHERE Id = '${id}'`);
    expect(row?.['Description']).toBe(`Pour ${EMAIL} et Paul`);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lookAtTotals } from '../../scripts/app/anonymisedTotals.ts';
import { connectTwin } from '../../scripts/app/connectTwin.ts';
import { loadLaw } from '../../scripts/app/loadLaw.ts';
import { rehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import { createSchemaSource } from '../../scripts/org/wholeDescribes.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { applyPorts, makePlan } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';

let at: TestOrg;
beforeAll(async () => {
  const law = await loadLaw({ charterPath: 'config/charters/demo-archive.yml', starterAllowed: false });
  at = { ...(await openTestOrg()), law };
});
afterAll(() => at.close());

describe('the demo’s second charter', () => {
  it('RET-08: counts its applicants by year before and after, and says until when they are only pseudonymised', async () => {
    const home = temporaryVault('anonymise-applicants', START);
    at.load(
      'Lead',
      Array.from({ length: 14 }, (_, i) => ({
        ...{ LastName: `Candidat${String(i)}`, Company: 'Aucune', PostalCode: i < 12 ? '69003' : '75011' },
        ...{ Email: `c${String(i)}@people.example`, CreatedDate: `${i < 7 ? '2019' : '2020'}-03-01T10:00:00.000Z` },
      })),
    );
    const plan = await makePlan(at, home);
    const told = plan.header.terms.anonymisation;
    expect(told?.people).toMatchObject([{ object: 'Lead', anonymised: 0, pseudonymised: 14 }]);
    expect(told?.findings).toContainEqual({
      ...{ check: 'linkability', code: 'copies-remain', place: null, count: 14, until: '2026-12-20' },
    });
    expect(told?.statistics).toMatchObject([
      {
        ...{ key: 'applicants', sum: null },
        ...{ before: { rows: 14, sum: null }, after: { rows: 14, sum: null } },
      },
    ]);
    const openRehearsal = rehearsalTwin(createSchemaSource(await connectTwin(at.twin, 'admin')));
    const lookAfter = lookAtTotals(at.law, home.vault);
    const { differences } = await rehearsePlan(plan.path, { ...applyPorts(at, home), openRehearsal, lookAfter });
    expect(differences).toEqual([]);
  });
});

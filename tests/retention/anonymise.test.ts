import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { rehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import { loadLaw } from '../../scripts/app/loadLaw.ts';
import { connectTwin } from '../../scripts/app/connectTwin.ts';
import type { Charter } from '../../scripts/model/charter.ts';
import type { OrgRow } from '../../scripts/org/port.ts';
import { createSchemaSource } from '../../scripts/org/wholeDescribes.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { apply, applyPorts, approve, makePlan } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';
import { allowHistory } from '../disposal/anonymisedOrg.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
const donors: Charter['retention'][number] = {
  ...{ key: 'donors', purpose: 'prospecting', from: 'fr-cnil/donors', people: 'Contact', where: [] },
  action: 'anonymise',
};
beforeAll(async () => {
  const whole = await openTestOrg();
  await allowHistory(whole);
  // the lists by which graphs are found come with a charter that anonymises
  const { lists } = await loadLaw({ charterPath: 'config/charters/demo-archive.yml', starterAllowed: false });
  at = {
    ...whole,
    law: { ...whole.law, ...(lists && { lists }), charter: { ...whole.law.charter, retention: [donors] } },
  };
});
afterAll(() => at.close());
beforeEach(() => {
  home = temporaryVault('anonymise-rule', START);
});

const rows = async (soql: string): Promise<readonly OrgRow[]> => {
  const found: OrgRow[] = [];
  for await (const row of at.admin.query(soql)) found.push(row);
  return found;
};

describe('a rule that anonymises', () => {
  it('RET-07: looks at all due people together, generalises who stands out, and plans nobody twice', async () => {
    const born = (day: string, postcode: string) => ({ Birthdate: day, MailingPostalCode: postcode });
    at.load(
      'Contact',
      [
        ...Array.from({ length: 6 }, (_, i) => born(`1961-0${String(i + 1)}-03`, '69003')),
        born('1911-03-04', '97133'),
      ].map((over, i) =>
        oldContact(`Personne${String(i)}`, {
          ...over,
          ...{ FirstName: 'Nadine', Email: `p${String(i)}@people.example`, MailingCountry: 'France' },
        }),
      ),
    );
    const [recent] = at.load('Contact', [{ LastName: 'Recent', CreatedDate: '2026-01-01T00:00:00.000Z' }]);
    const plan = await makePlan(at, home);
    expect(plan.header.terms.reasons.map(({ verdict, count }) => [verdict, count])).toEqual([
      ['due', 7],
      ['kept', 1],
    ]);
    const schema = createSchemaSource(await connectTwin(at.twin, 'admin'));
    const { state } = await rehearsePlan(plan.path, { ...applyPorts(at, home), openRehearsal: rehearsalTwin(schema) });
    expect(state.open).toEqual([]);
    await approve(at, plan.path);
    expect((await apply(at, home, plan.path)).summary.state).toBe('done');
    const people = await rows(
      `SELECT FirstName, LastName, Email, Birthdate, MailingPostalCode FROM Contact WHERE Id != '${recent!}'`,
    );
    expect(people).toHaveLength(7);
    expect(JSON.stringify(people)).not.toMatch(/Nadine|Personne\d|@people|1911|97133|-0[2-9]-/);
    const looks = new Map<string, number>();
    for (const { Birthdate, MailingPostalCode } of people) {
      const key = JSON.stringify([Birthdate, MailingPostalCode]);
      looks.set(key, (looks.get(key) ?? 0) + 1);
    }
    expect(Math.max(...looks.values())).toBeGreaterThanOrEqual(5);
    const history = await rows('SELECT Id FROM ContactHistory');
    expect(history).toEqual([]);
    expect((await makePlan(at, home)).header.terms.steps).toBe(0);
  });
});

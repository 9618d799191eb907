import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlanHeader } from '../../scripts/model/plan.ts';
import { assertPlanFits, openPlan, planProblems, readPlanHeader } from '../../scripts/plan/file/openPlan.ts';
import type { PlannedPerson } from '../../scripts/plan/file/planStore.ts';
import { showPlan } from '../../scripts/plan/file/showPlan.ts';
import { writePlan, type NewPlan } from '../../scripts/plan/file/writePlan.ts';
import { exampleFrame, examplePerson, ORG, USER } from './examplePlan.ts';
import { temporaryVault } from './temporaryVault.ts';

let home: ReturnType<typeof temporaryVault>;
beforeEach(() => {
  home = temporaryVault();
});
afterEach(() => {
  home.remove();
});

const write = (people: Iterable<PlannedPerson>, createdAt = '2026-01-15T08:02:00.000Z'): NewPlan => {
  const sealed = home.vault.createStore('plan-steps', ORG, '2026-03-01T00:00:00.000Z');
  const plan = writePlan(home.vault, {
    ...{ frame: exampleFrame(), people, sealed, folder: home.folder, createdAt, snapshotHolding: 'none' },
    calls: (due, steps) => due + steps,
  });
  sealed.store.close();
  return plan;
};
const people = (n: number): readonly PlannedPerson[] => Array.from({ length: n }, (_, i) => examplePerson(i));
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).name;
  }
  return 'no error';
};
const edit = (path: string, change: (header: { terms: Record<string, unknown>; digest: string }) => void): void => {
  const header = JSON.parse(readFileSync(path, 'utf8')) as { terms: Record<string, unknown>; digest: string };
  change(header);
  writeFileSync(path, JSON.stringify(header));
};

describe('plan file', () => {
  it('counts by object, operation, rule and reason, and holds no record id', () => {
    const { header, path } = write(people(5));
    expect(header.terms).toMatchObject({ considered: 5, steps: 6, irreversible: 0.5, calls: 9 });
    expect(header.terms.stepCounts).toEqual([
      { object: 'Contact', operation: 'delete', rule: 'prospects', count: 3 },
      { object: 'Contact', operation: 'purge', rule: 'prospects', count: 3 },
    ]);
    expect(header.terms.reasons).toEqual([
      { rule: 'prospects', verdict: 'due', code: 'no-contact', count: 3, until: null },
      { rule: 'prospects', verdict: 'kept', code: 'hold', count: 2, until: null },
    ]);
    expect(header.terms.effects).toEqual([{ object: 'Task', effect: 'cascade', count: 6 }]);
    expect(readFileSync(path, 'utf8')).not.toMatch(/\b003\d{12}/);
    expect(readPlanHeader(path)).toEqual(header);
  });

  it('has the same digest for the same people and terms, whenever it was written, and another for any other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.nat(), (n, pick) => {
        const again = write(people(n), '2026-01-20T00:00:00.000Z').header.digest;
        expect(write(people(n)).header.digest).toBe(again);
        if (n === 0) return;
        const changed = people(n).map((person, i) =>
          i === pick % n && person.steps[0] !== undefined
            ? { ...person, steps: [{ ...person.steps[0], wave: 9 }, ...person.steps.slice(1)] }
            : person,
        );
        const isChanged = (pick % n) % 2 === 0;
        expect(write(changed).header.digest === again).toBe(!isChanged);
        expect(write(people(n).toReversed()).header.digest === again).toBe(n < 2);
      }),
      { numRuns: 6 },
    );
  });

  it('salts the digest, so that another keyring has another', () => {
    const mine = write(people(3)).header.digest;
    home.remove();
    home = temporaryVault('another');
    expect(write(people(3)).header.digest).not.toBe(mine);
  });

  it('refuses a plan edited by hand, whatever was edited', () => {
    const edits: readonly ((header: { terms: Record<string, unknown>; digest: string }) => void)[] = [
      (header) => (header.terms['expiresAt'] = '2027-01-01T00:00:00.000Z'),
      (header) => (header.terms['userId'] = '005000000000002AAA'),
      (header) => (header.digest = '0'.repeat(64)),
    ];
    for (const change of edits) {
      const { path } = write(people(4));
      edit(path, change);
      expect(codeOf(() => openPlan(path, home.vault))).toBe('PlanAltered');
    }
  });

  it.each([
    [
      'a step is changed',
      'UPDATE stepBlock SET packed = ?',
      (texts) => texts.map((one) => one.replace('"wave":2', '"wave":3')),
    ],
    ['two steps change places', 'UPDATE stepBlock SET packed = ?', (texts) => texts.toReversed()],
    ['a step is taken out', 'UPDATE stepBlock SET packed = ?', (texts) => texts.slice(1)],
    ['a step is added', 'UPDATE stepBlock SET packed = ?', (texts) => [...texts, texts[0]!]],
    ['steps are no longer there', 'DELETE FROM stepBlock', (texts) => texts],
    ['steps are unreadable', "UPDATE stepBlock SET packed = 'AAAA'", (texts) => texts],
    ['steps lie elsewhere', 'UPDATE stepBlock SET block = 1', (texts) => texts],
    ['a person gets another’s steps', 'UPDATE person SET first = 2 WHERE position = 0', (texts) => texts],
    ['a person’s reason is another', "UPDATE person SET code = 'recent-contact' WHERE position = 1", (texts) => texts],
    ['a person is kept longer', "UPDATE person SET until = '2099-01-01' WHERE position = 1", (texts) => texts],
    ['a person is not shown', 'DELETE FROM person WHERE position = 3', (texts) => texts],
    ['people change places', 'UPDATE person SET position = 3 - position + 10', (texts) => texts],
    ['the ramp begins with others', 'UPDATE kind SET first = 3', (texts) => texts],
    ['a whole table is gone', 'DROP TABLE person', (texts) => texts],
  ] satisfies readonly (readonly [string, string, (texts: readonly string[]) => readonly string[]])[])(
    'refuses a plan in whose store %s',
    (_what, statement, change) => {
      const { path, header } = write(people(4));
      openPlan(path, home.vault).store.close();
      const store = home.vault.openStore(header.holding);
      const [block] = [...store.read('SELECT packed FROM stepBlock')];
      const texts = inflateRawSync(Buffer.from(String(block?.['packed']), 'base64'))
        .toString()
        .split('\n');
      const packed = deflateRawSync(change(texts).join('\n')).toString('base64');
      store.run(statement, statement.includes('?') ? [packed] : []);
      store.close();
      expect(codeOf(() => openPlan(path, home.vault))).toBe('PlanAltered');
    },
  );

  it('refuses a plan whose sealed file is damaged, and one under another salt', () => {
    const { path, header } = write(people(400));
    const other = { ...home.vault, deriveKey: () => new Uint8Array(32) };
    expect(codeOf(() => openPlan(path, other))).toBe('PlanAltered');
    const [file] = home.vault.holdings(ORG).filter((one) => one.id === header.holding);
    truncateSync(file!.path, 8192);
    expect(codeOf(() => openPlan(path, home.vault))).toBe('PlanAltered');
  });

  it('says of a plan in another version of the format that it is one, and not that somebody changed it', () => {
    const { path } = write(people(2));
    edit(path, (one) => {
      one.terms['planVersion'] = 1;
      delete one.terms['asOf'];
    });
    expect(codeOf(() => readPlanHeader(path))).toBe('PlanFromOtherVersion');
    expect(() => readPlanHeader(path)).toThrow(/version 1 of the format.* version 2/);
  });

  it('refuses a file that is no plan, naming every wrong field, and a plan whose steps are gone', () => {
    const { path, header } = write(people(2));
    edit(path, (one) => {
      delete one.terms['asOf'];
      one.digest = 'x';
    });
    expect(() => readPlanHeader(path)).toThrow(/terms\.asOf[\s\S]*digest/);
    writeFileSync(path, 'no plan');
    expect(codeOf(() => readPlanHeader(path))).toBe('PlanUnreadable');
    expect(codeOf(() => readPlanHeader(`${path}.missing`))).toBe('PlanUnreadable');
    const other = write(people(2));
    home.vault.remove(other.header.holding);
    expect(codeOf(() => openPlan(other.path, home.vault))).toBe('PlanStepsGone');
    expect(header.terms.steps).toBe(2);
  });

  it('says everything that it is bound to and that differs, with a remedy each', () => {
    const { header } = write(people(2));
    const { toolVersion, charterDigest, packs, ruleSets } = header.terms;
    const use = {
      orgId: ORG,
      userId: USER,
      now: '2026-01-16T00:00:00.000Z',
      toolVersion,
      charterDigest,
      packs,
      ruleSets,
    };
    expect(planProblems(header, use)).toEqual([]);
    const codes = (over: Partial<typeof use>): readonly string[] =>
      planProblems(header, { ...use, ...over }).map((problem) => problem.code);
    expect(codes({ orgId: '00D000000000002EAA' })).toEqual(['PlanForOtherOrg']);
    expect(codes({ userId: '005000000000002AAA' })).toEqual(['PlanForOtherUser']);
    expect(codes({ now: '2026-01-23T00:00:00.000Z' })).toEqual(['PlanExpired']);
    expect(codes({ toolVersion: '0.2.0', charterDigest: 'cd'.repeat(32), packs: {} })).toEqual([
      'PlanByOtherVersion',
      'PlanByOtherCharter',
      'PlanByOtherRules',
    ]);
    expect(() => assertPlanFits(header, { ...use, now: '2027-01-01T00:00:00.000Z' })).toThrow('expiry');
  });

  it('shows who is due or kept and why, filtered', async () => {
    const { path } = write(people(6));
    const show = (over: object) =>
      showPlan({ planPath: path, limit: 2, ...over }, { vault: home.vault, now: '2026-01-16T00:00:00.000Z' });
    const due = await show({ verdict: 'due' });
    expect(due.people.map((person) => [person.reason, person.operations.length])).toEqual([
      ['no-contact', 2],
      ['no-contact', 2],
    ]);
    expect(due.more).toBe(true);
    const kept = await show({ reason: 'hold', limit: 10 });
    expect(kept.people.map((person) => person.facts['by'])).toEqual(['lawsuit', 'lawsuit', 'lawsuit']);
    const one = await show({ person: due.people[1]?.recordId });
    expect(one.people).toHaveLength(1);
    expect((one.header satisfies PlanHeader).terms.considered).toBe(6);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { CreateGuard, PlanGuard, StepsOfPerson } from '../../scripts/plan/apply/guard.ts';
import type { RunSummary } from '../../scripts/model/run.ts';
import { createRetentionGuard } from '../../scripts/retention/retentionGuard.ts';
import type { FaultInput } from '../../scripts/twin/faults/faultPlan.ts';
import { oneSitting, seededChance } from '../soak/drive.ts';
import { endState, type EndState } from '../soak/endState.ts';
import { freezePlan, type FrozenPlan } from '../soak/frozenPlan.ts';
import { loadDuePeople } from '../soak/runTypes.ts';
import { applyInput, applyPorts, approve, makePlan } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { openTestOrg, START, type TestOrg } from './testOrg.ts';

const PEOPLE = 48;
const ROUNDS = 4;
const KINDS = ['edit', 'gift', 'hold', null] as const;
type Kind = (typeof KINDS)[number];

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let frozen: FrozenPlan;
let kinds: ReadonlyMap<string, Kind>;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('second', at.clock.now());
  kinds = new Map(loadDuePeople(at, PEOPLE).map((id, i) => [id, KINDS[i % KINDS.length] ?? null]));
  const { path } = await makePlan(at, home);
  await approve(at, path);
  frozen = await freezePlan(at, home.folder, path);
});
afterAll(async () => {
  await at.close();
  home.remove();
});

type Write = Extract<FaultInput, { kind: 'secondClient' }>['writes'][number];

const WRITES: Readonly<Record<Exclude<Kind, null>, (contact: string) => Write>> = {
  edit: (Id) => ({ operation: 'update', object: 'Contact', rows: [{ Id, Phone: '+33 1 99 00 00 01' }] }),
  gift: (contact) => ({
    ...{ operation: 'insert', object: 'Opportunity' },
    rows: [
      { Name: 'Don', StageName: 'Closed Won', CloseDate: '2026-11-19', npsp__Primary_Contact__c: contact, Amount: 20 },
    ],
  }),
  hold: (contact) => ({
    operation: 'insert',
    object: 'Legal_Hold__c',
    rows: [{ Contact__c: contact, Active__c: true }],
  }),
};

/** How many requests pass from the beginning and from the end of each check until the deletion after it. */
type Distances = { readonly fromBegin: number; readonly fromEnd: number };

const FIRST: FaultInput = { kind: 'latency', milliseconds: 0 };
const requests = (): number => at.twin.faults.list()[0]?.matched ?? 0;

type Tell = (people: readonly StepsOfPerson[]) => void;
type Told = { readonly begun: Tell; readonly checked: Tell };

/** The product's own guard, which tells when it begins and ends a check. */
const telling =
  (told: Told): CreateGuard =>
  async (org, header) => {
    const guard: PlanGuard = await createRetentionGuard(at.law, at.clock.now)(org, header);
    return {
      ...guard,
      check: async (people) => {
        told.begun(people);
        const reading = await guard.check(people);
        told.checked(people);
        return reading;
      },
    };
  };

/** The clock of this machine, so that the window between check and deletion can be measured. */
const movingClock = () => {
  const began = Date.now();
  return { now: () => new Date(Date.parse(START) + Date.now() - began).toISOString() };
};

const apply = async (told: Told): Promise<{ readonly summary: RunSummary; readonly state: EndState }> => {
  const { vault } = await frozen.thaw();
  at.twin.faults.add(FIRST);
  const ports = applyPorts(at, { vault }, { createGuard: telling(told), clock: movingClock() });
  const { summary } = await oneSitting(applyInput(at, frozen.planPath), ports);
  return { summary, state: await endState(at.twin, at.admin, { vault, orgId: at.twin.orgId, since: frozen.begunAt }) };
};

/** Distances in a run that nobody disturbs, check by check. */
const measure = async (): Promise<readonly Distances[]> => {
  const marks: { begin: number; end: number }[] = [];
  const deletions: number[] = [];
  const { vault } = await frozen.thaw();
  at.twin.faults.add(FIRST);
  const told: Told = {
    begun: () => marks.push({ begin: requests(), end: 0 }),
    checked: () => {
      const mark = marks.at(-1);
      if (mark !== undefined) mark.end = requests();
    },
  };
  const org = {
    ...at.admin,
    delete: async (ids: readonly RecordId[]) => {
      const outcomes = await at.admin.delete(ids);
      deletions.push(requests());
      return outcomes;
    },
  };
  await oneSitting(applyInput(at, frozen.planPath), applyPorts(at, { vault }, { org, createGuard: telling(told) }));
  return marks.map(({ begin, end }, i) => {
    const next = marks[i + 1]?.begin ?? Number.POSITIVE_INFINITY;
    const last = Math.max(...deletions.filter((one) => one > end && one <= next));
    return { fromBegin: last - begin, fromEnd: last - end };
  });
};

/** What the ledger says became of each person: codes of what was not done, none when all was. */
const codesOf = ({ leaves }: EndState): ReadonlyMap<string, readonly string[]> => {
  const codes = new Map<string, string[]>();
  for (const leaf of leaves) {
    const [subject, content, code] = JSON.parse(leaf) as [string | null, { outcome?: string }, string | null];
    if (subject === null || (content.outcome !== 'changed' && content.outcome !== 'put-back')) continue;
    codes.set(subject, [...(codes.get(subject) ?? []), code ?? content.outcome]);
  }
  return codes;
};

describe('a second client between check and call', () => {
  it('who edits, gives or sets a hold is named in the report and never overrun', async () => {
    const distances = await measure();
    const windows: number[] = [];
    const tally = new Map<string, number>();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const chance = seededChance(round);
      const acts = new Map<string, { readonly subject: string; readonly kind: Exclude<Kind, null> }>();
      let check = -1;
      const plan = (people: readonly StepsOfPerson[], wanted: (kind: Kind) => boolean, within: number): void => {
        for (const { subject } of people) {
          const kind = kinds.get(subject) ?? null;
          if (kind === null || !wanted(kind)) continue;
          const nth = 1 + Math.floor(chance() * within);
          const writes = [WRITES[kind](subject)];
          const [id = ''] = at.twin.faults.add({
            ...{
              kind: 'secondClient',
              moment: 'before',
              as: 'loader',
              match: { user: 'admin' },
              when: { nth },
              writes,
            },
          });
          acts.set(id, { subject, kind });
        }
      };
      const { summary, state } = await apply({
        // a gift or a hold counts whenever it comes; an edit is one only after the record was read
        begun: (people) => {
          check += 1;
          plan(people, (kind) => kind === 'gift' || kind === 'hold', distances[check]?.fromBegin ?? 1);
        },
        checked: (people) => plan(people, (kind) => kind === 'edit', distances[check]?.fromEnd ?? 1),
      });
      const hits = at.twin.faults.hits().filter(({ kind }) => kind === 'secondClient');
      const written = hits.filter(({ outcomes }) => outcomes?.every((one) => one === 'OK') === true);
      const codes = codesOf(state);
      expect(hits.length).toBe(acts.size);
      for (const { fault } of written) {
        const { subject, kind } = acts.get(fault)!;
        expect([subject, kind, codes.get(subject) ?? 'not named']).toEqual([subject, kind, expect.any(Array)]);
        expect(state.rows[`Contact ${subject}`]).toMatchObject({ IsDeleted: false });
        const why = [...new Set(codes.get(subject))].filter((code) => code !== 'put-back').join('+');
        tally.set(`${kind} → ${why}`, (tally.get(`${kind} → ${why}`) ?? 0) + 1);
      }
      const refused = hits.length - written.length;
      tally.set('came too late', (tally.get('came too late') ?? 0) + refused);
      // what a second client wrote is there as it wrote it
      const made = at.twin.engine.journal(frozen.begunAt).filter(({ change }) => change === 'insert');
      for (const { object, id } of made.filter((one) => ['Opportunity', 'Legal_Hold__c'].includes(one.object))) {
        expect(state.rows[`${object} ${id}`]).toMatchObject({ IsDeleted: false });
      }
      expect(summary.persons).toEqual({ done: PEOPLE - written.length, changed: written.length, refused: 0, left: 0 });
      windows.push(summary.window.median, summary.window.longest);
    }
    const sorted = windows.toSorted((a, b) => a - b);
    const p50 = sorted[Math.floor(sorted.length / 2)] ?? 0;
    process.stdout.write(`window between check and deletion: p50 ${p50} ms, longest ${sorted.at(-1) ?? 0} ms\n`);
    process.stdout.write(
      `${[...tally]
        .sort()
        .map(([what, n]) => `${what}: ${n}`)
        .join('\n')}\n`,
    );
    for (const kind of ['edit', 'gift', 'hold']) {
      expect([...tally.keys()].some((one) => one.startsWith(`${kind} → `))).toBe(true);
    }
  }, 300_000);
});

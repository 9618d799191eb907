import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jsonOf, runGarde } from './runCommand.ts';
import type { Answer } from './runCommand.ts';
import { openTwinHome, resultOf } from './twinHome.ts';
import type { TwinHome } from './twinHome.ts';

const DEMO = resolve('config/charters/demo.yml');
const WORDS = /Needle|Aubépine|needle\.aubepine/i;

let at: TwinHome;
let plan: string;
let orgName: string;
/** Where the commands run: whatever they would leave behind lies here. */
let work: string;

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

const stateOf = async () => ({
  org: await at.changes(),
  work: filesIn(work).map((name) => `${name} ${readFileSync(join(work, name), 'base64').length}`),
  // a database's journal files come and go with its reader; what is held is in the list of holdings and the stores
  held: filesIn(join(at.home, 'garde')).filter((name) => !/-(?:wal|shm|journal)$|lock/.test(name)),
});

const refused = async (
  args: readonly string[],
  over: NodeJS.ProcessEnv = {},
): Promise<Answer & { readonly data?: readonly { readonly code: string; readonly subject: string | null }[] }> => {
  const outcome = await runGarde(['garde', ...args, '--json'], { env: { ...at.env, ...over }, cwd: work });
  const answer = jsonOf(outcome);
  expect(outcome.stdout + outcome.stderr).not.toMatch(WORDS);
  expect(answer).toMatchObject({
    status: expect.any(Number),
    name: expect.stringMatching(/^[A-Z][A-Za-z]+$/),
    message: expect.stringMatching(/\w/),
    actions: expect.arrayContaining([expect.stringMatching(/\w/)]),
  });
  expect({ status: answer.status, process: outcome.status }).toEqual({ status: 1, process: 1 });
  return answer;
};

const charterOf = (name: string, change: (text: string) => string): string => {
  const text = readFileSync(DEMO, 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`${name} is the charter as it was`);
  const path = join(work, name);
  writeFileSync(path, changed);
  return path;
};

const org = (alias: string): readonly string[] => ['--target-org', alias];
const decide = (charter: string): readonly string[] => ['retention', 'plan', ...org('admin'), '--charter', charter];
const apply = (path: string, alias = 'admin', charter = DEMO, name = orgName): readonly string[] => [
  ...['plan', 'apply', ...org(alias), '--charter', charter, '--plan', path],
  ...['--org-name', name],
];

beforeAll(async () => {
  at = await openTwinHome('npsp');
  work = join(at.home, 'work');
  mkdirSync(work);
  const assign = ['GardeAdmin', 'GardeAccess', 'GardePurge'].join(',');
  resultOf(await at.garde('deploy', ...org('admin'), '--assign', assign));
  await at.load('Contact', [
    { Id: '003000000000001AAA', LastName: 'Needle', CreatedDate: '2015-03-01T10:00:00.000Z' },
    {
      ...{ Id: '003000000000002AAA', LastName: 'Aubépine', Email: 'needle.aubepine@gmail.example' },
      CreatedDate: '2015-03-01T10:00:00.000Z',
    },
  ]);
  for (const role of ['officer', 'hiddenHold']) {
    resultOf(await at.garde('twin', 'start', '--alias', role, '--as', role));
  }
  const planned = resultOf(await at.garde(...decide(DEMO), '--output-dir', work)) as { path: string; due: number };
  expect(planned.due).toBe(2);
  plan = planned.path;
  ({ orgName } = (JSON.parse(readFileSync(plan, 'utf8')) as { terms: { orgName: string } }).terms);
});
afterAll(() => at.end());

let before: Awaited<ReturnType<typeof stateOf>>;
const unchangedAfter = async <T>(act: () => Promise<T>): Promise<T> => {
  before = await stateOf();
  const answer = await act();
  expect(await stateOf()).toEqual(before);
  return answer;
};

describe('a charter', () => {
  it('that is no YAML is refused with the line', async () => {
    const charter = charterOf('broken.yml', (text) => text.replace('controller:', 'controller: [\n'));
    const answer = await unchangedAfter(() => refused(decide(charter)));
    expect(answer.name).toBe('CharterNotValid');
    expect(answer.message).toMatch(/broken\.yml: line \d+/);
  });

  it('with several mistakes is refused once, with all of them and a remedy for each', async () => {
    const charter = charterOf('mistakes.yml', (text) =>
      text
        .replace('garde: 1', 'garde: 1\nretension: []')
        .replace('country: FR', 'country: France')
        .replace('legalBasis: contract', 'legalBasis: habit')
        .replace('action: purge', 'action: shred'),
    );
    const answer = await unchangedAfter(() => refused(decide(charter)));
    expect(answer.name).toBe('CharterNotValid');
    const subjects = answer.data?.map(({ subject }) => subject).join('\n');
    for (const place of ['retension', 'controller.country', 'purposes[0].legalBasis', 'retention[0].action']) {
      expect(answer.message).toContain(place);
      expect(subjects).toContain(place);
    }
    expect(answer.actions?.length).toBeGreaterThanOrEqual(3);
  });

  it('that names a pack, a rule and a purpose that do not exist is told which do', async () => {
    const charter = charterOf('names.yml', (text) =>
      text
        .replace('sales-cloud', 'sales-clowd')
        .replace('from: fr-cnil/prospects', 'from: fr-cnil/prospect')
        .replace('purpose: prospecting', 'purpose: prospection'),
    );
    const answer = await unchangedAfter(() => refused(decide(charter)));
    expect(answer.data?.map(({ code }) => code)).toEqual(['CharterNotValid', 'CharterNotValid', 'CharterNotValid']);
    const actions = answer.actions?.join('\n');
    for (const name of ['sales-cloud', 'fr-cnil/prospects', 'prospecting']) {
      expect(actions).toContain(`Did you mean ${name}?`);
    }
  });

  it('with a field the org has not is refused, in a rule and in its own fields alike', async () => {
    const inRule = charterOf('rule-field.yml', (text) => text.replace('field: IsConverted', 'field: IsConvertd'));
    const own = 'fields:\n  Contact:\n    Sho_Size__c: { categories: [user.health_and_medical] }\n';
    const inFields = charterOf('own-field.yml', (text) => `${text}${own}`);
    await unchangedAfter(async () => {
      const [rule, field] = [await refused(decide(inRule)), await refused(decide(inFields))];
      expect([rule.name, field.name]).toEqual(['CharterNamesUnknownPlace', 'CharterNamesUnknownPlace']);
      expect(rule.actions).toContain('Did you mean IsConverted?');
      expect(field.message).toContain('Sho_Size__c');
    });
  });

  it('is asked for by a command that decides', async () => {
    const answer = await unchangedAfter(() => refused(['retention', 'plan', ...org('admin')]));
    expect(answer).toMatchObject({
      name: 'CharterNotFound',
      actions: [expect.stringContaining('garde.yml'), expect.any(String)],
    });
  });

  it('has the rule that --rule asks for', async () => {
    const answer = await unchangedAfter(() => refused([...decide(DEMO), '--rule', 'prospect']));
    expect([answer.message, ...(answer.actions ?? [])].join(' ')).toContain('prospects');
  });
});

const edited = (name: string, edit: (header: { terms: Record<string, unknown> }) => void): string => {
  const header = JSON.parse(readFileSync(plan, 'utf8')) as { terms: Record<string, unknown> };
  edit(header);
  const path = join(work, name);
  writeFileSync(path, JSON.stringify(header));
  return path;
};

describe('a plan', () => {
  it('edited by hand is neither shown nor applied', async () => {
    const path = edited('plan-edited.json', ({ terms }) => {
      terms['expiresAt'] = '2099-01-01T00:00:00.000Z';
    });
    await unchangedAfter(async () => {
      expect(await refused(apply(path))).toMatchObject({ name: 'PlanAltered' });
      expect(await refused(['plan', 'show', '--plan', path])).toMatchObject({ name: 'PlanAltered' });
    });
  });

  it('edited until it is no plan is refused with every wrong field', async () => {
    const path = edited('plan-broken.json', ({ terms }) => {
      terms['steps'] = 'many';
      delete terms['rules'];
    });
    const answer = await unchangedAfter(() => refused(apply(path)));
    expect(answer.name).toBe('PlanUnreadable');
    expect(answer.message).toMatch(/terms\.steps/);
    expect(answer.message).toMatch(/terms\.rules/);
  });

  it('that nobody rehearsed, or whose org is not named, changes nothing', async () => {
    await unchangedAfter(async () => {
      expect(await refused(apply(plan))).toMatchObject({ name: 'RehearsalMissing' });
      expect(await refused(apply(plan, 'admin', DEMO, 'Another association'))).toMatchObject({
        name: 'OrgNameNotConfirmed',
      });
    });
  });

  it('is not approved by who planned', async () => {
    const answer = await unchangedAfter(() => refused(['plan', 'approve', ...org('admin'), '--plan', plan]));
    expect(answer.name).toBe('SelfApproval');
  });

  it('that was not begun is not resumed', async () => {
    const path = join(work, 'plan-copy.json');
    copyFileSync(plan, path);
    const answer = await unchangedAfter(() => refused(apply(path).map((word) => (word === 'apply' ? 'resume' : word))));
    expect(answer).toMatchObject({ name: 'RunNotFound', actions: [expect.stringContaining('garde plan apply')] });
  });

  it('that is stale, by its expiry and by its charter, is refused with both', async () => {
    const charter = charterOf('stricter.yml', (text) =>
      text.replace('approvals: { people: 1 }', 'approvals: { people: 2 }'),
    );
    const clock = pathToFileURL(resolve('tests/commands/laterClock.ts')).href;
    const NODE_OPTIONS = `${at.env['NODE_OPTIONS'] ?? ''} --import=${clock}`;
    const answer = await unchangedAfter(() => refused(apply(plan, 'admin', charter), { NODE_OPTIONS }));
    expect(answer.data?.map(({ code }) => code)).toEqual(['PlanExpired', 'PlanByOtherCharter']);
  });
});

describe('a user without permission', () => {
  it('gets no dossier where the package is hidden, and is told who may give it', async () => {
    const answer = await unchangedAfter(() => refused(['plan', 'approve', ...org('hiddenHold'), '--plan', plan]));
    expect(answer.name).toMatch(/^(?:ApprovalRefused|PlaceNotFound|PermissionMissing)$/);
    expect(answer.actions?.join(' ')).toMatch(/permission|garde doctor/);
  });

  it('does not apply the plan of somebody who sees more', async () => {
    const answer = await unchangedAfter(() => refused(apply(plan, 'hiddenHold')));
    expect(answer.data?.map(({ code }) => code)).toContain('PlanForOtherUser');
  });
});

describe('request access', () => {
  const ask = (person: string, ...more: readonly string[]): readonly string[] => [
    ...['request', 'access', ...org('admin'), '--charter', DEMO, '--person', person, ...more],
  ];

  it('for somebody unknown leaves no dossier', async () => {
    await unchangedAfter(async () => {
      expect(await refused(ask('nobody@gmail.example'))).toMatchObject({ name: 'PersonNotFound' });
      expect(await refused(ask('003000000000009AAA'))).toMatchObject({ name: 'PersonNotFound' });
    });
  });

  it('into a folder that is not there leaves no dossier', async () => {
    const answer = await unchangedAfter(() => refused(ask('needle.aubepine@gmail.example', '--output-dir', 'nowhere')));
    expect(answer.actions?.join(' ')).toMatch(/--output-dir|folder/i);
  });
});

describe('an org', () => {
  it('that is gone between login and command is told as such', async () => {
    const { home } = at;
    const held = filesIn(join(home, 'work'));
    resultOf(await at.garde('twin', 'stop'));
    const [planning, auditing] = [await refused(decide(DEMO)), await refused(['audit', ...org('admin')])];
    expect([planning.name, auditing.name]).toEqual(['OrgUnreachable', 'OrgUnreachable']);
    expect(filesIn(join(home, 'work'))).toEqual(held);
  });

  it('other than the one the plan was made for is left alone', async () => {
    resultOf(await at.garde('twin', 'start', '--alias', 'admin'));
    const answer = await refused(apply(plan));
    expect(answer.data?.map(({ code }) => code)).toContain('PlanForOtherOrg');
    expect(await refused(['plan', 'approve', ...org('admin'), '--plan', plan])).toMatchObject({
      name: 'PlanForOtherOrg',
    });
  });
});

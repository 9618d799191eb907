import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { jsonOf, listCommands, runGarde } from './runCommand.ts';
import { openTwinHome, resultOf } from './twinHome.ts';
import type { TwinHome } from './twinHome.ts';

/**
 * Every example of the help, run as a reader would type it, in the order of a working day. An example that is not
 * here fails the first test. `instead` makes a big example small enough for a test; `ends` is how else it may end.
 */
type Example = {
  readonly line: string;
  readonly instead?: readonly [from: string, to: string];
  readonly ends?: readonly number[];
  readonly before?: () => Promise<void> | void;
};

const PLAN = 'plan-1a2b3c4d.json';
const LATER_PLAN = 'plan-5e6f7a8b.json';
const ON_PLAN = `--target-org my-org --plan ${PLAN}`;
const NAMED = `${ON_PLAN} --org-name "My association"`;
const PERSON = '003000000000001AAA';

let at: TwinHome;
let work: string;

/** A person whom nobody has heard of for long. */
const person = (number: number, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  ...{ Id: `003000000000${String(number).padStart(3, '0')}AAA`, LastName: `Exemple${number}` },
  ...{ CreatedDate: '2015-03-01T10:00:00.000Z', ...more },
});

/** The plan that was just made, under the name that the examples use. */
const namePlan = (): void => {
  const made = readdirSync(work).filter((name) => /^plan-.*\.json$/.test(name) && name !== PLAN);
  expect(made).toHaveLength(1);
  copyFileSync(join(work, made[0]!), join(work, PLAN));
  rmSync(join(work, made[0]!));
};
/** What an example would import, how its columns are named, and the passphrase of a ledger that is not there. */
const writePeople = (): void => {
  writeFileSync(join(work, 'people.csv'), 'Prénom;Nom;Courriel\nJean;Petit;jean.petit@x.example\n');
  writeFileSync(join(work, 'map.yml'), 'Prénom: given-name\nNom: family-name\nCourriel: email\n');
  writeFileSync(join(work, 'erasures.txt'), 'abcde-fghjk\n', { mode: 0o600 });
};
const planLater = async (): Promise<void> => {
  const before = readdirSync(work);
  expect((await run('garde retention plan --target-org my-org')).status).toBe(0);
  const made = readdirSync(work).find((name) => /^plan-.*\.json$/.test(name) && !before.includes(name));
  copyFileSync(join(work, made!), join(work, LATER_PLAN));
  rmSync(join(work, made!));
};
const EXPORTED = 'ledger-00D000000000001EAA.ndjson';
/** The exported ledger under the name that the examples use, and the key it is signed with. */
let ledgerKey = '';
const nameExport = (): void => {
  const [made] = readdirSync(join(work, 'evidence')).filter((name) => /^ledger-.*\.ndjson$/.test(name));
  const [header] = readFileSync(join(work, 'evidence', made!), 'utf8').split('\n');
  ledgerKey = (JSON.parse(header!) as { readonly keys: readonly string[] }).keys[0]!;
  copyFileSync(join(work, 'evidence', made!), join(work, 'evidence', EXPORTED));
};
const planAnew = async (): Promise<void> => {
  await at.load('Contact', [person(90)]);
  rmSync(join(work, PLAN));
  const made = await run('garde retention plan --target-org my-org');
  expect(made.status).toBe(0);
  namePlan();
  for (const step of [`rehearse ${ON_PLAN}`, `approve --target-org officer --plan ${PLAN} --no-prompt`]) {
    expect((await run(`garde plan ${step} --json`)).status).toBe(0);
  }
};

/** Who may do what, as the administrator says it in Setup. */
const assign = async (role: string, permissionSet: string): Promise<void> => {
  const [user] = await at.rows(`SELECT Id FROM User WHERE Username = '${at.twin.users[role]!.username}'`);
  const [set] = await at.rows(`SELECT Id FROM PermissionSet WHERE Name = '${permissionSet}'`);
  await record('POST', 'PermissionSetAssignment', { AssigneeId: user!['Id'], PermissionSetId: set!['Id'] });
};
const assignRights = async (): Promise<void> => {
  await assign('officer', 'GardeOfficer');
  await assign('admin', 'GardePurge');
};

const RECOVERY_KEY = 'age1tnyqtfsfjyz5gqe6ajh3wqa0uelwz67xe0u3m8rtpsaerqm2sq2q30pdra';
/** What an example names that only the test knows. */
const known: Record<string, string> = {};

const orgFolder = (): string => {
  const [orgId] = readdirSync(join(at.env['GARDE_DATA_DIR']!, 'orgs'));
  return join(at.env['GARDE_DATA_DIR']!, 'orgs', orgId!);
};
/** What the officer does once, offline, with `age-keygen`. */
const makeRecoveryKey = async (): Promise<void> => {
  const identity = await generateX25519Identity();
  known['$RECIPIENT'] = await identityToRecipient(identity);
  known['$HOLDING'] = readdirSync(join(orgFolder(), 'holdings'))[0]!.slice(0, -'.json'.length);
  writeFileSync(join(work, 'officer.txt'), `${identity}\n`, { mode: 0o600 });
  writeFileSync(join(work, 'passphrase.txt'), 'une phrase que nul ne devine\n', { mode: 0o600 });
};
const loseKeyring = (): void => {
  const copies = join(orgFolder(), 'recovery');
  copyFileSync(join(copies, readdirSync(copies)[0]!), join(work, 'recovery.age'));
  rmSync(join(orgFolder(), 'keyring.json'));
};

const DAY: readonly Example[] = [
  { line: 'garde doctor' },
  { line: 'garde deploy --target-org my-org --check-only' },
  { line: 'garde deploy --target-org my-org --assign GardeAdmin,GardeAccess' },
  { line: 'garde doctor --target-org my-org --charter garde.yml --language fr' },
  { line: 'garde doctor --target-org my-org --json' },
  { line: 'garde audit' },
  { line: 'garde audit --target-org my-org --language fr --output-dir audit' },
  { line: 'garde audit --target-org my-org --scan none --json' },
  { line: 'garde request access --target-org my-org --person camille.martin@gmail.example' },
  {
    line: `garde request access --target-org my-org --person ${PERSON} --charter garde.yml --language fr --output-dir answers --passphrase-file answers/passphrase.txt`,
  },
  {
    line: 'garde request erase --target-org my-org --person camille.martin@gmail.example',
    // beside the plans that the day goes on with
    instead: ['request erase', 'request erase --output-dir answers'],
  },
  // no such request is recorded in the org
  {
    line: `garde request erase --target-org my-org --person ${PERSON} --request R-2026-014 --charter my-charter.yml --output-dir plans`,
    ends: [1],
  },
  // the plan of the day erases nobody
  { line: `garde request letter ${ON_PLAN}`, ends: [1] },
  {
    line: `garde request letter ${ON_PLAN} --language fr --output-dir answers --passphrase-file answers/passphrase.txt`,
    ends: [1],
  },
  { line: 'garde retention plan --target-org my-org --charter my-charter.yml --rule prospects --output-dir plans' },
  { line: 'garde retention plan --target-org my-org' },
  { line: 'garde retention forecast --target-org my-org' },
  { line: 'garde retention forecast --target-org my-org --accept-rule-set' },
  {
    line: 'garde retention forecast --target-org my-org --variant my-charter.yml --months 12 --html --language fr --output-dir plans',
  },
  { line: `garde plan show --plan ${PLAN}`, before: namePlan },
  // what is on the person's own records is no finding
  { line: 'garde request scan --target-org my-org --person camille.martin@gmail.example', ends: [0, 68] },
  // a retention plan keeps nothing to look for
  {
    line: `garde request scan --target-org my-org --plan ${PLAN} --html --language fr --output-dir plans`,
    ends: [1],
  },
  { line: `garde request scan --target-org my-org --plan ${PLAN} --plan-findings`, ends: [1] },
  // nobody was erased yet
  { line: 'garde suppress list --target-org my-org' },
  // two recipients of the key are not there yet
  { line: `garde suppress add --target-org my-org --person ${PERSON}`, ends: [1] },
  { line: 'garde suppress check --target-org my-org --input people.csv', before: writePeople, ends: [1] },
  { line: 'garde suppress check --target-org my-org --input people.csv --columns map.yml --language fr', ends: [1] },
  { line: 'garde suppress sweep --target-org my-org', ends: [1] },
  { line: 'garde suppress sweep --target-org my-org --all --plan --output-dir plans', ends: [1] },
  { line: 'garde erase export --target-org my-org --output-file erasures.age', ends: [1] },
  {
    line: 'garde erase export --target-org my-org --output-file erasures-2026.age --passphrase-file erasures.txt',
    instead: ['erasures.txt', 'other.txt'],
    ends: [1],
  },
  {
    line: 'garde erase replay --target-org my-sandbox --input-file erasures.age --passphrase-file erasures.txt --dry-run',
    instead: ['my-sandbox', 'my-org'],
    ends: [1],
  },
  {
    line: 'garde erase replay --target-org my-sandbox --input-file erasures.age --passphrase-file erasures.txt --output-dir plans',
    instead: ['my-sandbox', 'my-org'],
    ends: [1],
  },
  { line: `garde plan show --plan ${PLAN} --person ${PERSON}` },
  { line: `garde plan show --plan ${PLAN} --html --xlsx --language fr --output-dir plans` },
  { line: `garde plan show --plan ${PLAN} --target-org my-org --operation purge --with-names` },
  { line: `garde plan diff ${PLAN} ${LATER_PLAN}`, before: planLater },
  { line: `garde plan diff ${PLAN} ${LATER_PLAN} --html --language fr --output-dir plans` },
  { line: `garde plan refresh ${ON_PLAN} --dry-run`, before: () => rmSync(join(work, LATER_PLAN)) },
  { line: `garde plan refresh ${ON_PLAN} --no-prompt --html` },
  { line: `garde plan rehearse ${ON_PLAN}`, before: namePlan },
  // it went as planned: no such difference is open
  { line: `garde plan rehearse ${ON_PLAN} --accept not-predicted.Task.cascade`, ends: [1] },
  { line: 'garde twin status', before: assignRights },
  // nobody is at the keyboard to confirm
  {
    line: `garde plan approve --target-org officer --plan ${PLAN} --decision refused --comment "The board decides first"`,
    instead: ['--decision', '--no-prompt --decision'],
  },
  { line: `garde plan approve --target-org officer --plan ${PLAN}`, instead: ['--plan', '--no-prompt --plan'] },
  {
    line: `garde plan sign --plan ${PLAN} --approver officer@example.org --key-file approver-key.pem --make-key`,
    instead: ['--plan', '--no-prompt --plan'],
  },
  {
    line: `garde plan sign --plan ${PLAN} --approver officer@example.org --key-file approver-key.pem`,
    instead: ['--plan', '--no-prompt --plan'],
  },
  { line: `garde plan apply ${NAMED} --up-to first-twenty --budget-percent 10`, ends: [69] },
  { line: 'garde plan pause --target-org my-org' },
  { line: `garde plan resume ${NAMED}` },
  { line: `garde plan apply ${NAMED}`, before: planAnew },
  {
    line: `garde plan apply ${NAMED} --window 22:00-06:00`,
    instead: ['22:00-06:00', '00:00-23:59'],
    before: planAnew,
  },
  { line: `garde plan undo ${ON_PLAN}` },
  { line: `garde plan undo ${ON_PLAN} --limit 2000 --language fr` },
  { line: 'garde ledger verify --target-org my-org' },
  { line: 'garde ledger export --target-org my-org --output-dir evidence' },
  {
    line: `garde ledger witness --export evidence/${EXPORTED} --key "garde-ledger/00D000000000001EAA+1a2b3c4d+AXk=" --name dpo.example/witness --state-dir my-witness --output-dir notes`,
    before: nameExport,
    instead: ['garde-ledger/00D000000000001EAA+1a2b3c4d+AXk=', 'KEY-OF-THE-LEDGER'],
  },
  {
    line: 'garde schedule print --as systemd --target-org my-org --username garde@my-association.example --client-id 3MVG9example --jwt-key-file /etc/garde/jwt.key --instance-url https://my-association.my.salesforce.com --charter garde.yml --plans-dir /var/lib/garde --window 22:00-05:00 --plan-on mon --org-name "My association" --passphrase-file /etc/garde/passphrase --output-dir plans',
  },
  {
    line: 'garde schedule print --as github --runner my-runner --target-org my-org --username garde@my-association.example --client-id 3MVG9example --jwt-key-file /etc/garde/jwt.key --instance-url https://my-association.my.salesforce.com --charter garde.yml --plans-dir /var/lib/garde --window 22:00-05:00',
  },
  { line: 'garde retention run --target-org my-org --charter garde.yml --plans-dir plans' },
  {
    line: 'garde retention run --target-org my-org --charter garde.yml --plans-dir plans --window 22:00-05:00 --plan-on mon,thu --org-name "My association"',
  },
  { line: 'garde keys status', before: makeRecoveryKey },
  { line: 'garde keys status --target-org my-org --json' },
  {
    line: `garde keys add-recipient ${RECOVERY_KEY} --target-org my-org`,
    instead: [RECOVERY_KEY, '$RECIPIENT'],
  },
  { line: 'garde keys test-restore --target-org my-org --identity officer.txt' },
  { line: 'garde keys rotate --target-org my-org' },
  { line: 'garde keys handover --target-org my-org --out handover.age --passphrase-file handover.txt' },
  {
    line: `garde keys handover --target-org my-org --out colleague.age --to ${RECOVERY_KEY} --days 1`,
    instead: [RECOVERY_KEY, '$RECIPIENT'],
  },
  { line: 'garde keys restore --copy recovery.age --identity officer.txt', before: loseKeyring },
  { line: 'garde keys restore --copy handover.age --passphrase-file handover.txt', before: loseKeyring },
  {
    line: `garde keys rotate --target-org my-org --drop ${RECOVERY_KEY}`,
    instead: [RECOVERY_KEY, '$RECIPIENT'],
  },
  { line: 'garde holdings' },
  { line: 'garde holdings --target-org my-org --json' },
  {
    line: 'garde holdings --forget 0f1e2d3c4b5a69788796a5b4',
    instead: ['0f1e2d3c4b5a69788796a5b4', '$HOLDING --no-prompt'],
  },
  { line: 'garde keys rotate --target-org my-org --new-passphrase-file passphrase.txt' },
  { line: 'garde twin reset' },
  { line: 'garde twin stop' },
  { line: 'garde twin start --shape bare --json' },
  { line: 'garde twin start', before: () => run('garde twin stop').then(() => undefined) },
  { line: 'garde twin start --alias twin' },
];

/** Examples that need a home of their own: the files named here run these commands as processes. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'tests/retention/archiveOpen.test.ts': [
    'garde archive find --target-org my-org --email camille@people.example',
    'garde archive find --target-org my-org --first-name Camille --last-name Martin --birth-date 1961-04-03',
    'garde archive open --target-org my-org --archive a0A000000000001AAA --reason "Audit of the receipts of 2024" --out archive.age',
  ],
  'tests/commands/planAsProcess.test.ts': [
    `garde plan rehearse ${ON_PLAN} --on my-sandbox`,
    `garde plan apply ${NAMED} --approval approval-1a2b3c4d-officer-example.org.json`,
  ],
  'tests/commands/demo.test.ts': ['garde demo', 'garde demo --people 50000 --seed 7 --no-serve --json'],
  'tests/commands/pull.test.ts': [
    'garde twin pull --target-org my-org',
    `garde twin pull --target-org my-org --objects Contact --where "MailingCity = 'Lyon'" --alias twin`,
    `garde twin pull --target-org my-org --plan ${PLAN} --dry-run`,
    'garde probe --target-org my-dev-org',
    'garde probe --target-org my-dev-org --only P2,P5 --out recorded',
  ],
  'tests/commands/match.test.ts': [
    'garde match file --input members.csv --pairs pairs.csv --clusters clusters.csv',
    'garde match file --input new.csv --against members.csv --pairs pairs.csv',
    'garde match file --input new.csv --target-org my-org --objects Contact,Lead --pairs pairs.csv',
    'garde match file --input members.csv --columns map.yml --language fr',
    'garde match run --target-org my-org',
    'garde match run --target-org my-org --objects Contact,Lead --no-publish',
    'garde match run --target-org my-org --no-publish --index',
    'garde match run --target-org my-org --since last',
    'garde match lookup --target-org my-org --input people.csv --columns map.yml',
    'garde match lookup --target-org my-org --input people.csv --columns map.yml --json',
    'garde match explain M0017 M0451 --input members.csv',
    'garde match explain 003000000000001AAA 003000000000002AAA --target-org my-org --html why.html',
    'garde match report --target-org my-org --language fr --output-dir reports',
    'garde match report --input members.csv',
    'garde match rules --target-org my-org --language fr',
    'garde match rules --target-org my-org --method fuzzy --block --output-dir guards',
    'garde match decide M0017 M0451 --input members.csv --decision related --reason "father and son"',
    'garde match decide 003000000000001AAA 003000000000002AAA --target-org my-org --decision duplicate --reason "asked by phone"',
  ],
};

const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!);
const run = async (line: string) =>
  runGarde(wordsOf(line.replace(/\$[A-Z]+/g, (name) => known[name] ?? name)), { env: at.env, cwd: work });

/** What the administrator changes by hand. */
const record = async (method: 'POST' | 'PATCH', path: string, values: Readonly<Record<string, unknown>>) => {
  const answer = await fetch(`${at.twin.instanceUrl}/services/data/v66.0/sobjects/${path}`, {
    method,
    headers: { authorization: `Bearer ${at.twin.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(values),
  });
  if (!answer.ok) throw new Error(await answer.text());
};

beforeAll(async () => {
  at = await openTwinHome('npsp');
  work = join(at.home, 'work');
  for (const folder of ['', 'audit', 'answers', 'plans']) mkdirSync(join(work, folder));
  const charter = readFileSync(resolve('config/charters/demo.yml'), 'utf8');
  for (const name of ['garde.yml', 'my-charter.yml']) writeFileSync(join(work, name), charter);
  for (const alias of ['my-org', 'officer']) {
    const role = alias === 'officer' ? 'officer' : 'admin';
    resultOf(await at.garde('twin', 'start', '--alias', alias, '--as', role));
  }
  Object.assign(at.env, { SF_TARGET_ORG: 'my-org' });
  const [org] = await at.rows('SELECT Id FROM Organization');
  const renamed = await fetch(
    `${at.twin.instanceUrl}/services/data/v66.0/sobjects/Organization/${String(org!['Id'])}`,
    {
      method: 'PATCH',
      headers: { authorization: `Bearer ${at.twin.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ Name: 'My association' }),
    },
  );
  expect(renamed.status).toBe(204);
  await at.load('Contact', [
    person(1, { FirstName: 'Camille', LastName: 'Martin', Email: 'camille.martin@gmail.example' }),
    ...Array.from({ length: 15 }, (_none, index) => person(index + 2)),
  ]);
});
afterAll(() => at.end());

describe('the examples in help', () => {
  it('are all in the day below', async () => {
    const shown = (await listCommands()).flatMap(({ id, examples }) =>
      examples.map(({ text }) => {
        const line = text.split('\n').find((one) => one.includes('<%= command.id %>')) ?? text;
        return line.replace(/.*<%= command\.id %>/, id.replaceAll(':', ' ')).trim();
      }),
    );
    const lines = [...DAY.map(({ line }) => line), ...Object.values(ELSEWHERE).flat()];
    expect([...shown].sort()).toEqual(lines.sort());
    expect(Object.keys(ELSEWHERE).filter((file) => !existsSync(file))).toEqual([]);
  });

  it.each(DAY)('$line', async ({ line, instead, ends, before }) => {
    await before?.();
    const typed = instead === undefined ? line : line.replace(...instead);
    const outcome = await run(typed.replace('KEY-OF-THE-LEDGER', ledgerKey));
    const said = (ends ?? [0]).includes(outcome.status) ? '' : outcome.stdout + outcome.stderr;
    expect({ said, status: outcome.status }).toEqual({ said: '', status: ends?.[0] ?? 0 });
    if (line.includes('--json')) expect(jsonOf(outcome)).toMatchObject({ status: 0 });
  });
});

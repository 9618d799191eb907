import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerAccess } from '../../scripts/app/answerAccess.ts';
import { HOLDING_KINDS } from '../../scripts/model/holdings.ts';
import { checkLedger } from '../../scripts/plan/prove/checkLedger.ts';
import { apply, approve, makePlan } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, type TestOrg } from '../plan/testOrg.ts';

const NAMES = ['Vautrinet', 'Beaujardin', 'Castelnouvel'];
let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let planPath: string;

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('files', at.clock.now());
  const ids = at.load(
    'Contact',
    NAMES.map((name) => oldContact(name)),
  );
  await answerAccess(
    { person: ids[2]!, includeMatchingEmail: false, charterPath: 'config/charters/demo.yml', outputDir: home.folder },
    { org: at.admin, vault: home.vault, clock: at.clock, random: (n) => randomBytes(n) },
    () => undefined,
  );
  planPath = (await makePlan(at, home)).path;
  await approve(at, planPath);
  expect((await apply(at, home, planPath)).summary).toMatchObject({ state: 'done' });
  await checkLedger({ record: true }, { org: at.admin, vault: home.vault, clock: at.clock });
  home.vault.sealForSubject((await at.admin.identity()).orgId, ids[0]!, Buffer.from(NAMES[0]!));
});
afterAll(async () => {
  await at.close();
  home.remove();
});

describe('after a whole cycle', () => {
  it('every file in the data folder is known', () => {
    expect(filesUnder(join(home.folder, 'vault')).length).toBeGreaterThan(8);
    expect(home.vault.strays([])).toEqual([]);
  });

  it('every file elsewhere is a listed holding, or a readable file without anybody in it', () => {
    const listed = home.vault.holdings().map(({ path }) => path);
    const inVault = join(home.folder, 'vault');
    const elsewhere = filesUnder(home.folder).filter((path) => !path.startsWith(inVault) && !listed.includes(path));
    expect(elsewhere).toContain(planPath);
    for (const path of elsewhere) {
      const text = readFileSync(path, 'latin1');
      expect({ path, named: NAMES.filter((name) => text.includes(name)) }).toEqual({ path, named: [] });
    }
  });

  it('no file has anybody in it in the clear, and no other user may read one', () => {
    for (const path of filesUnder(join(home.folder, 'vault')).filter((one) => !one.endsWith('.lock'))) {
      const text = readFileSync(path, 'latin1');
      expect({ path, named: NAMES.filter((name) => text.includes(name)) }).toEqual({ path, named: [] });
      if (process.platform !== 'win32') expect({ path, mode: statSync(path).mode & 0o077 }).toEqual({ path, mode: 0 });
    }
  });

  it('the list of holdings says what each is, how big it is and that it is there', () => {
    const reports = home.vault.inspect();
    expect(reports.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['access-dossier', 'plan-steps', 'run-journal', 'ledger-salts', 'subject-keys']),
    );
    for (const { kind, bytes, exposed, state } of reports) {
      expect(HOLDING_KINDS).toContain(kind);
      expect({ kind, exposed, empty: bytes === 0 }).toEqual({ kind, exposed: false, empty: false });
      // whoever opened the subjects' keys keeps them open
      expect({ kind, state }).toEqual({ kind, state: kind === 'subject-keys' ? 'in-use' : 'kept' });
    }
  });

  it('a file that a writer forgot to list is found', () => {
    const path = join(home.folder, 'vault', 'orgs', 'export.csv');
    writeFileSync(path, 'Id\n');
    expect(home.vault.strays([])).toEqual([path]);
  });
});

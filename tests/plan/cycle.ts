import { approvePlan } from '../../scripts/plan/approve/approvePlan.ts';
import {
  applyPlan,
  resumePlan,
  type ApplyInput,
  type ApplyPorts,
  type ApplyResult,
} from '../../scripts/plan/apply/applyPlan.ts';
import {
  charterDigest,
  packVersions,
  planRetention,
  ruleSetVersions,
  type RetentionPlanResult,
} from '../../scripts/retention/plan.ts';
import { createRetentionGuard } from '../../scripts/retention/retentionGuard.ts';
import { seededRandom, type temporaryVault } from './temporaryVault.ts';
import type { TestOrg } from './testOrg.ts';

/** One stream for a whole file: two runs never draw the same key. */
const random = seededRandom('runs');

type Home = ReturnType<typeof temporaryVault>;
export const ORG_NAME = 'Association Les Mains Tendues (exemple)';

/** Plans as the administrator. */
export const makePlan = (at: TestOrg, home: Home): Promise<RetentionPlanResult> =>
  planRetention(
    { ...at.law, folder: home.folder, toolVersion: '0.1.0' },
    { org: at.admin, vault: home.vault, clock: at.clock },
  );

/** Approves as the officer. */
export const approve = (at: TestOrg, planPath: string) =>
  approvePlan({ planPath, decision: 'approved' }, { org: at.officer, clock: at.clock });

export const applyInput = (at: Pick<TestOrg, 'law'>, planPath: string, over: Partial<ApplyInput> = {}): ApplyInput => ({
  planPath,
  use: {
    toolVersion: '0.1.0',
    charterDigest: charterDigest(at.law.charter),
    packs: packVersions(at.law),
    ruleSets: ruleSetVersions(at.law),
  },
  policy: { requirements: [{ rule: null, people: 1, by: [] }], rehearsal: 'advised' },
  orgName: ORG_NAME,
  ...over,
});

export const applyPorts = (
  at: Pick<TestOrg, 'admin' | 'law' | 'clock'>,
  home: Pick<Home, 'vault'>,
  over: Partial<ApplyPorts> = {},
): ApplyPorts => ({
  org: at.admin,
  vault: home.vault,
  clock: at.clock,
  random,
  createGuard: createRetentionGuard(at.law, at.clock.now),
  wait: () => Promise.resolve(),
  ...over,
});

export const apply = (
  at: TestOrg,
  home: Home,
  planPath: string,
  over: Partial<ApplyInput> = {},
): Promise<ApplyResult> => applyPlan(applyInput(at, planPath, over), applyPorts(at, home));

export const resume = (
  at: TestOrg,
  home: Home,
  planPath: string,
  over: Partial<ApplyInput> = {},
): Promise<ApplyResult> => resumePlan(applyInput(at, planPath, over), applyPorts(at, home));

/** Names of contacts that live, of this test's own. */
export const livingContacts = async (at: TestOrg): Promise<readonly string[]> => {
  const names: string[] = [];
  for await (const row of at.admin.query('SELECT LastName FROM Contact ORDER BY LastName')) {
    names.push(row['LastName'] as string);
  }
  return names;
};

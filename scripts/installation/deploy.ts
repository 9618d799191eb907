import type { Clock } from '../kernel/clock.ts';
import { GardeError } from '../kernel/result.ts';
import type { Problem } from '../kernel/result.ts';
import type { Progress, ReportProgress } from '../model/progress.ts';
import type { DeployReport, Org } from '../org/port.ts';
import { componentsIn } from '../org/sourceFolder.ts';
import { assignPermissionSets } from './assign.ts';
import type { Assignment } from './assign.ts';
import { comparePackage, componentDigest, keyOf } from './comparePackage.ts';
import type { ComparedComponent } from './comparePackage.ts';
import { readDeployment, writeDeployment } from './deploymentRecord.ts';

export type DeployInput = {
  /** The built package, `lib/deploy/force-app`: emitted JavaScript, never `force-app` itself. */
  readonly folder: string;
  /** Where this machine keeps what it deployed to which org: one file per org. */
  readonly recordsFolder: string;
  /** Looks and validates, changes nothing. */
  readonly checkOnly: boolean;
  /** Overwrites what was changed in the org since, and what is there of unknown origin. */
  readonly force: boolean;
  /** Permission sets to give the running user afterwards. */
  readonly assign: readonly string[];
};

export type DeployResult = {
  readonly orgId: string;
  readonly report: DeployReport;
  readonly components: readonly ComparedComponent[];
  readonly assigned: readonly Assignment[];
  /** The org takes no translations (Translation Workbench is off): labels are those of the package's own language. */
  readonly translationsLeftOut: boolean;
  /** Flows that arrived inactive, as production orgs receive them: to be switched on by hand. */
  readonly switchOnByHand: readonly string[];
};

/** At most this many names in a message. */
const NAMES_SHOWN = 10;

const LOOK =
  'Look at the named components in Setup. To replace them by the package’s own, run the command again with --force.';

const collision = ({ type, fullName, state }: ComparedComponent): Problem => ({
  code: 'PackageCollision',
  subject: `${type} ${fullName}`,
  message: `${type} ${fullName} is in the org already and ${
    state === 'changed' ? 'was changed there since the last deployment' : 'was not deployed from here'
  }.`,
  actions: [LOOK],
});

const furtherCollisions = (count: number): readonly Problem[] =>
  count <= 0 ? [] : [{ code: 'PackageCollision', message: `… and ${count} more.`, actions: [LOOK] }];

const refuseOverwriting = (components: readonly ComparedComponent[]): void => {
  const taken = components.filter(({ state }) => state === 'changed' || state === 'foreign');
  if (taken.length === 0) return;
  throw new GardeError([
    ...taken.slice(0, NAMES_SHOWN).map(collision),
    ...furtherCollisions(taken.length - NAMES_SHOWN),
  ]);
};

const refuseFailure = (report: DeployReport): void => {
  if (report.success) return;
  throw new GardeError(
    report.failures.map(({ type, fullName, problem, line }) => ({
      code: 'DeployFailed',
      subject: `${type} ${fullName}`,
      message: `${type} ${fullName}${line === null ? '' : ` (line ${line})`}: ${problem}`,
      actions: ['Nothing was deployed. Correct what the org names, or run `sf garde doctor` to see what it lacks.'],
    })),
  );
};

type Ports = { readonly org: Org; readonly clock: Clock };

const compare = async (org: Org, input: DeployInput, path: string): Promise<readonly ComparedComponent[]> => {
  const { orgId } = await org.identity();
  const recorded = await readDeployment(path, orgId);
  const inOrg = await org.retrieveLike(input.folder);
  return comparePackage(await componentsIn(input.folder), inOrg, new Map(Object.entries(recorded?.components ?? {})));
};

const remember = async ({ org, clock }: Ports, input: DeployInput, path: string): Promise<void> => {
  const { orgId } = await org.identity();
  const deployed = await org.retrieveLike(input.folder);
  const components = Object.fromEntries(deployed.map((component) => [keyOf(component), componentDigest(component)]));
  await writeDeployment(path, { garde: 1, orgId, deployedAt: clock.now(), components });
};

const inactiveFlows = async (folder: string): Promise<readonly string[]> =>
  (await componentsIn(folder)).filter(({ type }) => type === 'Flow').map(({ fullName }) => fullName);

/** Metadata that an org with Translation Workbench off refuses: "Not available for deploy for this organization". */
const TRANSLATIONS = ['CustomObjectTranslation', 'Translations'];
const refusesTranslations = ({ failures }: DeployReport): boolean =>
  failures.length > 0 && failures.every(({ type }) => TRANSLATIONS.includes(type));

/**
 * Sends the package; once more without translations when they are all that the org refuses, because most orgs of one
 * language never switched Translation Workbench on, and labels in the user's language are no reason not to install.
 */
const send = async (
  { org }: Ports,
  { folder, checkOnly }: DeployInput,
  tell: ReportProgress,
): Promise<{ readonly report: DeployReport; readonly translationsLeftOut: boolean }> => {
  const sending: Progress = checkOnly ? { stage: 'deploy.validate' } : { stage: 'deploy.deploy' };
  tell(sending);
  const onProgress = (done: number, total: number): void => tell({ ...sending, done, total });
  const report = await org.deployFolder(folder, { checkOnly, onProgress });
  if (report.success || !refusesTranslations(report)) return { report, translationsLeftOut: false };
  const without = await org.deployFolder(folder, { checkOnly, onProgress, leaveOut: TRANSLATIONS });
  return { report: without, translationsLeftOut: true };
};

/**
 * Deploys the package: look for names already taken, deploy (or validate), remember what the org made of it, assign
 * permission sets. Additive: nothing is deleted. Errors: `PackageCollision` before anything is sent, `DeployFailed`
 * with every problem of the org, in which case nothing was deployed.
 */
export const deployPackage = async (
  input: DeployInput,
  ports: Ports,
  tell: ReportProgress = () => undefined,
): Promise<DeployResult> => {
  const { orgId } = await ports.org.identity();
  const path = `${input.recordsFolder}/${orgId}.json`;
  tell({ stage: 'deploy.compare' });
  const components = await compare(ports.org, input, path);
  if (!input.force) refuseOverwriting(components);
  const { report, translationsLeftOut } = await send(ports, input, tell);
  refuseFailure(report);
  const result = { orgId, report, components, translationsLeftOut, switchOnByHand: await inactiveFlows(input.folder) };
  if (input.checkOnly) return { ...result, assigned: [] };
  tell({ stage: 'deploy.remember' });
  await remember(ports, input, path);
  tell({ stage: 'deploy.assign' });
  return { ...result, assigned: await assignPermissionSets(ports.org, input.assign) };
};

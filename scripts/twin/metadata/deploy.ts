import type { DeployOutcome, MetadataFile } from '../contract.ts';
import { TwinError } from '../contract.ts';
import { componentsOf, type Component } from './components.ts';
import { deployBundle } from './deployBundle.ts';
import { DeployReport, named, type DeployContext, type MetadataWorld } from './deployContext.ts';
import { deployDuplicateRule, deployMatchingRules } from './deployDuplicates.ts';
import { deployFlow } from './deployFlow.ts';
import { deployLabels } from './deployLabels.ts';
import { deployObjects } from './deployObjects.ts';
import { deployCustomMetadata, deployCustomPermission, deployStored, deployValueSet } from './deployOthers.ts';
import { deployPermissionSet, deployProfile } from './deployPermissions.ts';
import { destroy } from './destructive.ts';
import { names, readManifest, type Manifest } from './manifest.ts';
import { childTypes, isPlatformType, metadataTypes } from './metadataTypes.ts';
import { ComponentProblem } from './problem.ts';
import { mirrorPersonFields } from '../schema/personAccounts.ts';

type Deployer = (context: DeployContext, component: Component) => void;

/** What formulas of objects name and what names nothing itself. */
const first: readonly (readonly [string, Deployer])[] = [
  ['GlobalValueSet', deployValueSet],
  ['CustomPermission', deployCustomPermission],
  ['CustomLabels', deployLabels],
];

/** In the order of dependence: what others name comes first. Objects, before all of them, go together. */
const deployers: readonly (readonly [string, Deployer])[] = [
  ['MatchingRules', deployMatchingRules],
  ['DuplicateRule', deployDuplicateRule],
  ['StaticResource', deployStored],
  ['LightningComponentBundle', deployBundle],
  ['Flow', deployFlow],
  ['CustomMetadata', deployCustomMetadata],
  ['CustomObjectTranslation', deployStored],
  ['Translations', deployStored],
  ['Layout', deployStored],
  ['FlexiPage', deployStored],
  ['CustomTab', deployStored],
  ['CustomApplication', deployStored],
  ['ReportType', deployStored],
  ['Report', deployStored],
  ['Dashboard', deployStored],
  ['Settings', deployStored],
  ['PermissionSet', deployPermissionSet],
  ['Profile', deployProfile],
];

const ofType = (components: readonly Component[], type: string): readonly Component[] =>
  components.filter((component) => component.type.name === type);

/** A file belongs to the deployment when the manifest names it or one of its parts. */
const isNamed = (manifest: Manifest, { type, fullName }: Component): boolean =>
  names(manifest, type.name, fullName) ||
  Object.keys(type.children ?? {}).some((child) =>
    manifest.some(
      (types) =>
        types.type === child &&
        types.members.some(
          (member) => type.name === 'CustomLabels' || member === '*' || member.startsWith(`${fullName}.`),
        ),
    ),
  );

const checkUnnamed = (context: DeployContext, components: readonly Component[]): readonly Component[] =>
  components.filter((component) => {
    if (isNamed(context.manifest, component)) return true;
    context.report.fail(named(component), new ComponentProblem('Not in package.xml'));
    return false;
  });

const isPresent = (components: readonly Component[], type: string, member: string): boolean => {
  const parent = childTypes.get(type)?.parent ?? type;
  const owner = childTypes.get(type) === undefined ? member : member.slice(0, Math.max(member.lastIndexOf('.'), 0));
  return components.some(
    (component) =>
      component.type.name === parent && (owner === '' || component.fullName === owner || component.fullName === member),
  );
};

const missing = (context: DeployContext, type: string, fullName: string): void => {
  const message = isPlatformType(type)
    ? `An object '${fullName}' of type ${type} was named in package.xml, but was not found in zipped directory`
    : `Unknown type name '${type}' specified in package.xml`;
  context.report.fail({ type, fullName, fileName: 'package.xml' }, new ComponentProblem(message));
};

const checkMissing = (context: DeployContext, components: readonly Component[]): void => {
  for (const { type, members } of context.manifest) {
    // Types the twin does not take are refused file by file; the manifest adds nothing to that.
    if (isPlatformType(type) && !metadataTypes.has(type) && !childTypes.has(type)) continue;
    for (const member of members) {
      if (member !== '*' && !isPresent(components, type, member)) missing(context, type, member);
    }
  }
};

const run = (context: DeployContext, files: readonly MetadataFile[]): void => {
  const { components, strays } = componentsOf(files);
  for (const { fileName, typeName, problem } of strays) {
    context.report.fail({ type: typeName, fullName: fileName, fileName }, new ComponentProblem(problem));
  }
  checkMissing(context, components);
  const wanted = checkUnnamed(context, components);
  const before = readManifest(files, 'destructiveChangesPre.xml');
  if (before !== undefined) destroy(context, before, 'destructiveChangesPre.xml');
  const each = ([type, deployer]: readonly [string, Deployer]): void => {
    for (const component of ofType(wanted, type)) deployer(context, component);
  };
  first.forEach(each);
  deployObjects(context, ofType(wanted, 'CustomObject'));
  mirrorPersonFields(context.registry);
  deployers.forEach(each);
  for (const path of ['destructiveChanges.xml', 'destructiveChangesPost.xml']) {
    const after = readManifest(files, path);
    if (after !== undefined) destroy(context, after, path);
  }
};

/** Ends the transaction without keeping anything. */
class Rollback extends Error {}

/**
 * Deploys a package (files relative to its package.xml) as one transaction: any failure, or `checkOnly`, leaves
 * schema, rows and stored metadata as they were.
 * @throws TwinError INVALID_PACKAGE when there is no readable package.xml.
 */
export const deployPackage = (
  world: MetadataWorld,
  files: readonly MetadataFile[],
  options: { readonly checkOnly: boolean; readonly userId: string },
): DeployOutcome => {
  const manifest = readManifest(files, 'package.xml');
  if (manifest === undefined) throw new TwinError('INVALID_PACKAGE', 'No package.xml found');
  const report = new DeployReport();
  const context: DeployContext = { ...world, userId: options.userId, manifest, report };
  const restore = [world.registry.snapshot(), world.state.snapshot()];
  try {
    world.store.transaction(() => {
      run(context, files);
      if (report.failures.length > 0 || options.checkOnly) throw new Rollback();
    });
  } catch (error) {
    for (const undo of restore) undo();
    if (!(error instanceof Rollback)) throw error;
  }
  return { successes: report.successes, failures: report.failures, warnings: [] };
};

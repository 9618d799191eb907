import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployResult, MetadataApiDeploy, MetadataApiDeployStatus } from '@salesforce/source-deploy-retrieve';
import { z } from 'zod';
import type { Channel } from './channel.ts';
import { deployLibrary } from './deployLibrary.ts';
import { OrgError, cleanCode, namedOrgError, orgError, readAs } from './orgProblems.ts';
import type { DeployReport, MetadataComponent, Org } from './port.ts';
import { componentsIn } from './sourceFolder.ts';
import { soapCall, xmlElement, xmlText } from './soap.ts';

type DeployOptions = Parameters<Org['deployFolder']>[1];

const POLL_MILLISECONDS = 1000;
const DEPLOY_SECONDS = 3600;

const component = z.object({ fullName: z.string() });

/** Full names of all components of a metadata type, also those the user cannot read as records. */
export const listMetadata = async (channel: Channel, type: string): Promise<readonly string[]> => {
  const content =
    xmlElement('queries', xmlElement('type', xmlText(type))) +
    xmlElement('asOfVersion', channel.connection.getApiVersion());
  const results = await soapCall(channel, 'metadata', 'listMetadata', content);
  return results.map((result) => readAs(component, result, 'listMetadata').fullName);
};

const exists = async (path: string): Promise<boolean> => {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
};

const deploymentOf = async (channel: Channel, folder: string, options: DeployOptions): Promise<MetadataApiDeploy> => {
  const library = await deployLibrary();
  const { leaveOut = [] } = options;
  const apiOptions = { checkOnly: options.checkOnly, rollbackOnError: true, singlePackage: true };
  const usernameOrConnection = channel.connection;
  if (await exists(join(folder, 'package.xml'))) {
    return new library.MetadataApiDeploy({ usernameOrConnection, mdapiPath: folder, apiOptions });
  }
  const components = library.ComponentSet.fromSource(folder).filter(({ type }) => !leaveOut.includes(type.name));
  components.apiVersion = channel.connection.getApiVersion();
  components.sourceApiVersion = channel.connection.getApiVersion();
  return components.deploy({ usernameOrConnection, apiOptions });
};

const failuresOf = (status: MetadataApiDeployStatus): DeployReport['failures'] => {
  const failures = status.details.componentFailures ?? [];
  return (Array.isArray(failures) ? failures : [failures]).map((failure) => ({
    type: failure.componentType ?? '',
    fullName: failure.fullName,
    problem: failure.problem ?? '',
    line: failure.lineNumber === undefined ? null : Number(failure.lineNumber),
  }));
};

const reportOf = ({ response }: DeployResult): DeployReport => ({
  id: response.id,
  success: response.success,
  checkOnly: response.checkOnly,
  componentsDeployed: response.numberComponentsDeployed,
  componentsTotal: response.numberComponentsTotal,
  failures: failuresOf(response),
});

const nameOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
const causeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;

/** What the deployment library throws, in our words: it wraps what the org answered. */
const translated = (error: unknown): OrgError => {
  if (error instanceof OrgError) return error;
  const cause = causeOf(error);
  return orgError([{ code: cleanCode(nameOf(cause) ?? nameOf(error)) }]);
};

/**
 * What the org holds of the components a source folder has, as the org writes them; components it has not are left out.
 * The retrieved files go to a temporary folder that is removed again: they are metadata, no data of people.
 */
export const retrieveLike = async (channel: Channel, folder: string): Promise<readonly MetadataComponent[]> => {
  const output = await mkdtemp(join(tmpdir(), 'garde-retrieve-'));
  try {
    // the library converts labels only inside a project
    await writeFile(join(output, 'sfdx-project.json'), '{"packageDirectories":[{"path":"force-app","default":true}]}');
    const { ComponentSet } = await deployLibrary();
    const components = ComponentSet.fromSource(folder);
    components.apiVersion = channel.connection.getApiVersion();
    const retrieval = await components.retrieve({
      usernameOrConnection: channel.connection,
      output: join(output, 'force-app'),
      merge: false,
      format: 'source',
      suppressEvents: true,
    });
    channel.count(2);
    await retrieval.start();
    await retrieval.pollStatus(POLL_MILLISECONDS, DEPLOY_SECONDS);
    return await componentsIn(output);
  } catch (error) {
    throw translated(error);
  } finally {
    await rm(output, { recursive: true, force: true });
  }
};

/**
 * Deploys a folder in source format (or metadata format when `package.xml` lies in it) in one transaction; problems of
 * components are part of the report, not errors.
 */
export const deployFolder = async (channel: Channel, folder: string, options: DeployOptions): Promise<DeployReport> => {
  if (!(await exists(folder))) throw namedOrgError('RequestRefused', 'stop', 'folder');
  try {
    const deployment = await deploymentOf(channel, folder, options);
    deployment.onUpdate((status) => {
      channel.count(1);
      options.onProgress?.(status.numberComponentsDeployed, status.numberComponentsTotal);
    });
    channel.count(1);
    await deployment.start();
    return reportOf(await deployment.pollStatus(POLL_MILLISECONDS, DEPLOY_SECONDS));
  } catch (error) {
    throw translated(error);
  }
};

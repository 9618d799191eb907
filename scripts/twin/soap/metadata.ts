import { notEmulated, TwinError } from '../contract.ts';
import type { DeployedComponent, Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { isObject } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { deployResult } from './deployResult.ts';
import type { DeployOptions } from './metadataJobs.ts';
import { answerSoap } from './operation.ts';
import type { SoapOperation, SoapService } from './operation.ts';
import { childText, childTexts, children, elements, raw } from './xml.ts';
import type { Xml, XmlValue } from './xml.ts';

const toXml = (value: unknown): XmlValue => {
  if (Array.isArray(value)) return value.map(toXml);
  if (!isObject(value)) return value as string | number | boolean | null;
  return elements(Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toXml(one)])));
};

const result = (value: Readonly<Record<string, unknown>>): Xml => elements({ result: toXml(value) });

/** Options of a deployment, from XML or JSON; what would need Apex or half-done transactions is refused by name. */
export const deployOptions = (read: (name: string) => string | undefined): DeployOptions => {
  const flag = (name: string): boolean => read(name) === 'true';
  if (flag('performRetrieve')) throw notEmulated('deploy option performRetrieve');
  return {
    checkOnly: flag('checkOnly'),
    rollbackOnError: flag('rollbackOnError'),
    ignoreWarnings: flag('ignoreWarnings'),
    testLevel: read('testLevel'),
  };
};

const deploy: SoapOperation = ({ call, session, context }) => {
  const options = children(call.input, 'DeployOptions')[0];
  const zip = Buffer.from(childText(call.input, 'ZipFile') ?? '', 'base64');
  const job = context.org.metadata.deploy(
    session,
    zip,
    deployOptions((name) => childText(options, name)),
  );
  return result({ done: false, id: job.id, state: 'Queued' });
};

const checkDeployStatus: SoapOperation = ({ call, session, context }) => {
  const job = context.org.metadata.deployment(session, childText(call.input, 'asyncProcessId') ?? '');
  return result(deployResult(job, childText(call.input, 'includeDetails') === 'true'));
};

const cancelDeploy: SoapOperation = ({ call, session, context }) => {
  const id = childText(call.input, 'String') ?? childText(call.input, 'id') ?? '';
  return result({ done: true, id: context.org.metadata.cancel(session, id).id });
};

const deployRecentValidation: SoapOperation = ({ call, session, context }) =>
  elements({ result: context.org.metadata.quickDeploy(session, childText(call.input, 'validationId') ?? '').id });

const retrieve: SoapOperation = ({ call, session, context }) => {
  const request = children(call.input, 'retrieveRequest')[0] ?? children(call.input, 'request')[0];
  if (childTexts(request, 'packageNames').length > 0) throw notEmulated('retrieve of packages by name');
  const manifest = children(request, 'unpackaged')[0];
  const types = children(manifest, 'types').map((type) => ({
    name: childText(type, 'name') ?? '',
    members: childTexts(type, 'members'),
  }));
  const apiVersion = childText(manifest, 'version') ?? childText(request, 'apiVersion') ?? `${session.apiVersion}.0`;
  const job = context.org.metadata.retrieve(session, { types, apiVersion });
  return result({ done: false, id: job.id, state: 'Queued' });
};

const fileProperties = (
  component: DeployedComponent,
  session: Session,
  context: TwinContext,
  folder: string,
): Readonly<Record<string, string>> => {
  const instant = context.clock.iso();
  return {
    createdById: session.userId,
    createdByName: session.username,
    createdDate: instant,
    fileName: `${folder}${component.fileName}`,
    fullName: component.fullName,
    id: component.id,
    lastModifiedById: session.userId,
    lastModifiedByName: session.username,
    lastModifiedDate: instant,
    manageableState: 'unmanaged',
    type: component.type,
  };
};

const checkRetrieveStatus: SoapOperation = ({ call, session, context }) => {
  const job = context.org.metadata.retrieval(session, childText(call.input, 'asyncProcessId') ?? '');
  return result({
    done: true,
    fileProperties: job.components.map((component) => fileProperties(component, session, context, 'unpackaged/')),
    id: job.id,
    messages: job.problems.map((problem) => ({ fileName: 'unpackaged/package.xml', problem })),
    status: 'Succeeded',
    success: true,
    ...(childText(call.input, 'includeZip') === 'false' ? {} : { zipFile: job.zip.toString('base64') }),
  });
};

const LIST_QUERIES = 3;

const listMetadata: SoapOperation = ({ call, session, context }) => {
  const queries = children(call.input, 'queries');
  if (queries.length > LIST_QUERIES)
    throw new TwinError('EXCEEDED_MAX_SIZE', `At most ${LIST_QUERIES} queries per call.`);
  const found = queries.flatMap((query) => context.org.engine.listMetadata(session, childText(query, 'type') ?? ''));
  return raw(
    found.map((component) => elements({ result: toXml(fileProperties(component, session, context, '')) }).xml).join(''),
  );
};

const describeMetadata: SoapOperation = ({ context }) => result(context.org.describeMetadata());

/** Metadata API (`/services/Soap/m`): deployment and retrieval. */
export const metadataService: SoapService = {
  namespace: 'http://soap.sforce.com/2006/04/metadata',
  address: 'm',
  open: {},
  operations: {
    deploy,
    checkDeployStatus,
    cancelDeploy,
    deployRecentValidation,
    retrieve,
    checkRetrieveStatus,
    listMetadata,
    describeMetadata,
  },
};

const metadataRoute = (name: string, path: string): Route => ({
  name,
  method: 'POST',
  path,
  auth: 'soap',
  body: 'text',
  handle: (exchange, context) => answerSoap(metadataService, exchange, context),
});

export const metadataRoutes: readonly Route[] = [
  metadataRoute('metadata SOAP', '/services/Soap/m/:version'),
  metadataRoute('metadata SOAP of the org', '/services/Soap/m/:version/:org'),
];

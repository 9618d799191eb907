import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { parseJson } from '../http/body.ts';
import { isObject, json, objectBody, param, signedIn } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { MultipartBody, requiredPart } from '../http/multipart.ts';
import type { Route } from '../router.ts';
import { deployResult } from '../soap/deployResult.ts';
import { deployOptions } from '../soap/metadata.ts';
import type { DeployJob } from '../soap/metadataJobs.ts';

const accepted = (job: DeployJob): Answer =>
  json(
    {
      id: job.id,
      deployOptions: job.options,
      deployResult: { id: job.id, status: 'Pending', done: false, success: false },
    },
    201,
  );

const deployZip = (body: MultipartBody, exchange: Exchange, context: TwinContext): Answer => {
  const document = parseJson(requiredPart(body.parts, 'entity_content').bytes.toString('utf8'));
  const given = isObject(document) && isObject(document['deployOptions']) ? document['deployOptions'] : {};
  const options = deployOptions((name) => {
    const value = given[name];
    return typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;
  });
  const zip = Buffer.from(requiredPart(body.parts, 'file').bytes);
  return accepted(context.org.metadata.deploy(signedIn(exchange), zip, options));
};

const deploy: Route['handle'] = (exchange, context) => {
  if (exchange.body instanceof MultipartBody) return deployZip(exchange.body, exchange, context);
  const validationId = objectBody(exchange)['validatedDeployRequestId'];
  if (typeof validationId !== 'string') throw new TwinError('INVALID_INPUT', 'validatedDeployRequestId is missing.');
  return accepted(context.org.metadata.quickDeploy(signedIn(exchange), validationId));
};

const status: Route['handle'] = (exchange, context) => {
  const job = context.org.metadata.deployment(signedIn(exchange), param(exchange, 'id'));
  return json({ id: job.id, deployResult: deployResult(job, exchange.query.get('includeDetails') === 'true') });
};

const cancel: Route['handle'] = (exchange, context) => {
  const job = context.org.metadata.cancel(signedIn(exchange), param(exchange, 'id'));
  return json({ id: job.id, deployResult: deployResult(job, false) }, 202);
};

const base = '/services/data/:version/metadata/deployRequest';
const call = { auth: 'bearer' } as const;

export const deployRoutes: readonly Route[] = [
  { ...call, name: 'deploy', method: 'POST', path: base, body: 'entity', handle: deploy },
  { ...call, name: 'deployment', method: 'GET', path: `${base}/:id`, handle: status },
  { ...call, name: 'cancel deployment', method: 'PATCH', path: `${base}/:id`, body: 'json', handle: cancel },
];

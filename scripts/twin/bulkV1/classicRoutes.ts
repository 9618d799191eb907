import { TwinError } from '../contract.ts';
import type { Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import type { Answer, Exchange, Method } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { sessionOfToken } from '../signIn.ts';
import { addBatch, listBatches, readBatch, readQueryResult, readRequest, readResults } from './batchRoutes.ts';
import { changeJob, createJob, readJob } from './jobRoutes.ts';
import { errorAnswer } from './wire.ts';

type Work = (exchange: Exchange, session: Session, context: TwinContext) => Answer | Promise<Answer>;

/** The session of the header X-SFDC-Session; clients look for this code in an answer of status 400. */
const sessionOf = (exchange: Exchange, context: TwinContext): Session => {
  const token = exchange.header('x-sfdc-session') ?? exchange.token;
  try {
    return sessionOfToken(context, token ?? '', exchange.apiVersion);
  } catch (error) {
    if (error instanceof TwinError) throw new TwinError('InvalidSessionId', 'Unable to find session for session id');
    throw error;
  }
};

const handle =
  (work: Work): Route['handle'] =>
  async (exchange, context) => {
    try {
      const session = sessionOf(exchange, context);
      context.org.engine.countRequest(session);
      return await work(exchange, session, context);
    } catch (error) {
      if (error instanceof TwinError) return errorAnswer(exchange, error);
      throw error;
    }
  };

const base = '/services/async/:version/job';
const job = `${base}/:id`;
const batch = `${job}/batch/:batch`;

const route = (name: string, method: Method, path: string, work: Work): Route => ({
  auth: 'none',
  name,
  method,
  path,
  handle: handle(work),
});

/** Bulk API v1. Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/asynch-api-intro.html */
export const classicRoutes: readonly Route[] = [
  { ...route('create v1 job', 'POST', base, createJob), body: 'text' },
  route('v1 job', 'GET', job, readJob),
  { ...route('close or abort v1 job', 'POST', job, changeJob), body: 'text' },
  { ...route('add v1 batch', 'POST', `${job}/batch`, addBatch), body: 'stream' },
  route('list v1 batches', 'GET', `${job}/batch`, listBatches),
  route('v1 batch', 'GET', batch, readBatch),
  route('v1 batch request', 'GET', `${batch}/request`, readRequest),
  route('v1 batch results', 'GET', `${batch}/result`, readResults),
  route('v1 query result', 'GET', `${batch}/result/:result`, readQueryResult),
];

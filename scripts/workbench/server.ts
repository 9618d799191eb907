import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { guard } from './guard.ts';
import { PAGES, workbenchPage } from './homePage.ts';
import type { Artefact, PageName } from './homePage.ts';

export type WorkbenchInput = {
  readonly instanceUrl: string;
  readonly accessToken: string;
  /** `66.0` */
  readonly apiVersion: string;
  readonly orgName: string;
  readonly artefacts: readonly Artefact[];
  /** 0 = any free port. */
  readonly port: number;
};

export type Workbench = { readonly url: string; close(): Promise<void> };

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** Reports bring their own inline style and nothing else; the sandbox keeps anything in them from acting. */
const ARTEFACT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

type Answer = { readonly status: number; readonly text: string };

const askOrg = async (input: WorkbenchInput, path: string, body?: unknown): Promise<Answer> => {
  const response = await fetch(`${input.instanceUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${input.accessToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};

/** The id of who is logged in; empty when the org does not tell, and then nobody is taken for the planner. */
const readerOf = async (input: WorkbenchInput): Promise<string> => {
  const { status, text } = await askOrg(input, '/services/oauth2/userinfo');
  const told = status === 200 ? userInfo.safeParse(JSON.parse(text)) : undefined;
  return told?.success === true ? told.data.user_id : '';
};
const userInfo = z.object({ user_id: z.string() });

const addPage = (app: FastifyInstance, input: WorkbenchInput, page: PageName, userId: string): void => {
  app.get<{ Querystring: { lang?: string; record?: string } }>(PAGES[page], async (request, reply) => {
    const { lang, record } = request.query;
    const about = record !== undefined && RECORD.test(record) ? { record } : {};
    return reply
      .type('text/html; charset=utf-8')
      .send(workbenchPage({ page, userId, language: lang === 'fr' ? 'fr' : 'en', ...about, ...input }));
  });
};
const RECORD = /^[A-Za-z0-9]{15,18}$/;

const addRoutes = (app: FastifyInstance, input: WorkbenchInput, userId: string): void => {
  for (const page of Object.keys(PAGES) as readonly PageName[]) addPage(app, input, page, userId);
  // as an org does: the number of a record is the address of its page
  app.get<{ Params: { id: string } }>('/:id(^[A-Za-z0-9]{15,18}$)', async (request, reply) =>
    reply.redirect(`${PAGES.why}?record=${request.params.id}`),
  );
  const data = `/services/data/v${input.apiVersion}`;
  app.post('/org/graphql', async (request, reply) => {
    const { status, text } = await askOrg(input, `${data}/graphql`, request.body);
    return reply.code(status).type('application/json').send(text);
  });
  app.get<{ Params: { object: string } }>('/org/object-info/:object', async (request, reply) => {
    const { object } = request.params;
    if (!/^\w+$/.test(object)) return reply.code(404).send({ error: 'no such object' });
    const { status, text } = await askOrg(input, `${data}/ui-api/object-info/${object}`);
    return reply.code(status).type('application/json').send(text);
  });
  app.get<{ Params: { id: string }; Querystring: { optionalFields?: string } }>(
    '/org/records/:id',
    async (request, reply) => {
      const { id } = request.params;
      const { optionalFields = '' } = request.query;
      if (!/^\w{15,18}$/.test(id) || !/^[\w.,]+$/.test(optionalFields))
        return reply.code(404).send({ error: 'no such record' });
      const { status, text } = await askOrg(
        input,
        `${data}/ui-api/records/${id}?optionalFields=${encodeURIComponent(optionalFields)}`,
      );
      return reply.code(status).type('application/json').send(text);
    },
  );
  app.get<{ Params: { name: string } }>('/artefacts/:name', async (request, reply) => {
    const artefact = input.artefacts.find(({ name }) => name === request.params.name);
    if (artefact === undefined) return reply.code(404).send({ error: 'no such artefact' });
    return reply
      .header('content-security-policy', ARTEFACT_POLICY)
      .type(artefact.name.endsWith('.html') ? 'text/html; charset=utf-8' : 'application/octet-stream')
      .send(createReadStream(artefact.path));
  });
};

/** Serves the officer's pages on 127.0.0.1: the org's token stays here, the browser holds a token for this server only. */
export const startWorkbench = async (input: WorkbenchInput): Promise<Workbench> => {
  const token = randomBytes(24).toString('base64url');
  const app = Fastify({ logger: false, bodyLimit: 1_000_000 });
  let port = 0;
  app.addHook(
    'onRequest',
    guard(token, () => port),
  );
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', POLICY);
  });
  await app.register(fastifyStatic, { root: fromRoot('dist/pages'), prefix: '/pages/' });
  await app.register(fastifyStatic, {
    root: fromRoot('node_modules/@salesforce-ux/design-system/assets'),
    prefix: '/slds/',
    decorateReply: false,
  });
  addRoutes(app, input, await readerOf(input));
  await app.listen({ host: '127.0.0.1', port: input.port });
  const address = app.server.address();
  port = typeof address === 'object' && address !== null ? address.port : input.port;
  return { url: `http://127.0.0.1:${port}/?token=${token}`, close: async () => app.close() };
};

import * as z from 'zod';
import { TwinError } from '../contract.ts';
import { empty, json, param } from '../http/exchange.ts';
import type { Route } from '../router.ts';

const take: Route['handle'] = async (_exchange, context) => json(await context.snapshots.take(), 201);

const list: Route['handle'] = (_exchange, context) => json({ snapshots: context.snapshots.list() });

const restore: Route['handle'] = async (exchange, context) => {
  await context.snapshots.restore(param(exchange, 'id'));
  return json({ orgId: context.org.orgId, now: context.clock.iso() });
};

const remove: Route['handle'] = (exchange, context) => {
  context.snapshots.remove(param(exchange, 'id'));
  return empty();
};

const cloneRequest = z.strictObject({ port: z.int().min(0).max(65_535).default(0) }).default({ port: 0 });

const clone: Route['handle'] = async (exchange, context) => {
  const given = cloneRequest.safeParse(exchange.body);
  if (!given.success) throw new TwinError('INVALID_ARGUMENT', 'Send nothing, or {"port": <number>}.');
  const { instanceUrl, orgId, users, adminToken } = await context.clone(given.data);
  return json({ instanceUrl, orgId, users, adminToken }, 201);
};

const admin = { auth: 'admin' } as const;
const base = '/garde/admin/snapshots';

export const snapshotRoutes: readonly Route[] = [
  { ...admin, name: 'admin take snapshot', method: 'POST', path: base, handle: take },
  { ...admin, name: 'admin snapshots', method: 'GET', path: base, handle: list },
  { ...admin, name: 'admin restore snapshot', method: 'POST', path: `${base}/:id/restore`, handle: restore },
  { ...admin, name: 'admin remove snapshot', method: 'DELETE', path: `${base}/:id`, handle: remove },
  { ...admin, name: 'admin clone', method: 'POST', path: '/garde/admin/clone', body: 'json', handle: clone },
];

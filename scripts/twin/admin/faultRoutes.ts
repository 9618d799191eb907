import { empty, json, param } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import type { FaultInput } from '../faults/faultPlan.ts';

const plan: Route['handle'] = (exchange, context) => {
  const ids = new Set(context.faults.add(exchange.body as FaultInput));
  return json({ faults: context.faults.list().filter(({ id }) => ids.has(id)) }, 201);
};

const list: Route['handle'] = (_exchange, context) =>
  json({ faults: context.faults.list(), hits: context.faults.hits() });

const clear: Route['handle'] = (_exchange, context) => {
  context.faults.clear();
  return empty();
};

const remove: Route['handle'] = (exchange, context) => {
  context.faults.remove(param(exchange, 'id'));
  return empty();
};

const admin = { auth: 'admin' } as const;
const base = '/garde/admin/faults';

export const faultRoutes: readonly Route[] = [
  { ...admin, name: 'admin plan faults', method: 'POST', path: base, body: 'json', handle: plan },
  { ...admin, name: 'admin faults', method: 'GET', path: base, handle: list },
  { ...admin, name: 'admin clear faults', method: 'DELETE', path: base, handle: clear },
  { ...admin, name: 'admin remove fault', method: 'DELETE', path: `${base}/:id`, handle: remove },
];

import { refusedRoute } from './router.ts';
import type { Route } from './router.ts';

const data = '/services/data/:version';

/** What clients are known to ask for and the twin refuses by name; everything else unknown is refused by its address. */
export const refusedRoutes: readonly Route[] = [
  refusedRoute('enterprise SOAP', 'POST', '/services/Soap/c/:version', 'enterprise WSDL; use the partner WSDL'),
  refusedRoute('Apex SOAP', 'POST', '/services/Soap/s/:version/:org', 'Apex'),
  refusedRoute('Apex REST', 'GET', '/services/apexrest/*', 'Apex'),
  refusedRoute('Apex tests', 'POST', `${data}/tooling/runTestsAsynchronous`, 'Apex'),
  refusedRoute('actions', 'POST', `${data}/actions/*`, 'invocable actions'),
  refusedRoute('reports', 'GET', `${data}/analytics/*`, 'reports and dashboards'),
];

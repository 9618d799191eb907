import { afterAll, beforeAll } from '@jest/globals';

import type { Org } from '../../scripts/org/port.ts';
import type { Twin } from '../../scripts/twin/contract.ts';
import { startTwin } from '../../scripts/twin/startTwin.ts';
import { orgContract } from './orgContract.ts';
import { orgAs } from './twinConnection.ts';

let twin: Twin | undefined;
beforeAll(async () => {
  twin = await startTwin({ shape: 'npsp', port: 0, production: true });
});
afterAll(async () => twin?.close());

const connect = async (): Promise<Org> => {
  if (twin === undefined) throw new Error('the twin has not started');
  return orgAs(twin, 'admin');
};
orgContract('the twin', connect, 'Contrat');

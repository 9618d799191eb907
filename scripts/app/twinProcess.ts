/**
 * The twin as a process of its own: boots, reports over IPC, and goes when told by its admin endpoint or, in the
 * foreground, when the one who started it is gone. No signal is needed, so it works on Windows too.
 */
import { parseArgs } from 'node:util';
import { startTwin } from '../twin/startTwin.ts';
import type { Twin, TwinShape } from '../twin/contract.ts';
import { removeTwinState, writeTwinState } from './twinState.ts';
import type { TwinState } from './twinState.ts';

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string' },
    shape: { type: 'string', default: 'npsp' },
    port: { type: 'string', default: '0' },
    attached: { type: 'boolean', default: false },
  },
});
const dataDir = values['data-dir'];
if (dataDir === undefined) throw new Error('--data-dir is needed');
const shape: TwinShape = values.shape === 'bare' ? 'bare' : 'npsp';

const stateOf = (twin: Twin): TwinState => ({
  pid: process.pid,
  instanceUrl: twin.instanceUrl,
  orgId: twin.orgId,
  shape,
  adminToken: twin.adminToken,
  startedAt: new Date().toISOString(),
  users: { ...twin.users },
});

const leave = async (twin: Twin): Promise<void> => {
  await removeTwinState(dataDir);
  await twin.close();
  process.exit(0);
};

const twin: Twin = await startTwin({
  shape,
  port: Number(values.port),
  production: true,
  onStop: () => void leave(twin),
});
const state = stateOf(twin);
await writeTwinState(dataDir, state);
if (values.attached) {
  process.on('disconnect', () => void leave(twin));
  // Ctrl-C reaches the whole group: the parent ends the twin in its own order
  process.on('SIGINT', () => undefined);
}
process.send?.(state);

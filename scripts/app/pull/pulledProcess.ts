/**
 * A pulled twin as a process of its own: opens what was pulled, loads a twin from it in memory, reports over IPC, and
 * goes when told by its admin endpoint or, in the foreground, when the one who started it is gone.
 */
import { parseArgs } from 'node:util';
import { GardeError } from '../../kernel/result.ts';
import { openPullStore } from '../../pull/pullStore.ts';
import { openVault } from '../ports.ts';
import { removeTwinState, writeTwinState } from '../twinState.ts';
import type { TwinState } from '../twinState.ts';
import { loadPulled } from './loadPulled.ts';
import type { PulledTwin } from './loadPulled.ts';

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string' },
    holding: { type: 'string' },
    keep: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    attached: { type: 'boolean', default: false },
  },
});
const { 'data-dir': dataDir, holding, keep } = values;
if (dataDir === undefined || holding === undefined) throw new Error('--data-dir and --holding are needed');

const open = async () => {
  const vault = await openVault(dataDir);
  return { vault, store: openPullStore(vault.openStore(holding)) };
};

const stateOf = ({ twin }: PulledTwin): TwinState => ({
  pid: process.pid,
  instanceUrl: twin.instanceUrl,
  orgId: twin.orgId,
  shape: 'pulled',
  adminToken: twin.adminToken,
  startedAt: new Date().toISOString(),
  users: { ...twin.users },
});

const run = async (): Promise<void> => {
  const { vault, store } = await open();
  const leave = async (pulled: PulledTwin): Promise<void> => {
    await removeTwinState(dataDir);
    await pulled.twin.close();
    store.close();
    if (!keep) vault.remove(holding);
    process.exit(0);
  };
  const pulled: PulledTwin = await loadPulled(store, {
    port: Number(values.port),
    onStop: () => void leave(pulled),
  });
  // in memory only: the copy on disk has done its work; the list of holdings names the twin as long as it runs
  if (!keep) store.forgetRows();
  const state = stateOf(pulled);
  await writeTwinState(dataDir, state);
  if (values.attached) {
    process.on('disconnect', () => void leave(pulled));
    process.on('SIGINT', () => undefined);
  }
  process.send?.({ state, rows: pulled.rows, notRehearsed: pulled.notRehearsed });
};

/** Our own problems are told whole; of anything else its name alone, since its text may quote a record. */
const tellProblem = (error: unknown): void => {
  const problems = error instanceof GardeError ? error.problems : [];
  process.send?.({ failed: error instanceof Error ? error.name : 'Error', problems });
  process.exitCode = 1;
  process.disconnect();
};

await run().catch(tellProblem);

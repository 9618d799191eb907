import { loadPulled } from '../../scripts/app/pull/loadPulled.ts';
import type { PulledTwin } from '../../scripts/app/pull/loadPulled.ts';
import { createOrg } from '../../scripts/org/createOrg.ts';
import { createSchemaSource } from '../../scripts/org/wholeDescribes.ts';
import { pullOrg } from '../../scripts/pull/pullOrg.ts';
import type { PullResult } from '../../scripts/pull/pullOrg.ts';
import { openPullStore } from '../../scripts/pull/pullStore.ts';
import type { PullStore } from '../../scripts/pull/pullStore.ts';
import type { Selection } from '../../scripts/pull/wantedRows.ts';
import type { Session, Twin } from '../../scripts/twin/contract.ts';
import type { Vault } from '../../scripts/vault/port.ts';
import { connectionTo } from '../org/twinConnection.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';

export const adminOf = (twin: Twin): Session => {
  const { userId, username } = twin.users['admin']!;
  return { orgId: twin.orgId, userId, username, apiVersion: 66 };
};

export type Pulled = {
  readonly result: PullResult;
  readonly store: PullStore;
  readonly vault: Vault;
  /** A twin from what was pulled. */
  load(): Promise<PulledTwin>;
  close(): void;
};

const AT = '2026-11-20T09:00:00.000Z';

/** Pulls a twin, as its administrator, into a vault of its own. */
export const pullFrom = async (source: Twin, selection: Selection, reason?: string): Promise<Pulled> => {
  const connection = await connectionTo(source, 'admin');
  const { vault, remove } = temporaryVault();
  const input = { selection, expiresAt: '2099-01-01T00:00:00.000Z', ...(reason === undefined ? {} : { reason }) };
  const ports = { org: createOrg(connection), schema: createSchemaSource(connection), vault, clock: { now: () => AT } };
  const result = await pullOrg(input, ports);
  const store = openPullStore(vault.openStore(result.holdingId));
  return {
    ...{ result, store, vault },
    load: () => loadPulled(store, { port: 0 }),
    close: () => {
      store.close();
      remove();
    },
  };
};

import type { Clock } from '../kernel/clock.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org } from '../org/port.ts';
import type { EncryptedStore, Holding, Vault } from '../vault/port.ts';
import { copyObject } from './copyObject.ts';
import { createMeta, writeMeta } from './meta.ts';
import type { CopiedObject } from './meta.ts';
import { resolveWants } from './wants.ts';
import type { MissingPlace, SnapshotWant } from './wants.ts';

export type SnapshotInput = {
  /** One per object. */
  readonly wants: readonly SnapshotWant[];
  /** ISO instant after which the vault sweeps the copy. */
  readonly expiresAt: string;
};

export type Snapshot = {
  readonly holding: Holding;
  /** Open; the caller closes it. */
  readonly store: EncryptedStore;
  readonly objects: readonly CopiedObject[];
  readonly missing: readonly MissingPlace[];
  /** API calls the snapshot cost. */
  readonly calls: number;
};

export type SnapshotPorts = { readonly org: Org; readonly vault: Vault; readonly clock: Clock };

const copyAll = async (
  { org, clock }: SnapshotPorts,
  store: EncryptedStore,
  wants: Awaited<ReturnType<typeof resolveWants>>['wants'],
  tell: ReportProgress,
): Promise<readonly CopiedObject[]> => {
  createMeta(store);
  const totals = await org.approximateCounts([...new Set(wants.map(({ object }) => object))]);
  const copied: CopiedObject[] = [];
  for (const want of wants) {
    const total = totals.get(want.object);
    const done = await copyObject({ org, clock, store, tell }, want, total);
    writeMeta(store, done, want.columns);
    copied.push(done);
  }
  return copied;
};

/**
 * Copies what a job needs from an org into a new encrypted store, object by object, streaming: memory does not grow with
 * rows. Each object carries the instant its reading began. When it fails nothing stays on disk.
 */
export const takeSnapshot = async (
  input: SnapshotInput,
  ports: SnapshotPorts,
  tell: ReportProgress = () => undefined,
): Promise<Snapshot> => {
  const before = ports.org.calls();
  const { orgId } = await ports.org.identity();
  const { wants, missing } = await resolveWants(ports.org, input.wants);
  const { holding, store } = ports.vault.createStore('snapshot', orgId, input.expiresAt);
  try {
    const objects = await copyAll(ports, store, wants, tell);
    store.flush();
    return { holding, store, objects, missing, calls: ports.org.calls() - before };
  } catch (error) {
    store.close();
    ports.vault.remove(holding.id);
    throw error;
  }
};

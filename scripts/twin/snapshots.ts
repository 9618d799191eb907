import { TwinError } from './contract.ts';
import type { Clock } from './clock.ts';

/** A kept state of the org: rows, bytes, bin, schema, deployed metadata, journal, auto-numbers, clock. No jobs, no cursors. */
export type TwinSnapshot = {
  readonly id: string;
  /** Instant of the org's clock. */
  readonly at: string;
  /** Memory its rows and bytes take. */
  readonly bytes: number;
};

export type Snapshots = {
  /** Copies the org; waits for a statement under way. TwinError SERVER_UNAVAILABLE when that does not end. */
  take(): Promise<TwinSnapshot>;
  list(): readonly TwinSnapshot[];
  /** Puts the org and its clock back; the snapshot stays. Tokens stay as they are now. TwinError NOT_FOUND. */
  restore(id: string): Promise<void>;
  /** TwinError NOT_FOUND. */
  remove(id: string): void;
  clear(): void;
};

/** An org that can be copied whole, as it stands. */
export type Copyable<Core> = {
  copy(): Core;
  /** Of its database. */
  bytes(): number;
  readonly engine: { close(): void };
};

const TURNS_WAITED = 2_000;

const isBusy = (error: unknown): boolean => error instanceof TwinError && error.errorCode === 'SERVER_UNAVAILABLE';

/** Copies as soon as no statement is under way. */
export const copyWhenIdle = async <Core extends Copyable<Core>>(core: () => Core): Promise<Core> => {
  for (let turn = 1; ; turn += 1) {
    try {
      return core().copy();
    } catch (error) {
      if (!isBusy(error) || turn === TURNS_WAITED) throw error;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
};

type Host<Core> = {
  readonly clock: Clock;
  readonly current: () => Core;
  /** Serves another org from now on and lets the present one go. */
  readonly serve: (core: Core) => void;
};

type Kept<Core> = { readonly info: TwinSnapshot; readonly core: Core; readonly instant: number; readonly rate: number };

export const createSnapshots = <Core extends Copyable<Core>>({ clock, current, serve }: Host<Core>): Snapshots => {
  const kept = new Map<string, Kept<Core>>();
  let count = 0;
  const find = (id: string): Kept<Core> => {
    const found = kept.get(id);
    if (found === undefined) {
      throw new TwinError('NOT_FOUND', `There is no snapshot ${id}; GET /garde/admin/snapshots lists them.`, {
        status: 404,
      });
    }
    return found;
  };
  const remove = (id: string): void => {
    find(id).core.engine.close();
    kept.delete(id);
  };
  return {
    take: async () => {
      const core = await copyWhenIdle(current);
      const info = { id: `snapshot-${(count += 1)}`, at: clock.iso(), bytes: core.bytes() };
      kept.set(info.id, { info, core, instant: clock.now(), rate: clock.rate });
      return info;
    },
    list: () => [...kept.values()].map(({ info }) => info),
    restore: async (id) => {
      const { core, instant, rate } = find(id);
      serve(await copyWhenIdle(() => core));
      clock.run(rate);
      clock.set(instant);
    },
    remove,
    clear: () => {
      for (const id of [...kept.keys()]) remove(id);
    },
  };
};

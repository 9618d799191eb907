/** The twin's clock: real or injected time, moved, frozen or sped up by `POST /garde/admin/clock`. */
export type Clock = {
  /** Milliseconds since 1970 UTC, never standing behind what was answered before unless set back on purpose. */
  now(): number;
  /** ISO instant `…Z`. */
  iso(): string;
  /** Makes `now()` answer `instant` (ms) and run on from there. */
  set(instant: number): void;
  advance(milliseconds: number): void;
  /** Seconds of the org per second of the source: 1 at first, 0 stands still, 3,600 runs an hour a second. */
  readonly rate: number;
  run(rate: number): void;
  /** Called after each `set`, `advance` and `run`. @returns what ends it. */
  onMove(listener: () => void): () => void;
};

/** @param source the underlying time, ms; the machine's clock by default. */
export const createClock = (source: () => number = Date.now): Clock => {
  const listeners = new Set<() => void>();
  let base = source();
  let since = base;
  let rate = 1;
  const now = (): number => base + Math.floor((source() - since) * rate);
  const rebase = (instant: number, newRate: number): void => {
    base = instant;
    since = source();
    rate = newRate;
    for (const listener of [...listeners]) listener();
  };
  return {
    now,
    iso: () => new Date(now()).toISOString(),
    set: (instant) => rebase(instant, rate),
    advance: (milliseconds) => rebase(now() + milliseconds, rate),
    get rate() {
      return rate;
    },
    run: (newRate) => rebase(now(), newRate),
    onMove: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

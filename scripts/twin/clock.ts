/** The twin's clock: real or injected time plus an offset that `POST /garde/admin/clock` moves. */
export type Clock = {
  /** Milliseconds since 1970 UTC, never standing behind what was answered before unless set back on purpose. */
  now(): number;
  /** ISO instant `…Z`. */
  iso(): string;
  /** Makes `now()` answer `instant` (ms) and run on from there. */
  set(instant: number): void;
  advance(milliseconds: number): void;
};

/** @param source the underlying time, ms; the machine's clock by default. */
export const createClock = (source: () => number = Date.now): Clock => {
  let offset = 0;
  const now = (): number => source() + offset;
  return {
    now,
    iso: () => new Date(now()).toISOString(),
    set: (instant) => {
      offset = instant - source();
    },
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
};

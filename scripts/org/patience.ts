import { randomInt } from 'node:crypto';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { OrgError } from './orgProblems.ts';
import type { Reaction } from './salesforceErrors.ts';

/** Waiting and chance, handed in so that tests own them. */
export type Timing = {
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** 0 (included) to 1 (excluded). */
  readonly chance: () => number;
};

export type Patience = {
  /** Asks again while the answer is "busy" or the org cannot be reached: up to 5 times over some 15 seconds. Reads only. */
  readonly repeat: <T>(read: () => Promise<T>) => Promise<T>;
  /** Asks at growing intervals (0.5 s to 15 s) until there is a value. */
  readonly until: <T>(ask: () => Promise<T | undefined>) => Promise<T>;
};

const ATTEMPTS = 5;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const systemTiming: Timing = {
  sleep: (milliseconds) => sleepFor(milliseconds),
  chance: () => randomInt(1_000_000) / 1_000_000,
};

/** Half to one and a half times the doubled wait, so that many clients do not come back at the same moment. */
const waitBefore = (attempt: number, timing: Timing): number =>
  Math.min(FIRST_WAIT * 2 ** attempt, LONGEST_WAIT) * (0.5 + timing.chance());

/** A read changes nothing: whatever may pass is asked again. */
const PASSING: readonly Reaction[] = ['retry-after-wait', 'smaller-batches', 'settle-then-repeat'];

const passes = (error: unknown): boolean =>
  error instanceof OrgError && (PASSING.includes(error.reaction) || error.name === 'OrgUnreachable');

export const createPatience = (timing: Timing = systemTiming): Patience => ({
  repeat: async (read) => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await read();
      } catch (error) {
        if (!passes(error) || attempt + 1 >= ATTEMPTS) throw error;
        await timing.sleep(waitBefore(attempt, timing));
      }
    }
  },
  until: async (ask) => {
    for (let attempt = 0; ; attempt += 1) {
      const value = await ask();
      if (value !== undefined) return value;
      await timing.sleep(waitBefore(attempt, timing));
    }
  },
});

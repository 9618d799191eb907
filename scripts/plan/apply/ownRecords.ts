import { setTimeout as waitFor } from 'node:timers/promises';
import { OrgError, orgError } from '../../org/orgProblems.ts';
import type { WriteOutcome } from '../../org/port.ts';
import { isPassing, mayRepeat } from './judgeAnswers.ts';

/** Waits some milliseconds before the org is asked again. */
export type Wait = (milliseconds: number) => Promise<unknown>;

const ATTEMPTS = 7;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

const mayPass = (error: unknown): boolean =>
  error instanceof OrgError && (mayRepeat(error) || error.name === 'OrgUnreachable');

/**
 * Makes a write of Garde's own rows again while what refuses it passes by itself, or its answer was lost. Only for writes
 * that, made twice, are made once: changes by id, and creations that ask first whether the row is there. Throws what
 * did not pass in a minute.
 */
export const insist = async <T>(write: () => Promise<T>, wait: Wait = (ms) => waitFor(ms)): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (attempt >= ATTEMPTS || !mayPass(error)) throw error;
    }
    await wait(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)));
  }
};

/** The same for one row, whose own answer may be what passes. Returns how it ended: done, or refused for good. */
export const insistOnRow = (
  write: () => Promise<readonly WriteOutcome[]>,
  wait?: Wait,
): Promise<WriteOutcome | undefined> =>
  insist(async () => {
    const [outcome] = await write();
    if (outcome !== undefined && !outcome.success && isPassing(outcome.errors)) throw orgError(outcome.errors);
    return outcome;
  }, wait);

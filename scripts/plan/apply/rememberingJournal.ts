import type { Journal, JournaledOutcome } from './journal.ts';

export type RememberingJournal = Journal & {
  /** Forgets what it read: once a batch, so that memory stays flat. */
  forget(): void;
};

/**
 * A journal that reads each step's outcome from its sealed store once: while a run holds the journal's lock nobody else
 * writes to it. Everything written goes to the store first.
 */
export const rememberingJournal = (journal: Journal): RememberingJournal => {
  const known = new Map<string, JournaledOutcome | undefined>();
  const learn = (outcomes: readonly JournaledOutcome[]): void => {
    for (const outcome of outcomes) known.set(outcome.key, outcome);
  };
  return {
    ...journal,
    finish: (callId, outcomes) => {
      journal.finish(callId, outcomes);
      learn(outcomes);
    },
    note: (outcomes) => {
      journal.note(outcomes);
      learn(outcomes);
    },
    outcomesOf: (keys) => {
      const unknown = keys.filter((key) => !known.has(key));
      if (unknown.length > 0) {
        const read = journal.outcomesOf(unknown);
        for (const key of unknown) known.set(key, read.get(key));
      }
      const found = new Map<string, JournaledOutcome>();
      for (const key of keys) {
        const outcome = known.get(key);
        if (outcome !== undefined) found.set(key, outcome);
      }
      return found;
    },
    forget: () => {
      known.clear();
    },
  };
};

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
  const known = new Map<string, JournaledOutcome>();
  const asked = new Set<string>();
  const learn = (outcomes: readonly JournaledOutcome[]): void => {
    for (const outcome of outcomes) {
      known.set(outcome.key, outcome);
      asked.add(outcome.key);
    }
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
      const unknown = keys.filter((key) => !asked.has(key));
      if (unknown.length > 0) {
        const read = journal.outcomesOf(unknown);
        for (const key of unknown) {
          const outcome = read.get(key);
          if (outcome !== undefined) known.set(key, outcome);
          asked.add(key);
        }
      }
      return known;
    },
    forget: () => {
      known.clear();
      asked.clear();
    },
  };
};

import type { PlanHeader } from '../../model/plan.ts';
import type { Vault } from '../../vault/port.ts';
import { findJournal, type Journal } from './journal.ts';

/** Name under which the journal keeps how the run ended, until everything that follows a run is done too. */
const OWED = 'owed';

/** Says, before the run counts as finished, that what follows it is still to be done, and what it is made of. */
export const oweEnd = (journal: Pick<Journal, 'set'>, end: object): void => {
  journal.set(OWED, JSON.stringify(end));
};

/** A run that is finished while something that follows it (certificate, search) may be missing. */
export type OwedEnd<End> = {
  readonly end: End;
  /** What was remembered of the work that follows. */
  recall(name: string): string | undefined;
  remember(name: string, value: string): void;
  /** Everything that follows is done: nothing is owed any more. */
  settle(): void;
  close(): void;
};

/**
 * What a finished run of this plan still owes; undefined when it owes nothing, is unfinished or was never begun. Keeps
 * the run for this process until it is closed. Error: RunInUse. The end is what oweEnd was given.
 */
export const openOwedEnd = <End extends object>(
  vault: Pick<Vault, 'holdings' | 'openStore' | 'lock'>,
  { digest, terms }: Pick<PlanHeader, 'digest' | 'terms'>,
): OwedEnd<End> | undefined => {
  const journal = findJournal(vault, terms.orgId, digest);
  const owed = journal?.get('finished') === undefined ? '' : (journal.get(OWED) ?? '');
  if (journal === undefined || owed === '') {
    journal?.close();
    return undefined;
  }
  return {
    end: JSON.parse(owed) as End,
    recall: (name) => journal.get(`after ${name}`),
    remember: (name, value) => {
      journal.set(`after ${name}`, value);
    },
    settle: () => {
      journal.set(OWED, '');
    },
    close: () => {
      journal.close();
    },
  };
};

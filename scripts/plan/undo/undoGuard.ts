import type { EncryptedStore, Vault } from '../../vault/port.ts';
import type { CreateGuard, PlanGuard, StepsOfPerson, Verdict } from '../apply/guard.ts';
import { openValues, type SealedPlace } from './beforeImages.ts';

/**
 * Whether a person may still be given back: not after their key was destroyed. Rows are judged by their steps, each right
 * before its call, so that one edited record does not keep the others of the person.
 */
const verdictOf = (place: SealedPlace, { steps }: StepsOfPerson): Verdict =>
  steps.some((step) => openValues(place, step).state === 'forgotten')
    ? { stands: false, code: 'SubjectForgotten' }
    : { stands: true };

/** Guards an undo plan. */
export const createUndoGuard =
  (vault: Pick<Vault, 'deriveKey' | 'openForSubject' | 'openStore'>): CreateGuard =>
  (_org, header) => {
    const { orgId } = header.terms;
    const judge = (people: readonly StepsOfPerson[]): ReadonlyMap<string, Verdict> => {
      const store: EncryptedStore = vault.openStore(header.holding);
      try {
        const place = { vault, orgId, store };
        return new Map(people.map((person) => [person.subject, verdictOf(place, person)]));
      } finally {
        store.close();
      }
    };
    const guard: PlanGuard = {
      check: (people) => {
        const reading = {
          verdicts: judge(people),
          memory: '{}',
          afterDeletion: (subjects: readonly string[]) =>
            Promise.resolve(judge(people.filter((person) => subjects.includes(person.subject)))),
        };
        return Promise.resolve(reading);
      },
      checkDeleted: (people) => Promise.resolve(judge(people)),
    };
    return Promise.resolve(guard);
  };

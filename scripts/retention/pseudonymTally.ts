import { createFindings } from './anonymisationTally.ts';
import type { PseudonymisationTerms } from '../model/anonymisation.ts';
import type { PseudonymPorts } from './pseudonymisePeople.ts';

/** Counts, while a plan is made, who gets a pseudonym and until when it can be told whose it is. */
export type PseudonymTally = {
  readonly tell: (object: string) => PseudonymPorts['tell'];
  /** Undefined when nobody gets one. */
  readonly terms: () => PseudonymisationTerms | undefined;
};

export const createPseudonymTally = (): PseudonymTally => {
  const people = new Map<string, PseudonymisationTerms['people'][number]>();
  const findings = createFindings();
  return {
    tell:
      (object) =>
      ({ findings: own, until }) => {
        const { count, first, last } = people.get(object) ?? { count: 0, first: until, last: until };
        people.set(object, {
          ...{ object, count: count + 1 },
          ...{ first: until < first ? until : first, last: until > last ? until : last },
        });
        findings.add(own);
      },
    terms: () => (people.size === 0 ? undefined : { people: [...people.values()], findings: findings.all() }),
  };
};

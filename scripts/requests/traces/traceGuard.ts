import { valueOf } from '../../kernel/result.ts';
import type { LocalDate } from '../../kernel/legalPeriod.ts';
import { soqlString } from '../../kernel/soql.ts';
import { readCompleteness } from '../../org/completeness.ts';
import { namedPlaces } from '../../org/places.ts';
import type { CreateGuard, PlanGuard, StepsOfPerson, Verdict } from '../../plan/apply/guard.ts';
import type { Org } from '../../org/port.ts';
import type { RecordReference } from '../../subject/graph.ts';
import type { ErasureGuardPorts, ErasureLaw } from '../erase/erasureGuard.ts';
import { rowText } from '../../subject/rowText.ts';
import { standingOfPerson } from '../erase/standingOfPerson.ts';

const always = (people: readonly StepsOfPerson[], verdict: Verdict): ReadonlyMap<string, Verdict> =>
  new Map(people.map(({ subject }) => [subject, verdict]));

/** The request that is carried out does not hold its own run. */
const ownRequest = async (org: Org, key: string | null): Promise<{ readonly ownRequest?: string }> => {
  if (key === null) return {};
  for await (const row of org.query(`SELECT Id FROM GardeRequest__c WHERE RequestKey__c = ${soqlString(key)}`))
    return { ownRequest: rowText(row, 'Id') };
  return {};
};

/**
 * Guards a plan of traces: whether anything holds the person's records, as far as some are left (a law keeps them), is asked
 * again. Each trace itself is held to the values that were seen, by its step.
 */
export const createTraceGuard =
  (law: ErasureLaw, roots: readonly RecordReference[], ports: Omit<ErasureGuardPorts, 'vault'>): CreateGuard =>
  (org, header) => {
    const judge = async (people: readonly StepsOfPerson[]): Promise<ReadonlyMap<string, Verdict>> => {
      if (people.length === 0 || org !== ports.org) return always(people, { stands: true });
      const completeness = await readCompleteness(org, {
        places: namedPlaces(law.packs, law.charter),
        now: ports.now(),
      });
      const asOf = header.terms.asOf as LocalDate;
      const request = await ownRequest(org, header.terms.erasure?.request ?? null);
      const question = { roots, packs: law.packs, charter: law.charter, completeness, asOf, ...request };
      const { holds } = valueOf(await standingOfPerson(question, org));
      return always(people, holds.length === 0 ? { stands: true } : { stands: false, code: 'hold' });
    };
    const guard: PlanGuard = {
      check: async (people) => ({
        ...{ verdicts: await judge(people), memory: '{}' },
        afterDeletion: (subjects) => judge(people.filter(({ subject }) => subjects.includes(subject))),
      }),
      checkDeleted: (people) => judge(people),
    };
    return Promise.resolve(guard);
  };

import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { SnapshotReader } from '../snapshot/reader.ts';
import { createAnonymisationTally, type AnonymisationTally } from './anonymisationTally.ts';
import { prepareAnonymity, type AnonymityOfPeople } from './anonymisePeople.ts';
import type { Anonymising } from './dueToAnonymise.ts';
import { isAnonymising } from './planRetention.ts';
import type { PeopleInScope, RetentionLaw, RetentionScope } from './retentionScope.ts';

type Anonymised = {
  readonly scope: RetentionScope;
  readonly reader: SnapshotReader;
  readonly asOf: LocalDate;
  readonly anonymising?: Anonymising | undefined;
};

/** Counted only when a rule anonymises. */
export const tallyOf = (law: RetentionLaw, { scope, reader, asOf, anonymising }: Anonymised) =>
  anonymising === undefined || law.hierarchies === undefined
    ? undefined
    : createAnonymisationTally({
        ...{ asOf, reader, hierarchies: law.hierarchies, statistics: scope.statistics },
        country: law.charter.controller.country,
      });

/** What becomes of the people of one object who are anonymised; undefined when no rule of theirs does so. */
export const prepareGroup = (
  law: RetentionLaw,
  { scope, reader, asOf, anonymising, tally }: Anonymised & { readonly tally: AnonymisationTally | undefined },
  group: PeopleInScope,
): AnonymityOfPeople | undefined => {
  if (anonymising === undefined || !group.rules.some(({ rule }) => isAnonymising(rule.action))) return undefined;
  const { graphs, due } = anonymising;
  const { object } = group.spec;
  const prepared = prepareAnonymity({
    ...{ law, scope: group, completeness: scope.completeness, describes: scope.describes, reader, asOf, graphs },
    isDue: (of, id) => due.get(of)?.has(id) === true,
    tell: tally?.tell(object) ?? (() => undefined),
  });
  tally?.decided(object, prepared);
  return prepared;
};

import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { PlanTerms } from '../model/plan.ts';
import type { SnapshotReader } from '../snapshot/reader.ts';
import { createAnonymisationTally, type AnonymisationTally } from './anonymisationTally.ts';
import { prepareAnonymity, type AnonymityOfPeople } from './anonymisePeople.ts';
import type { Anonymising } from './dueToAnonymise.ts';
import { preparePseudonyms, type PseudonymPorts, type PseudonymsOfPeople } from './pseudonymisePeople.ts';
import { createPseudonymTally, type PseudonymTally } from './pseudonymTally.ts';
import type { PeopleInScope, RetentionLaw, RetentionScope } from './retentionScope.ts';

type Anonymised = {
  readonly scope: RetentionScope;
  readonly reader: SnapshotReader;
  readonly asOf: LocalDate;
  readonly anonymising?: Anonymising | undefined;
};

const doesSo = ({ rules }: Pick<PeopleInScope, 'rules'>, action: 'anonymise' | 'pseudonymise'): boolean =>
  rules.some(({ rule }) => rule.action === action);

/** Counted only when a rule anonymises. */
const tallyOf = (law: RetentionLaw, { scope, reader, asOf, anonymising }: Anonymised) =>
  anonymising === undefined ||
  law.hierarchies === undefined ||
  !scope.groups.some((group) => doesSo(group, 'anonymise'))
    ? undefined
    : createAnonymisationTally({
        ...{ asOf, reader, hierarchies: law.hierarchies, statistics: scope.statistics },
        country: law.charter.controller.country,
      });

/** How people of one object who keep their record and lose their name are treated, by action. */
export type NamesTaken = {
  readonly anonymity?: AnonymityOfPeople;
  readonly pseudonyms?: PseudonymsOfPeople;
};

type Tallies = {
  readonly tally: AnonymisationTally | undefined;
  readonly given: PseudonymTally;
  readonly bytesOf: PseudonymPorts['bytesOf'];
  readonly fingerprints: PseudonymPorts['fingerprints'];
};

/** What becomes of the people of one object whose names go; empty when no rule of theirs does so. */
const prepareGroup = (
  law: RetentionLaw,
  { scope, reader, asOf, anonymising, tally, given, bytesOf, fingerprints }: Anonymised & Tallies,
  group: PeopleInScope,
): NamesTaken => {
  if (anonymising === undefined) return {};
  const { graphs, due, pseudonyms } = anonymising;
  const { object } = group.spec;
  const preparing = {
    ...{ law, scope: group, completeness: scope.completeness, describes: scope.describes, reader, asOf, graphs },
    losesName: (of: string, id: string) => due.get(of)?.has(id) === true || pseudonyms.get(of)?.has(id) === true,
  };
  const isDue = (of: string, id: string): boolean => due.get(of)?.has(id) === true;
  const tell = tally?.tell(object) ?? (() => undefined);
  const anonymity = doesSo(group, 'anonymise') ? prepareAnonymity({ ...preparing, isDue, tell }) : undefined;
  if (anonymity !== undefined) tally?.decided(object, anonymity);
  return {
    ...(anonymity === undefined ? {} : { anonymity }),
    ...(doesSo(group, 'pseudonymise')
      ? { pseudonyms: preparePseudonyms(preparing, { bytesOf, fingerprints, tell: given.tell(object) }) }
      : {}),
  };
};

type Told = Pick<PlanTerms, 'anonymisation' | 'pseudonymisation'>;

/** How a plan takes names away, group by group, and what its header tells of that once everybody was decided about. */
export const takeNames = (
  law: RetentionLaw,
  made: Anonymised,
  from: Pick<PseudonymPorts, 'bytesOf' | 'fingerprints'>,
): { readonly prepare: (group: PeopleInScope) => NamesTaken; readonly more: () => Told } => {
  const [tally, given] = [tallyOf(law, made), createPseudonymTally()];
  return {
    prepare: (group) => prepareGroup(law, { ...made, ...from, tally, given }, group),
    more: () => {
      const [anonymisation, pseudonymisation] = [tally?.terms(), given.terms()];
      return {
        ...(anonymisation === undefined ? {} : { anonymisation }),
        ...(pseudonymisation === undefined ? {} : { pseudonymisation }),
      };
    },
  };
};

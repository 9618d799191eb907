import { isPseudonym } from '../disposal/pseudonymisePerson.ts';
import { anonymisedNames } from '../model/anonymisedPeople.ts';
import type { PeopleObject } from '../model/pack.ts';
import { textIn } from '../plan/operations/values.ts';
import { peopleObjectOf } from '../standing/people.ts';
import { isHouseholdRow } from '../subject/households.ts';
import type { GraphRow } from '../subject/peopleGraphs.ts';
import type { Preparing } from './anonymityContract.ts';

type Known = Pick<Preparing, 'law' | 'scope' | 'reader' | 'graphs' | 'losesName'>;

/** Whether everybody of a household has lost their name, by this plan or an earlier one. */
const isOfNobody = ({ law, scope, reader, losesName }: Known, people: PeopleObject, row: GraphRow): boolean => {
  const { household, familyName } = people;
  if (household === undefined || row.row === undefined || law.treatments === undefined) return false;
  if (!isHouseholdRow(law.packs, row.object, row.row)) return false;
  const { treatments } = law;
  const names = new Set(anonymisedNames(treatments));
  for (const member of reader.byLookup(scope.spec.object, household, [row.id])) {
    const name = textIn(member, familyName[0] ?? '');
    const isDone = names.has(name) || isPseudonym(name, treatments);
    if (!isDone && !losesName(scope.spec.object, textIn(member, 'Id'))) return false;
  }
  return true;
};

/**
 * Rows of somebody's graph that stay as they are: what others share, but for a household in which everybody is
 * anonymised; and another record of the same person that rules of its own keep, with what stands behind both of them.
 */
export const leftRows = (known: Known, person: string, graph: readonly GraphRow[]): ((row: GraphRow) => boolean) => {
  const { law, scope, graphs, reader, losesName } = known;
  const people = peopleObjectOf(law.packs, scope.spec.object);
  const ruled = new Set(law.charter.retention.map((rule) => rule.people));
  const objects = new Set(graphs.model.people.map(({ object }) => object));
  const isKept = ({ object, id, shared }: GraphRow): boolean =>
    !shared && objects.has(object) && ruled.has(object) && id !== person && !losesName(object, id);
  const hasKept = graph.some(isKept);
  const own = reader.byId(scope.spec.object, person);
  const household = people?.household === undefined || own === undefined ? '' : textIn(own, people.household);
  return (row) => {
    if (!row.shared) return isKept(row) || (hasKept && objects.has(row.object) && !ruled.has(row.object));
    return !(people !== undefined && household !== '' && row.id === household && isOfNobody(known, people, row));
  };
};

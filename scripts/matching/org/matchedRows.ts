import { GardeError, type Problem } from '../../kernel/result.ts';
import type { Charter } from '../../model/charter.ts';
import type { ColumnRole } from '../../model/columnMap.ts';
import type { Filter } from '../../model/filter.ts';
import type { MatchedObject, Pack, PeopleObject } from '../../model/pack.ts';

/** Rows of one object that are compared: which, and what their fields hold. */
export type MatchedRows = {
  readonly object: string;
  readonly rows: MatchedObject['rows'];
  /** All conditions hold. */
  readonly where: Filter;
  readonly columns: readonly { readonly field: string; readonly role: ColumnRole }[];
  /** Lookups to the same human being's Individual and to the household or organisation. */
  readonly individual?: string;
  readonly household?: string;
};

const peopleColumns = (people: readonly PeopleObject[]): readonly (readonly [string, ColumnRole])[] =>
  people.flatMap((one) => [
    ...one.givenName.map((field) => [field, 'given-name'] as const),
    ...one.familyName.map((field) => [field, 'family-name'] as const),
    ...(one.givenName.length + one.familyName.length === 0 ? [[one.fullName, 'full-name'] as const] : []),
    ...one.emails.map((field) => [field, 'email'] as const),
    ...one.phones.map((field) => [field, 'phone'] as const),
    ...(one.birthDate === undefined ? [] : [[one.birthDate, 'birth-date'] as const]),
  ]);

const rowsOf = (
  packs: readonly Pack[],
  charter: Pick<Charter, 'matching'>,
  { object, rows }: Pick<MatchedObject, 'object' | 'rows'>,
): MatchedRows => {
  const entries = packs.flatMap((pack) => pack.matching).filter((one) => one.object === object && one.rows === rows);
  const people = rows === 'person' ? packs.flatMap((pack) => pack.people).filter((one) => one.object === object) : [];
  const roles = new Map<string, ColumnRole>([
    ...peopleColumns(people),
    ...entries.flatMap((one) => Object.entries(one.columns)),
    ...Object.entries(charter.matching?.columns[object] ?? {}),
  ]);
  const individual = people.find((one) => one.individual !== undefined)?.individual;
  const household = people.find((one) => one.household !== undefined)?.household;
  return {
    ...{ object, rows, where: [...people, ...entries].flatMap((one) => one.where) },
    columns: [...roles].map(([field, role]) => ({ field, role })).filter(({ role }) => role !== 'ignore'),
    ...(individual === undefined ? {} : { individual }),
    ...(household === undefined ? {} : { household }),
  };
};

const unknown = (object: string, known: readonly string[]): Problem => ({
  code: 'MatchObjectUnknown',
  subject: object,
  message: 'No pack of the charter says how rows of this object are compared.',
  actions: [`Name one of ${known.join(', ')}, or say in the charter (matching.columns) what the object's fields hold.`],
});

/**
 * What is compared in an org: all that the packs of its charter compare by default, or the objects that are named.
 * GardeError `MatchObjectUnknown`.
 */
export const matchedRows = (
  packs: readonly Pack[],
  charter: Pick<Charter, 'matching'>,
  objects: readonly string[],
): readonly MatchedRows[] => {
  const entries = packs.flatMap((pack) => pack.matching);
  const kinds = new Map<string, Pick<MatchedObject, 'object' | 'rows'> & { readonly byDefault: boolean }>();
  for (const { object, rows, byDefault } of entries) {
    const key = `${object} ${rows}`;
    kinds.set(key, { object, rows, byDefault: byDefault || (kinds.get(key)?.byDefault ?? false) });
  }
  const known = [...new Set([...kinds.values()].map(({ object }) => object))];
  const problems = objects.filter((object) => !known.includes(object)).map((object) => unknown(object, known));
  if (problems.length > 0) throw new GardeError(problems);
  return [...kinds.values()]
    .filter(({ object, byDefault }) => (objects.length === 0 ? byDefault : objects.includes(object)))
    .map((kind) => rowsOf(packs, charter, kind));
};

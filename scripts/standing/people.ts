import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { Filter } from '../model/filter.ts';
import { matchesFilter } from '../model/filterMatch.ts';
import type { Pack, PeopleObject } from '../model/pack.ts';
import type { DescribedObject, OrgRow, OrgValue } from '../org/port.ts';
import { readPath } from '../org/rowPaths.ts';
import { dayOf, type Fact } from './facts.ts';

/** Which rows of an object are the people to look at, and through which lookups others' facts reach them. */
export type PeopleSpec = {
  readonly object: string;
  readonly where: Filter;
  /** Lookups whose target's facts count for the person: household, Individual (`isOwn`: the same human being). */
  readonly links: readonly { readonly field: string; readonly to: readonly string[]; readonly isOwn: boolean }[];
  /** Rules in order; a person is looked at when at least one applies. */
  readonly rules: readonly {
    readonly key: string;
    readonly where: Filter;
    readonly except?: readonly { readonly key: string; readonly where: Filter }[];
  }[];
};

export type Person = {
  readonly id: string;
  /** Day the record was made; null when it is not told. */
  readonly collected: LocalDate | null;
  /** Linked records in the order of the spec's links. */
  readonly links: readonly (string | null)[];
  /** Keys of the rules that apply. */
  readonly rules: readonly string[];
  /** `rule/exception` of the rules that leave the person alone. */
  readonly exceptions?: readonly string[];
};

export type PersonFacts = { readonly person: Person; readonly facts: readonly Fact[] };

/** The people that some rules look at: the pack's object, its lookups as the org has them. */
export const peopleSpec = (
  people: PeopleObject,
  rules: PeopleSpec['rules'],
  described: DescribedObject,
): PeopleSpec => {
  const linkAt = (name: string | undefined, isOwn: boolean): PeopleSpec['links'] => {
    const field = described.fields.find((one) => one.name === name);
    return field === undefined ? [] : [{ field: field.name, to: field.referenceTo, isOwn }];
  };
  return {
    object: people.object,
    where: people.where,
    links: [...linkAt(people.household, false), ...linkAt(people.individual, true)],
    rules,
  };
};

/** Paths read of the people's own rows. */
export const personPaths = (spec: PeopleSpec): readonly string[] => [
  ...new Set([
    'Id',
    'CreatedDate',
    ...spec.links.map((link) => link.field),
    ...[spec.where, ...spec.rules.flatMap((rule) => [rule.where, ...(rule.except ?? []).map((one) => one.where)])]
      .flat()
      .map((one) => one.field),
  ]),
];

/** All packs' entries for one people object, folded into one; undefined when no pack names it. */
export const peopleObjectOf = (packs: readonly Pack[], object: string): PeopleObject | undefined => {
  const [first, ...rest] = packs.flatMap((pack) => pack.people).filter((people) => people.object === object);
  if (first === undefined) return undefined;
  return rest.reduce<PeopleObject>(
    (known, next) => ({
      ...known,
      where: [...known.where, ...next.where],
      individual: known.individual ?? next.individual,
      household: known.household ?? next.household,
    }),
    first,
  );
};

/** The person of a row; undefined when no rule applies to it. */
export const personIn = (spec: PeopleSpec, read: (path: string) => OrgValue, timeZone: string): Person | undefined => {
  const id = read('Id');
  const meets = (where: Filter): boolean => matchesFilter(where, read);
  if (typeof id !== 'string' || !meets(spec.where)) return undefined;
  const applying = spec.rules.filter((rule) => meets(rule.where));
  if (applying.length === 0) return undefined;
  const exceptions = applying.flatMap((rule) =>
    (rule.except ?? []).filter((one) => meets(one.where)).map((one) => `${rule.key}/${one.key}`),
  );
  return {
    id,
    collected: dayOf(read('CreatedDate'), timeZone),
    links: spec.links.map(({ field }) => {
      const value = read(field);
      return typeof value === 'string' ? value : null;
    }),
    rules: applying.map((rule) => rule.key),
    ...(exceptions.length === 0 ? {} : { exceptions }),
  };
};

/** The same for a row as the org gives it. */
export const personOf = (spec: PeopleSpec, row: OrgRow, timeZone: string): Person | undefined =>
  personIn(spec, (path) => readPath(row, path), timeZone);

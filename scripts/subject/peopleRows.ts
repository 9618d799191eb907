import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import { filterToSoql } from '../model/filterSoql.ts';
import type { OrgModel } from '../model/orgModel.ts';
import type { PeopleObject } from '../model/pack.ts';
import type { Org, OrgRow } from '../org/port.ts';
import type { RecordReference } from './graph.ts';
import { rowText } from './rowText.ts';

/** What a person's own record says of who they are. Texts as written; empty ones are left out. */
export type PersonRow = RecordReference & {
  readonly fullName: string;
  readonly givenNames: readonly string[];
  readonly familyNames: readonly string[];
  readonly emails: readonly string[];
  readonly phones: readonly string[];
};

const textsOf = (row: OrgRow, fields: readonly string[]): readonly string[] =>
  fields.map((field) => rowText(row, field)).filter((text) => text !== '');

const toPersonRow = (person: PeopleObject, row: OrgRow): PersonRow => ({
  object: person.object,
  id: rowText(row, 'Id'),
  fullName: rowText(row, person.fullName),
  givenNames: textsOf(row, person.givenName),
  familyNames: textsOf(row, person.familyName),
  emails: textsOf(row, person.emails),
  phones: textsOf(row, person.phones),
});

/**
 * Rows of one people object that meet a SOQL condition (made of checked names and escaped values) and are people as the
 * pack says; recycle bin included.
 */
export const queryPeople = async function* (
  org: Pick<Org, 'query'>,
  person: PeopleObject,
  where: string,
): AsyncGenerator<PersonRow> {
  const names = ['Id', person.fullName, ...person.givenName, ...person.familyName, ...person.emails, ...person.phones];
  const only = filterToSoql(person.where);
  const soql =
    `SELECT ${[...new Set(names)].map(soqlName).join(', ')} FROM ${soqlName(person.object)}` +
    ` WHERE (${where})${only === '' ? '' : ` AND ${only}`}`;
  for await (const row of org.query(soql, { deletedToo: true })) yield toPersonRow(person, row);
};

/** The people behind ids of any objects; ids of other objects and of rows that are no people are left out. */
export const readPeople = async (
  org: Pick<Org, 'query'>,
  model: OrgModel,
  ids: Iterable<string>,
): Promise<readonly PersonRow[]> => {
  const wanted = [...new Set(ids)];
  const found: PersonRow[] = [];
  for (const person of model.people) {
    const prefix = model.objects.get(person.object)?.keyPrefix;
    const own = wanted.filter((id) => id.slice(0, 3) === prefix);
    for (const chunk of inChunks(own)) {
      for await (const row of queryPeople(org, person, `Id IN ${soqlList(chunk)}`)) found.push(row);
    }
  }
  return found;
};

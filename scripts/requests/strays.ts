import { inChunks, soqlList, soqlName, soqlString } from '../kernel/soql.ts';
import type { ModelObject, OrgModel } from '../model/orgModel.ts';
import type { Stray } from '../model/pack.ts';
import type { Org, OrgRow } from '../org/port.ts';
import { emailVariants } from '../subject/identifiers.ts';
import type { PersonRow } from '../subject/peopleRows.ts';
import { rowText } from '../subject/rowText.ts';
import { nameWords } from '../subject/samePerson.ts';
import { readRows, type ReadRecord } from './readRecords.ts';

/** Copies and logs without a lookup to the person, found by address, id or name. */
export type StrayFindings = {
  readonly records: readonly ReadRecord[];
  /** Rows that name somebody else as well: not copied without a decision. */
  readonly heldBack: readonly { readonly object: string; readonly ids: readonly string[] }[];
  /** Rows that have only the name in common: a namesake's as likely as the person's. */
  readonly namesakes: readonly { readonly object: string; readonly ids: readonly string[] }[];
};

export type StrayInput = {
  readonly model: OrgModel;
  readonly people: readonly PersonRow[];
  readonly emails: readonly string[];
  /** Ids of the person's records; what is already in the graph is not looked for again. */
  readonly graph: ReadonlySet<string>;
};

const filterable = (object: ModelObject, fields: readonly string[]): readonly string[] =>
  fields.filter((field) => object.fields.some((one) => one.name === field && one.filterable));

const idsWhere = async (org: Pick<Org, 'query'>, object: string, where: string): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const row of org.query(`SELECT Id FROM ${soqlName(object)} WHERE ${where}`, { deletedToo: true }))
    ids.push(rowText(row, 'Id'));
  return ids;
};

const byValues = async (
  org: Pick<Org, 'query'>,
  object: ModelObject,
  fields: readonly string[],
  values: readonly string[],
): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  if (fields.length === 0) return found;
  for (const chunk of inChunks(values)) {
    const where = fields.map((field) => `${soqlName(field)} IN ${soqlList(chunk)}`).join(' OR ');
    for (const id of await idsWhere(org, object.name, where)) found.add(id);
  }
  return found;
};

const byNames = async (
  org: Pick<Org, 'query'>,
  object: ModelObject,
  stray: Stray,
  input: StrayInput,
): Promise<readonly string[]> => {
  const pairs = input.people.flatMap((one) =>
    one.givenNames.flatMap((given) => one.familyNames.map((family) => ({ given, family }))),
  );
  const conditions = stray.names
    .filter((names) => filterable(object, [names.given, names.family]).length === 2)
    .flatMap((names) =>
      pairs.map(
        ({ given, family }) =>
          `(${soqlName(names.given)} = ${soqlString(given)} AND ${soqlName(names.family)} = ${soqlString(family)})`,
      ),
    );
  return conditions.length === 0 ? [] : idsWhere(org, object.name, conditions.join(' OR '));
};

/** Whether a row's name fields name somebody else than the person. */
export const namesSomebodyElse = (row: OrgRow, stray: Stray, people: readonly PersonRow[]): boolean => {
  const own = new Set(
    people.flatMap((one) => [one.fullName, [...one.givenNames, ...one.familyNames].join(' ')]).map(nameWords),
  );
  return stray.names.some((names) => {
    const name = nameWords(`${rowText(row, names.given)} ${rowText(row, names.family)}`);
    return name !== '' && !own.has(name);
  });
};

const searchOne = async (org: Pick<Org, 'query'>, stray: Stray, object: ModelObject, input: StrayInput) => {
  const emails = [...new Set(input.emails.flatMap(emailVariants))];
  const found = new Set([
    ...(await byValues(org, object, filterable(object, stray.emails), emails)),
    ...(await byValues(org, object, filterable(object, stray.ids), [...input.graph])),
  ]);
  const ids = [...found].filter((id) => !input.graph.has(id));
  const records: ReadRecord[] = [];
  const heldBack: string[] = [];
  for (const [id, row] of (await readRows(org, object, ids)).rows) {
    if (namesSomebodyElse(row, stray, input.people)) heldBack.push(id);
    else
      records.push({
        item: { object: object.name, id, shared: true, deleted: row['IsDeleted'] === true, steps: [] },
        row,
      });
  }
  const named = (await byNames(org, object, stray, input)).filter((id) => !found.has(id) && !input.graph.has(id));
  return { records, heldBack, named };
};

/** Looks through the import copies and logs that the packs name. Nothing is taken on a name alone. */
export const findStrays = async (input: StrayInput, org: Pick<Org, 'query'>): Promise<StrayFindings> => {
  const records: ReadRecord[] = [];
  const heldBack: { object: string; ids: readonly string[] }[] = [];
  const namesakes: { object: string; ids: readonly string[] }[] = [];
  for (const stray of input.model.strays) {
    const object = input.model.objects.get(stray.object);
    if (object === undefined) continue;
    const found = await searchOne(org, stray, object, input);
    records.push(...found.records);
    if (found.heldBack.length > 0) heldBack.push({ object: stray.object, ids: found.heldBack });
    if (found.named.length > 0) namesakes.push({ object: stray.object, ids: found.named });
  }
  return { records, heldBack, namesakes };
};

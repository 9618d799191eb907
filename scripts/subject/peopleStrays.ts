import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import type { OrgModel } from '../model/orgModel.ts';
import type { Org, OrgRow } from '../org/port.ts';
import type { SubjectGraph } from './graph.ts';
import { emailKey, emailVariants } from './identifiers.ts';
import { rowText } from './rowText.ts';

/** A copy or log without a lookup that names somebody by an address or a record id. */
export type StrayRow = { readonly object: string; readonly id: string };

type Marks = ReadonlyMap<string, ReadonlySet<string>>;

/** Whose address or record id is whose: both are compared in small letters. */
const marksOf = (model: OrgModel, graphs: readonly SubjectGraph[], rows: ReadonlyMap<string, OrgRow>): Marks => {
  const marks = new Map<string, Set<string>>();
  const add = (mark: string, person: string): void => {
    marks.set(mark, (marks.get(mark) ?? new Set<string>()).add(person));
  };
  for (const { roots, items } of graphs) {
    const person = roots[0]?.id ?? '';
    for (const { object, id } of items.filter((item) => !item.shared)) {
      const emails = model.people.find((one) => one.object === object)?.emails;
      if (emails === undefined) continue;
      add(id.toLowerCase(), person);
      const own = emails.map((field) => rowText(rows.get(id) ?? {}, field)).filter((email) => email !== '');
      for (const email of own) add(emailKey(email), person);
    }
  }
  return marks;
};

const valuesOf = (marks: Marks, graphs: readonly SubjectGraph[]) => ({
  emails: [...new Set([...marks.keys()].filter((mark) => mark.includes('@')).flatMap(emailVariants))],
  ids: graphs.flatMap(({ items }) => items.map(({ id }) => id)).filter((id) => marks.has(id.toLowerCase())),
});

type Asked = { readonly field: string; readonly values: readonly string[] };

const rowsWith = async function* (org: Pick<Org, 'query'>, object: string, asked: readonly Asked[]) {
  const questions = asked.flatMap(({ field, values }) => inChunks(values).map((some) => ({ field, some })));
  for (const { field, some } of questions) {
    const soql = `SELECT Id, ${soqlName(field)} FROM ${soqlName(object)} WHERE ${soqlName(field)} IN ${soqlList(some)}`;
    for await (const row of org.query(soql, { deletedToo: true })) yield { row, field };
  }
};

/**
 * Import copies and logs that the packs name and that hold an address or a record id of these people, by person: one
 * query for many of them. A name alone is nobody's mark.
 */
export const straysOfPeople = async (
  model: OrgModel,
  of: { readonly graphs: readonly SubjectGraph[]; readonly rows: ReadonlyMap<string, OrgRow> },
  org: Pick<Org, 'query'>,
): Promise<ReadonlyMap<string, readonly StrayRow[]>> => {
  const marks = marksOf(model, of.graphs, of.rows);
  const { emails, ids } = valuesOf(marks, of.graphs);
  const found = new Map<string, Map<string, StrayRow>>();
  const graph = new Set(of.graphs.flatMap(({ items }) => items.map(({ id }) => id)));
  for (const stray of model.strays) {
    const { object } = stray;
    const searchable = (fields: readonly string[]): readonly string[] =>
      fields.filter((field) =>
        model.objects.get(object)?.fields.some(({ name, filterable }) => name === field && filterable),
      );
    const asked: readonly Asked[] = [
      ...searchable(stray.emails).map((field) => ({ field, values: emails })),
      ...searchable(stray.ids).map((field) => ({ field, values: ids })),
    ];
    for await (const { row, field } of rowsWith(org, object, asked)) note(found, { object, row, field, marks, graph });
  }
  return new Map([...found].map(([person, rows]) => [person, [...rows.values()]]));
};

type Noting = {
  readonly object: string;
  readonly row: OrgRow;
  readonly field: string;
  readonly marks: Marks;
  readonly graph: ReadonlySet<string>;
};

const note = (found: Map<string, Map<string, StrayRow>>, { object, row, field, marks, graph }: Noting): void => {
  const [id, value] = [rowText(row, 'Id'), rowText(row, field)];
  const people = marks.get(value.includes('@') ? emailKey(value) : value.toLowerCase()) ?? [];
  if (graph.has(id)) return;
  for (const person of people)
    found.set(person, (found.get(person) ?? new Map<string, StrayRow>()).set(id, { object, id }));
};

import type { SQLInputValue } from 'node:sqlite';
import type { FieldValue } from '../contract.ts';
import type { EngineContext } from '../engine/engineContext.ts';
import { quote } from '../engine/tables.ts';
import type { SqlPart } from '../engine/sharing.ts';
import type { DuplicateRuleDefinition, MatchingRuleDefinition } from '../schema/duplicateDefinitions.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';

type Row = Readonly<Record<string, FieldValue>>;

/** Source: https://help.salesforce.com/s/articleView?id=sales.duplicate_rules_considerations.htm */
const mostMatches = 100;

export type Search = {
  readonly context: EngineContext;
  readonly target: ObjectDefinition;
  readonly rule: MatchingRuleDefinition;
  readonly mapping: DuplicateRuleDefinition['matches'][number]['mapping'];
  /** Which rows count, over the alias `t`; undefined = all. */
  readonly visible: SqlPart | undefined;
};

const conditions = (search: Search, row: Row, values: SQLInputValue[]): readonly string[] =>
  search.rule.items.map((item) => {
    const field = search.context.registry.field(search.target.name, item.field);
    if (field === undefined) return '0';
    const value = row[search.mapping[field.name] ?? field.name] ?? null;
    const column = `t.${quote(field.name)}`;
    if (value === null) return item.blanksMatch ? `${column} IS NULL` : '0';
    search.context.store.index(search.target.name, field.name);
    values.push(typeof value === 'boolean' ? Number(value) : value);
    const text = typeof value === 'string' && field.type !== 'reference' && !field.caseSensitive;
    return `${column} = ?${String(values.length)}${text ? ' COLLATE NOCASE' : ''}`;
  });

/** The logic was read when the rule was deployed: numbers, AND, OR, NOT and brackets only. */
const joined = (logic: string | undefined, tests: readonly string[]): string =>
  logic === undefined
    ? tests.join(' AND ')
    : logic.replace(/\d+/g, (number) => `(${tests[Number(number) - 1] ?? '0'})`);

/** Ids of live rows that a matching rule finds for a row, oldest first; case does not count, accents do. */
export const findMatches = (search: Search, row: Row, except: (id: string) => boolean): readonly string[] => {
  const values: SQLInputValue[] = [];
  const tests = conditions(search, row, values);
  if (tests.every((test) => test === '0')) return [];
  const where = joined(search.rule.logic, tests);
  const own = values.length;
  let seen = '';
  if (search.visible !== undefined) {
    let at = own;
    seen = ` AND ${search.visible.sql.replace(/\?/g, () => `?${String((at += 1))}`)}`;
  }
  const table = search.context.store.tableFor(search.target.name).sql;
  const sql = `SELECT t."Id" AS id FROM ${table} t WHERE (${where}) AND t."_deleted" = 0${seen} ORDER BY t.rowid LIMIT 1000`;
  return search.context.store
    .statement(sql)
    .all(...values, ...(search.visible?.values ?? []))
    .map((found) => String(found['id']))
    .filter((id) => !except(id))
    .slice(0, mostMatches);
};

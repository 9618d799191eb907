import { TwinError } from '../contract.ts';
import type { FieldValue, InputRow } from '../contract.ts';
import { isObject } from '../http/exchange.ts';
import type { Load, LoadPorts, LoadRow } from './load.ts';

type Converter = (text: string) => FieldValue;

type Column =
  | { readonly kind: 'field'; readonly field: string; readonly convert: Converter | undefined }
  | { readonly kind: 'reference'; readonly relationship: string; readonly key: string; readonly type?: string };

export type RowReader = {
  /** What the values of rows mean; undefined where rows name their fields. */
  readonly fields: readonly string[] | undefined;
  readonly read: (cells: readonly string[]) => LoadRow | TwinError;
};

/** Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/bulk-common-limits.html */
export const ROW_LIMITS = { fields: 5_000, charactersOfField: 131_072, charactersOfRecord: 400_000 } as const;

const NUMBERS = new Set(['int', 'double', 'currency', 'percent', 'long']);
const NULL_CELL = '#N/A';

const toBoolean = (text: string): FieldValue => {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (/^(?:true|1)$/i.test(text)) return true;
  return /^(?:false|0)$/i.test(text) ? false : text;
};

const toNumber = (text: string): FieldValue => {
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : number;
};

const converter = (type: string | undefined): Converter | undefined => {
  if (type === 'boolean') return toBoolean;
  return NUMBERS.has(type ?? '') ? toNumber : undefined;
};

const invalidBatch = (why: string): TwinError => new TwinError('InvalidBatch', why);
const notFound = (header: string): TwinError => invalidBatch(`Field name not found : ${header}`);

type Described = {
  readonly fields: ReadonlyMap<string, string>;
  readonly relationships: ReadonlyMap<string, { readonly name: string; readonly targets: readonly string[] }>;
};

const described = (load: Load, ports: LoadPorts): Described => {
  const list = ports.engine.describe(load.session, load.object)['fields'];
  const fields = new Map<string, string>();
  const relationships = new Map<string, { name: string; targets: readonly string[] }>();
  for (const field of Array.isArray(list) ? list.filter(isObject) : []) {
    const { name, relationshipName, referenceTo } = field;
    if (typeof name === 'string') fields.set(name.toLowerCase(), name);
    if (typeof relationshipName !== 'string') continue;
    const targets = Array.isArray(referenceTo) ? referenceTo.map(String) : [];
    relationships.set(relationshipName.toLowerCase(), { name: relationshipName, targets });
  }
  return { fields, relationships };
};

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * `Account.Key__c`, and for a lookup to several objects the object besides the relationship, on either side of the colon
 * (`User:Owner.Key__c`). Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/relationship-fields-in-a-header-row-2-0.html
 */
const referenceColumn = (header: string, known: Described): Column => {
  const [before = '', key = '', ...deeper] = header.split('.');
  const [one = '', other] = before.split(':');
  const names = other === undefined ? [one] : [other, one];
  const relationship = names.map((name) => known.relationships.get(name.toLowerCase())).find((found) => found);
  if (relationship === undefined || key === '' || deeper.length > 0) throw notFound(header);
  if (other === undefined) return { kind: 'reference', relationship: relationship.name, key };
  const wanted = names.find((name) => !sameName(name, relationship.name)) ?? relationship.name;
  const type = relationship.targets.find((target) => sameName(target, wanted));
  if (type === undefined) throw notFound(header);
  return { kind: 'reference', relationship: relationship.name, key, type };
};

const columnOf = (header: string, load: Load, ports: LoadPorts, known: Described): Column => {
  if (header.includes('.')) return referenceColumn(header, known);
  const field = known.fields.get(header.toLowerCase());
  if (field === undefined) throw notFound(header);
  return { kind: 'field', field, convert: converter(ports.schema.fieldType(load.object, field)) };
};

const targetOf = (column: Column): string =>
  column.kind === 'field' ? column.field : `${column.relationship}.${column.key}`.toLowerCase();

/** An upsert by record id may do without the column: every row is a new one. Other keys have to be there. */
const requireKey = (load: Load, columns: readonly Column[]): void => {
  const has = (name: string): boolean =>
    columns.some((column) => column.kind === 'field' && sameName(column.field, name));
  const key = load.operation === 'upsert' ? (load.externalIdFieldName ?? 'Id') : 'Id';
  const isOptional = load.operation === 'insert' || (load.operation === 'upsert' && sameName(key, 'Id'));
  if (!isOptional && !has(key)) throw notFound(key);
  const isDeletion = load.operation === 'delete' || load.operation === 'hardDelete';
  if (isDeletion && columns.length > 1) throw invalidBatch('delete batch must contain only ids');
};

/** A header's columns; InvalidBatch for an unknown, repeated or missing one. */
const columnsOf = (header: readonly string[], load: Load, ports: LoadPorts): readonly Column[] => {
  if (header.length > ROW_LIMITS.fields)
    throw invalidBatch(`Too many fields: at most ${ROW_LIMITS.fields} are allowed`);
  const known = described(load, ports);
  const columns = header.map((name) => columnOf(name, load, ports, known));
  const seen = new Set<string>();
  for (const [i, column] of columns.entries()) {
    if (seen.has(targetOf(column))) throw invalidBatch(`Duplicate field name : ${header[i] ?? ''}`);
    seen.add(targetOf(column));
  }
  requireKey(load, columns);
  return columns;
};

const tooLong = (cells: readonly string[], header: readonly string[]): TwinError | undefined => {
  let characters = 0;
  for (const [i, cell] of cells.entries()) {
    characters += cell.length;
    if (cell.length > ROW_LIMITS.charactersOfField) {
      const most = ROW_LIMITS.charactersOfField;
      return new TwinError('STRING_TOO_LONG', `${header[i] ?? ''}: data value too large (max length=${most})`);
    }
  }
  if (characters <= ROW_LIMITS.charactersOfRecord) return undefined;
  return new TwinError('LIMIT_EXCEEDED', `A record has at most ${ROW_LIMITS.charactersOfRecord} characters`);
};

const valueOf = (convert: Converter | undefined, text: string): FieldValue => {
  if (text === NULL_CELL) return null;
  return convert === undefined ? text : convert(text);
};

const put = (row: Record<string, InputRow[string]>, column: Column, text: string): void => {
  if (column.kind === 'field') {
    row[column.field] = valueOf(column.convert, text);
    return;
  }
  const value = text === NULL_CELL ? null : text;
  row[column.relationship] =
    column.type === undefined ? { [column.key]: value } : { type: column.type, [column.key]: value };
};

/** Fewer cells than columns are empty ones; more cannot be told apart. */
const requireEven = (cells: readonly string[], header: readonly string[]): void => {
  if (cells.length > header.length)
    throw invalidBatch(`A record has ${cells.length} values, the header ${header.length}`);
};

/** Rows of new records whose columns are all fields of their own: their values, in order. */
const tableReader = (
  header: readonly string[],
  columns: readonly (Column & { readonly kind: 'field' })[],
): RowReader => {
  const converters = columns.map(({ convert }) => convert);
  return {
    fields: columns.map(({ field }) => field),
    read: (cells) => {
      requireEven(cells, header);
      const values: (FieldValue | undefined)[] = [];
      let characters = 0;
      for (let i = 0; i < cells.length; i += 1) {
        const text = cells[i] ?? '';
        characters += text.length;
        values.push(text === '' ? undefined : valueOf(converters[i], text));
      }
      return (characters > ROW_LIMITS.charactersOfField ? tooLong(cells, header) : undefined) ?? values;
    },
  };
};

/**
 * How the cells of a file become rows: types by the schema, `#N/A` is null, empty cells are left out,
 * `Account.Key__c` is a reference by external id. Throws `InvalidBatch` for what is wrong with the header.
 */
export const rowReader = (header: readonly string[], load: Load, ports: LoadPorts): RowReader => {
  const columns = columnsOf(header, load, ports);
  const fields = columns.filter((column) => column.kind === 'field');
  if (load.operation === 'insert' && fields.length === columns.length) return tableReader(header, fields);
  const read = (cells: readonly string[]): InputRow | TwinError => {
    requireEven(cells, header);
    const row: Record<string, InputRow[string]> = {};
    let characters = 0;
    for (let i = 0; i < cells.length; i += 1) {
      const text = cells[i];
      const column = columns[i];
      if (text === undefined || text === '' || column === undefined) continue;
      characters += text.length;
      put(row, column, text);
    }
    return (characters > ROW_LIMITS.charactersOfField ? tooLong(cells, header) : undefined) ?? row;
  };
  return { fields: undefined, read };
};

import { notEmulated, TwinError } from '../contract.ts';
import type { DataEngine, FieldValue, InputRow, Session } from '../contract.ts';
import type { WireSchema } from '../context.ts';
import { isObject } from '../http/exchange.ts';

type Column =
  | { readonly kind: 'field'; readonly field: string; readonly convert: (text: string) => FieldValue }
  | { readonly kind: 'reference'; readonly relationship: string; readonly key: string };

export type RowReader = (cells: readonly string[]) => InputRow;

const NUMBERS = new Set(['int', 'double', 'currency', 'percent', 'long']);
const NULL_CELL = '#N/A';

const toBoolean = (text: string): FieldValue => {
  if (/^(?:true|1)$/i.test(text)) return true;
  return /^(?:false|0)$/i.test(text) ? false : text;
};

const toNumber = (text: string): FieldValue => {
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : number;
};

const converter = (type: string | undefined): ((text: string) => FieldValue) => {
  if (type === 'boolean') return toBoolean;
  return NUMBERS.has(type ?? '') ? toNumber : (text) => text;
};

const names = (
  described: Readonly<Record<string, unknown>>,
  property: 'name' | 'relationshipName',
): ReadonlySet<string> =>
  new Set(
    (Array.isArray(described['fields']) ? described['fields'] : [])
      .filter(isObject)
      .map((field) => field[property])
      .filter((name) => typeof name === 'string')
      .map((name) => name.toLowerCase()),
  );

const notFound = (header: string): TwinError => new TwinError('InvalidBatch', `Field name not found : ${header}`);

/**
 * How the cells of a file become rows: types by the schema, `#N/A` is null, empty cells are left out,
 * `Account__r.Key__c` is a reference by external id. Throws `InvalidBatch : Field name not found`.
 */
export const rowReader = (
  header: readonly string[],
  object: string,
  sources: { readonly engine: DataEngine; readonly session: Session; readonly schema: WireSchema },
): RowReader => {
  const described = sources.engine.describe(sources.session, object);
  const fields = names(described, 'name');
  const relationships = names(described, 'relationshipName');
  const columns = header.map((name): Column => {
    const [relationship = '', key] = name.split('.');
    if (key !== undefined) {
      if (relationship.includes(':')) throw notEmulated(`polymorphic relationship column ${name}`);
      if (!relationships.has(relationship.toLowerCase())) throw notFound(name);
      return { kind: 'reference', relationship, key };
    }
    if (!fields.has(name.toLowerCase())) throw notFound(name);
    return { kind: 'field', field: name, convert: converter(sources.schema.fieldType(object, name)) };
  });
  return (cells) => {
    const row: Record<string, FieldValue | Readonly<Record<string, FieldValue>>> = {};
    for (const [i, column] of columns.entries()) {
      const text = cells[i] ?? '';
      if (text === '') continue;
      if (column.kind === 'reference') row[column.relationship] = { [column.key]: text === NULL_CELL ? null : text };
      else row[column.field] = text === NULL_CELL ? null : column.convert(text);
    }
    return row;
  };
};

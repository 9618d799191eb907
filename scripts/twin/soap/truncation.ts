import type { InputRow } from '../contract.ts';
import { isObject } from '../http/exchange.ts';

/** Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_header_allowfieldtruncation.htm */
const CUT_TYPES = new Set(['email', 'encryptedstring', 'multipicklist', 'phone', 'picklist', 'string', 'textarea']);

/** Texts cut to the lengths of their fields, as AllowFieldTruncationHeader asks for. */
export const truncated = (
  described: Readonly<Record<string, unknown>>,
  rows: readonly InputRow[],
): readonly InputRow[] => {
  const fields = Array.isArray(described['fields']) ? (described['fields'] as readonly unknown[]).filter(isObject) : [];
  const lengths = new Map(
    fields
      .filter(({ type }) => CUT_TYPES.has(String(type)))
      .map(({ name, length }) => [String(name).toLowerCase(), Number(length)]),
  );
  const cut = ([name, value]: [string, InputRow[string]]): [string, InputRow[string]] => {
    const length = lengths.get(name.toLowerCase());
    return [name, typeof value === 'string' && length !== undefined ? value.slice(0, length) : value];
  };
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(cut)));
};

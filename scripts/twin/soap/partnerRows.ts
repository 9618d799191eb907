import { elementsOfType } from './partnerTypes.ts';
import { TwinError } from '../contract.ts';
import type {
  DuplicateResult,
  FieldValue,
  InputRow,
  MatchResult,
  MergeResult,
  QueryRow,
  RowError,
  RowResult,
} from '../contract.ts';
import { isObject } from '../http/exchange.ts';
import { child, childTexts, childText, children, elements, isNil, raw, textOf } from './xml.ts';
import type { Xml, XmlValue } from './xml.ts';

export type SObjectInput = { readonly type: string; readonly row: InputRow };

const fieldValue = (node: unknown): FieldValue | Readonly<Record<string, FieldValue>> => {
  if (isNil(node)) return null;
  if (!isObject(node) || Object.keys(node).every((name) => name.startsWith('@') || name === '#text'))
    return textOf(node) ?? null;
  // A nested sObject is a reference by external id.
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => name !== 'type' && name !== '#text' && !name.startsWith('@'))
      .map(([name, value]): [string, FieldValue] => [name, textOf(value) ?? null]),
  );
};

const typeOfNode = (node: unknown): string => {
  const named = childText(node, 'type') ?? '';
  const declared = named === '' ? child(node, '@type') : named;
  if (typeof declared !== 'string' || declared === '') throw new TwinError('INVALID_TYPE', 'An sObject has no type.');
  return declared.replace(/^.*:/, '');
};

/** An sObject element: its type, its fields, `fieldsToNull` as nulls. */
export const sObjectInput = (node: unknown): SObjectInput => {
  const type = typeOfNode(node);
  const row: Record<string, FieldValue | Readonly<Record<string, FieldValue>>> = {};
  for (const [name, value] of Object.entries(isObject(node) ? node : {})) {
    if (name.startsWith('@') || ['type', '#text', 'fieldsToNull'].includes(name)) continue;
    // jsforce repeats Id; the partner schema allows it once.
    const one: unknown = Array.isArray(value) ? value[0] : value;
    if (name === 'Id' && (isNil(one) || textOf(one) === '')) continue;
    row[name] = fieldValue(one);
  }
  for (const field of childTexts(node, 'fieldsToNull')) row[field] = null;
  return { type, row };
};

export const sObjectInputs = (input: unknown, name: string): readonly SObjectInput[] =>
  children(input, name).map(sObjectInput);

const matchResultXml = (match: MatchResult): Xml =>
  elements({
    entityType: match.entityType,
    matchEngine: match.matchEngine,
    matchRecords: match.matchRecords.map(({ additionalInformation, fieldDiffs, matchConfidence, record }) =>
      elements({
        additionalInformation: additionalInformation.map((one) => elements(one)),
        fieldDiffs: fieldDiffs.map((one) => elements(one)),
        matchConfidence: matchConfidence.toFixed(1),
        record: recordXml(record),
      }),
    ),
    rule: match.rule,
    size: match.size,
    success: match.success,
  });

const duplicateXml = ({ matchResults, ...rest }: DuplicateResult): Xml =>
  elements({ ...rest, matchResults: matchResults.map(matchResultXml) });

const errorXml = ({ fields, message, statusCode, duplicateResult }: RowError): Xml =>
  elements({
    fields: [...fields],
    message,
    statusCode,
    ...(duplicateResult === undefined ? {} : { duplicateResult: duplicateXml(duplicateResult) }),
  });

/** One `errors` element each: duplicates have a type of their own in the partner schema. */
const errorsXml = (errors: readonly RowError[]): string =>
  errors
    .map((error) => {
      const type = error.duplicateResult === undefined ? '' : ' xsi:type="DuplicateError"';
      return `<errors${type}>${errorXml(error).xml}</errors>`;
    })
    .join('');

export const saveResultXml = (result: RowResult, withCreated = false): Xml =>
  raw(
    elements(withCreated ? { created: result.success && result.created } : {}).xml +
      errorsXml(result.errors) +
      elements({ id: result.success ? result.id : null, success: result.success }).xml,
  );

export const mergeResultXml = (result: MergeResult): Xml =>
  elements({
    errors: result.errors.map(errorXml),
    id: result.id,
    mergedRecordIds: [...result.mergedRecordIds],
    success: result.success,
    updatedRelatedIds: [...result.updatedRelatedIds],
  });

const valueXml = (value: unknown): XmlValue => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (!isObject(value)) return null;
  return null;
};

/** An address or a geolocation: types of the API's own namespace, in the order of the WSDL. */
const compoundXml = (name: string, value: Readonly<Record<string, unknown>>): string => {
  const type = Object.hasOwn(value, 'street') ? 'address' : 'location';
  const parts = elementsOfType(type).map((element) => [element.name, valueXml(value[element.name])]);
  return `<sf:${name} xsi:type="${type}">${elements(Object.fromEntries(parts) as Record<string, XmlValue>).xml}</sf:${name}>`;
};

const childPage = (name: string, page: Readonly<Record<string, unknown>>): string => {
  const records = (page['records'] as readonly QueryRow[]).map(
    (row) => `<records xsi:type="sf:sObject">${recordXml(row).xml}</records>`,
  );
  return `<sf:${name} xsi:type="QueryResult"><done>true</done><queryLocator xsi:nil="true"/>${records.join('')}<size>${records.length}</size></sf:${name}>`;
};

const fieldXml = (name: string, value: unknown): string => {
  if (isObject(value) && Array.isArray(value['records'])) return childPage(name, value);
  if (isObject(value) && isObject(value['attributes'])) {
    return `<sf:${name} xsi:type="sf:sObject">${recordXml(value as QueryRow).xml}</sf:${name}>`;
  }
  return isObject(value) ? compoundXml(name, value) : elements({ [`sf:${name}`]: valueXml(value) }).xml;
};

/** A row as a partner sObject's content: type, Id, fields in the order asked. */
export const recordXml = (row: QueryRow): Xml => {
  const fields = Object.entries(row).filter(([name]) => name !== 'attributes' && name !== 'Id');
  const id = typeof row['Id'] === 'string' ? row['Id'] : null;
  return raw(
    elements({ 'sf:type': row.attributes.type, 'sf:Id': id }).xml +
      fields.map(([name, value]) => fieldXml(name, value)).join(''),
  );
};

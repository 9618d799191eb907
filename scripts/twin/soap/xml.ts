import { XMLParser } from 'fast-xml-parser';
import { TwinError } from '../contract.ts';
import { isObject } from '../http/exchange.ts';

/** A parsed element: children by local name, attributes by `@name`, text under `#text`; text alone is a string. */
export type XmlNode = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: { enabled: true, maxTotalExpansions: 10_000_000, maxExpandedLength: 100_000_000 },
});

/** Parses XML; document types (and with them entities of the sender's making) are refused. */
export const parseXml = (text: string): XmlNode => {
  if (/<!DOCTYPE/i.test(text.slice(0, 10_000))) throw new TwinError('MALFORMED_REQUEST', 'Document types are refused.');
  try {
    return parser.parse(text) as XmlNode;
  } catch {
    throw new TwinError('MALFORMED_REQUEST', 'The request body is not well-formed XML.');
  }
};

export const child = (node: unknown, name: string): unknown =>
  isObject(node) && Object.hasOwn(node, name) ? node[name] : undefined;

/** One element arrives single, several as a list: always a list. */
export const children = (node: unknown, name: string): readonly unknown[] => {
  const value = child(node, name);
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};

export const isNil = (node: unknown): boolean => isObject(node) && (node['@nil'] === 'true' || node['@nil'] === '1');

/** The text of an element; undefined when it is absent or nil. */
export const textOf = (node: unknown): string | undefined => {
  if (typeof node === 'string') return node;
  if (!isObject(node) || isNil(node)) return undefined;
  const text = node['#text'];
  return typeof text === 'string' ? text : '';
};

export const childText = (node: unknown, name: string): string | undefined => textOf(children(node, name)[0]);

export const childTexts = (node: unknown, name: string): readonly string[] =>
  children(node, name)
    .map(textOf)
    .filter((text) => text !== undefined);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export const escapeXml = (text: string): string =>
  text.replace(UNWRITABLE, '').replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

/** Written XML, as opposed to text that needs escaping. */
export type Xml = { readonly xml: string };

export const raw = (xml: string): Xml => ({ xml });

export type XmlValue = string | number | boolean | null | undefined | Xml | readonly XmlValue[];

const write = (name: string, value: Exclude<XmlValue, undefined | readonly XmlValue[]>): string => {
  if (value === null) return `<${name} xsi:nil="true"/>`;
  return `<${name}>${typeof value === 'object' ? value.xml : escapeXml(String(value))}</${name}>`;
};

/** Elements in the order given: lists repeat, undefined is left out, null is nil. */
export const elements = (values: Readonly<Record<string, XmlValue>>): Xml =>
  raw(
    Object.entries(values)
      .flatMap(([name, value]) =>
        (Array.isArray(value) ? (value as readonly XmlValue[]) : [value]).map((one) => ({ name, one })),
      )
      .map(({ name, one }) => (one === undefined || Array.isArray(one) ? '' : write(name, one as string | null | Xml)))
      .join(''),
  );

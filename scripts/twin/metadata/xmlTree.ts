import { XMLParser } from 'fast-xml-parser';
import { ComponentProblem } from './problem.ts';
import { checkWellFormed, placesIn, type Place } from './wellFormed.ts';

/** An element of a metadata file, in document order; `line` and `column` are 1-based. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text of an element without children; '' otherwise. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
};

type RawNode = Readonly<Record<string, unknown>> & { readonly [position]?: { readonly startIndex: number } };

const position: unique symbol = XMLParser.getMetaDataSymbol() as never;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  captureMetaData: true,
  htmlEntities: false,
  // Document types are refused, so that only the five predefined entities can occur; large files hold many.
  processEntities: { enabled: true, maxTotalExpansions: 10_000_000, maxExpandedLength: 100_000_000 },
});

const decodeReferences = (text: string): string =>
  text.replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (whole, hex: string | undefined, decimal: string | undefined) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const tagOf = (node: RawNode): string | undefined => Object.keys(node).find((key) => key !== ':@' && key !== '#text');

const textOfNodes = (nodes: readonly RawNode[]): string =>
  nodes.map((node) => (typeof node['#text'] === 'string' ? node['#text'] : '')).join('');

const toElement = (node: RawNode, name: string, place: Place): XmlElement => {
  const content = node[name] as readonly RawNode[];
  const children = elementsOf(content, place);
  return {
    name,
    attributes: (node[':@'] ?? {}) as Readonly<Record<string, string>>,
    children,
    text: children.length === 0 ? decodeReferences(textOfNodes(content)) : '',
    ...place(node[position]?.startIndex ?? 0),
  };
};

const elementsOf = (nodes: readonly RawNode[], place: Place): readonly XmlElement[] =>
  nodes.flatMap((node) => {
    const name = tagOf(node);
    return name === undefined ? [] : [toElement(node, name, place)];
  });

/**
 * Parses one metadata file.
 * @throws ComponentProblem with line and column when it is not well-formed or has a document type.
 */
export const parseXml = (content: Uint8Array): XmlElement => {
  const source = Buffer.from(content)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  if (/<!DOCTYPE/i.test(source)) throw new ComponentProblem('Document types are refused');
  checkWellFormed(source);
  const root = elementsOf(parser.parse(source) as readonly RawNode[], placesIn(source))[0];
  if (root === undefined) throw new ComponentProblem('Error parsing file: there is no root element');
  return root;
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

const write = (element: XmlElement, indent: string): string => {
  const attributes = Object.entries(element.attributes)
    .map(([name, value]) => ` ${name}="${escape(value)}"`)
    .join('');
  if (element.children.length === 0) {
    if (element.text === '') return `${indent}<${element.name}${attributes}/>\n`;
    return `${indent}<${element.name}${attributes}>${escape(element.text)}</${element.name}>\n`;
  }
  const inner = element.children.map((child) => write(child, `${indent}    `)).join('');
  return `${indent}<${element.name}${attributes}>\n${inner}${indent}</${element.name}>\n`;
};

/** A file of the metadata API. */
export const writeXml = (root: XmlElement): Uint8Array =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}`);

/** Whether two elements say the same, wherever they stand in their files. */
export const sameXml = (a: XmlElement, b: XmlElement): boolean => write(a, '') === write(b, '');

/** An element made here, as opposed to read. */
export const element = (name: string, content: string | readonly XmlElement[]): XmlElement => ({
  name,
  attributes: {},
  children: typeof content === 'string' ? [] : content,
  text: typeof content === 'string' ? content : '',
  line: 0,
  column: 0,
});

/** The root of a file of the metadata API. */
export const rootElement = (name: string, children: readonly XmlElement[]): XmlElement => ({
  ...element(name, children),
  attributes: { xmlns: 'http://soap.sforce.com/2006/04/metadata' },
});

export const childrenOf = (parent: XmlElement, name: string): readonly XmlElement[] =>
  parent.children.filter((child) => child.name === name);

export const childOf = (parent: XmlElement, name: string): XmlElement | undefined =>
  parent.children.find((child) => child.name === name);

/** The trimmed text of a child; undefined when it is absent or empty. */
export const textIn = (parent: XmlElement, name: string): string | undefined => {
  const text = childOf(parent, name)?.text.trim();
  return text === '' ? undefined : text;
};

export const flagIn = (parent: XmlElement, name: string): boolean => textIn(parent, name) === 'true';

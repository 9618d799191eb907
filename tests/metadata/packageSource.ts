import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import type { XmlElement } from './metadataSchema.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});

/** `path` is relative to the repository, with forward slashes. */
export type MetadataFile = {
  readonly path: string;
  readonly fullName: string;
  readonly root: string;
  readonly content: XmlElement;
};

/** Every element's text or elements by name; [] when absent. */
export const texts = (element: XmlElement, name: string): readonly string[] =>
  (element[name] ?? []).filter((child) => typeof child === 'string');
export const elements = (element: XmlElement, name: string): readonly XmlElement[] =>
  (element[name] ?? []).filter((child) => typeof child !== 'string');
export const textOf = (element: XmlElement, name: string): string | undefined => texts(element, name)[0];

export const readXml = (path: string): { readonly root: string; readonly content: XmlElement } => {
  const document = parser.parse(readFileSync(path, 'utf8')) as XmlElement;
  const root = Object.keys(document).find((name) => name !== '?xml');
  const content = root === undefined ? undefined : document[root]?.[0];
  if (root === undefined || content === undefined || typeof content === 'string')
    throw new Error(`${path} has no root element`);
  return { root, content };
};

/** Every file under force-app, paths relative to the repository. */
export const packagePaths = (): readonly string[] =>
  readdirSync('force-app', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .sort();

/** `GardeRun__c.State__c` out of `…/objects/GardeRun__c/fields/State__c.field-meta.xml`; file name without suffix else. */
const fullNameOf = (path: string): string => {
  const name = basename(path).replace(/\.[A-Za-z-]+\.xml$/, '');
  const object =
    /\/objects\/([^/]+)\/[^/]+\/[^/]+$/.exec(path)?.[1] ?? /\/objectTranslations\/([^/]+)\//.exec(path)?.[1];
  return object === undefined || object === name ? name : `${object}.${name}`;
};

const readAll = (): readonly MetadataFile[] =>
  packagePaths()
    .filter((path) => path.endsWith('-meta.xml'))
    .map((path) => ({ path, fullName: fullNameOf(path), ...readXml(path) }));

let cached: readonly MetadataFile[] | undefined;
/** All metadata files of the package, or those with this root element; read once a test file. */
export const metadataFiles = (root?: string): readonly MetadataFile[] => {
  cached ??= readAll();
  return root === undefined ? cached : cached.filter((file) => file.root === root);
};

const isType = (object: string): boolean => object.endsWith('__mdt');

/** Objects with records of their own. */
export const objectFiles = (): readonly MetadataFile[] =>
  metadataFiles('CustomObject').filter((file) => !isType(file.fullName));
/** Custom metadata types: their records are configuration, without sharing, layouts, tabs or field permissions. */
export const metadataTypeFiles = (): readonly MetadataFile[] =>
  metadataFiles('CustomObject').filter((file) => isType(file.fullName));

export type FieldFile = {
  readonly object: string;
  readonly name: string;
  readonly type: string;
  readonly content: XmlElement;
};
const allFields = (): readonly FieldFile[] =>
  metadataFiles('CustomField').map((file) => {
    const [object = '', name = ''] = file.fullName.split('.');
    return { object, name, type: textOf(file.content, 'type') ?? '', content: file.content };
  });
/** Fields of objects with records of their own. */
export const fieldFiles = (): readonly FieldFile[] => allFields().filter((field) => !isType(field.object));
/** Fields of custom metadata types. */
export const metadataTypeFields = (): readonly FieldFile[] => allFields().filter((field) => isType(field.object));

/** Cannot be hidden from anybody who sees the object, and field permissions for them are refused by the platform. */
export const isAlwaysVisible = (field: FieldFile): boolean =>
  textOf(field.content, 'required') === 'true' || field.type === 'MasterDetail';

/** API value and label of each picklist value, in order. */
export const picklistValues = (field: FieldFile): readonly { readonly value: string; readonly label: string }[] =>
  elements(field.content, 'valueSet')
    .flatMap((set) => elements(set, 'valueSetDefinition'))
    .flatMap((definition) => elements(definition, 'value'))
    .map((value) => ({ value: textOf(value, 'fullName') ?? '', label: textOf(value, 'label') ?? '' }));

import { XMLParser } from 'fast-xml-parser';

/** One component of a retrieved package, as a package of its own. */
export type MetadataPart = {
  readonly type: string;
  readonly fullName: string;
  readonly files: readonly { readonly path: string; readonly content: Uint8Array }[];
};

type RetrievedFile = { readonly path: string; readonly content: Uint8Array };

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const API_VERSION = '66.0';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);

const manifest = (type: string, fullName: string): RetrievedFile => ({
  path: 'package.xml',
  content: bytes(
    `${HEAD}<Package xmlns="${NAMESPACE}"><types><members>${fullName}</members><name>${type}</name></types>` +
      `<version>${API_VERSION}</version></Package>`,
  ),
});

type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({ preserveOrder: true, parseTagValue: false, ignoreAttributes: false });

const tagOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@') ?? '';
const insideOf = (node: Node): readonly Node[] => (node[tagOf(node)] ?? []) as readonly Node[];

/** The children of a file's root element. */
const childrenOf = (content: Uint8Array): readonly Node[] => {
  const nodes = parser.parse(text(content)) as readonly Node[];
  return nodes.filter((node) => !tagOf(node).startsWith('?')).flatMap(insideOf);
};

const contentOf = (node: Node): string => {
  const found = node['#text'];
  return typeof found === 'string' ? found : '';
};

const valueOf = (children: readonly Node[], tag: string): string => {
  const found = children.find((node) => tagOf(node) === tag);
  return found === undefined ? '' : insideOf(found).map(contentOf).join('');
};

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Elements of a metadata file have no attributes below the root. */
const written = (node: Node): string => {
  const tag = tagOf(node);
  if (tag === '#text') return contentOf(node).replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
  return `<${tag}>${insideOf(node).map(written).join('')}</${tag}>`;
};

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));

const objectPart = (type: string, object: string, block: Node): MetadataPart => {
  const fullName = `${object}.${valueOf(insideOf(block), 'fullName')}`;
  const content = bytes(`${HEAD}<CustomObject xmlns="${NAMESPACE}">${written(block)}</CustomObject>`);
  return { type, fullName, files: [manifest(type, fullName), { path: `objects/${object}.object`, content }] };
};

/** What describe does not tell of a field: how a roll-up is made, how an auto-number is written. */
const isUndescribed = (block: Node): boolean => ['Summary', 'AutoNumber'].includes(valueOf(insideOf(block), 'type'));

const partsOfObject = ({ path, content }: RetrievedFile): readonly MetadataPart[] =>
  childrenOf(content).flatMap((block) => {
    if (tagOf(block) === 'validationRules') return [objectPart('ValidationRule', fileName(path), block)];
    return tagOf(block) === 'fields' && isUndescribed(block) ? [objectPart('CustomField', fileName(path), block)] : [];
  });

const TYPES: Readonly<Record<string, string>> = {
  flows: 'Flow',
  duplicateRules: 'DuplicateRule',
  matchingRules: 'MatchingRules',
};

/**
 * What of a retrieved package a pulled twin is given beside its describes, each component a package of its own, so that
 * one the twin refuses leaves the others be. Roll-ups and auto-numbers first, then rules, then flows.
 */
export const metadataParts = (files: Iterable<RetrievedFile>): readonly MetadataPart[] => {
  const parts: MetadataPart[] = [];
  for (const file of files) {
    const type = TYPES[file.path.split('/')[0] ?? ''];
    if (file.path.startsWith('objects/')) parts.push(...partsOfObject(file));
    else if (type !== undefined) {
      const fullName = fileName(file.path);
      parts.push({ type, fullName, files: [manifest(type, fullName), file] });
    }
  }
  const rank = ({ type }: MetadataPart): number =>
    ['CustomField', 'ValidationRule', 'MatchingRules', 'DuplicateRule', 'Flow'].indexOf(type);
  return parts.sort((a, b) => rank(a) - rank(b));
};

/** Whether a retrieved flow acts in the org. */
export const isActiveFlow = (part: MetadataPart): boolean =>
  part.type === 'Flow' &&
  part.files.some(({ path, content }) => path !== 'package.xml' && valueOf(childrenOf(content), 'status') === 'Active');

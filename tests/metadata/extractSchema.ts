/**
 * Derives metadata-api-66.json from the official metadata WSDL: the types our files use and those they reach, with
 * element names, types, occurrence and enum values, and nothing else. Run when a new type of metadata is added:
 *
 *     node tests/metadata/extractSchema.ts <metadata.wsdl> tests/metadata/metadata-api-66.json
 *
 * The WSDL is Salesforce's (forcedotcom/wsdl, BSD-3) and can be downloaded from Setup > API of any org.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import type { ElementRule, MetadataSchema, TypeRule } from './metadataSchema.ts';

/** Root elements of the files under force-app and config/unattended, of generated rules, and of the manifest. */
const ROOTS = [
  'CompactLayout',
  'CustomApplication',
  'CustomField',
  'CustomFieldTranslation',
  'CustomLabels',
  'CustomObject',
  'CustomObjectTranslation',
  'CustomTab',
  'DuplicateRule',
  'ExternalClientApplication',
  'ExtlClntAppConfigurablePolicies',
  'ExtlClntAppGlobalOauthSettings',
  'ExtlClntAppOauthConfigurablePolicies',
  'ExtlClntAppOauthSettings',
  'FlexiPage',
  'Layout',
  'LightningComponentBundle',
  'ListView',
  'MatchingRules',
  'Package',
  'PermissionSet',
  'Translations',
];

type Node = Readonly<Record<string, unknown>>;
type TypesByName = ReadonlyMap<string, Node>;

const childrenOf = (node: Node | undefined, name: string): readonly Node[] => (node?.[name] ?? []) as readonly Node[];
const firstOf = (node: Node | undefined, name: string): Node | undefined => childrenOf(node, name)[0];
const attribute = (node: Node, name: string): string | undefined => node[`@_${name}`] as string | undefined;
const localName = (type: string): string => type.replace(/^tns:/, '');

const toElementRule = (element: Node): readonly [string, ElementRule] => {
  const rule = {
    type: localName(attribute(element, 'type') ?? 'xsd:string'),
    min: Number(attribute(element, 'minOccurs') ?? '1'),
    many: attribute(element, 'maxOccurs') === 'unbounded',
  };
  return [attribute(element, 'name') ?? '', rule];
};

const toTypeRule = (complexType: Node): TypeRule => {
  const extension = firstOf(firstOf(complexType, 'complexContent'), 'extension');
  const sequence = firstOf(extension ?? complexType, 'sequence');
  const base = extension === undefined ? undefined : attribute(extension, 'base');
  return {
    ...(base === undefined ? {} : { extends: localName(base) }),
    elements: Object.fromEntries(childrenOf(sequence, 'element').map(toElementRule)),
  };
};

const toEnum = (simpleType: Node): readonly string[] =>
  childrenOf(firstOf(simpleType, 'restriction'), 'enumeration').map((value) => attribute(value, 'value') ?? '');

const byName = (nodes: readonly Node[]): TypesByName =>
  new Map(nodes.map((node) => [attribute(node, 'name') ?? '', node]));

const reach = (complexTypes: TypesByName, simpleTypes: TypesByName): Omit<MetadataSchema, 'source'> => {
  const types: Record<string, TypeRule> = {};
  const enums: Record<string, readonly string[]> = {};
  const waiting = [...ROOTS];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name.startsWith('xsd:') || name in types || name in enums) continue;
    const complexType = complexTypes.get(name);
    const simpleType = simpleTypes.get(name);
    if (complexType !== undefined) {
      const rule = toTypeRule(complexType);
      types[name] = rule;
      waiting.push(...Object.values(rule.elements).map((element) => element.type));
      if (rule.extends !== undefined) waiting.push(rule.extends);
    } else if (simpleType !== undefined) enums[name] = toEnum(simpleType);
    else throw new Error(`the WSDL has no type ${name}`);
  }
  const sorted = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { roots: ROOTS, types: sorted(types), enums: sorted(enums) };
};

const [wsdlPath, targetPath] = process.argv.slice(2);
if (wsdlPath === undefined || targetPath === undefined)
  throw new Error('usage: node tests/metadata/extractSchema.ts <metadata.wsdl> <target.json>');
const wsdl = readFileSync(wsdlPath, 'utf8');
const parser = new XMLParser({
  ignoreAttributes: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});
const document = parser.parse(wsdl) as Node;
const schema = firstOf(firstOf(firstOf(document, 'definitions'), 'types'), 'schema');
const result: MetadataSchema = {
  source: {
    file: 'metadata.wsdl of forcedotcom/wsdl (BSD-3), API 66.0',
    sha256: createHash('sha256').update(wsdl).digest('hex'),
  },
  ...reach(byName(childrenOf(schema, 'complexType')), byName(childrenOf(schema, 'simpleType'))),
};
writeFileSync(targetPath, `${JSON.stringify(result, null, 2)}\n`);

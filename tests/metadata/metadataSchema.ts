import { readFileSync } from 'node:fs';

/** `type` is an xsd type, or a name in `types` or `enums`. */
export type ElementRule = { readonly type: string; readonly min: number; readonly many: boolean };
export type TypeRule = { readonly extends?: string; readonly elements: Readonly<Record<string, ElementRule>> };
/** What metadata-api-66.json holds; made by extractSchema.ts. */
export type MetadataSchema = {
  readonly source: { readonly file: string; readonly sha256: string };
  readonly roots: readonly string[];
  readonly types: Readonly<Record<string, TypeRule>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
};

/** An element as `readXml` gives it: every child an array, leaves are strings. */
export type XmlElement = Readonly<Record<string, readonly (XmlElement | string)[]>>;

export const readSchema = (): MetadataSchema =>
  JSON.parse(readFileSync(new URL('metadata-api-66.json', import.meta.url), 'utf8')) as MetadataSchema;

const rulesOf = (schema: MetadataSchema, type: string): Readonly<Record<string, ElementRule>> => {
  const rule = schema.types[type];
  if (rule === undefined) throw new Error(`no type ${type} in the schema`);
  return { ...(rule.extends === undefined ? {} : rulesOf(schema, rule.extends)), ...rule.elements };
};

const LEAF_FORMS: Readonly<Record<string, RegExp>> = {
  'xsd:boolean': /^(true|false)$/,
  'xsd:int': /^-?\d+$/,
  'xsd:long': /^-?\d+$/,
  'xsd:double': /^-?\d+(\.\d+)?$/,
};

/** `xsi:nil="true"`: said to be absent. */
const isNil = (child: XmlElement | string): boolean => typeof child !== 'string' && '@_xsi:nil' in child;

/** Problems of one value: wrong element, wrong enum value, wrong form, too many or too few. Empty = valid. */
export const problemsOf = (
  schema: MetadataSchema,
  type: string,
  value: XmlElement | string,
  path: string,
): string[] => {
  const values = schema.enums[type];
  if (values !== undefined)
    return typeof value === 'string' && values.includes(value)
      ? []
      : [`${path}: ${JSON.stringify(value)} is no ${type}`];
  // Design configurations of a component are XML of their own, which the WSDL hands through as bytes.
  if (type === 'xsd:base64Binary') return [];
  if (type.startsWith('xsd:'))
    return typeof value === 'string' && (LEAF_FORMS[type]?.test(value) ?? true) ? [] : [`${path}: no ${type}`];
  if (typeof value === 'string') return value === '' ? [] : [`${path}: text where ${type} has elements`];
  const rules = rulesOf(schema, type);
  const missing = Object.entries(rules)
    .filter(([name, rule]) => rule.min > 0 && value[name] === undefined)
    .map(([name]) => `${path}: lacks ${name}`);
  const wrong = Object.entries(value)
    .filter(([name]) => !name.startsWith('@_'))
    .flatMap(([name, children]) => {
      const rule = rules[name];
      if (rule === undefined) return [`${path}: ${type} has no element ${name}`];
      const surplus = children.length > 1 && !rule.many ? [`${path}.${name}: more than one`] : [];
      const given = children.filter((child) => !isNil(child));
      return [...surplus, ...given.flatMap((child) => problemsOf(schema, rule.type, child, `${path}.${name}`))];
    });
  return [...missing, ...wrong];
};

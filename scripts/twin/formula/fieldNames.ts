import { isRollUpKept } from '../engine/rollUps.ts';
import { defineField } from '../schema/defineField.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import type { ResolvedName } from './compile.ts';
import { FormulaError, FormulaRefused } from './errors.ts';
import { formulaTypeOf } from './fieldValues.ts';
import type { Position } from './lexer.ts';
import type { FormulaUse } from './types.ts';

/** One step up a relationship; a lookup that may lead elsewhere leads nowhere else. */
export type Hop = {
  readonly field: FieldDefinition;
  readonly target: ObjectDefinition;
  readonly polymorphic: boolean;
};

/** Where a value of a formula comes from: a row to begin with, steps up from it, a field. */
export type FormulaTarget = {
  readonly root: 'record' | 'user' | 'organization' | 'setting' | 'named' | 'permission' | 'system' | 'column';
  /** The row to begin with, where it goes by a name of its own: a custom metadata record, a label. */
  readonly named?: { readonly by: string; readonly name: string };
  /** Of the row to begin with. */
  readonly object: ObjectDefinition;
  readonly hops: readonly Hop[];
  /** The object the field belongs to. */
  readonly owner: ObjectDefinition;
  readonly field: FieldDefinition;
};

export type Naming = {
  readonly registry: SchemaRegistry;
  readonly object: ObjectDefinition;
  readonly use: FormulaUse;
  /** Called for every formula field a formula reads; throws when that one has no value. */
  readonly visitFormula: (object: ObjectDefinition, field: FieldDefinition) => void;
};

type Start = Pick<FormulaTarget, 'root' | 'object' | 'named'> & {
  readonly path: readonly string[];
  /** What the path would lead to, where no schema has it. */
  readonly field?: FieldDefinition;
};

const unknown = (name: string, at: Position): FormulaError =>
  new FormulaError(`Field ${name} does not exist. Check spelling.`, at);

const knownObject = (naming: Naming, name: string, at: Position): ObjectDefinition => {
  const object = naming.registry.object(name);
  if (object === undefined) throw new FormulaRefused(`formula reference to ${name}, which this org does not have`, at);
  return object;
};

type Global = (naming: Naming, rest: readonly string[], at: Position) => Start;

const through =
  (object: string, root: FormulaTarget['root'], prefix: readonly string[]): Global =>
  (naming, rest, at) => ({ root, object: knownObject(naming, object, at), path: [...prefix, ...rest] });

/** Hierarchy custom settings: the user's, the profile's or the organisation's value. */
const setting: Global = (naming, [name = '', ...path], at) => {
  // Settings of packages may be hidden from whoever reads the schema.
  const object = knownObject(naming, name, at);
  if (!object.customSetting) throw unknown(`$Setup.${name}`, at);
  if (naming.registry.field(object.name, 'SetupOwnerId') === undefined) throw unknown(`$Setup.${name}`, at);
  return { root: 'setting', object, path };
};

/** `$CustomMetadata.Type__mdt.Record.Field__c`. */
const metadataRecord: Global = (naming, [type = '', name = '', ...path], at) => {
  const object = knownObject(naming, type, at);
  if (!object.name.endsWith('__mdt') || path.length === 0) {
    throw unknown(['$CustomMetadata', type, name, ...path].join('.'), at);
  }
  return { root: 'named', named: { by: 'DeveloperName', name }, object, path };
};

/** `$Label.Name`: the text in the label's own language; translations are not looked at. */
const label: Global = (naming, [name = '', ...more], at) => {
  if (more.length > 0) throw unknown(['$Label', name, ...more].join('.'), at);
  const object = knownObject(naming, 'ExternalString', at);
  return { root: 'named', named: { by: 'Name', name }, object, path: ['Value'] };
};

/** `$Permission.Name`: whether the user has the custom permission. */
const permission: Global = (naming, [name = '', ...more], at) => {
  if (more.length > 0) throw unknown(['$Permission', name, ...more].join('.'), at);
  const object = knownObject(naming, 'CustomPermission', at);
  return { root: 'permission', object, path: [], field: defineField({ name, type: 'boolean' }) };
};

/** `$System.OriginDateTime`: 1900-01-01 00:00:00. */
const system: Global = (naming, path, at) => {
  const object = knownObject(naming, 'Organization', at);
  if (path.join('.').toLowerCase() !== 'origindatetime') throw unknown(['$System', ...path].join('.'), at);
  return { root: 'system', object, path: [], field: defineField({ name: 'OriginDateTime', type: 'datetime' }) };
};

/** Source: https://help.salesforce.com/s/articleView?id=platform.dev_understanding_global_variables.htm */
const globals: Readonly<Record<string, Global>> = {
  $user: through('User', 'user', []),
  $profile: through('User', 'user', ['Profile']),
  $userrole: through('User', 'user', ['UserRole']),
  $organization: through('Organization', 'organization', []),
  $recordtype: (naming, rest) => ({ root: 'record', object: naming.object, path: ['RecordType', ...rest] }),
  $setup: setting,
  $custommetadata: metadataRecord,
  $label: label,
  $permission: permission,
  $system: system,
};

const startOf = (naming: Naming, name: string, at: Position): Start => {
  const path = name.split('.');
  const [first = '', ...rest] = path;
  if (!first.startsWith('$')) {
    if (naming.use === 'default') throw unknown(name, at);
    return { root: 'record', object: naming.object, path };
  }
  const global = globals[first.toLowerCase()];
  if (global === undefined) throw new FormulaRefused(`formula reference ${name}`, at);
  if (rest.length === 0) throw unknown(name, at);
  return global(naming, rest, at);
};

/** Source: https://help.salesforce.com/s/articleView?id=platform.formula_using_rels.htm (up to 10 relationships away) */
const maxHops = 10;

const hopOf = (naming: Naming, object: ObjectDefinition, step: string): Hop | undefined => {
  const [relationship = '', type] = step.split(':');
  const wanted = relationship.toLowerCase();
  const field = object.fields.find((candidate) => candidate.relationshipName?.toLowerCase() === wanted);
  if (field === undefined) return undefined;
  const polymorphic = field.referenceTo.length > 1;
  const names = type === undefined && polymorphic ? [] : field.referenceTo;
  const name = names.find((candidate) => type === undefined || candidate.toLowerCase() === type.toLowerCase());
  const target = name === undefined ? undefined : naming.registry.object(name);
  return target === undefined ? undefined : { field, target, polymorphic };
};

const walk = (naming: Naming, start: Start, name: string, at: Position): FormulaTarget => {
  const { root, object, named } = start;
  const begun = named === undefined ? { root, object } : { root, object, named };
  if (start.field !== undefined) return { ...begun, hops: [], owner: object, field: start.field };
  const hops: Hop[] = [];
  let owner = start.object;
  for (const step of start.path.slice(0, -1)) {
    const hop = hopOf(naming, owner, step);
    if (hop === undefined || hops.length === maxHops) throw unknown(name, at);
    hops.push(hop);
    owner = hop.target;
  }
  const field = naming.registry.field(owner.name, start.path.at(-1) ?? '');
  if (field === undefined) throw unknown(name, at);
  return { ...begun, hops, owner, field };
};

const longText = (field: FieldDefinition): string | undefined => {
  if (field.htmlFormatted) return 'Rich Text Area';
  return field.type === 'textarea' && field.length > 255 && field.formula === undefined ? 'Long Text Area' : undefined;
};

const unsupported = (naming: Naming, field: FieldDefinition): string | undefined => {
  if (field.type === 'encryptedstring') return 'Text (Encrypted)';
  if (formulaTypeOf(field.type) === undefined) return field.type === 'address' ? 'Address' : field.type;
  return naming.use === 'field' ? longText(field) : undefined;
};

const keyOf = ({ root, object, named, hops, owner, field }: FormulaTarget): string =>
  [
    root,
    object.name,
    named?.name.toLowerCase() ?? '',
    ...hops.map((hop) => `${hop.field.name}>${hop.target.name}`),
    owner.name,
    field.name,
  ].join('.');

/**
 * Finds a name of a formula, as written.
 * @throws FormulaError in the platform's words, FormulaRefused for what has no value here.
 */
export const resolveName = (naming: Naming, name: string, at: Position): ResolvedName<FormulaTarget> => {
  const target = walk(naming, startOf(naming, name, at), name, at);
  const { field, owner } = target;
  const problem = unsupported(naming, field);
  if (problem !== undefined) {
    throw new FormulaError(
      `You referenced an unsupported field type called "${problem}" using the following field: ${name}`,
      at,
    );
  }
  if (field.rollUp !== undefined && !isRollUpKept(naming.registry, field.rollUp)) {
    throw new FormulaRefused(`roll-up summary ${owner.name}.${field.name}`, at);
  }
  if (field.formula !== undefined) naming.visitFormula(owner, field);
  const type = formulaTypeOf(field.type) ?? 'Text';
  const [led] = field.type === 'reference' ? field.referenceTo : [];
  const lookup = led === undefined ? {} : { lookupOf: led };
  return { type, numeric: type === 'Number', key: keyOf(target), target, ...lookup };
};

/** Types that VLOOKUP returns. */
const returnable = new Set<FieldDefinition['type']>([
  ...(['id', 'reference', 'boolean', 'date', 'datetime', 'email', 'int', 'double', 'percent'] as const),
  ...(['phone', 'string', 'textarea', 'url'] as const),
]);

const notAColumn = (at: Position): FormulaError =>
  new FormulaError(`Incorrect parameter for function 'VLOOKUP()'. Expected Field Reference.`, at);

const columnPath = (name: string, at: Position): readonly [string, string] => {
  const [start, object, fields, column, ...more] = name.split('.');
  if (start?.toLowerCase() !== '$objecttype' || fields?.toLowerCase() !== 'fields') throw notAColumn(at);
  if (object === undefined || column === undefined || more.length > 0) throw notAColumn(at);
  return [object, column];
};

/**
 * Finds a column as VLOOKUP names it: `$ObjectType.Zip__c.Fields.City__c`, of a custom object.
 * Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_vlookup.htm
 * @throws FormulaError in the platform's words, FormulaRefused for what VLOOKUP does not take.
 */
export const resolveColumn = (naming: Naming, name: string, at: Position): ResolvedName<FormulaTarget> => {
  const [object, column] = columnPath(name, at);
  const owner = naming.registry.object(object);
  const field = naming.registry.field(object, column);
  if (owner === undefined || field === undefined) throw unknown(name, at);
  if (!owner.custom || !returnable.has(field.type) || field.formula !== undefined) {
    throw new FormulaRefused(`VLOOKUP() of ${name}`, at);
  }
  const target: FormulaTarget = { root: 'column', object: owner, hops: [], owner, field };
  const type = formulaTypeOf(field.type) ?? 'Text';
  return { type, numeric: type === 'Number', key: keyOf(target), target };
};

import { isRollUpKept } from '../engine/rollUps.ts';
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
  readonly root: 'record' | 'user' | 'organization' | 'setting';
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

type Start = Pick<FormulaTarget, 'root' | 'object'> & { readonly path: readonly string[] };

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

/** Source: https://help.salesforce.com/s/articleView?id=platform.dev_understanding_global_variables.htm */
const globals: Readonly<Record<string, Global>> = {
  $user: through('User', 'user', []),
  $profile: through('User', 'user', ['Profile']),
  $userrole: through('User', 'user', ['UserRole']),
  $organization: through('Organization', 'organization', []),
  $recordtype: (naming, rest) => ({ root: 'record', object: naming.object, path: ['RecordType', ...rest] }),
  $setup: setting,
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
  return { root: start.root, object: start.object, hops, owner, field };
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

const keyOf = ({ root, object, hops, owner, field }: FormulaTarget): string =>
  [root, object.name, ...hops.map((hop) => `${hop.field.name}>${hop.target.name}`), owner.name, field.name].join('.');

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
  return { type, numeric: type === 'Number', key: keyOf(target), target };
};

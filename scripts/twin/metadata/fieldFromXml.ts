import { defineField, type FieldInput } from '../schema/defineField.ts';
import type {
  FieldDefinition,
  ObjectDefinition,
  PicklistEntry,
  RollUp,
  SchemaRegistry,
} from '../schema/definitions.ts';
import { defaultTraits } from '../schema/typeTraits.ts';
import { checkedFieldName, checkedFieldType } from './fieldChecks.ts';
import { dependencyOf, lookupFilterOf } from './fieldRelations.ts';
import { describeTypeOf } from './fieldTypes.ts';
import type { MetadataState } from './metadataState.ts';
import { ComponentProblem } from './problem.ts';
import { childOf, childrenOf, flagIn, textIn, type XmlElement } from './xmlTree.ts';

export type FieldWorld = { readonly registry: SchemaRegistry; readonly state: MetadataState };

const numberIn = (element: XmlElement, name: string): number | undefined => {
  const text = textIn(element, name);
  return text === undefined ? undefined : Number(text);
};

const entry = (value: XmlElement): PicklistEntry => {
  const name = textIn(value, 'fullName') ?? '';
  return {
    value: name,
    label: textIn(value, 'label') ?? name,
    active: textIn(value, 'isActive') !== 'false',
    defaultValue: flagIn(value, 'default'),
  };
};

const globalEntries = (world: FieldWorld, name: string, place: XmlElement): readonly PicklistEntry[] => {
  const set = world.state.get('GlobalValueSet', name)?.element;
  if (set === undefined)
    throw new ComponentProblem(`In field: valueSet - no GlobalValueSet named ${name} found`, place);
  return childrenOf(set, 'customValue').map(entry);
};

const picklistParts = (world: FieldWorld, field: XmlElement, type: string): Partial<FieldInput> => {
  if (type !== 'Picklist' && type !== 'MultiselectPicklist') return {};
  const set = childOf(field, 'valueSet');
  if (set === undefined)
    throw new ComponentProblem("Must specify 'valueSet' for a CustomField of type Picklist", field);
  const shared = textIn(set, 'valueSetName');
  const definition = childOf(set, 'valueSetDefinition');
  const own = definition === undefined ? [] : childrenOf(definition, 'value').map(entry);
  return {
    picklistValues: shared === undefined ? own : globalEntries(world, shared, set),
    // A shared value set is always restricted.
    restrictedPicklist: shared !== undefined || flagIn(set, 'restricted'),
  };
};

const deleteRuleOf = (field: XmlElement, type: string): FieldDefinition['deleteRule'] => {
  if (type === 'MasterDetail') return { '*': 'cascade' };
  const constraint = textIn(field, 'deleteConstraint');
  if (constraint === 'Cascade') return { '*': 'cascade' };
  return { '*': constraint === 'Restrict' || flagIn(field, 'required') ? 'restrict' : 'set-null' };
};

const referenceParts = (object: string, name: string, field: XmlElement, type: string): Partial<FieldInput> => {
  if (!['Lookup', 'MasterDetail', 'Hierarchy', 'MetadataRelationship'].includes(type)) return {};
  const targets = childrenOf(field, 'referenceTo').map((target) => target.text.trim());
  const relationship = textIn(field, 'relationshipName');
  return {
    referenceTo: type === 'Hierarchy' ? [object] : targets,
    relationshipName: `${name.slice(0, -1)}r`,
    ...(relationship === undefined ? {} : { childRelationshipName: `${relationship}__r` }),
    masterDetail: type === 'MasterDetail',
    deleteRule: deleteRuleOf(field, type),
    ...(type === 'MasterDetail' ? masterParts(field) : {}),
  };
};

const masterParts = (field: XmlElement): Partial<FieldInput> => ({
  nillable: false,
  reparentable: flagIn(field, 'reparentableMasterDetail'),
  updateable: flagIn(field, 'reparentableMasterDetail'),
  writeRequiresMasterRead: flagIn(field, 'writeRequiresMasterRead'),
});

const summaryFilters = (field: XmlElement): RollUp['filters'] =>
  childrenOf(field, 'summaryFilterItems').map((item) => ({
    field: (textIn(item, 'field') ?? '').split('.').at(-1) ?? '',
    operation: textIn(item, 'operation') ?? 'equals',
    value: textIn(item, 'value') ?? '',
  }));

const detailOf = (world: FieldWorld, object: string, field: XmlElement): readonly [string, string] => {
  const [childObject = '', childField = ''] = (textIn(field, 'summaryForeignKey') ?? '').split('.');
  const key = world.registry.field(childObject, childField);
  if (key?.masterDetail === true && key.referenceTo.includes(object)) return [childObject, childField];
  throw new ComponentProblem(
    `In field: summaryForeignKey - no CustomField named ${childObject}.${childField} found`,
    field,
  );
};

const summarizedIn = (world: FieldWorld, childObject: string, field: XmlElement): FieldDefinition | undefined => {
  const name = textIn(field, 'summarizedField')?.split('.').at(-1);
  if (name === undefined) return undefined;
  const source = world.registry.field(childObject, name);
  if (source !== undefined) return source;
  throw new ComponentProblem(`In field: summarizedField - no CustomField named ${childObject}.${name} found`, field);
};

const operationIn = (field: XmlElement): RollUp['operation'] => {
  const operation = textIn(field, 'summaryOperation') ?? '';
  if (operation === 'count' || operation === 'sum' || operation === 'min' || operation === 'max') return operation;
  throw new ComponentProblem(`'${operation}' is not a valid value for the enum 'SummaryOperations'`, field);
};

/** The type of a roll-up is that of what it sums up; a count is a number. */
const summaryParts = (world: FieldWorld, object: string, field: XmlElement): Partial<FieldInput> => {
  const [childObject, childField] = detailOf(world, object, field);
  const source = summarizedIn(world, childObject, field);
  const rollUp: RollUp = { childObject, childField, operation: operationIn(field), filters: summaryFilters(field) };
  if (source === undefined) return { rollUp };
  return {
    rollUp: { ...rollUp, summarizedField: source.name },
    type: source.type,
    precision: source.precision,
    scale: source.scale,
    ...defaultTraits(source.type, source.length),
  };
};

/** A literal, or a formula that is computed for every new row. */
const defaultParts = (field: XmlElement, type: string): Partial<FieldInput> => {
  const text = textIn(field, 'defaultValue');
  if (type === 'Checkbox') return { defaultValue: text === 'true' };
  if (text === undefined) return {};
  if (/^-?\d+(?:\.\d+)?$/.test(text) && ['Number', 'Currency', 'Percent'].includes(type)) {
    return { defaultValue: Number(text) };
  }
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (quoted !== null) return { defaultValue: quoted[2] ?? '' };
  return { defaultFormula: text };
};

const keyParts = (field: XmlElement): Partial<FieldInput> => ({
  unique: flagIn(field, 'unique'),
  caseSensitive: flagIn(field, 'caseSensitive'),
  externalId: flagIn(field, 'externalId'),
  idLookup: flagIn(field, 'externalId'),
  trackHistory: flagIn(field, 'trackHistory'),
});

/** Texts and classification; shared by custom and standard fields. */
export const describedParts = (field: XmlElement): Partial<FieldInput> => {
  const help = textIn(field, 'inlineHelpText');
  const description = textIn(field, 'description');
  const classification = textIn(field, 'securityClassification');
  const groups = textIn(field, 'complianceGroup');
  const status = textIn(field, 'businessStatus');
  return {
    ...(help === undefined ? {} : { inlineHelpText: help }),
    ...(description === undefined ? {} : { description }),
    ...(classification === undefined ? {} : { securityClassification: classification }),
    ...(groups === undefined ? {} : { complianceGroup: groups.split(';') }),
    ...(status === undefined ? {} : { businessStatus: status }),
  };
};

const lengthOf = (field: XmlElement, type: string): number | undefined => {
  if (textIn(field, 'formula') !== undefined && type === 'Text') return 1300;
  if (type === 'TextArea') return 255;
  if (type === 'AutoNumber') return 30;
  return numberIn(field, 'length');
};

const sizeParts = (field: XmlElement, type: string): Partial<FieldInput> => {
  const length = lengthOf(field, type);
  const precision = numberIn(field, 'precision');
  const scale = numberIn(field, 'scale');
  return {
    ...(length === undefined ? {} : { length }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
  };
};

const formulaParts = (field: XmlElement, type: string): Partial<FieldInput> => {
  const formula = textIn(field, 'formula');
  if (formula !== undefined) {
    const blanks = textIn(field, 'formulaTreatBlanksAs') === 'BlankAsBlank' ? 'BlankAsBlank' : 'BlankAsZero';
    return { formula, formulaTreatBlanksAs: blanks };
  }
  return type === 'AutoNumber' ? { autoNumberFormat: textIn(field, 'displayFormat') ?? '{0}' } : {};
};

/** `Place__c` of type Location has two numbers beside it. */
const coordinates = (name: string, label: string, scale: number): readonly FieldDefinition[] =>
  ['Latitude', 'Longitude'].map((part) =>
    defineField({
      name: `${name.slice(0, -3)}__${part}__s`,
      label: `${label} (${part})`,
      type: 'double',
      precision: scale + 3,
      scale,
      custom: true,
      compoundFieldName: name,
    }),
  );

/**
 * The definition of a custom field of `object` from its metadata (`fields` of a CustomObject); a Location yields
 * its coordinates too.
 * @throws ComponentProblem in the platform's words when the metadata is not in order.
 */
export const fieldFromXml = (
  world: FieldWorld,
  object: Pick<ObjectDefinition, 'name'>,
  field: XmlElement,
): readonly FieldDefinition[] => {
  const name = checkedFieldName(field);
  const type = checkedFieldType(field, world.registry);
  const label = textIn(field, 'label') ?? name;
  const describeType = describeTypeOf(type) ?? 'string';
  const size = sizeParts(field, type);
  const choices = picklistParts(world, field, type);
  const definition = defineField({
    name,
    label,
    type: describeType,
    custom: true,
    ...size,
    ...(size.length === undefined ? {} : defaultTraits(describeType, size.length)),
    ...(flagIn(field, 'required') ? { nillable: false } : {}),
    htmlFormatted: type === 'Html',
    ...keyParts(field),
    ...choices,
    ...dependencyOf(world.registry, object.name, field, choices.picklistValues ?? []),
    ...lookupFilterOf(field),
    ...defaultParts(field, type),
    ...formulaParts(field, type),
    ...referenceParts(object.name, name, field, type),
    ...(type === 'Summary' ? summaryParts(world, object.name, field) : {}),
    ...describedParts(field),
  });
  return type === 'Location' ? [definition, ...coordinates(name, label, definition.scale)] : [definition];
};

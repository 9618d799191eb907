import type { SchemaRegistry } from '../schema/definitions.ts';
import { describeTypeOf, isRefusedType } from './fieldTypes.ts';
import { hasElement } from './metadataTypes.ts';
import { ComponentProblem, notEmulatedComponent } from './problem.ts';
import { childrenOf, textIn, type XmlElement } from './xmlTree.ts';

const CUSTOM_NAME = /^[A-Za-z](?!.*__.*__(?:c|s)$)[A-Za-z0-9_]*__c$/;
const NAMESPACED = /^[A-Za-z][A-Za-z0-9]*__[A-Za-z][A-Za-z0-9_]*__c$/;

/** Refuses an element that the type does not have, as the platform's schema validation does. */
export const checkElements = (type: string, element: XmlElement): void => {
  for (const child of element.children) {
    if (hasElement(type, child.name)) continue;
    const name = `{http://soap.sforce.com/2006/04/metadata}${child.name}`;
    throw new ComponentProblem(`Element ${name} invalid at this location in type ${type}`, child);
  }
};

/** Elements that a field type cannot do without; the platform asks `Must specify '…' for a CustomField of type …`. */
const needed: Readonly<Record<string, readonly string[]>> = {
  Text: ['length'],
  LongTextArea: ['length', 'visibleLines'],
  Html: ['length', 'visibleLines'],
  MultiselectPicklist: ['visibleLines'],
  Number: ['precision', 'scale'],
  Currency: ['precision', 'scale'],
  Percent: ['precision', 'scale'],
  Lookup: ['referenceTo', 'relationshipName'],
  MasterDetail: ['referenceTo', 'relationshipName'],
  MetadataRelationship: ['referenceTo'],
  Summary: ['summaryForeignKey', 'summaryOperation'],
  Location: ['scale'],
  EncryptedText: ['length', 'maskChar', 'maskType'],
};

const checkNeeded = (field: XmlElement, type: string): void => {
  // A formula's length follows from its type.
  if (textIn(field, 'formula') !== undefined && type === 'Text') return;
  for (const name of needed[type] ?? []) {
    if (textIn(field, name) === undefined) {
      throw new ComponentProblem(`Must specify '${name}' for a CustomField of type ${type}`, field);
    }
  }
};

const lengths: Readonly<Record<string, readonly [number, number]>> = {
  Text: [1, 255],
  LongTextArea: [256, 131_072],
  Html: [256, 131_072],
  EncryptedText: [1, 175],
};

const whole = (field: XmlElement, name: string): number => {
  const text = textIn(field, name) ?? '';
  if (!/^\d+$/.test(text))
    throw new ComponentProblem(`Invalid value for ${name}: ${text} is not a whole number`, field);
  return Number(text);
};

const checkSize = (field: XmlElement, type: string): void => {
  const [low, high] = lengths[type] ?? [];
  if (low !== undefined && high !== undefined && textIn(field, 'length') !== undefined) {
    const length = whole(field, 'length');
    if (length < low || length > high) {
      throw new ComponentProblem(
        `The length must be between ${low} and ${high} for a CustomField of type ${type}`,
        field,
      );
    }
  }
  if (type !== 'Number' && type !== 'Currency' && type !== 'Percent') return;
  if (whole(field, 'precision') > 18 || whole(field, 'scale') > whole(field, 'precision')) {
    throw new ComponentProblem('The precision must be at most 18 and no smaller than the scale', field);
  }
};

const checkTarget = (field: XmlElement, type: string, registry: SchemaRegistry): void => {
  if (type !== 'Lookup' && type !== 'MasterDetail') return;
  for (const target of childrenOf(field, 'referenceTo')) {
    if (registry.object(target.text.trim()) !== undefined) continue;
    throw new ComponentProblem(
      `referenceTo value of '${target.text.trim()}' does not resolve to a valid sObject type`,
      target,
    );
  }
  if (type !== 'Lookup' || textIn(field, 'required') !== 'true') return;
  if (textIn(field, 'deleteConstraint') === 'SetNull') {
    throw new ComponentProblem('Field must not be Required if the deleteConstraint is SetNull', field);
  }
};

/** The metadata type of a custom field whose file is in order. */
export const checkedFieldType = (field: XmlElement, registry: SchemaRegistry): string => {
  checkElements('CustomField', field);
  const type = textIn(field, 'type');
  if (type === undefined) throw new ComponentProblem('Must specify a type for the CustomField', field);
  if (isRefusedType(type)) throw notEmulatedComponent(`custom field type ${type}`, field);
  if (describeTypeOf(type) === undefined) {
    throw new ComponentProblem(`'${type}' is not a valid value for the enum 'FieldType'`, field);
  }
  checkNeeded(field, type);
  checkSize(field, type);
  checkTarget(field, type, registry);
  return type;
};

/** The full name of a custom field, as the platform allows it. */
export const checkedFieldName = (field: XmlElement): string => {
  const name = textIn(field, 'fullName');
  if (name === undefined) throw new ComponentProblem('Required field is missing: fullName', field);
  if (!name.endsWith('__c')) {
    throw new ComponentProblem('fullName must end with: __c', field);
  }
  if (!CUSTOM_NAME.test(name) && !NAMESPACED.test(name)) {
    throw new ComponentProblem(
      'The field API Name can only contain underscores and alphanumeric characters. It must be unique, begin with a letter, not include spaces, not end with an underscore, and not contain two consecutive underscores.',
      field,
    );
  }
  if (textIn(field, 'label') === undefined) {
    throw new ComponentProblem('Must specify a non-empty label for the CustomField', field);
  }
  return name;
};

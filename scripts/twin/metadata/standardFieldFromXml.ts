import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { describedParts } from './fieldFromXml.ts';
import { lookupFilterOf } from './fieldRelations.ts';
import { ComponentProblem } from './problem.ts';
import { childOf, childrenOf, flagIn, textIn, type XmlElement } from './xmlTree.ts';

const withValues = (field: FieldDefinition, element: XmlElement): FieldDefinition => {
  const set = childOf(element, 'valueSet');
  const definition = set === undefined ? undefined : childOf(set, 'valueSetDefinition');
  if (definition === undefined) return field;
  const picklistValues = childrenOf(definition, 'value').map((value) => {
    const name = textIn(value, 'fullName') ?? '';
    return {
      value: name,
      label: textIn(value, 'label') ?? name,
      active: textIn(value, 'isActive') !== 'false',
      defaultValue: flagIn(value, 'default'),
    };
  });
  return { ...field, picklistValues };
};

/** The name a standard field has in metadata: lookups without `Id` (`Account` for `AccountId`). */
const standardField = (object: ObjectDefinition, name: string): FieldDefinition | undefined =>
  object.fields.find((field) => !field.custom && (field.name === name || field.name === `${name}Id`));

/**
 * A standard field with what its metadata may change: history tracking, help, description, classification and
 * picklist values.
 * @throws ComponentProblem when the object has no such field.
 */
export const standardFieldFromXml = (object: ObjectDefinition, element: XmlElement): FieldDefinition => {
  const field = standardField(object, textIn(element, 'fullName') ?? '');
  if (field === undefined) throw new ComponentProblem("Could not resolve standard field's name.", element);
  const tracked = textIn(element, 'trackHistory');
  return {
    ...withValues(field, element),
    ...describedParts(element),
    ...lookupFilterOf(element),
    ...(tracked === undefined ? {} : { trackHistory: tracked === 'true' }),
  };
};

import { filterLogic } from '../engine/filterLogic.ts';
import { isFilterOperation } from '../engine/filterItems.ts';
import type { FieldDefinition, LookupFilter, PicklistEntry, SchemaRegistry } from '../schema/definitions.ts';
import { ComponentProblem, notEmulatedComponent } from './problem.ts';
import { childOf, childrenOf, flagIn, textIn, type XmlElement } from './xmlTree.ts';

const controllingName = (field: XmlElement): string | undefined => {
  const set = childOf(field, 'valueSet');
  return set === undefined ? undefined : textIn(set, 'controllingField');
};

/** Whether a field can only be deployed after the others of its object: its controlling field must be there. */
export const isDependent = (field: XmlElement): boolean => controllingName(field) !== undefined;

/** What a controlling field can say, in the order of its set-up; a checkbox says no, then yes. */
const controllingValues = (field: FieldDefinition): readonly string[] =>
  field.type === 'boolean' ? ['unchecked', 'checked'] : field.picklistValues.map((entry) => entry.value);

/**
 * The bit set of describe: one bit per controlling value, the first the highest of the first byte, in whole groups of
 * three bytes. Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_describesobjects_describesobjectresult.htm
 */
const bitSet = (all: readonly string[], chosen: ReadonlySet<string>): string => {
  const bytes = new Uint8Array(Math.max(1, Math.ceil(all.length / 24)) * 3);
  all.forEach((value, index) => {
    if (chosen.has(value.toLowerCase())) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
  });
  return Buffer.from(bytes).toString('base64');
};

const chosenFor = (set: XmlElement, value: string): ReadonlySet<string> =>
  new Set(
    childrenOf(set, 'valueSettings')
      .filter((setting) => textIn(setting, 'valueName') === value)
      .flatMap((setting) => childrenOf(setting, 'controllingFieldValue').map((each) => each.text.trim().toLowerCase())),
  );

/**
 * The controlling field of a dependent picklist and, with each value, which controlling values it goes with.
 * @throws ComponentProblem when the object has no such field.
 */
export const dependencyOf = (
  registry: SchemaRegistry,
  object: string,
  field: XmlElement,
  values: readonly PicklistEntry[],
): Pick<FieldDefinition, 'controllerName' | 'picklistValues'> | Record<string, never> => {
  const name = controllingName(field);
  const set = childOf(field, 'valueSet');
  if (name === undefined || set === undefined) return {};
  const controlling = registry.field(object, name);
  if (controlling === undefined) {
    throw new ComponentProblem(`In field: controllingField - no CustomField named ${object}.${name} found`, set);
  }
  const all = controllingValues(controlling);
  return {
    controllerName: controlling.name,
    picklistValues: values.map((entry) => ({ ...entry, validFor: bitSet(all, chosenFor(set, entry.value)) })),
  };
};

const itemOf = (item: XmlElement): LookupFilter['items'][number] => {
  const operation = textIn(item, 'operation') ?? '';
  if (!isFilterOperation(operation)) throw notEmulatedComponent(`lookup filter operation ${operation}`, item);
  const [value, valueField] = [textIn(item, 'value'), textIn(item, 'valueField')];
  if (value !== undefined && /^(?:TODAY|YESTERDAY|TOMORROW|(?:LAST|NEXT|THIS)_[A-Z_]+)(?::\d+)?$/i.test(value)) {
    throw notEmulatedComponent(`relative date ${value} in a lookup filter`, item);
  }
  return {
    field: textIn(item, 'field') ?? '',
    operation,
    ...(value === undefined ? {} : { value }),
    ...(valueField === undefined ? {} : { valueField }),
  };
};

/**
 * The lookup filter of a field, standard or custom.
 * @throws ComponentProblem when its logic cannot be read; by name, what the twin does not compare.
 */
export const lookupFilterOf = (field: XmlElement): Pick<FieldDefinition, 'lookupFilter'> => {
  const source = childOf(field, 'lookupFilter');
  if (source === undefined) return {};
  const items = childrenOf(source, 'filterItems').map(itemOf);
  const [logic, message] = [textIn(source, 'booleanFilter'), textIn(source, 'errorMessage')];
  if (filterLogic(logic, items.length) === undefined) {
    throw new ComponentProblem(`Invalid boolean filter: ${logic ?? ''}`, source);
  }
  return {
    lookupFilter: {
      active: flagIn(source, 'active'),
      optional: flagIn(source, 'isOptional'),
      ...(logic === undefined ? {} : { logic }),
      ...(message === undefined ? {} : { message }),
      items,
    },
  };
};

import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { metadataTypeOf } from './fieldTypes.ts';
import { element, rootElement, type XmlElement } from './xmlTree.ts';

type Parts = Readonly<Record<string, string | number | boolean | undefined | readonly XmlElement[]>>;

const elementsFrom = (parts: Parts): readonly XmlElement[] =>
  Object.entries(parts).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return typeof value === 'object' ? [element(name, value)] : [element(name, String(value))];
  });

const sized = new Set(['Text', 'LongTextArea', 'Html', 'EncryptedText']);
const numeric = new Set(['Number', 'Currency', 'Percent']);

const sizeParts = (field: FieldDefinition, type: string): Parts => ({
  ...(sized.has(type) && field.formula === undefined ? { length: field.length } : {}),
  ...(numeric.has(type) ? { precision: field.precision, scale: field.scale } : {}),
  ...(type === 'Location' ? { scale: field.scale } : {}),
  ...(type === 'LongTextArea' || type === 'Html' || type === 'MultiselectPicklist' ? { visibleLines: 4 } : {}),
  ...(type === 'AutoNumber' ? { displayFormat: field.autoNumberFormat } : {}),
});

const constraints: Readonly<Record<string, string>> = {
  cascade: 'Cascade',
  restrict: 'Restrict',
  'set-null': 'SetNull',
};

const referenceParts = (field: FieldDefinition, type: string): Parts => {
  if (type !== 'Lookup' && type !== 'MasterDetail') return {};
  const relationship = field.childRelationshipName?.replace(/__r$/, '');
  return {
    ...(type === 'Lookup' ? { deleteConstraint: constraints[field.deleteRule['*'] ?? 'set-null'] ?? 'SetNull' } : {}),
    referenceTo: field.referenceTo[0],
    relationshipName: relationship,
    ...(type === 'MasterDetail'
      ? {
          reparentableMasterDetail: field.reparentable ?? false,
          writeRequiresMasterRead: field.writeRequiresMasterRead ?? false,
        }
      : {}),
  };
};

const valueSet = (field: FieldDefinition): readonly XmlElement[] => [
  element('restricted', String(field.restrictedPicklist)),
  element('valueSetDefinition', [
    element('sorted', 'false'),
    ...field.picklistValues.map((entry) =>
      element('value', [
        element('fullName', entry.value),
        element('default', String(entry.defaultValue)),
        element('label', entry.label),
      ]),
    ),
  ]),
];

const filterItems = (field: FieldDefinition): readonly XmlElement[] =>
  (field.rollUp?.filters ?? []).map((filter) =>
    element('summaryFilterItems', [
      element('field', `${field.rollUp?.childObject ?? ''}.${filter.field}`),
      element('operation', filter.operation),
      element('value', filter.value),
    ]),
  );

const summaryParts = (field: FieldDefinition): Parts => {
  const { rollUp } = field;
  if (rollUp === undefined) return {};
  return {
    summarizedField:
      rollUp.summarizedField === undefined ? undefined : `${rollUp.childObject}.${rollUp.summarizedField}`,
    summaryForeignKey: `${rollUp.childObject}.${rollUp.childField}`,
    summaryOperation: rollUp.operation,
  };
};

const textParts = (field: FieldDefinition): Parts => ({
  complianceGroup: field.complianceGroup?.join(';'),
  description: field.description,
  inlineHelpText: field.inlineHelpText,
  securityClassification: field.securityClassification,
  businessStatus: field.businessStatus,
  formula: field.formula,
});

const isPicklist = (field: FieldDefinition): boolean => field.type === 'picklist' || field.type === 'multipicklist';

const byName = (a: XmlElement, b: XmlElement): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** A custom field of a shape as `fields` of a CustomObject, so that it can be retrieved like a deployed one. */
export const fieldToXml = (field: FieldDefinition): XmlElement => {
  const type = metadataTypeOf(field);
  const checkbox = type === 'Checkbox' && field.formula === undefined;
  const parts = elementsFrom({
    ...textParts(field),
    defaultValue: checkbox ? String(field.defaultValue ?? false) : undefined,
    externalId: field.externalId,
    label: field.label,
    required: checkbox || field.masterDetail ? undefined : !field.nillable,
    trackHistory: field.trackHistory ? true : undefined,
    type,
    unique: type === 'Text' || type === 'Number' || type === 'Email' ? field.unique : undefined,
    ...sizeParts(field, type),
    ...referenceParts(field, type),
    ...summaryParts(field),
    ...(isPicklist(field) ? { valueSet: valueSet(field) } : {}),
  });
  return element('fields', [element('fullName', field.name), ...[...parts, ...filterItems(field)].sort(byName)]);
};

const nameField = (object: ObjectDefinition): readonly XmlElement[] => {
  const field = object.fields.find((each) => each.nameField);
  const format = field?.autoNumberFormat;
  return elementsFrom({
    displayFormat: format,
    label: field?.label ?? 'Name',
    type: format === undefined ? 'Text' : 'AutoNumber',
  });
};

/** A custom object of a shape without its parts. */
export const objectToXml = (object: ObjectDefinition): XmlElement =>
  rootElement(
    'CustomObject',
    elementsFrom({
      deploymentStatus: 'Deployed',
      enableActivities: object.allowsActivities ?? false,
      enableFeeds: object.feedEnabled,
      enableHistory: object.historyObject !== undefined,
      enableSearch: object.searchable,
      label: object.label,
      nameField: nameField(object),
      pluralLabel: object.labelPlural,
      sharingModel: object.sharingModel,
    }),
  );

/** A custom object's data as it is on its own: no label, for standard objects. */
export const bareObject = (): XmlElement => rootElement('CustomObject', []);

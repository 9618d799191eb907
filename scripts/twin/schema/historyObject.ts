import { defineField, type FieldInput } from './defineField.ts';
import type { FieldDefinition, ObjectDefinition } from './definitions.ts';
import { idField, systemField } from './systemFields.ts';

const readOnly = { createable: false, updateable: false, permissionable: false } as const;

const fieldsOf = (parent: ObjectDefinition): readonly (FieldDefinition | undefined)[] => {
  const own = (input: FieldInput): FieldDefinition => defineField({ ...readOnly, ...input });
  return [
    systemField('IsDeleted'),
    own({
      name: 'ParentId',
      label: 'Parent ID',
      type: 'reference',
      nillable: false,
      referenceTo: [parent.name],
      relationshipName: 'Parent',
      childRelationshipName: 'Histories',
      deleteRule: { '*': 'cascade' },
    }),
    systemField('CreatedById'),
    systemField('CreatedDate'),
    own({ name: 'Field', label: 'Changed Field', type: 'picklist', nillable: false }),
    own({ name: 'DataType', label: 'Datatype', type: 'picklist' }),
    own({ name: 'OldValue', type: 'anyType' }),
    own({ name: 'NewValue', type: 'anyType' }),
  ];
};

/** `Gift__c` → `Gift__History`. */
export const historyNameOf = (object: string): string => `${object.replace(/__c$/, '__')}History`;

/**
 * The history object of a custom object: read-only rows that the platform writes, deletable with the permission
 * "Delete From Field History".
 * Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_associated_objects_history.htm
 */
export const historyObjectFor = (parent: ObjectDefinition, keyPrefix: string): ObjectDefinition => ({
  name: historyNameOf(parent.name),
  label: `History: ${parent.label}`,
  labelPlural: `History: ${parent.label}`,
  keyPrefix,
  custom: true,
  customSetting: false,
  customMetadata: false,
  queryable: true,
  createable: false,
  updateable: false,
  deletable: true,
  undeletable: false,
  mergeable: false,
  replicateable: true,
  searchable: false,
  feedEnabled: false,
  sharingModel: 'ControlledByParent',
  historyOf: parent.name,
  access: { governedBy: { parent: parent.name } },
  fields: [idField('History'), ...fieldsOf(parent).filter((field) => field !== undefined)],
});

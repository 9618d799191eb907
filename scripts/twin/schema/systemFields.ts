import { defineField, type FieldInput } from './defineField.ts';
import type { FieldDefinition } from './definitions.ts';

const platform = {
  createable: false,
  updateable: false,
  nillable: false,
  defaultedOnCreate: true,
  permissionable: false,
};

const user = (name: string, label: string): FieldInput => ({
  ...platform,
  name,
  label,
  type: 'reference',
  referenceTo: ['User'],
  relationshipName: name.slice(0, -2),
  deleteRule: { '*': 'none' },
});

const inputs: Readonly<Record<string, FieldInput>> = {
  IsDeleted: { ...platform, name: 'IsDeleted', label: 'Deleted', type: 'boolean' },
  CreatedDate: { ...platform, name: 'CreatedDate', label: 'Created Date', type: 'datetime' },
  CreatedById: user('CreatedById', 'Created By ID'),
  LastModifiedDate: { ...platform, name: 'LastModifiedDate', label: 'Last Modified Date', type: 'datetime' },
  LastModifiedById: user('LastModifiedById', 'Last Modified By ID'),
  SystemModstamp: { ...platform, name: 'SystemModstamp', label: 'System Modstamp', type: 'datetime' },
};

/** The fields every ordinary object has besides Id, in describe order. */
export const ordinarySystemFields: readonly string[] = Object.keys(inputs);

/** A field the platform fills by itself; undefined for another name. */
export const systemField = (name: string): FieldDefinition | undefined => {
  const input = inputs[name];
  return input === undefined ? undefined : defineField(input);
};

/** Custom objects call it "Record ID". */
export const idField = (objectLabel: string, label = `${objectLabel} ID`): FieldDefinition =>
  defineField({ name: 'Id', label, type: 'id', nillable: false, permissionable: false });

/** OwnerId of a custom object that is not the detail of a master. */
export const ownerField = (): FieldDefinition =>
  defineField({
    name: 'OwnerId',
    label: 'Owner ID',
    type: 'reference',
    nillable: false,
    defaultedOnCreate: true,
    referenceTo: ['Group', 'User'],
    relationshipName: 'Owner',
    deleteRule: { '*': 'none' },
    permissionable: false,
  });

export const recordTypeField = (object: string): FieldDefinition =>
  defineField({
    name: 'RecordTypeId',
    label: 'Record Type ID',
    type: 'reference',
    referenceTo: ['RecordType'],
    relationshipName: 'RecordType',
    deleteRule: { '*': 'none' },
    permissionable: false,
    description: `Record type of ${object}`,
  });

import type { ZipEntry } from '../../../scripts/twin/zip.ts';

/** A small package in metadata format: one object with two fields and a permission set that shows them. */
export const packageFiles = (fieldType = 'Text'): readonly ZipEntry[] => {
  const field = (name: string, type: string, rest: string): string =>
    `<fields><fullName>${name}</fullName><label>${name}</label><type>${type}</type>${rest}</fields>`;
  const xml = (root: string, body: string): Uint8Array =>
    Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://soap.sforce.com/2006/04/metadata">${body}</${root}>\n`,
    );
  const shown = (name: string): string =>
    `<fieldPermissions><editable>true</editable><field>Invited__c.${name}</field><readable>true</readable></fieldPermissions>`;
  return [
    {
      path: 'package.xml',
      content: xml(
        'Package',
        '<types><members>Invited__c</members><name>CustomObject</name></types><types><members>Invited_Reader</members><name>PermissionSet</name></types><version>66.0</version>',
      ),
    },
    {
      path: 'objects/Invited__c.object',
      content: xml(
        'CustomObject',
        `<deploymentStatus>Deployed</deploymentStatus>${field('Key__c', 'Text', '<externalId>true</externalId><length>40</length><unique>true</unique>')}${field(
          'Note__c',
          fieldType,
          '<length>80</length>',
        )}<label>Invited</label><nameField><label>Name</label><type>Text</type></nameField><pluralLabel>Invited</pluralLabel><sharingModel>ReadWrite</sharingModel>`,
      ),
    },
    {
      path: 'permissionsets/Invited_Reader.permissionset',
      content: xml(
        'PermissionSet',
        `${shown('Key__c')}${shown('Note__c')}<hasActivationRequired>false</hasActivationRequired><label>Invited Reader</label><objectPermissions><allowCreate>true</allowCreate><allowDelete>true</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Invited__c</object><viewAllRecords>false</viewAllRecords></objectPermissions>`,
      ),
    },
  ];
};

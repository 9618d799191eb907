import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const METADATA = 'xmlns="http://soap.sforce.com/2006/04/metadata"';
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

const object = (label: string): string => `${HEAD}<CustomObject ${METADATA}>
  <deploymentStatus>Deployed</deploymentStatus>
  <label>${label}</label>
  <nameField><label>Name</label><type>Text</type></nameField>
  <pluralLabel>${label}s</pluralLabel>
  <sharingModel>ReadWrite</sharingModel>
</CustomObject>
`;

const lookup = (name: string, to: string): string => `${HEAD}<CustomField ${METADATA}>
  <fullName>${name}</fullName>
  <label>${name.replace('__c', '')}</label>
  <deleteConstraint>SetNull</deleteConstraint>
  <referenceTo>${to}</referenceTo>
  <relationshipName>${name.replace('__c', '')}Rows</relationshipName>
  <type>Lookup</type>
</CustomField>
`;

const longText = `${HEAD}<CustomField ${METADATA}>
  <fullName>Remark__c</fullName>
  <label>Remark</label>
  <length>4000</length>
  <type>LongTextArea</type>
  <visibleLines>3</visibleLines>
</CustomField>
`;

const text = `${HEAD}<CustomField ${METADATA}>
  <fullName>Shelf__c</fullName>
  <label>Shelf</label>
  <length>80</length>
  <type>Text</type>
</CustomField>
`;

const fields = (entries: readonly string[]): string =>
  entries
    .map(
      (field) =>
        `<fieldPermissions><editable>true</editable><field>${field}</field><readable>true</readable></fieldPermissions>`,
    )
    .join('\n  ');
const objects = (names: readonly string[]): string =>
  names
    .map(
      (name) =>
        `<objectPermissions><allowCreate>true</allowCreate><allowDelete>true</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead><modifyAllRecords>true</modifyAllRecords><object>${name}</object><viewAllRecords>true</viewAllRecords></objectPermissions>`,
    )
    .join('\n  ');

const permissionSet = `${HEAD}<PermissionSet ${METADATA}>
  ${fields(['NeedleLoan__c.Reader__c', 'NeedleLoan__c.Shelf__c', 'NeedleLoan__c.Remark__c', 'NeedleFine__c.Loan__c', 'NeedleFine__c.Remark__c'])}
  <label>Needle</label>
  ${objects(['NeedleLoan__c', 'NeedleFine__c'])}
</PermissionSet>
`;

/** Two objects of the org's own: loans of a reader, and fines of a loan, two levels below the person. */
export const writeNeedlePackage = (folder: string): string => {
  const files: Readonly<Record<string, string>> = {
    'objects/NeedleLoan__c/NeedleLoan__c.object-meta.xml': object('Loan'),
    'objects/NeedleLoan__c/fields/Reader__c.field-meta.xml': lookup('Reader__c', 'Contact'),
    'objects/NeedleLoan__c/fields/Shelf__c.field-meta.xml': text,
    'objects/NeedleLoan__c/fields/Remark__c.field-meta.xml': longText,
    'objects/NeedleFine__c/NeedleFine__c.object-meta.xml': object('Fine'),
    'objects/NeedleFine__c/fields/Loan__c.field-meta.xml': lookup('Loan__c', 'NeedleLoan__c'),
    'objects/NeedleFine__c/fields/Remark__c.field-meta.xml': longText,
    'permissionsets/Needle.permissionset-meta.xml': permissionSet,
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, 'main', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
};

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const METADATA = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

const object = (label: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<CustomObject ${METADATA}>
  <deploymentStatus>Deployed</deploymentStatus>
  <label>${label}</label>
  <nameField><label>Name</label><type>Text</type></nameField>
  <pluralLabel>${label}s</pluralLabel>
  <sharingModel>Private</sharingModel>
</CustomObject>
`;

const field = `<?xml version="1.0" encoding="UTF-8"?>
<CustomField ${METADATA}>
  <fullName>Note__c</fullName>
  <label>Note</label>
  <length>80</length>
  <type>Text</type>
</CustomField>
`;

const permissionSet = `<?xml version="1.0" encoding="UTF-8"?>
<PermissionSet ${METADATA}>
  <fieldPermissions><editable>true</editable><field>Probe__c.Note__c</field><readable>true</readable></fieldPermissions>
  <label>Probe Reader</label>
  <objectPermissions>
    <allowCreate>false</allowCreate><allowDelete>false</allowDelete><allowEdit>false</allowEdit><allowRead>true</allowRead>
    <modifyAllRecords>false</modifyAllRecords><object>Probe__c</object><viewAllRecords>false</viewAllRecords>
  </objectPermissions>
</PermissionSet>
`;

const bundle = `<?xml version="1.0" encoding="UTF-8"?>
<LightningComponentBundle ${METADATA}><apiVersion>66.0</apiVersion><isExposed>false</isExposed></LightningComponentBundle>
`;

const SCRIPT = "import { LightningElement } from 'lwc';\nexport default class ProbePage extends LightningElement {}\n";

/** A package of one object, one field, one permission set and one component in source format. */
export const writeSmallPackage = (
  folder: string,
  options: { readonly label?: string; readonly script?: boolean } = {},
): string => {
  const files: Readonly<Record<string, string>> = {
    'objects/Probe__c/Probe__c.object-meta.xml': object(options.label ?? 'Probe'),
    'objects/Probe__c/fields/Note__c.field-meta.xml': field,
    'permissionsets/ProbeReader.permissionset-meta.xml': permissionSet,
    'lwc/probePage/probePage.js-meta.xml': bundle,
    'lwc/probePage/probePage.html': '<template></template>\n',
    ...(options.script === false ? {} : { 'lwc/probePage/probePage.js': SCRIPT }),
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, 'main', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
};

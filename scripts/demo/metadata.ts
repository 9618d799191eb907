import { keyedObjects } from './keys.ts';

/** A file in the metadata API's own shape (not source format), UTF-8. */
export type DemoMetadataFile = { readonly path: string; readonly content: string };

const API_VERSION = '66.0';
const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

type FieldXml = { readonly fullName: string; readonly body: string; readonly required?: boolean };

const field = (fullName: string, label: string, body: string): FieldXml => ({
  fullName,
  body: `<label>${label}</label>${body}`,
});
const text = (fullName: string, label: string, length: number): FieldXml =>
  field(fullName, label, `<length>${length}</length><type>Text</type>`);
const date = (fullName: string, label: string): FieldXml => field(fullName, label, '<type>Date</type>');
const checkbox = (fullName: string, label: string, initially: boolean): FieldXml =>
  field(fullName, label, `<defaultValue>${initially}</defaultValue><type>Checkbox</type>`);
const lookup = (fullName: string, label: string, target: string, children: readonly [name: string, label: string]) =>
  field(
    fullName,
    label,
    `<deleteConstraint>SetNull</deleteConstraint><referenceTo>${target}</referenceTo>` +
      `<relationshipLabel>${children[1]}</relationshipLabel><relationshipName>${children[0]}</relationshipName><type>Lookup</type>`,
  );
const currency = (fullName: string, label: string): FieldXml =>
  field(fullName, label, '<precision>16</precision><scale>2</scale><type>Currency</type>');

const demoKey: FieldXml = field(
  'Demo_Key__c',
  'Demo key',
  '<caseSensitive>true</caseSensitive><externalId>true</externalId><length>40</length><type>Text</type><unique>true</unique>',
);

type ObjectXml = { readonly fields: readonly FieldXml[]; readonly own?: string };

const ownObject = (label: string, plural: string, autoNumber: string): string =>
  `<deploymentStatus>Deployed</deploymentStatus><label>${label}</label>` +
  `<nameField><displayFormat>${autoNumber}</displayFormat><label>${label} number</label><type>AutoNumber</type></nameField>` +
  `<pluralLabel>${plural}</pluralLabel><sharingModel>Private</sharingModel>`;

/**
 * Fields and objects an association adds to its org. `Religion__c`, `Dietary_Needs__c` and `Legal_Hold__c` are also in
 * the npsp shape of the twin, with the same definition: deploying them again changes nothing.
 */
const OWN: Readonly<Record<string, ObjectXml>> = {
  Account: { fields: [text('SIREN__c', 'SIREN', 9)] },
  Contact: {
    fields: [
      text('Religion__c', 'Religion', 80),
      field('Dietary_Needs__c', 'Dietary needs', '<type>TextArea</type>'),
      date('Member_Since__c', 'Member since'),
      date('Membership_End__c', 'Membership end'),
      checkbox('Is_Volunteer__c', 'Volunteer', false),
    ],
  },
  Opportunity: { fields: [text('Receipt_Number__c', 'Receipt number', 40), date('Receipt_Date__c', 'Receipt date')] },
  Membership__c: {
    own: ownObject('Membership', 'Memberships', 'M-{0000000}'),
    fields: [
      lookup('Contact__c', 'Contact', 'Contact', ['Memberships', 'Memberships']),
      date('StartDate__c', 'Start date'),
      date('EndDate__c', 'End date'),
      currency('Amount__c', 'Amount'),
    ],
  },
  Beneficiary_Follow_Up__c: {
    own: ownObject('Beneficiary follow-up', 'Beneficiary follow-ups', 'FU-{0000000}'),
    fields: [
      lookup('Contact__c', 'Contact', 'Contact', ['Beneficiary_Follow_Ups', 'Beneficiary follow-ups']),
      date('Date__c', 'Date'),
      field('Notes__c', 'Notes', '<length>32768</length><type>LongTextArea</type><visibleLines>6</visibleLines>'),
    ],
  },
  Legal_Hold__c: {
    own: ownObject('Legal hold', 'Legal holds', 'LH-{0000}'),
    fields: [
      lookup('Contact__c', 'Contact', 'Contact', ['Legal_Holds', 'Legal holds']),
      lookup('Account__c', 'Account', 'Account', ['Legal_Holds', 'Legal holds']),
      field('Reason__c', 'Reason', '<type>TextArea</type>'),
      date('Start_Date__c', 'Start date'),
      date('End_Date__c', 'End date'),
      checkbox('Active__c', 'Active', true),
    ],
  },
};

const objectNames = [...new Set([...Object.keys(OWN), ...keyedObjects])].sort();

const fieldsOf = (object: string): readonly FieldXml[] => [
  ...(keyedObjects.includes(object) ? [demoKey] : []),
  ...(OWN[object]?.fields ?? []),
];

const objectFile = (object: string): DemoMetadataFile => {
  const fields = fieldsOf(object).map(
    ({ fullName, body }) => `<fields><fullName>${fullName}</fullName>${body}</fields>`,
  );
  return {
    path: `objects/${object}.object`,
    content: `${XML}<CustomObject ${NAMESPACE}>${fields.join('')}${OWN[object]?.own ?? ''}</CustomObject>\n`,
  };
};

const permissionSet = (): DemoMetadataFile => {
  const fields = objectNames.flatMap((object) =>
    fieldsOf(object).map(
      ({ fullName }) =>
        `<fieldPermissions><editable>true</editable><field>${object}.${fullName}</field><readable>true</readable></fieldPermissions>`,
    ),
  );
  const objects = objectNames
    .filter((object) => OWN[object]?.own !== undefined)
    .map(
      (object) =>
        '<objectPermissions><allowCreate>true</allowCreate><allowDelete>true</allowDelete><allowEdit>true</allowEdit>' +
        `<allowRead>true</allowRead><modifyAllRecords>true</modifyAllRecords><object>${object}</object>` +
        '<viewAllRecords>true</viewAllRecords></objectPermissions>',
    );
  return {
    path: 'permissionsets/GardeDemo.permissionset',
    content: `${XML}<PermissionSet ${NAMESPACE}>${fields.join('')}<label>Garde demo data</label>${objects.join('')}</PermissionSet>\n`,
  };
};

const packageFile = (): DemoMetadataFile => {
  const own = objectNames.filter((object) => OWN[object]?.own !== undefined);
  const added = objectNames
    .filter((object) => !own.includes(object))
    .flatMap((object) => fieldsOf(object).map(({ fullName }) => `${object}.${fullName}`));
  const type = (name: string, members: readonly string[]): string =>
    `<types>${members.map((member) => `<members>${member}</members>`).join('')}<name>${name}</name></types>`;
  const types = [type('CustomField', added), type('CustomObject', own), type('PermissionSet', ['GardeDemo'])].join('');
  return {
    path: 'package.xml',
    content: `${XML}<Package ${NAMESPACE}>${types}<version>${API_VERSION}</version></Package>\n`,
  };
};

/**
 * What must be deployed before the demo org is loaded: `Demo_Key__c` (unique external id) wherever keys are used, the
 * association's own fields and objects, and the permission set `GardeDemo` for the loading user.
 */
export const demoMetadata = (): readonly DemoMetadataFile[] => [
  packageFile(),
  ...objectNames.map(objectFile),
  permissionSet(),
];

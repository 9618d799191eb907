import { describe, expect, it } from '@jest/globals';
import { TwinError } from '../../../scripts/twin/contract.ts';
import { renderDescribe, renderGlobal, type Rendered } from '../../../scripts/twin/schema/describe.ts';
import { renderObjectInfo, renderPicklistValues } from '../../../scripts/twin/schema/objectInfo.ts';
import { freshOrg } from './freshOrg.ts';

const npsp = freshOrg('npsp');
const bare = freshOrg('bare');

type Described = Rendered & { readonly fields: readonly Rendered[]; readonly childRelationships: readonly Rendered[] };

const describeAs = (org: typeof npsp, role: string, object: string): Described =>
  renderDescribe(org.registry, org.access(role), object) as Described;

const fieldNames = (described: Described): readonly unknown[] => described.fields.map((field) => field['name']);

// The keys of a recorded describe (API 52), which clients rely on.
const FIELD_KEYS =
  'aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete caseSensitive compoundFieldName controllerName createable custom defaultValue defaultValueFormula defaultedOnCreate dependentPicklist deprecatedAndHidden digits displayLocationInDecimal encrypted externalId extraTypeInfo filterable filteredLookupInfo formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup inlineHelpText label length mask maskType name nameField namePointing nillable permissionable picklistValues polymorphicForeignKey precision queryByDistance referenceTargetField referenceTo relationshipName relationshipOrder restrictedDelete restrictedPicklist scale searchPrefilterable soapType sortable type unique updateable writeRequiresMasterRead';
const OBJECT_KEYS =
  'actionOverrides activateable associateEntityType associateParentEntity childRelationships compactLayoutable createable custom customSetting deepCloneable defaultImplementation deletable deprecatedAndHidden extendedBy extendsInterfaces feedEnabled fields hasSubtypes implementedBy implementsInterfaces isInterface isSubtype keyPrefix label labelPlural layoutable listviewable lookupLayoutable mergeable mruEnabled name namedLayoutInfos networkScopeFieldName queryable recordTypeInfos replicateable retrieveable searchLayoutable searchable sobjectDescribeOption supportedScopes triggerable undeletable updateable urls';

describe('describe', () => {
  it('has exactly the keys of a recorded describe', () => {
    const contact = describeAs(npsp, 'admin', 'contact');
    expect(Object.keys(contact).sort()).toEqual(OBJECT_KEYS.split(' '));
    for (const field of contact.fields) expect(Object.keys(field).sort()).toEqual(FIELD_KEYS.split(' '));
    expect(Object.keys(contact.childRelationships[0] ?? {}).sort()).toEqual(
      'cascadeDelete childSObject deprecatedAndHidden field junctionIdListNames junctionReferenceTo relationshipName restrictedDelete'.split(
        ' ',
      ),
    );
  });

  it('answers fields as a real org does', () => {
    const field = (name: string): Rendered | undefined =>
      describeAs(bare, 'admin', 'Contact').fields.find((each) => each['name'] === name);
    expect(field('Id')).toMatchObject({
      type: 'id',
      soapType: 'tns:ID',
      byteLength: 18,
      idLookup: true,
      nillable: false,
    });
    expect(field('Email')).toMatchObject({ type: 'email', byteLength: 240, length: 80, idLookup: true });
    expect(field('Description')).toMatchObject({ length: 32_000, filterable: false, extraTypeInfo: 'plaintextarea' });
    expect(field('MailingLatitude')).toMatchObject({
      precision: 18,
      scale: 15,
      length: 0,
      compoundFieldName: 'MailingAddress',
    });
    expect(field('MailingAddress')).toMatchObject({ type: 'address', soapType: 'urn:address', queryByDistance: true });
    expect(field('AccountId')).toMatchObject({
      referenceTo: ['Account'],
      relationshipName: 'Account',
      permissionable: true,
    });
    expect(field('Name')).toMatchObject({ nameField: true, createable: false, extraTypeInfo: 'personname' });
  });

  it('tells both flags of a relationship that cascades and may be refused', () => {
    const contracts = describeAs(bare, 'admin', 'Account').childRelationships.find(
      (child) => child['childSObject'] === 'Contract',
    );
    expect(contracts).toMatchObject({ cascadeDelete: true, restrictedDelete: true, relationshipName: 'Contracts' });
  });

  it('leaves out fields without field-level security, objects without permission and what hangs off them', () => {
    expect(fieldNames(describeAs(npsp, 'admin', 'Contact'))).toContain('Religion__c');
    expect(fieldNames(describeAs(npsp, 'noSpecialField', 'Contact'))).not.toContain('Religion__c');
    expect(fieldNames(describeAs(npsp, 'noSpecialField', 'Contact'))).toContain('Dietary_Needs__c');
    expect(fieldNames(describeAs(bare, 'noSpecialField', 'Contact'))).not.toContain('GenderIdentity');
    expect(() => describeAs(npsp, 'hiddenHold', 'Legal_Hold__c')).toThrow(TwinError);
    const children = describeAs(npsp, 'hiddenHold', 'Contact').childRelationships.map((child) => child['childSObject']);
    expect(children).toContain('Case');
    expect(children).not.toContain('Legal_Hold__c');
  });

  it('lets a reader without edit write nothing', () => {
    const described = describeAs(npsp, 'officer', 'npe01__OppPayment__c');
    expect(described['createable']).toBe(true);
    const history = describeAs(npsp, 'admin', 'AccountHistory');
    expect(history).toMatchObject({
      createable: false,
      keyPrefix: null,
      associateEntityType: 'History',
      associateParentEntity: 'Account',
    });
  });

  it('names record types, the master last', () => {
    const infos = describeAs(npsp, 'admin', 'Account')['recordTypeInfos'] as readonly Rendered[];
    expect(infos.map((info) => info['developerName'])).toEqual(['HH_Account', 'Organization', 'Master']);
    expect(npsp.store.readRow('RecordType', String(infos[0]?.['recordTypeId']))?.['SobjectType']).toBe('Account');
  });

  it('lists in the global describe what the user may see, without tooling objects', () => {
    const names = (role: string): readonly unknown[] =>
      renderGlobal(npsp.registry, npsp.access(role)).map((row) => row['name']);
    expect(names('admin')).toContain('Legal_Hold__c');
    expect(names('hiddenHold')).not.toContain('Legal_Hold__c');
    expect(names('admin')).not.toContain('InstalledSubscriberPackage');
    expect(names('officer')).not.toContain('SetupAuditTrail');
  });
});

describe('object-info', () => {
  it('describes the fields the user sees, as Lightning data service reads them', () => {
    const info = renderObjectInfo(npsp.registry, npsp.access('noSpecialField'), 'Contact');
    const fields = info['fields'] as Readonly<Record<string, Rendered>>;
    expect(fields['Religion__c']).toBeUndefined();
    expect(fields['AccountId']).toMatchObject({
      dataType: 'Reference',
      reference: true,
      referenceToInfos: [{ apiName: 'Account', nameFields: ['Name'] }],
    });
    expect(fields['LastName']).toMatchObject({ dataType: 'String', required: true });
    expect(info).toMatchObject({ apiName: 'Contact', nameFields: ['Name', 'FirstName', 'LastName'] });
  });

  it('answers active picklist values, and nothing for hidden fields', () => {
    const place = { object: 'Contact', field: 'LeadSource' };
    const values = renderPicklistValues(bare.registry, bare.access('admin'), place)['values'] as readonly Rendered[];
    expect(values.map((value) => value['value'])).toContain('Web');
    expect(() =>
      renderPicklistValues(bare.registry, bare.access('noSpecialField'), {
        object: 'Contact',
        field: 'GenderIdentity',
      }),
    ).toThrow('does not exist');
  });
});

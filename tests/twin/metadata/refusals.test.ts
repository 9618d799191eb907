import { describe, expect, it } from '@jest/globals';
import { field, file, giftPackage, manifest, object, problems, testOrg, xml } from './packages.ts';

const org = testOrg();

describe('a field that is not in order', () => {
  it.each([
    ['an unknown type', field('A__c', 'Colour'), "'Colour' is not a valid value for the enum 'FieldType'"],
    ['a type that is not emulated', field('A__c', 'ExternalLookup'), 'NOT_EMULATED: custom field type ExternalLookup'],
    [
      'no type',
      '<fields><fullName>A__c</fullName><label>A</label></fields>',
      'Must specify a type for the CustomField',
    ],
    [
      'no label',
      '<fields><fullName>A__c</fullName><type>Date</type></fields>',
      'Must specify a non-empty label for the CustomField',
    ],
    ['a name without suffix', field('A__x', 'Date'), 'fullName must end with: __c'],
    [
      'a bad name',
      field('1A__c', 'Date'),
      'The field API Name can only contain underscores and alphanumeric characters.',
    ],
    ['a text that is too long', field('A__c', 'Text', '<length>256</length>'), 'The length must be between 1 and 255'],
    ['a length that is no number', field('A__c', 'Text', '<length>ten</length>'), 'Invalid value for length'],
    ['no lines', field('A__c', 'LongTextArea', '<length>1000</length>'), "Must specify 'visibleLines'"],
    [
      'a scale beyond its precision',
      field('A__c', 'Number', '<precision>3</precision><scale>4</scale>'),
      'The precision must be at most 18',
    ],
    [
      'a lookup to nothing',
      field('A__c', 'Lookup', '<referenceTo>Nothing__c</referenceTo><relationshipName>As</relationshipName>'),
      "referenceTo value of 'Nothing__c' does not resolve to a valid sObject type",
    ],
    [
      'a required lookup that would be cleared',
      field(
        'A__c',
        'Lookup',
        '<referenceTo>Contact</referenceTo><relationshipName>As</relationshipName><required>true</required><deleteConstraint>SetNull</deleteConstraint>',
      ),
      'Field must not be Required if the deleteConstraint is SetNull',
    ],
    ['a picklist without values', field('A__c', 'Picklist'), "Must specify 'valueSet'"],
    [
      'an absent shared value set',
      field('A__c', 'Picklist', '<valueSet><valueSetName>No</valueSetName></valueSet>'),
      'no GlobalValueSet named No found',
    ],
    [
      'a roll-up of no detail',
      field(
        'A__c',
        'Summary',
        '<summaryForeignKey>Contact.AccountId</summaryForeignKey><summaryOperation>count</summaryOperation>',
      ),
      'no CustomField named Contact.AccountId found',
    ],
    [
      'a default whose formula is of another type',
      field('A__c', 'Date', '<defaultValue>TEXT(TODAY() + 3)</defaultValue>'),
      'Formula result is data type (Text), incompatible with expected data type (Date).',
    ],
    [
      'an unknown element',
      field('A__c', 'Date', '<colour>red</colour>'),
      'Element {http://soap.sforce.com/2006/04/metadata}colour invalid at this location in type CustomField',
    ],
  ])('is refused: %s', (_what, parts, problem) => {
    const outcome = org.deploy(giftPackage(parts));
    expect(outcome.failures).toHaveLength(1);
    expect(outcome.failures[0]).toMatchObject({
      type: 'CustomField',
      fileName: 'objects/Gift__c.object',
      line: expect.any(Number),
    });
    expect(outcome.failures[0]?.problem).toContain(problem);
    expect(outcome.failures[0]?.line).toBeGreaterThan(1);
    expect(org.registry.object('Gift__c')).toBeUndefined();
  });
});

describe('an object that is not in order', () => {
  const deploy = (name: string, text: string): readonly string[] =>
    problems(org.deploy([manifest({ CustomObject: [name] }), file(`objects/${name}.object`, text)]));

  it.each([
    [
      'no label',
      'Gift__c',
      xml('CustomObject', '<pluralLabel>G</pluralLabel>'),
      'Must specify a non-empty label for the CustomObject',
    ],
    [
      'no name field',
      'Gift__c',
      xml('CustomObject', '<label>G</label><pluralLabel>G</pluralLabel>'),
      'Must specify a nameField',
    ],
    ['a platform event', 'Gift__e', object(''), 'NOT_EMULATED: platform event Gift__e'],
    ['an unknown standard object', 'Giraffe', object(''), 'no CustomObject named Giraffe found'],
    [
      'an unknown sharing model',
      'Gift__c',
      object('', { sharing: 'Open' }),
      "'Open' is not a valid value for the enum 'SharingModel'",
    ],
    [
      'a detail that shares by itself',
      'Gift__c',
      object(
        field('A__c', 'MasterDetail', '<referenceTo>Contact</referenceTo><relationshipName>As</relationshipName>'),
      ),
      'Cannot set sharingModel to Private on a CustomObject with a MasterDetail relationship field',
    ],
    [
      'sharing by a parent it lacks',
      'Gift__c',
      object('', { sharing: 'ControlledByParent' }),
      'Cannot set sharingModel to ControlledByParent',
    ],
    [
      'a list view of an absent column',
      'Gift__c',
      object(
        '<listViews><fullName>V</fullName><columns>No__c</columns><filterScope>Everything</filterScope><label>V</label></listViews>',
      ),
      'Could not resolve list view column: No__c',
    ],
    [
      'a broken file',
      'Gift__c',
      '<CustomObject>\n<label>G</CustomObject>',
      'Error parsing file: the end tag </CustomObject> does not match',
    ],
    [
      'a bare ampersand',
      'Gift__c',
      xml('CustomObject', '<label>A & B</label>'),
      'Error parsing file: a bare & must be escaped',
    ],
    ['a document type', 'Gift__c', '<!DOCTYPE x [<!ENTITY a "b">]><CustomObject/>', 'Document types are refused'],
  ])('is refused: %s', (_what, name, text, problem) => {
    expect(deploy(name, text).join('\n')).toContain(problem);
    expect(org.registry.object(name)).toBeUndefined();
  });

  it('tells the line and column of broken XML', () => {
    const outcome = org.deploy([
      manifest({ CustomObject: ['Gift__c'] }),
      file('objects/Gift__c.object', '<a>\n  <b></a>'),
    ]);
    expect(outcome.failures).toMatchObject([{ line: 2, column: 6, fileName: 'objects/Gift__c.object' }]);
  });

  it('does not change the type of a field that has data', () => {
    const other = testOrg();
    other.deploy(giftPackage(field('A__c', 'Text', '<length>9</length>')));
    expect(problems(other.deploy(giftPackage(field('A__c', 'Date'))))).toEqual([
      'CustomField Gift__c.A__c: NOT_EMULATED: change of the type of field A__c from string to date',
    ]);
  });
});

describe('a package that is not in order', () => {
  it('is refused whole without a readable package.xml', () => {
    expect(() => org.deploy([file('objects/Gift__c.object', object(''))])).toThrow('No package.xml found');
    expect(() => org.deploy([file('package.xml', '<Package>')])).toThrow(/package\.xml:1/);
  });

  it('names what its manifest promises and does not hold, and what it holds unasked', () => {
    const outcome = org.deploy([
      manifest({ CustomObject: ['Gift__c'], Giraffe: ['Long'] }),
      file('tabs/Other__c.tab', xml('CustomTab', '<customObject>true</customObject>')),
    ]);
    expect(problems(outcome)).toEqual([
      "CustomObject Gift__c: An object 'Gift__c' of type CustomObject was named in package.xml, but was not found in zipped directory",
      "Giraffe Long: Unknown type name 'Giraffe' specified in package.xml",
      'CustomTab Other__c: Not in package.xml',
    ]);
  });

  it('names metadata types of the platform that are not emulated, and files nobody knows', () => {
    const outcome = org.deploy([
      manifest({ ApexClass: ['Run'] }),
      file('classes/Run.cls', 'public class Run {}'),
      file('nonsense/x.txt', 'x'),
    ]);
    expect(problems(outcome)).toEqual([
      'ApexClass classes/Run.cls: NOT_EMULATED: metadata type ApexClass',
      ' nonsense/x.txt: Unknown file type or folder: nonsense/x.txt',
    ]);
  });
});

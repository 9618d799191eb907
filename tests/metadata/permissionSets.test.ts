import { describe, expect, it } from '@jest/globals';
import {
  elements,
  fieldFiles,
  isAlwaysVisible,
  metadataFiles,
  objectFiles,
  textOf,
  texts,
  type MetadataFile,
} from './packageSource.ts';

const sets = metadataFiles('PermissionSet');
const setNamed = (name: string): MetadataFile => {
  const found = sets.find((set) => set.fullName === name);
  if (found === undefined) throw new Error(`no permission set ${name}`);
  return found;
};
const values = (set: MetadataFile, grant: string, element: string): readonly string[] =>
  elements(set.content, grant).flatMap((entry) => texts(entry, element));
const granted = (set: MetadataFile, right: string): readonly string[] =>
  elements(set.content, 'objectPermissions')
    .filter((entry) => textOf(entry, right) === 'true')
    .flatMap((entry) => texts(entry, 'object'));
const editable = (set: MetadataFile): readonly string[] =>
  elements(set.content, 'fieldPermissions')
    .filter((entry) => textOf(entry, 'editable') === 'true')
    .flatMap((entry) => texts(entry, 'field'));
const userPermissions = (set: MetadataFile): readonly string[] => values(set, 'userPermissions', 'name');

const objects = objectFiles().map((object) => object.fullName);
const fields = fieldFiles();
const nameOf = (field: { readonly object: string; readonly name: string }): string => `${field.object}.${field.name}`;

describe('permission sets', () => {
  it('are the six of the design, described within the platform limit', () => {
    expect(sets.map((set) => set.fullName)).toEqual([
      'GardeAccess',
      'GardeAdmin',
      'GardeArchiveReader',
      'GardeOfficer',
      'GardePurge',
      'GardeReader',
    ]);
    expect(sets.filter((set) => !/^.{20,255}$/su.test(textOf(set.content, 'description') ?? ''))).toEqual([]);
  });

  it('never grant Modify All, on an object or on all data', () => {
    expect(sets.flatMap((set) => granted(set, 'modifyAllRecords'))).toEqual([]);
    const broad = ['ModifyAllData', 'ViewAllData', 'ManageUsers', 'AuthorApex', 'CustomizeApplication'];
    expect(sets.flatMap(userPermissions).filter((permission) => broad.includes(permission))).toEqual([]);
  });

  it('together cover every object, every field that can be hidden, every tab and the app', () => {
    const readable = new Set(sets.flatMap((set) => values(set, 'fieldPermissions', 'field')));
    const tabs = new Set(sets.flatMap((set) => values(set, 'tabSettings', 'tab')));
    const read = new Set(sets.flatMap((set) => granted(set, 'allowRead')));
    expect(objects.filter((object) => !read.has(object))).toEqual([]);
    expect(
      fields
        .filter((field) => !isAlwaysVisible(field))
        .map(nameOf)
        .filter((field) => !readable.has(field)),
    ).toEqual([]);
    expect(
      metadataFiles('CustomTab')
        .map((tab) => tab.fullName)
        .filter((tab) => !tabs.has(tab)),
    ).toEqual([]);
    const apps = sets.flatMap((set) => values(set, 'applicationVisibilities', 'application'));
    expect([...new Set(apps)]).toEqual(metadataFiles('CustomApplication').map((app) => app.fullName));
  });

  it('name nothing that does not exist, nor fields whose permissions the platform refuses', () => {
    const hideable = new Set(fields.filter((field) => !isAlwaysVisible(field)).map(nameOf));
    const tabs = metadataFiles('CustomTab').map((tab) => tab.fullName);
    expect(sets.flatMap((set) => values(set, 'fieldPermissions', 'field')).filter((f) => !hideable.has(f))).toEqual([]);
    expect(sets.flatMap((set) => values(set, 'tabSettings', 'tab')).filter((tab) => !tabs.includes(tab))).toEqual([]);
    const strange = sets
      .filter((set) => set.fullName !== 'GardeAccess')
      .flatMap((set) => values(set, 'objectPermissions', 'object'))
      .filter((object) => !objects.includes(object));
    expect(strange).toEqual([]);
  });

  it('respect what the platform makes depend on what: edit and create on read, delete on edit', () => {
    const broken = sets.flatMap((set) =>
      elements(set.content, 'objectPermissions')
        .filter((entry) => {
          const has = (right: string): boolean => textOf(entry, right) === 'true';
          const needsRead = has('allowCreate') || has('allowEdit') || has('viewAllRecords') || has('viewAllFields');
          return (needsRead && !has('allowRead')) || (has('allowDelete') && !has('allowEdit'));
        })
        .map((entry) => `${set.fullName}: ${textOf(entry, 'object') ?? ''}`),
    );
    expect(broken).toEqual([]);
  });

  it('let nobody change or delete approvals, and consent events only the purge of expired rows', () => {
    const changing = (object: string): readonly string[] =>
      sets
        .filter((set) => ['allowEdit', 'allowDelete'].some((right) => granted(set, right).includes(object)))
        .map((set) => set.fullName);
    expect(changing('GardeApproval__c')).toEqual([]);
    expect(changing('GardeArchiveAccess__c')).toEqual([]);
    expect(changing('GardeConsentEvent__c')).toEqual(['GardePurge']);
    expect(sets.filter((set) => granted(set, 'allowDelete').includes('GardeCheckpoint__c'))).toEqual([]);
  });

  it('keep planning and approving apart', () => {
    const may = (set: string, right: string, object: string): boolean => granted(setNamed(set), right).includes(object);
    expect(may('GardeAdmin', 'allowCreate', 'GardePlan__c')).toBe(true);
    expect(may('GardeAdmin', 'allowCreate', 'GardeApproval__c')).toBe(false);
    expect(may('GardeOfficer', 'allowCreate', 'GardeApproval__c')).toBe(true);
    expect(may('GardeOfficer', 'allowCreate', 'GardePlan__c')).toBe(false);
    expect(may('GardeOfficer', 'allowCreate', 'GardeRun__c')).toBe(false);
  });

  it('give the reader nothing to change and nothing that is classified Restricted', () => {
    const reader = setNamed('GardeReader');
    expect(['allowCreate', 'allowEdit', 'allowDelete'].flatMap((right) => granted(reader, right))).toEqual([]);
    expect(editable(reader)).toEqual([]);
    expect(userPermissions(reader)).toEqual([]);
    const restricted = fields
      .filter((field) => textOf(field.content, 'securityClassification') === 'Restricted')
      .map(nameOf);
    expect(values(reader, 'fieldPermissions', 'field').filter((field) => restricted.includes(field))).toEqual([]);
    expect(restricted.length).toBeGreaterThan(3);
  });

  it('let access read all records and fields of standard objects, and touch none', () => {
    const access = setNamed('GardeAccess');
    const read = granted(access, 'allowRead');
    expect(read.filter((object) => object.endsWith('__c'))).toEqual([]);
    expect(granted(access, 'viewAllRecords')).toEqual(read);
    expect(granted(access, 'viewAllFields')).toEqual(read);
    expect(['allowCreate', 'allowEdit', 'allowDelete'].flatMap((right) => granted(access, right))).toEqual([]);
  });

  it('put hard delete into the purge set alone', () => {
    const holding = sets.filter((set) => userPermissions(set).includes('BulkApiHardDelete'));
    expect(holding.map((set) => set.fullName)).toEqual(['GardePurge']);
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  elements,
  fieldFiles,
  metadataFiles,
  metadataTypeFields,
  metadataTypeFiles,
  objectFiles,
  packagePaths,
  picklistValues,
  texts,
  textOf,
  type FieldFile,
  type MetadataFile,
} from './packageSource.ts';

const objects = objectFiles();
const fields = fieldFiles();
const named = (field: FieldFile): string => `${field.object}.${field.name}`;
const value = (field: FieldFile, element: string): string | undefined => textOf(field.content, element);
const breaking = (rule: (field: FieldFile) => boolean): readonly string[] =>
  fields.filter((field) => !rule(field)).map(named);
const breakingObjects = (rule: (object: MetadataFile) => boolean): readonly string[] =>
  objects.filter((object) => !rule(object)).map((object) => object.fullName);
const isPersonal = (field: FieldFile): boolean => value(field, 'complianceGroup') === 'PII;GDPR';
/** What the tool proposes and an officer decides: whoever may edit the object edits every row, and only our sets grant that. */
const DECIDED_TOGETHER = ['GardeDuplicateGroup__c'];
const isDetail = (object: string): boolean =>
  fields.some((field) => field.object === object && field.type === 'MasterDetail');

/** https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/customfield.htm: longer ones are refused. */
const LABEL_LIMIT = 40;
const HELP_LIMIT = 510;
const DESCRIPTION_LIMIT = 1000;
const TRACKED_FIELD_LIMIT = 20;

describe('custom objects', () => {
  it('are described, private, reportable, and silent in feeds', () => {
    expect(breakingObjects((object) => /^.{40,1000}$/su.test(textOf(object.content, 'description') ?? ''))).toEqual([]);
    expect(
      breakingObjects((object) => {
        const external = isDetail(object.fullName) ? 'ControlledByParent' : 'Private';
        const internal = DECIDED_TOGETHER.includes(object.fullName) ? 'ReadWrite' : external;
        return (
          textOf(object.content, 'sharingModel') === internal &&
          textOf(object.content, 'externalSharingModel') === external &&
          textOf(object.content, 'enableReports') === 'true' &&
          textOf(object.content, 'enableFeeds') === 'false' &&
          textOf(object.content, 'enableActivities') === 'false'
        );
      }),
    ).toEqual([]);
  });

  it('are named Garde and a PascalCase word without underscores', () => {
    expect(breakingObjects((object) => /^Garde([A-Z][a-z]+)+__c$/.test(object.fullName))).toEqual([]);
    expect(breakingObjects((object) => (textOf(object.content, 'label') ?? '').length <= LABEL_LIMIT)).toEqual([]);
  });

  it('have a layout, a tab, a compact layout that is assigned, and a list view beside the one of all rows', () => {
    const layouts = metadataFiles('Layout').map((layout) => layout.fullName.split('-')[0]);
    const tabs = metadataFiles('CustomTab').map((tab) => tab.fullName);
    const compactLayouts = metadataFiles('CompactLayout').map((layout) => layout.fullName);
    const views = metadataFiles('ListView').map((view) => view.fullName.split('.')[0]);
    expect(
      breakingObjects((object) => {
        const assigned = textOf(object.content, 'compactLayoutAssignment') ?? '';
        return (
          layouts.includes(object.fullName) &&
          tabs.includes(object.fullName) &&
          compactLayouts.includes(`${object.fullName}.${assigned}`) &&
          views.filter((view) => view === object.fullName).length >= 2
        );
      }),
    ).toEqual([]);
  });

  it('show every field on their layout, required ones as required', () => {
    const missing = metadataFiles('Layout').flatMap((layout) => {
      const object = layout.fullName.split('-')[0] ?? '';
      const items = elements(layout.content, 'layoutSections')
        .flatMap((section) => elements(section, 'layoutColumns'))
        .flatMap((column) => elements(column, 'layoutItems'));
      const behaviour = new Map(items.map((item) => [textOf(item, 'field'), textOf(item, 'behavior')]));
      return fields
        .filter((field) => field.object === object)
        .filter((field) =>
          value(field, 'required') === 'true' || field.type === 'MasterDetail'
            ? behaviour.get(field.name) !== 'Required'
            : !behaviour.has(field.name),
        )
        .map(named);
    });
    expect(missing).toEqual([]);
  });

  it('name in layouts, list views and compact layouts only fields that exist', () => {
    const known = new Set(fields.map(named));
    const inLists = [...metadataFiles('ListView'), ...metadataFiles('CompactLayout')].flatMap((file) => {
      const object = file.fullName.split('.')[0] ?? '';
      const filters = elements(file.content, 'filters').flatMap((filter) => texts(filter, 'field'));
      return [...texts(file.content, 'columns'), ...texts(file.content, 'fields'), ...filters].map(
        (field) => `${object}.${field}`,
      );
    });
    const inLayouts = metadataFiles('Layout').flatMap((layout) => {
      const object = layout.fullName.split('-')[0] ?? '';
      const items = elements(layout.content, 'layoutSections')
        .flatMap((section) => elements(section, 'layoutColumns'))
        .flatMap((column) => elements(column, 'layoutItems'))
        .flatMap((item) => texts(item, 'field').map((field) => `${object}.${field}`));
      const related = elements(layout.content, 'relatedLists').flatMap((list) => {
        const lookup = textOf(list, 'relatedList') ?? '';
        return [lookup, ...texts(list, 'fields').map((field) => `${lookup.split('.')[0] ?? ''}.${field}`)];
      });
      return [...items, ...related];
    });
    const unknown = [...inLists, ...inLayouts].filter((name) => name.endsWith('__c') && !known.has(name));
    expect(unknown).toEqual([]);
  });
});

describe('custom fields', () => {
  it('say who writes them and why, help their reader, and are classified', () => {
    expect(breaking((field) => /^.{20,}$/su.test(value(field, 'description') ?? ''))).toEqual([]);
    expect(breaking((field) => (value(field, 'description') ?? '').length <= DESCRIPTION_LIMIT)).toEqual([]);
    expect(breaking((field) => /^(Written|Counted) /.test(value(field, 'description') ?? ''))).toEqual([]);
    expect(breaking((field) => /^.{10,}$/su.test(value(field, 'inlineHelpText') ?? ''))).toEqual([]);
    expect(breaking((field) => (value(field, 'inlineHelpText') ?? '').length <= HELP_LIMIT)).toEqual([]);
    expect(
      breaking((field) =>
        ['Internal', 'Confidential', 'Restricted'].includes(value(field, 'securityClassification') ?? ''),
      ),
    ).toEqual([]);
  });

  it('are more than Internal exactly when they can hold personal data', () => {
    expect(breaking((field) => isPersonal(field) === (value(field, 'securityClassification') !== 'Internal'))).toEqual(
      [],
    );
  });

  it('have PascalCase names; booleans Is, Has, Was, Can; dates Date; date-times At; numbers of things Count', () => {
    const shapes: Readonly<Record<string, RegExp>> = {
      Checkbox: /^(Is|Has|Was|Can)[A-Z]/,
      Date: /Date__c$/,
      DateTime: /(At|AsOf)__c$/,
      Summary: /^Total[A-Z]/,
    };
    expect(breaking((field) => /^([A-Z][a-z]+)+__c$/.test(field.name))).toEqual([]);
    expect(breaking((field) => shapes[field.type]?.test(field.name) ?? true)).toEqual([]);
    expect(breaking((field) => (value(field, 'label') ?? '').length <= LABEL_LIMIT)).toEqual([]);
  });

  it('that are external ids are unique and case-sensitive', () => {
    expect(
      breaking(
        (field) =>
          value(field, 'externalId') !== 'true' ||
          (value(field, 'unique') === 'true' && value(field, 'caseSensitive') === 'true'),
      ),
    ).toEqual([]);
  });

  it('that are lookups say what a deletion does; to people and users it empties them', () => {
    const lookups = fields.filter((field) => field.type === 'Lookup');
    const wrong = lookups.filter((field) => {
      const ours = (value(field, 'referenceTo') ?? '').startsWith('Garde');
      const allowed = ours ? ['SetNull', 'Restrict'] : ['SetNull'];
      return !allowed.includes(value(field, 'deleteConstraint') ?? '') || value(field, 'required') === 'true';
    });
    expect(wrong.map(named)).toEqual([]);
    expect(lookups.length).toBeGreaterThan(10);
  });

  it('that are lookups have one relationship name a parent', () => {
    const names = fields
      .filter((field) => value(field, 'relationshipName') !== undefined)
      .map((field) => `${value(field, 'referenceTo') ?? ''}.${value(field, 'relationshipName') ?? ''}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it('that are picklists are restricted, with distinct values and at most one default', () => {
    const picklists = fields.filter((field) => field.type === 'Picklist');
    const wrong = picklists.filter((field) => {
      const [set] = elements(field.content, 'valueSet');
      const values = picklistValues(field);
      return (
        set === undefined ||
        textOf(set, 'restricted') !== 'true' ||
        values.length < 2 ||
        new Set(values.map((entry) => entry.value)).size !== values.length ||
        new Set(values.map((entry) => entry.label)).size !== values.length
      );
    });
    expect(wrong.map(named)).toEqual([]);
    expect(picklists.length).toBeGreaterThan(20);
  });

  it('that refer to people come as text, type and four nullable lookups', () => {
    const people = ['Contact', 'Lead', 'Account', 'Individual'];
    const referring = new Set(
      fields.filter((field) => people.includes(value(field, 'referenceTo') ?? '')).map((field) => field.object),
    );
    const incomplete = [...referring].filter((object) => {
      const own = fields.filter((field) => field.object === object).map((field) => field.name);
      return !['SubjectKey', 'SubjectType', ...people].every((name) => own.includes(`${name}__c`));
    });
    expect(incomplete).toEqual([]);
    expect(referring.size).toBe(4);
  });

  it('are tracked in history only without personal data, and few enough for the platform', () => {
    const tracked = fields.filter((field) => value(field, 'trackHistory') === 'true');
    expect(tracked.filter(isPersonal).map(named)).toEqual([]);
    const withHistory = objects.filter((object) => textOf(object.content, 'enableHistory') === 'true');
    const counts = withHistory.map((object) => tracked.filter((field) => field.object === object.fullName).length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(TRACKED_FIELD_LIMIT);
    expect(tracked.every((field) => withHistory.some((object) => object.fullName === field.object))).toBe(true);
  });
});

describe('custom metadata types', () => {
  it('are described, named Garde and a PascalCase word, and read by whoever runs plans', () => {
    const types = metadataTypeFiles();
    expect(types.map((type) => type.fullName)).toEqual(['GardeApprovalKey__mdt']);
    expect(types.filter((type) => !/^.{40,1000}$/su.test(textOf(type.content, 'description') ?? ''))).toEqual([]);
    const admin = metadataFiles('PermissionSet').find((set) => set.fullName === 'GardeAdmin');
    const read = elements(admin?.content ?? {}, 'customMetadataTypeAccesses').flatMap((entry) => texts(entry, 'name'));
    expect(read).toEqual(types.map((type) => type.fullName));
  });

  it('have fields that say who writes them and help their reader', () => {
    const unclear = metadataTypeFields().filter(
      (field) =>
        !/^Written .{10,}$/su.test(value(field, 'description') ?? '') ||
        !/^.{10,}$/su.test(value(field, 'inlineHelpText') ?? ''),
    );
    expect(unclear.map(named)).toEqual([]);
    expect(metadataTypeFields().length).toBeGreaterThan(0);
  });
});

describe('the package', () => {
  it('holds no Apex, Aura, Visualforce, profile, or anything on a standard object', () => {
    const forbidden = /(\.cls|\.trigger|\.page|\.component|\.app|\.cmp|\.profile)(-meta\.xml)?$/;
    const paths = packagePaths().filter((path) => !path.endsWith('.app-meta.xml'));
    expect(paths.filter((path) => forbidden.test(path) || /\/(aura|profiles|classes|triggers)\//.test(path))).toEqual(
      [],
    );
    expect(paths.filter((path) => /\/(objects|layouts|objectTranslations)\/(?!Garde)/.test(path))).toEqual([]);
  });

  it('overrides no action with the default, which only says what is so anyway', () => {
    const overriding = metadataFiles().filter((file) =>
      elements(file.content, 'actionOverrides').some((override) => textOf(override, 'type') === 'Default'),
    );
    expect(overriding.map((file) => file.path)).toEqual([]);
  });

  it('keeps every object in the feature folder that owns it, each feature with content', () => {
    const features = new Set(packagePaths().map((path) => path.split('/')[2]));
    const known = ['shared', 'consent', 'duplicates', 'retention', 'requests', 'register', 'breaches', 'access'];
    expect([...features].filter((feature) => feature === undefined || !known.includes(feature))).toEqual([]);
  });
});

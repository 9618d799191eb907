import { readFileSync } from 'node:fs';
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
  textOf,
  type MetadataFile,
} from './packageSource.ts';
import type { XmlElement } from './metadataSchema.ts';

const fields = [...fieldFiles(), ...metadataTypeFields()];
const fieldTranslations = new Map(metadataFiles('CustomFieldTranslation').map((file) => [file.fullName, file.content]));
const objectTranslations = new Map(
  metadataFiles('CustomObjectTranslation').map((file) => [file.fullName, file.content]),
);
const french = metadataFiles('Translations').find((file) => file.fullName === 'fr')?.content ?? {};
const labels = metadataFiles('CustomLabels').flatMap((file) => elements(file.content, 'labels'));
const translationOf = (object: string, field: string): XmlElement =>
  fieldTranslations.get(`${object}-fr.${field}`) ?? {};
const filled = (element: XmlElement, name: string): boolean => (textOf(element, name) ?? '').trim() !== '';
const namesOf = (parent: XmlElement, name: string): readonly (string | undefined)[] =>
  elements(parent, name)
    .filter((entry) => filled(entry, 'label'))
    .map((entry) => textOf(entry, 'name'));
const LABEL_LIMIT = 40;

/** Every text of a file's tree, without keys such as names. */
const KEYS = ['name', 'masterLabel', 'section', 'layout', 'gender', 'startsWith', 'plural'];
const allTexts = (element: XmlElement): readonly string[] =>
  Object.entries(element)
    .filter(([name]) => !KEYS.includes(name) && !name.startsWith('@_'))
    .flatMap(([, children]) => children.flatMap((child) => (typeof child === 'string' ? [child] : allTexts(child))));

describe('French translations', () => {
  it('cover every object: singular, plural, gender, name field and layout sections', () => {
    const missing = objectFiles().filter((object) => {
      const translation = objectTranslations.get(`${object.fullName}-fr`) ?? {};
      const cases = elements(translation, 'caseValues').filter((entry) => filled(entry, 'value'));
      return (
        cases.length !== 2 || !['gender', 'startsWith', 'nameFieldLabel'].every((name) => filled(translation, name))
      );
    });
    expect(missing.map((object) => object.fullName)).toEqual([]);
    const untranslated = metadataFiles('Layout').flatMap((layout) => {
      const [object = '', name = ''] = layout.fullName.split(/-(.*)/s);
      const known = elements(objectTranslations.get(`${object}-fr`) ?? {}, 'layouts')
        .filter((entry) => textOf(entry, 'layout') === name)
        .flatMap((entry) => elements(entry, 'sections'))
        .filter((section) => filled(section, 'label'))
        .map((section) => textOf(section, 'section'));
      return elements(layout.content, 'layoutSections')
        .filter((section) => textOf(section, 'customLabel') === 'true')
        .map((section) => textOf(section, 'label'))
        .filter((label) => !known.includes(label))
        .map((label) => `${layout.fullName}: ${label ?? ''}`);
    });
    expect(untranslated).toEqual([]);
  });

  it('cover every custom metadata type: singular, plural, gender', () => {
    const missing = metadataTypeFiles().filter((type) => {
      const translation = objectTranslations.get(`${type.fullName}-fr`) ?? {};
      const cases = elements(translation, 'caseValues').filter((entry) => filled(entry, 'value'));
      return cases.length !== 2 || !filled(translation, 'gender');
    });
    expect(missing.map((type) => type.fullName)).toEqual([]);
  });

  it('cover every field: label, help, related list and each picklist value, and no value that is gone', () => {
    const wrong = fields.filter((field) => {
      const translation = translationOf(field.object, field.name);
      const values = elements(translation, 'picklistValues').filter((value) => filled(value, 'translation'));
      const hasRelationship = textOf(field.content, 'relationshipLabel') !== undefined;
      return (
        !filled(translation, 'label') ||
        !filled(translation, 'help') ||
        filled(translation, 'relationshipLabel') !== hasRelationship ||
        values.map((value) => textOf(value, 'masterLabel')).join('\n') !==
          picklistValues(field)
            .map((value) => value.label)
            .join('\n')
      );
    });
    expect(wrong.map((field) => `${field.object}.${field.name}`)).toEqual([]);
    expect(fieldTranslations.size).toBe(fields.length);
  });

  it('cover every label, the app and the tabs that have a label of their own', () => {
    expect([...namesOf(french, 'customLabels')].sort()).toEqual(
      labels.map((label) => textOf(label, 'fullName')).sort(),
    );
    expect(namesOf(french, 'customApplications')).toEqual(
      metadataFiles('CustomApplication').map((app) => app.fullName),
    );
    expect([...namesOf(french, 'customTabs')].sort()).toEqual(
      metadataFiles('CustomTab')
        .filter((tab) => textOf(tab.content, 'label') !== undefined)
        .map((tab) => tab.fullName)
        .sort(),
    );
  });

  it('keep the placeholders of labels', () => {
    const placeholders = (text: string | undefined): readonly string[] =>
      [...((text ?? '').match(/\{\d+\}/g) ?? [])].sort();
    const wrong = labels.filter((label) => {
      const name = textOf(label, 'fullName');
      const translated = elements(french, 'customLabels').find((entry) => textOf(entry, 'name') === name) ?? {};
      return String(placeholders(textOf(label, 'value'))) !== String(placeholders(textOf(translated, 'label')));
    });
    expect(wrong.map((label) => textOf(label, 'fullName'))).toEqual([]);
  });

  it('are typeset as French is: curly apostrophes, no-break spaces before : ; ? ! and inside guillemets', () => {
    const files: readonly MetadataFile[] = [
      'CustomObjectTranslation',
      'CustomFieldTranslation',
      'Translations',
    ].flatMap((root) => metadataFiles(root));
    const faults = files.flatMap((file) =>
      allTexts(file.content)
        .filter((text) =>
          /'|(?<![\u00a0\u202f])[;?!](?=\s|$)|(?<![\u00a0\u202f\d]):(?=\s|$)|«(?![\u00a0\u202f])|(?<![\u00a0\u202f])»/u.test(
            text,
          ),
        )
        .map((text) => `${file.path}: ${text}`),
    );
    expect(faults).toEqual([]);
  });

  it('keep labels within what the platform admits', () => {
    const long = [...fieldTranslations]
      .filter(([, translation]) => (textOf(translation, 'label') ?? '').length > LABEL_LIMIT)
      .map(([name]) => name);
    expect(long).toEqual([]);
  });
});

describe('custom labels', () => {
  it('are sorted, public, categorised, described, and used by a component', () => {
    const names = labels.map((label) => textOf(label, 'fullName') ?? '');
    expect(names).toEqual([...names].sort((a, b) => (a < b ? -1 : 1)));
    const incomplete = labels.filter(
      (label) => !['categories', 'shortDescription', 'value', 'language'].every((name) => filled(label, name)),
    );
    expect(incomplete.map((label) => textOf(label, 'fullName'))).toEqual([]);
    const code = packagePaths()
      .filter((path) => /\/lwc\/.*\.(ts|js)$/.test(path) && !path.includes('/__tests__/'))
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    const used = new Set([...code.matchAll(/@salesforce\/label\/c\.(\w+)/g)].map((match) => match[1]));
    expect(names.filter((name) => !used.has(name))).toEqual([]);
    expect([...used].filter((name) => !names.includes(name ?? ''))).toEqual([]);
  });
});

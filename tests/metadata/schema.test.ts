import { describe, expect, it } from '@jest/globals';
import { problemsOf, readSchema } from './metadataSchema.ts';
import { metadataFiles, readXml } from './packageSource.ts';

const schema = readSchema();

describe('metadata files against the official metadata WSDL', () => {
  it('have only roots that the schema was made for', () => {
    const strangers = metadataFiles().filter((file) => !schema.roots.includes(file.root));
    expect(strangers.map((file) => `${file.path}: ${file.root}`)).toEqual([]);
  });

  it('have only elements, enum values and numbers that the WSDL admits, and all that it requires', () => {
    const problems = metadataFiles().flatMap((file) => problemsOf(schema, file.root, file.content, file.path));
    expect(problems).toEqual([]);
    expect(metadataFiles().length).toBeGreaterThan(400);
  });

  it('include the manifest', () => {
    const { root, content } = readXml('manifest/package.xml');
    expect(problemsOf(schema, root, content, 'manifest/package.xml')).toEqual([]);
  });
});

describe('the schema check', () => {
  it('finds an unknown element, a wrong enum value, a wrong boolean, a missing and a repeated element', () => {
    const problems = problemsOf(
      schema,
      'CustomTab',
      { customObject: ['yes'], colour: ['red'], motif: ['a', 'b'] },
      'tab',
    );
    expect(problems).toEqual([
      'tab.customObject: no xsd:boolean',
      'tab: CustomTab has no element colour',
      'tab.motif: more than one',
    ]);
    expect(problemsOf(schema, 'ListView', { filterScope: ['Some'] }, 'view')).toEqual([
      'view: lacks label',
      'view.filterScope: "Some" is no FilterScope',
    ]);
  });
});

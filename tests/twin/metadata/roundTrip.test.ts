import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { element, parseXml, rootElement, writeXml, type XmlElement } from '../../../scripts/twin/metadata/xmlTree.ts';
import type { FieldDefinition } from '../../../scripts/twin/schema/definitions.ts';
import { field, giftPackage, manifest, problems, testOrg } from './packages.ts';

const shape = (one: XmlElement): unknown => [one.name, one.attributes, one.text, one.children.map(shape)];

// XML 1.0 has no control characters, and white space at the ends of texts belongs to the file's indentation.
const text = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .map((value) => value.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ''));
const name = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/);
const tree = fc.letrec<{ node: XmlElement }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(name, text).map(([tag, value]) => element(tag, value)),
    fc
      .tuple(name, fc.array(tie('node'), { minLength: 1, maxLength: 4 }))
      .map(([tag, children]) => element(tag, children)),
  ),
}));

describe('metadata XML', () => {
  it('is read as it was written, whatever the texts hold', () => {
    fc.assert(
      fc.property(fc.array(tree.node, { maxLength: 4 }), (children) => {
        const root = rootElement('CustomObject', children);
        expect(shape(parseXml(writeXml(root)))).toEqual(shape(root));
      }),
    );
  });

  it('knows the place of every element', () => {
    const root = parseXml(Buffer.from('<a>\n  <b>x</b>\n  <c><d/></c>\n</a>'));
    expect(root.children.map((child) => [child.name, child.line, child.column])).toEqual([
      ['b', 2, 3],
      ['c', 3, 3],
    ]);
  });

  it('reads character references, comments and CDATA', () => {
    expect(parseXml(Buffer.from('<a><!-- <x> --><b>&#233;&#x41;&amp;lt;</b></a>')).children[0]?.text).toBe('éA&lt;');
  });
});

const label = text.map((value) => value.trim()).filter((value) => value !== '');
const escape = (value: string): string => value.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);

const anyField = fc.oneof(
  fc.integer({ min: 1, max: 255 }).map((length) => ['Text', `<length>${length}</length>`] as const),
  fc
    .integer({ min: 256, max: 131_072 })
    .map((length) => ['LongTextArea', `<length>${length}</length><visibleLines>3</visibleLines>`] as const),
  fc
    .tuple(fc.integer({ min: 1, max: 18 }), fc.nat(17))
    .filter(([p, s]) => s <= p)
    .map(([p, s]) => ['Number', `<precision>${p}</precision><scale>${s}</scale>`] as const),
  fc.boolean().map((on) => ['Checkbox', `<defaultValue>${on}</defaultValue>`] as const),
  fc.constantFrom(
    ['Date', ''] as const,
    ['DateTime', ''] as const,
    ['Email', ''] as const,
    ['Phone', ''] as const,
    ['Url', ''] as const,
    ['TextArea', ''] as const,
  ),
  fc
    .constantFrom('SetNull', 'Restrict')
    .map(
      (rule) =>
        [
          'Lookup',
          `<referenceTo>Contact</referenceTo><relationshipName>Gifts</relationshipName><deleteConstraint>${rule}</deleteConstraint>`,
        ] as const,
    ),
  fc
    .uniqueArray(label, { minLength: 1, maxLength: 4, selector: (value) => value.toLowerCase() })
    .map(
      (values) =>
        [
          'Picklist',
          `<valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted>${values.map((value) => `<value><fullName>${escape(value)}</fullName><default>false</default><label>${escape(value)}</label></value>`).join('')}</valueSetDefinition></valueSet>`,
        ] as const,
    ),
);

const described = (fields: readonly FieldDefinition[] | undefined) => (fields ?? []).filter((each) => each.custom);

describe('an object', () => {
  it('is retrieved so that another org becomes the same by deploying it', () => {
    const [first, second] = [testOrg(), testOrg()];
    fc.assert(
      fc.property(anyField, fc.boolean(), label, ([type, rest], required, help) => {
        const more = type === 'Checkbox' || type === 'Lookup' ? '' : `<required>${required}</required>`;
        const undo = [first.registry.snapshot(), second.registry.snapshot()];
        const outcome = first.deploy(
          giftPackage(field('A__c', type, `${rest}${more}<inlineHelpText>${escape(help)}</inlineHelpText>`)),
        );
        expect(problems(outcome)).toEqual([]);
        const { files } = first.metadata.retrieve([{ name: 'CustomObject', members: ['Gift__c'] }]);
        expect(problems(second.deploy([manifest({ CustomObject: ['Gift__c'] }), ...files]))).toEqual([]);
        expect(described(second.registry.object('Gift__c')?.fields)).toEqual(
          described(first.registry.object('Gift__c')?.fields),
        );
        expect(first.registry.field('Gift__c', 'A__c')?.inlineHelpText).toBe(help);
        for (const restore of undo) restore();
      }),
      { numRuns: 40 },
    );
  });

  it('of the shape is retrieved so that it can be deployed', () => {
    const org = testOrg();
    const names = org.registry
      .objects()
      .filter((each) => each.name.endsWith('__c'))
      .map((each) => each.name);
    const { files, problems: missing } = org.metadata.retrieve([{ name: 'CustomObject', members: names }]);
    expect(missing).toEqual([]);
    const before = names.map((each) =>
      described(org.registry.object(each)?.fields).map((one) => [one.name, one.type, one.nillable]),
    );
    expect(problems(org.deploy([manifest({ CustomObject: names }), ...files]))).toEqual([]);
    expect(
      names.map((each) =>
        described(org.registry.object(each)?.fields).map((one) => [one.name, one.type, one.nillable]),
      ),
    ).toEqual(before);
  });
});

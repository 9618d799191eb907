import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inChunks, soqlLikeLiteral, soqlList, soqlName, soqlString } from '../../scripts/kernel/soql.ts';

/** Reads a SOQL string literal as the platform does; undefined when the text is not exactly one literal. */
const readLiteral = (text: string): string | undefined => {
  const body = /^'((?:[^'\\\n\r\u2028\u2029]|\\[\\'"nrtbf]|\\u[0-9a-f]{4})*)'$/.exec(text)?.[1];
  const plain: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return body?.replace(/\\(?:u([0-9a-f]{4})|(.))/g, (_, code: string | undefined, character: string) =>
    code === undefined ? (plain[character] ?? character) : String.fromCharCode(parseInt(code, 16)),
  );
};

describe('SOQL literals', () => {
  it('reads back as the same value, whatever the value', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => readLiteral(soqlString(value)) === value));
  });

  it('keeps a value that ends in a backslash inside its quotes', () => {
    expect(soqlString("x\\' OR Name != '")).toBe("'x\\\\\\' OR Name != \\''");
  });

  it('escapes the wildcards of LIKE', () => {
    expect(soqlLikeLiteral('50%_a')).toBe('50\\%\\_a');
  });

  it('refuses an empty IN list', () => {
    expect(() => soqlList([])).toThrow('no empty IN list');
  });

  it('refuses anything that is not a path of names', () => {
    for (const name of ['Id, Name', 'a.b.', "x'", '', '1a', 'Id FROM User'])
      expect(() => soqlName(name)).toThrow(RangeError);
    expect(soqlName('npsp__Primary_Contact__r.Name')).toBe('npsp__Primary_Contact__r.Name');
  });

  it('cuts a list into chunks that together are the list', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (values, size) => {
        const chunks = inChunks(values, size);
        expect(chunks.flat()).toEqual(values);
        expect(chunks.every((chunk) => chunk.length <= size && chunk.length > 0)).toBe(true);
      }),
    );
  });
});

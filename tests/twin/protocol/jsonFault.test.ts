import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonFault } from '../../../scripts/twin/http/jsonFault.ts';

/* The first three are answers of orgs that clients' suites quote; the others are the words of the same parser, Jackson. */
describe('a body that is no JSON', () => {
  it.each([
    ['{ name: "x" }', "Unexpected character ('n' (code 110)): was expecting double-quote to start field name", 1, 3],
    [
      '{\n  "a": 1,\n  "b": 2,\n  "c": 3,\n }',
      "Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
      5,
      2,
    ],
    [
      '{"Event_Name__c" joe}',
      "Unexpected character ('j' (code 106)): was expecting a colon to separate field name and value",
      1,
      18,
    ],
    [
      '<a/>',
      "Unexpected character ('<' (code 60)): expected a valid value (number, String, array, object, 'true', 'false' or 'null')",
      1,
      1,
    ],
    ['{"a": 1 "b": 2}', `Unexpected character ('"' (code 34)): was expecting comma to separate OBJECT entries`, 1, 9],
    ['[1 2]', "Unexpected character ('2' (code 50)): was expecting comma to separate ARRAY entries", 1, 4],
    ['{"a": nil}', "Unrecognized token 'nil': was expecting 'null', 'true', 'false' or NaN", 1, 10],
    ['{"a": "b', 'Unexpected end-of-input: was expecting closing quote for a string value', 1, 9],
    ['{"a": 1', 'Unexpected end-of-input within/between OBJECT entries', 1, 8],
    [String.raw`{"a": "\q"}`, "Unrecognized character escape 'q' (code 113)", 1, 9],
  ])('%j', (text, message, line, column) => {
    expect(jsonFault(text)).toBe(`${message} at [line:${line}, column:${column}]`);
  });

  it('is answered however deep it is nested', () => {
    expect(jsonFault('['.repeat(1_000_000))).toBe('The request body is not JSON.');
  });

  it('is found wherever the language’s own parser finds one, and nowhere else', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', 'x', ':', '\\'), (json, where, put) => {
        const at = where % (json.length + 1);
        const text = json.slice(0, at) + put + json.slice(at + (put === '' ? 1 : 0));
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(jsonFault(text) === 'The request body is not JSON.').toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });
});

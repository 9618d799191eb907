import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRecordId } from '../../scripts/kernel/recordId.ts';
import { Bindings, createHiding } from '../../scripts/probe/placeholders.ts';

const known = {
  instanceUrl: 'https://sonde-dev-ed.my.salesforce.com',
  orgId: '00D000000000001EAA',
  userId: '005000000000001AAA',
  username: 'camille@mains-tendues.example',
  names: ['Camille Durand', 'Camille', 'Durand'],
  own: '{"CloseDate":"2020-01-15","AccountId":"001000000000000AAA"}',
};

const id = fc
  .tuple(fc.constantFrom('001', '003', '500'), fc.stringMatching(/^[0-9A-Za-z]{12}$/))
  .map(([prefix, rest]) => parseRecordId(`${prefix}${rest}`))
  .filter((one) => one !== undefined);

describe('hiding', () => {
  it('leaves no id, instant, address, name or place of the org', () => {
    const hide = createHiding(known);
    const text = JSON.stringify({
      Id: '003000000000001AAA',
      short: '003000000000001',
      at: '2026-11-22T05:28:32.000+0000',
      on: '2026-11-22',
      mail: 'someone@mail.internal',
      who: 'Camille Durand',
      url: 'https://sonde-dev-ed.my.salesforce.com/003000000000001AAA',
      org: '00D000000000001EAA',
    });
    expect(JSON.parse(hide(text))).toEqual({
      Id: '{{id:003:1}}',
      short: '{{id:003:1}}',
      at: '{{instant}}',
      on: '{{date}}',
      mail: '{{address}}',
      who: '{{userName}}',
      url: '{{instance}}/{{id:003:1}}',
      org: '{{orgId}}',
    });
  });

  it('keeps what the probe itself sent, and words as long as an id', () => {
    const hide = createHiding(known);
    const text = 'OpportunityContactRole 2020-01-15 001000000000000AAA ContactPointTypeConsent sonde@probe.example';
    expect(hide(text)).toBe(text);
  });

  it('gives the same id the same placeholder, and others others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 2, maxLength: 6, selector: (one) => one.slice(0, 15) }), (ids) => {
        const hide = createHiding(known);
        const first = ids.map((one) => hide(one));
        expect(new Set(first).size).toBe(ids.length);
        expect(ids.map((one) => hide(`"${one}"`))).toEqual(first.map((one) => `"${one}"`));
      }),
    );
  });

  it('is undone by binding: what was hidden matches what was there, and only that', () => {
    fc.assert(
      fc.property(id, id, fc.string(), (one, other, text) => {
        const hide = createHiding(known);
        const template = hide(`${one} ${text}`);
        fc.pre(!text.includes('{{') && !hide(text).includes('{{'));
        const bindings = new Bindings();
        expect(bindings.matches(template, `${one} ${text}`)).toBe(true);
        expect(bindings.matches(template, `${other} ${text}`)).toBe(one === other);
        expect(bindings.fill(template)).toBe(`${one} ${text}`);
      }),
    );
  });
});

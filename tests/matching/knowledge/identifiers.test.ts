import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { luhn } from '../../../scripts/matching/knowledge/identifierChecks.ts';
import { loadKnowledge } from './loadKnowledge.ts';

const { identifier } = await loadKnowledge();

describe('identifiers', () => {
  // numbers of public bodies' own documentation
  it.each([
    ['443 061 841', 'siren', '443061841', true],
    ['443 061 842', 'siren', '443061842', false],
    ['RCS 443061841', 'siren', '443061841', true],
    ['443 061 841 00047', 'siret', '44306184100047', true],
    ['35600000049837', 'siret', '35600000049837', true],
    ['44306184100048', 'siret', '44306184100048', false],
    ['W751234567', 'rna', 'W751234567', true],
    ['W 75 123', 'rna', 'W75123', false],
    ['FR 83 404 833 048', 'vat', 'FR83404833048', true],
    ['FR 84 404 833 048', 'vat', 'FR84404833048', false],
    ['GB29 NWBK 6016 1331 9268 19', 'iban', 'GB29NWBK60161331926819', true],
    ['GB29 NWBK 6016 1331 9268 18', 'iban', 'GB29NWBK60161331926818', false],
    ['2 55 08 14 168 025 38', 'nir', '255081416802538', true],
    ['2 55 08 14 168 025 39', 'nir', '255081416802539', false],
    ['12345678-Z', 'dni', '12345678Z', true],
    ['943 476 5919', 'nhs', '9434765919', true],
    ['M-1234', 'member-number', 'M1234', undefined],
  ])('%s as %s', (text, scheme, key, valid) => {
    expect(identifier(text, scheme)).toMatchObject({ key, valid });
  });

  it('know what they belong to', () => {
    expect(identifier('44306184100047', 'siret').parent).toEqual({ scheme: 'siren', key: '443061841' });
    expect(identifier('FR83404833048', 'vat').parent).toEqual({ scheme: 'siren', key: '404833048' });
    expect(identifier('44306184100048', 'siret').parent).toBeUndefined();
  });

  it.each(['', '000000000', 'N/A', 'néant'.replace('é', '\u0000').slice(0, 0), '123456789', 'XXXX'])(
    '%j is none',
    (text) => {
      expect(identifier(text, 'siren')).toEqual({ key: '', valid: undefined, parent: undefined });
    },
  );

  it('catch every single wrong figure by their check digit', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{8}$/),
        fc.nat({ max: 8 }),
        fc.integer({ min: 1, max: 9 }),
        (body, place, shift) => {
          const check = Array.from('0123456789').find((digit) => luhn(body + digit)) ?? '';
          const whole = body + check;
          const wrong = String((Number(whole.charAt(place)) + shift) % 10);
          expect(luhn(whole)).toBe(true);
          expect(luhn(whole.slice(0, place) + wrong + whole.slice(place + 1))).toBe(false);
        },
      ),
    );
  });
});

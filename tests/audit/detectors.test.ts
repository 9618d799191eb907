import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { identify } from '../../scripts/audit/detectors/allDetectors.ts';
import { isIban, isRib } from '../../scripts/audit/detectors/bankAccounts.ts';
import { modulo, passesLuhn } from '../../scripts/audit/detectors/checksums.ts';
import { isFrenchVat, isSiren, isSiret } from '../../scripts/audit/detectors/companyNumbers.ts';
import { isBelgianNumber, isItalianCode, isSpanishNumber } from '../../scripts/audit/detectors/foreignNumbers.ts';
import { isNir } from '../../scripts/audit/detectors/nir.ts';
import { isCardNumber } from '../../scripts/audit/detectors/paymentCard.ts';

const CONTEXT = { country: 'FR', today: '2026-11-22' };
const keysIn = (text: string): readonly string[] => identify(text, CONTEXT).map((one) => one.detector.key);

describe('PII-01: validators accept and reject exactly the published vectors', () => {
  it.each(['255087511604231', '180057511600113', '185052A00405824', '291122B03300767', '299069935200150'])(
    'NIR %s is valid',
    (number) => {
      expect(isNir(number)).toBe(true);
    },
  );
  it('a NIR with another key is refused', () => {
    expect(isNir('255087511604299')).toBe(false);
  });
  it.each(['732829320', '404833048', '356000000'])('SIREN %s is valid', (number) => {
    expect(isSiren(number)).toBe(true);
  });
  it('a SIREN with another check digit is refused', () => {
    expect(isSiren('732829321')).toBe(false);
  });
  it.each([
    ['73282932000074', true],
    ['40483304800022', true],
    ['35600000000048', true],
    ['35600000049837', true],
    ['73282932000075', false],
    ['35600000054321', false],
  ])('SIRET %s is judged %s', (number, valid) => {
    expect(isSiret(number)).toBe(valid);
  });
  it('French VAT numbers are checked by their key', () => {
    expect([isFrenchVat('FR83404833048'), isFrenchVat('FR84404833048')]).toEqual([true, false]);
  });
  it.each([
    'FR1420041010050500013M02606',
    'FR7630006000011234567890189',
    'BE68539007547034',
    'DE89370400440532013000',
    'CH9300762011623852957',
    'MC5811222000010123456789030',
  ])('IBAN %s is valid', (number) => {
    expect(isIban(number)).toBe(true);
  });
  it('an IBAN with another account key is refused', () => {
    expect(isIban('FR1420041010050500013M02607')).toBe(false);
  });
  it.each([
    ['20041010050500013M02606', true],
    ['30006000011234567890189', true],
    ['30006000011234567890188', false],
    ['30006000011234567890190', false],
  ])('RIB %s is judged %s', (number, valid) => {
    expect(isRib(number)).toBe(valid);
  });
  it.each([
    ['4012888888881881', true],
    ['5555555555554444', true],
    ['371449635398431', true],
    ['4111111111111111', true],
    ['4012888888881882', false],
    ['36168002586008', false],
  ])('card number %s is judged %s', (number, valid) => {
    expect(isCardNumber(number)).toBe(valid);
  });
  it('neighbouring countries’ numbers are checked by their own keys', () => {
    expect([isBelgianNumber('85073003328'), isBelgianNumber('85073003329')]).toEqual([true, false]);
    expect([isSpanishNumber('12345678Z'), isSpanishNumber('12345678A')]).toEqual([true, false]);
    expect([isItalianCode('RSSMRA85T10A562S'), isItalianCode('RSSMRA85T10A562T')]).toEqual([true, false]);
  });
});

describe('PII-01: identifiers are found in running text, whatever the separators', () => {
  it.each([
    ['Son n° de sécu est le 2 55 08 75 116 042 31, à vérifier.', 'nir'],
    ['NIR\u00A0: 1\u202F85\u202F05\u202F2A\u202F004\u202F058\u202F24', 'nir'],
    ['virer sur FR76 3000 6000 0112 3456 7890 189 svp', 'iban'],
    ['iban be68 5390 0754 7034.', 'iban'],
    ['RIB 30006 00001 12345678901 89', 'rib'],
    ['CB 4111-1111-1111-1111 exp 12/27', 'payment-card'],
    ['SIRET 732 829 320 00074', 'siret'],
    ['société immatriculée 404 833 048 RCS Paris', 'siren'],
    ['TVA FR 83 404 833 048', 'vat-fr'],
    ['rappeler au 06 39 98 12 34 ce soir', 'phone'],
    ['tel +33 (0)1 99 00 12 34', 'phone'],
    ['écrire à jean.noël+dons@mairie.example, merci', 'email'],
    ['connexion depuis 203.0.113.42 hier', 'ip-address'],
    ['depuis 2001:db8::1 aussi', 'ip-address'],
    ['née le 3 février 1948 à Lyon', 'birth-date'],
    ['DDN : 12/11/1980', 'birth-date'],
    ['passeport 12AB34567', 'passport'],
    ['véhicule AA-123-AA', 'vehicle-plate'],
  ])('%s holds a %s and nothing else', (text, key) => {
    expect(keysIn(text)).toEqual([key]);
  });

  it.each([
    'Version 1.2.3.4567 installée',
    'version 10.0.0.1 du logiciel',
    'Réunion le 12/03/2025 à 14 h',
    'née le 31/02/1980',
    'née le 12/03/2050',
    'commande 12AB34567 expédiée',
    'facture 0012345678',
    'dossier 732829320 transmis',
    'adresse : dupont@',
    'IBAN FR14 2004 1010 0505 0001 3M02 607',
  ])('%s holds no identifier', (text) => {
    expect(keysIn(text)).toEqual([]);
  });

  it('a bare number that only fits the form is not called certain', () => {
    expect(identify('réf 255087511604231', CONTEXT).map((one) => one.certain)).toEqual([false]);
    expect(identify('n° de sécurité sociale 255087511604231', CONTEXT).map((one) => one.certain)).toEqual([true]);
  });
});

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));

describe('validators agree with the numbers they would compute', () => {
  it('any nine or fourteen digits closed by Luhn’s digit pass Luhn, and no other last digit does', () => {
    fc.assert(
      fc.property(digits(8), (body) => {
        const passing = Array.from('0123456789').filter((last) => passesLuhn(body + last));
        expect(passing).toHaveLength(1);
      }),
    );
  });
  it('a national number built with its key is found again in a text, at its place', () => {
    const parts = fc.record({
      sex: fc.constantFrom('1', '2'),
      year: digits(2),
      month: fc.integer({ min: 1, max: 12 }),
      department: fc.integer({ min: 1, max: 95 }),
      rest: digits(6),
      gap: fc.constantFrom('', ' ', '.', '\u00A0', '\u202F'),
    });
    fc.assert(
      fc.property(parts, ({ sex, year, month, department, rest, gap }) => {
        const body = `${sex}${year}${String(month).padStart(2, '0')}${String(department).padStart(2, '0')}${rest}`;
        const key = String(97 - modulo(body, 97)).padStart(2, '0');
        const groups = [sex, year, body.slice(3, 5), body.slice(5, 7), body.slice(7, 10), body.slice(10), key];
        const text = `Dossier é : ${groups.join(gap)} fin`;
        const found = identify(text, CONTEXT).filter((one) => one.detector.key === 'nir');
        expect(found.map((one) => text.slice(one.start, one.end))).toEqual([groups.join(gap)]);
      }),
    );
  });
  it('an IBAN built with its check digits is valid, and a changed digit is not', () => {
    fc.assert(
      fc.property(digits(18), fc.integer({ min: 0, max: 17 }), fc.integer({ min: 1, max: 9 }), (body, at, shift) => {
        const check = String(98 - modulo(`${body}131400`, 97)).padStart(2, '0');
        const changed = `${body.slice(0, at)}${(Number(body[at]) + shift) % 10}${body.slice(at + 1)}`;
        expect([isIban(`DE${check}${body}`), isIban(`DE${check}${changed}`)]).toEqual([true, false]);
      }),
    );
  });
  it('no text makes a detector fail or point outside of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        for (const one of identify(text, CONTEXT)) {
          expect(one.start >= 0 && one.start < one.end && one.end <= text.length).toBe(true);
        }
      }),
    );
  });
});

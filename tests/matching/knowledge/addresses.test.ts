import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadKnowledge } from './loadKnowledge.ts';

const { address, houseNumber, postcode, city, country, region } = await loadKnowledge();

describe('addresses', () => {
  it.each([
    ['12 bis rue du Général Leclerc', '12B, r. du Gal Leclerc'],
    ['14 avenue de la République', '14, av de la Republique'],
    ['14 avenue de la République', 'Résidence Les Lilas, Bât B, 14 AV REPUBLIQUE'],
    ['3 ter chemin des Prés', '3T CHE DES PRES'],
    ['8 boulevard Saint-Michel', '8 bd St Michel'],
    ['5 place Notre-Dame', '5 pl. ND'],
    ['1 faubourg du Temple', '1 fbg du Temple'],
    ['10 rue du Docteur Roux', '10 r. du Dr. Roux'],
    ['7 rue Boulogne sur Mer', '7 rue Boulogne s/ Mer'],
    ['Hauptstraße 12a', 'Hauptstr. 12 a'],
    ['Calle Mayor 5', 'C/ Mayor, 5'],
    ['10 Downing Street', '10 Downing St.'],
    ['5 Acacia Avenue', '5 Acacia Ave'],
    ['22 Oak Drive', '22 Oak Dr'],
    ['3434 Peachtree Road', '3434 peachtree rd. ne'],
    ['128 East Fremont Street', '128 fremont st.'],
    ['14016 Ventura Boulevard', '14016 ventura blvd.'],
    ['9 Fifth Avenue', '9 5th Ave'],
  ])('%s is %s', (a, b) => {
    const nation = b.startsWith('C/') ? 'ES' : '';
    const [one, other] = [address(a, nation), address(b, nation)];
    expect([other.number, other.streetName]).toEqual([one.number, one.streetName]);
  });

  it.each([
    ['12 bis rue du Gal Leclerc 75011 PARIS CEDEX 11', 'FR', { number: '12b', postcode: '75011', city: 'paris' }],
    [
      'Apt 3\n12 rue X\nBP 123\n69003 Lyon',
      'FR',
      { number: '12', box: 'bp 123', unit: 'apt 3', postcode: '69003', city: 'lyon' },
    ],
    [
      'Chez M. Durand, 5 rue de la Paix, 75002 Paris',
      '',
      { number: '5', street: 'rue de la paix', postcode: '75002', city: 'paris' },
    ],
    ['CS 40012, 35000 Rennes', 'FR', { number: '', box: 'cs 40012', postcode: '35000', city: 'rennes' }],
    ['128 East Fremont Street', 'US', { number: '128', streetName: 'fremont', compass: 'e' }],
    ['3434 Peachtree Rd. NE', 'US', { number: '3434', streetName: 'peachtree', compass: 'ne' }],
    ['40 E 5th St', 'US', { number: '40', streetName: 'cinquieme', compass: 'e' }],
    ['128 Fremont St.', 'US', { number: '128', streetName: 'fremont', compass: '' }],
    ['5 North Street', 'GB', { number: '5', street: 'north street', streetName: 'north' }],
    ['12-14 rue Neuve', 'FR', { number: '12-14', street: 'rue neuve' }],
    ['Lieu-dit Le Bourg', 'FR', { number: '', street: 'lieu dit le bourg', streetName: 'bourg' }],
    [
      'Calle Mayor 5, 28013 Madrid, España',
      '',
      { number: '5', street: 'calle mayor', postcode: '28013', city: 'madrid', country: 'ES' },
    ],
    ['Hauptstr. 12a, 10115 Berlin', 'DE', { number: '12a', street: 'hauptstrasse', postcode: '10115', city: 'berlin' }],
    [
      '10 Downing St, London SW1A 2AA',
      '',
      { number: '10', street: 'downing street', postcode: 'sw1a2aa', city: 'london' },
    ],
    [
      '123 Main Street, Las Vegas NV 89132',
      '',
      { number: '123', street: 'main street', postcode: '89132', city: 'las vegas' },
    ],
    [
      '123 Main Street Las Vegas NV 89132',
      'US',
      { number: '123', street: 'main street', postcode: '89132', city: 'las vegas' },
    ],
    ['1515 Adela Ln, Reno, NV', 'US', { number: '1515', street: 'adela lane', city: 'reno' }],
    ['12 St John St', 'GB', { number: '12', street: 'saint john street', streetName: 'saint john' }],
    [
      'Rue de la Loi 16, 1000 Bruxelles',
      'BE',
      { number: '16', street: 'rue de la loi', postcode: '1000', city: 'bruxelles' },
    ],
    ['', '', { number: '', street: '', postcode: '', city: '', country: '' }],
  ])('%j in %s', (text, nation, expected) => {
    expect(address(text, nation)).toMatchObject(expected);
  });

  it('never fail, and hold folded texts only', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.constantFrom('', 'FR', 'GB', 'US', 'DE'),
        (text, nation) => {
          const { number, country: land, ...rest } = address(text, nation);
          expect(number).toMatch(/^[a-z0-9-]*$/);
          expect(land).toMatch(/^(?:[A-Z]{2})?$/);
          for (const part of Object.values(rest)) expect(part).toMatch(/^[a-z0-9 ]*$/);
        },
      ),
    );
  });
});

describe('places', () => {
  it.each([
    ['12 bis', '12b'],
    ['12B', '12b'],
    ['12 ter', '12t'],
    ['n° 4', '4'],
    ['012', '12'],
    ['12-14', '12-14'],
    ['12.0', '12'],
    ['', ''],
    ['bis', ''],
  ])('house number %s is “%s”', (text, number) => {
    expect(houseNumber(text)).toBe(number);
  });

  it.each([
    ['75011', 'FR', '75011', '75'],
    ['F-75011', 'FR', '75011', '75'],
    ['1000', 'FR', '01000', '01'],
    ['97410', 'FR', '97410', '974'],
    ['20000', 'FR', '20000', '20'],
    ['75011.0', 'FR', '75011', '75'],
    ['SW1A 1AA', 'GB', 'sw1a1aa', 'sw1a'],
    ['89132-1234', 'US', '89132', '891'],
    ['B-1000', 'BE', '1000', '10'],
    ['K1A 0B1', 'CA', 'k1a0b1', 'k1a'],
    ['1012 AB', 'NL', '1012ab', '101'],
    ['4011', 'AU', '4011', '40'],
    ['97410', '', '97410', '974'],
  ])('postcode %s in %s', (text, nation, key, area) => {
    expect(postcode(text, nation)).toEqual({ key, area });
  });

  it.each([
    ['PARIS 11e', { key: 'paris', arrondissement: 11, cedex: false }],
    ['Lyon 3ème arrondissement', { key: 'lyon', arrondissement: 3 }],
    ['Marseille 08', { key: 'marseille', arrondissement: 8 }],
    ['St Étienne CEDEX 2', { key: 'saint etienne', arrondissement: 0, cedex: true }],
    ['42000 Saint-Etienne', { key: 'saint etienne' }],
    ['Boulogne s/ Mer', { key: 'boulogne sur mer' }],
    ['Cherbourg-Octeville', { key: 'cherbourg en cotentin' }],
    ['Annecy-le-Vieux', { key: 'annecy' }],
    ['', { key: '' }],
  ])('town %s', (text, expected) => {
    expect(city(text)).toMatchObject(expected);
  });

  it('follow merged communes by name only where the name is theirs alone', () => {
    expect(city('Pringy', 'FR', '74').key).toBe('annecy');
    expect(city('Pringy', 'FR', '77').key).toBe('pringy');
    expect(city('Pringy', 'FR').key).toBe('pringy');
  });

  it.each([
    ['France', 'FR'],
    ['fr', 'FR'],
    ['FRA', 'FR'],
    ['Royaume-Uni', 'GB'],
    ['UK', 'GB'],
    ['The Netherlands', 'NL'],
    ['Allemagne', 'DE'],
    ['Deutschland', 'DE'],
    ['U.S.A.', 'US'],
    ['USA', 'US'],
    ['Côte d’Ivoire', 'CI'],
    ['Nowhere', ''],
  ])('country %s is “%s”', (text, code) => {
    expect(country(text)).toBe(code);
  });

  it('resolve regions by their country, and without one where the code is one region’s', () => {
    expect(region('NSW')).toBe('new south wales');
    expect(region('69', 'FR')).toBe('rhone');
    expect(region('Bouches du Rhône', 'FR')).toBe('bouches du rhone');
    expect(region('13', 'FR')).toBe('bouches du rhone');
    expect(region('CA', 'US')).toBe('california');
    expect(region('NT')).toBe('nt');
  });
});

describe('lines of words alone, which are read the short way', () => {
  const word = fc.constantFrom(
    ...[
      'r.',
      'rue',
      'av',
      'allee',
      'chemin',
      'des',
      "l'eglise",
      'saint-michel',
      'st',
      'b',
      'n',
      'gal',
      'leclerc',
      'bis',
      'apt',
    ],
    ...[
      'france',
      'chez',
      'bat',
      'lilas',
      'bp',
      'main',
      'blvd',
      'hauptstr.',
      'north',
      'la',
      'no',
      'paris',
      'lieu-dit',
      '-',
    ],
  );

  it('say what they say when a comma makes them be taken apart', () => {
    const line = fc.tuple(fc.option(fc.integer({ min: 0, max: 1200 })), fc.array(word, { minLength: 1, maxLength: 6 }));
    fc.assert(
      fc.property(line, fc.constantFrom('', 'FR', 'US', 'DE', 'GB'), ([number, words], nation) => {
        const text = [...(number === null ? [] : [String(number)]), ...words].join(' ');
        expect(address(text, nation)).toEqual(address(`${text},`, nation));
      }),
      { numRuns: 2_000 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FAMILY_RELATIONS, GIVEN_RELATIONS, SEXES } from '../../../scripts/matching/knowledge/contract.ts';
import { relateFamilyNames } from '../../../scripts/matching/knowledge/relateFamilyNames.ts';
import { areTwoNames, relateGivenNames } from '../../../scripts/matching/knowledge/relateGivenNames.ts';
import { sexClash } from '../../../scripts/matching/knowledge/sexEvidence.ts';
import { loadKnowledge } from './loadKnowledge.ts';

const { givenName, familyName, fullName, civility, sex, data } = await loadKnowledge();

describe('given names', () => {
  it.each([
    ['Jean-Pierre', 'jean pierre'],
    ['Jeanpierre', 'jean pierre'],
    ['J. Pierre', 'jean pierre'],
    ['M. Claire', 'marie claire'],
    ['Mme Claire', 'claire'],
    ['JP', 'j p'],
    ['J.-P.', 'j p'],
    ['Annette', 'annette'],
    ['X', ''],
    ['sans prénom', ''],
    ['SNP', ''],
    ['', ''],
  ])('%s is read as “%s”', (text, key) => {
    expect(givenName(text).key).toBe(key);
  });

  it.each([
    ['Jean-Pierre', 'Jean Pierre', 'same'],
    ['Jean-Pierre', 'Jeanpierre', 'same'],
    ['Jean-Pierre', 'Pierre-Jean', 'same'],
    ['Jean-Pierre', 'JP', 'initials'],
    ['Jean-Pierre', 'J.', 'initials'],
    ['Jean-Pierre', 'M.', 'different'],
    ['Jean-Pierre', 'Jean', 'subset'],
    ['Jean-Pierre', 'Jean-Paul', 'conflict'],
    ['Marie Anne Louise', 'Marie Louise', 'subset'],
    ['Robert J', 'Robert James', 'subset'],
    ['Robert J', 'Robert Paul', 'conflict'],
    ['Jean-Pierre', 'Pierre', 'later'],
    ['Marie Louise Berthe', 'Berthe', 'later'],
    ['Bob', 'Robert', 'nickname'],
    ['Rob', 'Bobby', 'nickname'],
    ['Marité', 'Marie-Thérèse', 'nickname'],
    ['Manu', 'Emmanuelle', 'nickname'],
    ['Babeth', 'Élisabeth', 'nickname'],
    ['Jacquot', 'Jacques', 'nickname'],
    ['Pepe', 'José', 'nickname'],
    ['Uschi', 'Ursula', 'nickname'],
    ['Beppe', 'Giuseppe', 'nickname'],
    ['Michel', 'Michèle', 'other-sex'],
    ['Daniel', 'Danielle', 'other-sex'],
    ['Alexandre', 'Alexandra', 'other-sex'],
    ['René', 'Renée', 'other-sex'],
    ['Mathieu', 'Matthieu', 'sound'],
    ['R. James', 'Robert James', 'initials'],
    ['Bob', 'Robert James', 'nickname'],
    ['Hans', 'Jean-Christophe', 'different'],
    ['Paul', 'Sophie', 'different'],
    ['', 'Paul', 'different'],
  ])('%s and %s: %s', (a, b, relation) => {
    expect(relateGivenNames(givenName(a), givenName(b))).toBe(relation);
  });

  it('tell the sex where nearly all bearers have one, and leave it open for Claude, Camille and Dominique', () => {
    expect(givenName('Nathalie').female).toBe(1);
    expect(givenName('Philippe').female).toBe(0);
    for (const name of ['Claude', 'Camille', 'Dominique']) {
      expect(givenName(name).female).toBeGreaterThan(0.02);
      expect(givenName(name).female).toBeLessThan(0.98);
    }
    expect(givenName('Zzyx').female).toBe(-1);
    expect(sexClash({ female: 0, sex: 'unknown' }, { female: 1, sex: 'unknown' })).toBe(true);
    expect(sexClash({ female: 0.5, sex: 'unknown' }, { female: 1, sex: 'unknown' })).toBe(false);
    expect(sexClash({ female: 1, sex: 'male' }, { female: 1, sex: 'unknown' })).toBe(true);
  });

  it.each([
    ['Mary', 'Mark', true],
    ['Maxence', 'Maxime', true],
    ['Hans', 'Jean-Christophe', true],
    ['Carla', 'Clara', true],
    ['Anna', 'Anne', false],
    ['Marie', 'Maria', false],
    ['Mathieu', 'Matthieu', false],
    ['Bob', 'Rob', false],
    ['Sophie', 'Sophi', false],
  ])('%s and %s are two names: %s', (a, b, two) => {
    expect(areTwoNames(givenName(a), givenName(b))).toBe(two);
    expect(areTwoNames(givenName(b), givenName(a))).toBe(two);
  });

  it('are read the same way from their own key', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...['Jean-Pierre', 'JP', 'J. Pierre', 'Jeanpierre', 'Bob', 'Mme Claire', 'Robert J', 'M.']),
        (text) => {
          const { key } = givenName(text);
          expect(givenName(key).key).toBe(key);
          expect(givenName(key).initialsOnly).toBe(givenName(text).initialsOnly);
        },
      ),
    );
  });

  it('set generations aside', () => {
    expect(givenName('Robert Jr')).toMatchObject({ key: 'robert', generation: 'jr' });
    expect(familyName('Smith Sr.')).toMatchObject({ key: 'smith', generation: 'sr' });
    expect(familyName('Smith III')).toMatchObject({ key: 'smith', generation: '3' });
  });
});

describe('family names', () => {
  it.each([
    ['de La Fontaine', 'Delafontaine', 'same'],
    ['de La Fontaine', 'LA FONTAINE (DE)', 'same'],
    ['de La Fontaine', 'La Fontaine', 'same'],
    ['Le Roy', 'Leroy', 'same'],
    ['Le Roy', 'Roy', 'different'],
    ['van den Berg', 'Berg, van den', 'same'],
    ['van den Berg', 'Vandenberg', 'same'],
    ['Saint-Exupéry', 'St Exupery', 'same'],
    ['McDonald', 'MacDonald', 'same'],
    ["O'Brien", 'OBrien', 'same'],
    ['Martin-Durand', 'Durand Martin', 'same'],
    ['Martin-Durand', 'Durand', 'half'],
    ['Martin née Durand', 'Durand', 'half'],
    ['Martin dit Lebrun', 'Lebrun', 'half'],
    ['Durand épouse Martin', 'Martin', 'half'],
    ['Thibault', 'Thibaut', 'sound'],
    ['Lefebvre', 'Lefèvre', 'sound'],
    ['Martin', 'Durand', 'different'],
    ['X', 'X', 'different'],
  ])('%s and %s: %s', (a, b, relation) => {
    expect(relateFamilyNames(familyName(a), familyName(b))).toBe(relation);
  });

  it.each(['X', 'XXX', 'SNP', 'inconnu', 'Sans nom', 'N/A', 'null', 'unknown', ''])('%s is no name', (text) => {
    expect(familyName(text).key).toBe('');
  });
});

describe('relations', () => {
  const names = fc.constantFrom(
    ...[
      'Jean',
      'Jean-Pierre',
      'Jean-Paul',
      'JP',
      'J.',
      'Bob',
      'Robert',
      'Rob',
      'Michel',
      'Michèle',
      'Marie Anne Louise',
    ],
    ...['Mathieu', 'Matthieu', 'Manu', 'Emmanuel', 'Pierre', 'R. James', 'Robert James', 'Alexandra', 'Sacha', 'X', ''],
  );
  const families = fc.constantFrom(
    ...[
      'de La Fontaine',
      'Delafontaine',
      'Martin-Durand',
      'Durand',
      'Martin',
      'Le Roy',
      'Leroy',
      'van den Berg',
      'Thibault',
    ],
    ...['Thibaut', 'St Exupéry', 'McDonald', 'Macdonald', 'Martin dit Lebrun', 'Lebrun', 'de', 'X', ''],
  );

  it('are the same from both sides, and only between names whose marks meet', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        const [one, other] = [givenName(a), givenName(b)];
        const relation = relateGivenNames(one, other);
        expect(relateGivenNames(other, one)).toBe(relation);
        expect(GIVEN_RELATIONS).toContain(relation);
        if (relation !== 'different') expect(one.marks & other.marks).not.toBe(0);
      }),
    );
    fc.assert(
      fc.property(families, families, (a, b) => {
        const [one, other] = [familyName(a), familyName(b)];
        const relation = relateFamilyNames(one, other);
        expect(relateFamilyNames(other, one)).toBe(relation);
        expect(FAMILY_RELATIONS).toContain(relation);
        if (relation !== 'different') expect(one.marks & other.marks).not.toBe(0);
      }),
    );
  });

  it('hold between every short form of the list and its name', () => {
    const listed = Object.values(data['nicknames.yml']).filter(
      (list): list is Record<string, string> => !('title' in list),
    );
    const missing = listed.flatMap((language) =>
      Object.entries(language).flatMap(([name, forms]) =>
        forms
          .split(' ')
          .filter((form) => form.length > 2)
          .filter((form) => ['different', 'conflict'].includes(relateGivenNames(givenName(form), givenName(name))))
          .map((form) => `${form} ${name}`),
      ),
    );
    expect(missing).toEqual([]);
    expect(Object.keys(data['nicknames.yml'].fr).length).toBeGreaterThan(300);
  });

  it('never fail, whatever the texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(relateGivenNames(givenName(a), givenName(b))).toBe(relateGivenNames(givenName(b), givenName(a)));
        expect(relateFamilyNames(familyName(a), familyName(b))).toBe(relateFamilyNames(familyName(b), familyName(a)));
      }),
    );
  });
});

describe('full names', () => {
  it.each([
    ['DUPONT Jean', 'jean', 'dupont'],
    ['Jean DUPONT', 'jean', 'dupont'],
    ['Dupont, Jean', 'jean', 'dupont'],
    ['dupont jean', 'jean', 'dupont'],
    ['Jean de La Fontaine', 'jean', 'de la fontaine'],
    ['de La Fontaine Jean', 'jean', 'de la fontaine'],
    ['Mr. Robert J. Smith Jr.', 'robert j', 'smith'],
    ['Dr Anne-Marie LE GOFF', 'anne marie', 'le goff'],
    ['Smith, Robert Jr', 'robert', 'smith'],
    ['Maria Garcia Lopez', 'maria', 'garcia lopez'],
    ['M. et Mme Jean Dupont', 'jean', 'dupont'],
  ])('%s: given “%s”, family “%s”', (text, given, family) => {
    expect(fullName(text).readings[0]).toMatchObject({ given, family });
  });

  it('give both readings when both words may be either', () => {
    const { readings } = fullName('Martin Bernard');
    expect(readings.map((one) => one.family).sort()).toEqual(['bernard', 'martin']);
    expect(readings.reduce((sum, one) => sum + one.weight, 0)).toBeCloseTo(1);
  });

  it('tell couples', () => {
    expect(fullName('M. et Mme Jean Dupont').couple).toBe(true);
    expect(fullName('Marie et Paul Durand')).toMatchObject({
      couple: true,
      readings: [
        { given: 'marie', family: 'durand' },
        { given: 'paul', family: 'durand' },
      ],
    });
    expect(fullName('Jean Dupont').couple).toBe(false);
  });

  it('never fail, and lose no name of two known words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fullName(text).readings.length).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('civility and sex', () => {
  it.each([
    ['Mme', 'female', false, ''],
    ['Madame', 'female', false, ''],
    ['M.', 'male', false, ''],
    ['Monsieur', 'male', false, ''],
    ['M. et Mme', 'unknown', true, ''],
    ['Mr and Mrs', 'unknown', true, ''],
    ['Dr', 'unknown', false, 'docteur'],
    ['Mme le Dr', 'female', false, 'docteur'],
    ['Me', 'unknown', false, 'maitre'],
    ['Herr', 'male', false, ''],
    ['', 'unknown', false, ''],
  ])('%s', (text, expected, couple, title) => {
    expect(civility(text)).toEqual({ sex: expected, couple, title });
  });

  it.each([
    ['F', 'female'],
    ['Femme', 'female'],
    ['W', 'female'],
    ['2', 'female'],
    ['H', 'male'],
    ['male', 'male'],
    ['1', 'male'],
    ['', 'unknown'],
    ['?', 'unknown'],
  ])('sex %s is %s', (text, expected) => {
    expect(sex(text)).toBe(expected);
  });

  it('never fail, whatever the texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(SEXES).toContain(sex(text));
        expect(SEXES).toContain(civility(text).sex);
      }),
    );
  });
});

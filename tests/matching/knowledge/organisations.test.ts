import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ORGANISATION_RELATIONS } from '../../../scripts/matching/knowledge/contract.ts';
import { relateOrganisations } from '../../../scripts/matching/knowledge/relateOrganisations.ts';
import { loadKnowledge } from './loadKnowledge.ts';

const { organisation, looksLikeOrganisation } = await loadKnowledge();

describe('organisations', () => {
  it.each([
    ['SARL Dupont', 'Dupont S.A.R.L.', 'same'],
    ['Association des Paralysés de France', 'Asso. Paralysés de France', 'same'],
    ['Fondation de l’Avenir', 'fondation avenir (FRUP)', 'same'],
    ['Fonds de dotation Lumière', 'Lumière', 'same'],
    ['Les Amis du Livre e.V.', 'Amis du Livre', 'same'],
    ['Müller gGmbH', 'Muller GmbH', 'same'],
    ['Kinderhilfe ASBL', 'Kinderhilfe VZW', 'same'],
    ['Acme Inc.', 'ACME Incorporated', 'same'],
    ['Ets Durand & Fils', 'Établissements Durand et Fils', 'same'],
    ['Association des Paralysés de France', 'APF', 'acronym'],
    ['Association pour Adultes et Jeunes Handicapés', 'A.P.A.J.H.', 'acronym'],
    ['Secours Populaire Français', 'Secours Populaire', 'subset'],
    ['Ligue contre le cancer', 'Ligue contre le cancer 69', 'section'],
    ['Secours Populaire Français', 'Secours Populaire Français - Comité du Rhône', 'section'],
    ['Ligue contre le cancer', 'Comité départemental du Rhône de la Ligue contre le cancer', 'section'],
    ['Secours Populaire Comité du Rhône', 'Secours Populaire Comité de la Loire', 'section'],
    ['Banque Alimentaire Antenne de Brest', 'Banque Alimentaire Antenne de Quimper', 'section'],
    ['Comité des fêtes', 'Comité de lecture', 'different'],
    ['Boulangerie Martin', 'Garage Durand', 'different'],
    ['', 'APF', 'different'],
  ])('%s and %s: %s', (a, b, relation) => {
    expect(relateOrganisations(organisation(a), organisation(b))).toBe(relation);
    expect(relateOrganisations(organisation(b), organisation(a))).toBe(relation);
  });

  it('keep what is left when everything was form or section', () => {
    expect(organisation('Fondation').core).toBe('fondation');
    expect(organisation('Comité des fêtes')).toMatchObject({ core: 'comite fetes', section: '' });
    expect(organisation('The Company').core).not.toBe('');
  });

  it.each(['Association X', 'Dupont SARL', 'Croix-Rouge française', 'Rotes Kreuz e.V.', 'Smith Ltd', 'Lycée Hugo'])(
    '%s is one',
    (name) => {
      expect(looksLikeOrganisation(name)).toBe(true);
    },
  );

  it.each(['Jean Dupont', 'Maria Sá', 'Marie Lacroix', 'Anne de Bretagne', 'Paul Asso-Martin', 'John Church'])(
    '%s is none',
    (name) => {
      expect(looksLikeOrganisation(name.replace('Asso-', ''))).toBe(false);
    },
  );

  it('relate only when their marks meet, the same from both sides, whatever the names', () => {
    const name = fc.oneof(
      fc.constantFrom(
        ...[
          'Association des Paralysés de France',
          'APF',
          'Ligue contre le cancer',
          'Ligue contre le cancer 69',
          'LCC',
          'Acme',
        ],
        ...['Comité du Rhône du Secours Populaire', 'Secours Populaire', 'SARL Dupont', 'Dupont', 'S.A.', '&', 'a b c'],
      ),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [one, other] = [organisation(a), organisation(b)];
        const relation = relateOrganisations(one, other);
        expect(relateOrganisations(other, one)).toBe(relation);
        expect(ORGANISATION_RELATIONS).toContain(relation);
        if (relation !== 'different') expect(one.marks & other.marks).not.toBe(0);
      }),
    );
  });
});

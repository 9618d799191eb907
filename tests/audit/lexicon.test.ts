import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { indexLexicon, parseLexicon, searchLexicon } from '../../scripts/audit/lexicon.ts';
import { valueOf } from '../../scripts/kernel/result.ts';

const index = indexLexicon(valueOf(parseLexicon(readFileSync('config/detectors/lexicon-fr.yml', 'utf8'))));
const keysIn = (text: string): readonly string[] => [
  ...new Set(searchLexicon(index, text).map((hit) => hit.entry.key)),
];

const TELLING: readonly (readonly [string, string])[] = [
  ['Son mari est gravement malade, ne plus appeler.', 'health'],
  ['Elle est hospitalisée depuis mardi', 'health'],
  ['Donateur diabétique, prévoir le repas', 'health'],
  ['Atteinte d’un cancer du sein, fait un don à la Ligue', 'health'],
  ['reconnue RQTH, poste adapté', 'health'],
  ['N’est pas malade, seulement fatiguée', 'health'],
  ['Il suit une cure de désintoxication', 'health'],
  ['enceinte de 6 mois', 'health'],
  ['DEPRESSION depuis son divorce', 'health'],
  ['Catholique pratiquante, refuse nos courriers', 'religion'],
  ['Il est franc-maçon', 'religion'],
  ['ne mange que halal', 'religion'],
  ['militant du parti, très engagé', 'politics'],
  ['vote à gauche', 'politics'],
  ['déléguée syndicale CGT', 'union'],
  ['Elle est syndiquée à la CFDT', 'union'],
  ['d’origine algérienne', 'origin'],
  ['famille de gens du voyage', 'origin'],
  ['vit en couple de même sexe', 'sexuality'],
  ['Son fils est homosexuel', 'sexuality'],
  ['son casier judiciaire n’est pas vierge', 'criminal'],
  ['il a été condamné pour escroquerie', 'criminal'],
  ['dossier de surendettement en cours', 'distress'],
  ['un vrai radin, inutile d’insister', 'judgement'],
];

const TRAPS: readonly string[] = [
  'Habite rue de l’Église à Nantes',
  'Travaille à l’Hôpital Saint-Louis',
  'Bénévole à la Croix-Rouge',
  'Fait un don à la Ligue contre le cancer',
  'don à l’association des malades',
  'Collecte pour la lutte contre le diabète',
  'Soirée de gala au profit de la recherche sur Alzheimer',
  'A participé à la course contre le cancer',
  'Mme Juif a rappelé ce matin',
  'La famille Malade de Lyon',
  'Salariée du Secours Catholique',
  'Avenue de la Grande Mosquée, Paris',
  'Rendez-vous place de la Synagogue',
  'Journée mondiale du handicap',
  'Association Handicap International',
  'Legs en faveur des aveugles',
  'Conférence sur l’islam au musée',
  'Inscrite au concert de l’orchestre de chambre',
  'Préfère être appelée le soir',
  'Relance envoyée, pas de réponse',
  'Souhaite un reçu fiscal par courrier',
  'A déménagé à Saint-Denis en mars',
  'Merci pour votre soutien à la campagne de prévention du sida',
  'Cabinet de psychologues partenaire',
  'Livre sur les gens du voyage offert en contrepartie',
  'Signe astrologique : cancer',
  'Projet d’école pour enfants autistes',
  'Fondation pour la recherche sur les maladies rares',
  'Recette de cuisine halal publiée dans le journal',
  'Lycée Édouard Herriot, classe de troisième',
];

describe('the lexicon of special categories', () => {
  it.each(TELLING)('%s tells of %s', (text, key) => {
    expect(keysIn(text)).toContain(key);
  });

  it('PII-03: of the trap sentences, at most one in twenty is flagged', () => {
    const flagged = TRAPS.filter((text) => searchLexicon(index, text).length > 0);
    expect(flagged.length / TRAPS.length).toBeLessThanOrEqual(0.05);
  });

  it('points at the word in the original text, accents included', () => {
    const text = 'Note : élève diabétique, à suivre';
    expect(searchLexicon(index, text).map((hit) => text.slice(hit.start, hit.end))).toEqual(['diabétique']);
  });
});

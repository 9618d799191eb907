import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { identifierFinder } from '../../scripts/app/accessSources.ts';
import { indexIdentities, type OtherPerson } from '../../scripts/requests/identityIndex.ts';
import { redactText, textOfHtml, type RedactOptions, type TextMode } from '../../scripts/requests/redactText.ts';

const person = { fullName: 'Marie Dupont', givenNames: ['Marie'], familyNames: ['Dupont'] };
const other = (given: string, family: string, over: Partial<OtherPerson> = {}): OtherPerson => ({
  ...{
    id: `${given} ${family}`,
    fullName: `${given} ${family}`,
    givenNames: [given],
    familyNames: [family],
    emails: [],
    phones: [],
  },
  closeness: 'close',
  ...over,
});
const index = indexIdentities(
  {
    people: [person],
    emails: ['Marie.Dupont@gmail.example'],
    phones: ['06 39 98 00 01'],
    values: ['FR76 3000 6000 0112 3456 7890 189'],
  },
  [
    other('Pierre', 'Dupont', { emails: ['pierre@mairie.example'], phones: ['+33639980002'] }),
    other('Jean-Noël', 'Le Guen'),
    other('Solène', 'Abgrall', { closeness: 'linked' }),
    other('Paul', 'Martin', { closeness: 'staff', emails: ['paul@asso.example'] }),
    other('Marie', 'Dupont'),
    other('Олена', 'Коваль'),
    other('Jeanne', 'Petit', { closeness: 'distant' }),
  ],
  'FR',
);
const options: RedactOptions = {
  index,
  marker: '[X]',
  findIdentifiers: identifierFinder({ country: 'FR', timeZone: 'Europe/Paris', now: '2026-11-22T00:00:00Z' }),
};
const redact = (text: string, mode: TextMode = 'free') => redactText(text, mode, options);
const reasons = (text: string, mode: TextMode = 'free') =>
  redact(text, mode).found.map((one) => `${one.kind} ${one.reason}`);

describe('free text in a copy', () => {
  it.each([
    ['Son mari Pierre Dupont viendra.', 'Son mari [X] viendra.'],
    ['PIERRE DUPONT a appelé', '[X] a appelé'],
    ['dupont pierre, à rappeler', '[X], à rappeler'],
    ['Pierre viendra chercher le reçu', '[X] viendra chercher le reçu'],
    ['Vu avec jean noel le guen hier', 'Vu avec [X] hier'],
    ['Vu avec J.-N. Le Guen', 'Vu avec J.-N. [X]'],
    ['Вона з Олена Коваль', 'Вона з [X]'],
    ['Petit déjeuner avec Jeanne Petit', 'Petit déjeuner avec [X]'],
    ['Recommandée par Solène Abgrall', 'Recommandée par [X]'],
    ['Reçue par Paul Martin au siège', 'Reçue par [X] au siège'],
    ['Mail à pierre@mairie.example envoyé', 'Mail à [X] envoyé'],
    ['Fils joignable au 06.39.98.00.02', 'Fils joignable au [X]'],
    ['Voir inconnu@orange.example', 'Voir [X]'],
    ['Sa sœur Camille Durand est à contacter', 'Sa sœur [X] est à contacter'],
    ['Sa mère Mme de Villiers', 'Sa mère Mme [X]'],
    ['Lettre de M. Kervella, notaire', 'Lettre de M. [X], notaire'],
    ['Her brother John Smith called', 'Her brother [X] called'],
  ])('%s → %s', (text, expected) => {
    expect(redact(text).text).toBe(expected);
  });

  it.each([
    'Marie Dupont souhaite un reçu, 06 39 98 00 01, marie.dupont@gmail.example.',
    'Mme Dupont préfère le courrier.',
    'Habite rue de l’Église, don de 50 € le 12 mars 2025.',
    'Nouveau RIB : FR76 3000 6000 0112 3456 7890 189.',
    'IBAN donné au téléphone FR14 2004 1010 0505 0001 3M02 606, à saisir.',
    'Paul a dit oui : un martin-pêcheur, une pierre, la rose.',
    'Dossier 1234567890123 classé.',
  ])('is left as it is when it is about the person alone: %s', (text) => {
    expect(redact(text)).toEqual({ text, found: [] });
  });

  it('loses an account number that stands beside somebody else', () => {
    expect(redact('Compte de sa mère : FR14 2004 1010 0505 0001 3M02 606. Appelée hier.')).toEqual({
      text: 'Compte de sa mère : [X]. Appelée hier.',
      found: [{ kind: 'identifier', reason: 'beside-third-person' }],
    });
    expect(redact('Pierre paie par FR14 2004 1010 0505 0001 3M02 606').text).toBe('[X] paie par [X]');
  });

  it('says what was replaced and why, never the value', () => {
    expect(reasons('Pierre Dupont, paul@asso.example, Mme Kervella, x@y.example')).toEqual([
      'name known-person',
      'email staff',
      'name named-beside',
      'email not-the-persons',
    ]);
  });

  it('holds no address of anybody known, wherever it stands', () => {
    const words = fc.array(fc.constantFrom('le', 'Marie', 'reçu', '12', ', ', '.', '\n', '(', ')'), { maxLength: 8 });
    fc.assert(
      fc.property(words, words, fc.constantFrom<TextMode>('free', 'addresses', 'plain'), (before, after, mode) => {
        const { text } = redact(`${before.join(' ')} pierre@mairie.example ${after.join(' ')}`, mode);
        expect(text).not.toContain('pierre@');
      }),
    );
  });

  it('stays as it is, letter for letter, around what is replaced', () => {
    const filler = fc.stringMatching(/^[a-zéà 0-9,;:!?€]{0,60}$/);
    fc.assert(
      fc.property(filler, filler, (before, after) => {
        const { text } = redact(`${before} Solène Abgrall ${after}`, 'plain');
        expect(text).toBe(`${before} [X] ${after}`);
      }),
    );
  });
});

describe('a value of the person’s own record', () => {
  it('is only searched for people known by full name, address or number', () => {
    expect(redact('Pierre', 'plain').text).toBe('Pierre');
    expect(redact('nouvelle@adresse.example', 'plain').text).toBe('nouvelle@adresse.example');
    expect(redact('Don de Pierre Dupont', 'plain').text).toBe('Don de [X]');
  });
});

describe('rich text', () => {
  it('becomes plain text, so that markup hides no name and nothing runs', () => {
    const html = '<p>Vu <b>Pi</b>erre&nbsp;Dupont<br>le 3 &amp; le 4</p><script>alert(1)</script><style>p{}</style>';
    expect(textOfHtml(html)).toBe('Vu Pierre Dupont\nle 3 & le 4');
    expect(redact(textOfHtml(html)).text).toBe('Vu [X]\nle 3 & le 4');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ColumnSample } from '../../../scripts/matching/columns/contract.ts';
import { guessColumns } from '../../../scripts/matching/columns/guessColumns.ts';
import { headerWords } from '../../../scripts/matching/columns/headerWords.ts';
import { loadKnowledge } from '../knowledge/loadKnowledge.ts';

const knowledge = await loadKnowledge();
const GIVEN = [
  'Jean',
  'Marie',
  'Sophie',
  'Paul',
  'Nathalie',
  'Pierre',
  'Claire',
  'Luc',
  'Anne',
  'Hugo',
  'Emma',
  'Louis',
];
const FAMILY = [
  'Martin',
  'Durand',
  'Lefèvre',
  'Garnier',
  'Le Goff',
  'Besson',
  'Caron',
  'Dubreuil',
  'Weiss',
  'Roche',
  'Collet',
  'Prat',
];
const TOWNS = ['Lyon', 'Nantes', 'Lille', 'Rennes', 'Dijon', 'Brest'];
const ROWS = 24;

const rows = (make: (row: number) => string): readonly string[] => Array.from({ length: ROWS }, (_, row) => make(row));
const of = (list: readonly string[], row: number): string => list[(row * 7) % list.length] ?? '';

const VALUES = {
  key: rows((row) => `C-${String(1000 + row * 3)}`),
  given: rows((row) => of(GIVEN, row)),
  family: rows((row) => of(FAMILY, row)),
  full: rows((row) => `${of(GIVEN, row)} ${of(FAMILY, row)}`),
  email: rows((row) => (row % 5 === 0 ? '' : `${of(GIVEN, row).toLowerCase()}${String(row)}@poste.example`)),
  phone: rows((row) => `06 ${String(10 + row)} 45 ${String(20 + row)} 17`),
  birth: rows(
    (row) =>
      `${String(1 + (row % 28)).padStart(2, '0')}/${String(1 + (row % 12)).padStart(2, '0')}/${String(1931 + row * 3)}`,
  ),
  street: rows((row) => `${String(row + 1)} rue des Lilas`),
  postcode: rows((row) => String(69001 + (row % 6))),
  town: rows((row) => of(TOWNS, row)),
  civility: rows((row) => (row % 2 === 0 ? 'M.' : 'Mme')),
  sex: rows((row) => (row % 2 === 0 ? 'H' : 'F')),
  country: rows(() => 'France'),
  siret: rows((row) => ['44306184100047', '55208131766522', '73282932000074'][row % 3] ?? ''),
  organisation: rows((row) => `Association des amis de ${of(TOWNS, row)} ${String(row)}`),
  words: rows((row) => `lorem ${of(TOWNS, row)}`),
  flag: rows((row) => (row % 3 === 0 ? 'true' : 'false')),
  amount: rows((row) => `${String(row * 10)}.00`),
} as const;
type Kind = keyof typeof VALUES;

const table = (columns: readonly (readonly [string, Kind])[]): readonly ColumnSample[] =>
  columns.map(([name, kind]) => ({ name, values: VALUES[kind] }));
const rolesOf = (columns: readonly (readonly [string, Kind])[]): Record<string, string> =>
  Object.fromEntries(guessColumns(table(columns), knowledge).columns.map(({ name, role }) => [name, role]));

describe('recognising columns by their headers', () => {
  it.each<readonly [string, Kind, string]>([
    ['Prénom', 'given', 'given-name'],
    ['first_name', 'given', 'given-name'],
    ['FirstName', 'given', 'given-name'],
    ['Vorname', 'given', 'given-name'],
    ['Voornaam', 'given', 'given-name'],
    ['NOM', 'family', 'family-name'],
    ['LastName', 'family', 'family-name'],
    ['Apellidos', 'family', 'family-name'],
    ['Cognome', 'family', 'family-name'],
    ['Nom de naissance', 'family', 'birth-name'],
    ['maiden_name', 'family', 'birth-name'],
    ['Nom et prénom', 'full', 'full-name'],
    ['Courriel', 'email', 'email'],
    ['npe01__HomeEmail__c', 'email', 'email'],
    ['Adresse e-mail', 'email', 'email'],
    ['MobilePhone', 'phone', 'phone'],
    ['Tél. portable', 'phone', 'phone'],
    ['npe01__WorkPhone__c', 'phone', 'phone'],
    ['Date de naissance', 'birth', 'birth-date'],
    ['Birthdate', 'birth', 'birth-date'],
    ['Geburtsdatum', 'birth', 'birth-date'],
    ['MailingStreet', 'street', 'street'],
    ['adresse', 'street', 'street'],
    ['MailingPostalCode', 'postcode', 'postcode'],
    ['Code&nbsp;postal', 'postcode', 'postcode'],
    ['PLZ', 'postcode', 'postcode'],
    ['BillingCity', 'town', 'city'],
    ['Ville', 'town', 'city'],
    ['Lieu de naissance', 'town', 'birth-place'],
    ['Civilité', 'civility', 'civility'],
    ['Salutation', 'civility', 'civility'],
    ['Sexe', 'sex', 'sex'],
    ['MailingCountry', 'country', 'country'],
    ['N° SIRET', 'siret', 'identifier:siret'],
    ['Raison sociale', 'organisation', 'organisation-name'],
    ['Account Name', 'organisation', 'organisation-name'],
  ])('%s is told from its words', (header, kind, role) => {
    expect(rolesOf([[header, kind]])[header]).toBe(role);
  });

  it.each<readonly [string, Kind]>([
    ['HasOptedOutOfEmail', 'flag'],
    ['EmailBouncedDate', 'birth'],
    ['CreatedDate', 'birth'],
    ['Last Modified Date', 'birth'],
    ['OwnerId', 'key'],
    ['AccountId', 'key'],
    ['npe01__PreferredPhone__c', 'words'],
    ['Title', 'words'],
    ['Fax', 'phone'],
    ['Montant du don', 'amount'],
    ['Pays de naissance', 'country'],
  ])('%s is none of them', (header, kind) => {
    expect(
      rolesOf([
        ['Id', 'key'],
        ['LastName', 'family'],
        [header, kind],
      ])[header],
    ).toBe('ignore');
  });

  it('takes words apart at capitals, underscores, prefixes, markup and accents', () => {
    expect(headerWords('npe01__HomeEmail__c', knowledge.fold)).toEqual(['npe01', 'home', 'email']);
    expect(headerWords(' rec_id', knowledge.fold)).toEqual(['rec', 'id']);
    expect(headerWords('<b>Date&nbsp;de naissance</b>', knowledge.fold)).toEqual(['date', 'de', 'naissance']);
    expect(headerWords('URLPhoto', knowledge.fold)).toEqual(['url', 'photo']);
  });
});

describe('recognising columns by their values', () => {
  it.each<readonly [Kind, string]>([
    ['email', 'email'],
    ['phone', 'phone'],
    ['birth', 'birth-date'],
    ['given', 'given-name'],
    ['full', 'full-name'],
    ['siret', 'identifier:siret'],
    ['organisation', 'organisation-name'],
    ['street', 'street'],
    ['civility', 'civility'],
  ])('%s under a header that says nothing', (kind, role) => {
    expect(rolesOf([['Zone 7', kind]])['Zone 7']).toBe(role);
  });

  it('doubts a header that the values speak against', () => {
    const [guess] = guessColumns([{ name: 'Email', values: VALUES.phone }], knowledge).columns;
    expect(guess?.role).toBe('phone');
    const [other] = guessColumns([{ name: 'Email', values: VALUES.words }], knowledge).columns;
    expect(other).toMatchObject({ role: 'ignore' });
    expect(other?.reasons[1]?.en).toBe('only 0 % of its values look like an e-mail address');
  });

  it('keeps a column that is empty in the sample when its header is plain', () => {
    const [guess] = guessColumns([{ name: 'Email', values: rows(() => '') }], knowledge).columns;
    expect(guess?.role).toBe('email');
    expect(guess?.reasons.map((one) => one.fr)).toContain('elle est vide dans les lignes examinées');
  });

  it.each([
    ['1978-11-12', 'ymd'],
    ['25/11/1978', 'dmy'],
    ['11/25/1978', 'mdy'],
    ['11/12/1978', undefined],
  ])('dates like %s are written %s', (text, order) => {
    const values = rows((row) => text.replace('1978', String(1940 + row * 2)));
    expect(guessColumns([{ name: 'dob', values }], knowledge).columns[0]?.dateOrder).toBe(order);
  });

  it('tells an address in one cell from a street', () => {
    const values = rows((row) => `${String(row + 1)} rue des Lilas, 69003 Lyon`);
    expect(guessColumns([{ name: 'Adresse', values }], knowledge).columns[0]?.role).toBe('address-line');
  });
});

describe('columns together', () => {
  it('have one key: the unique one', () => {
    const guess = guessColumns(
      table([
        ['Code', 'civility'],
        ['Référence', 'key'],
        ['Nom', 'family'],
      ]),
      knowledge,
    );
    expect(guess.columns.map((column) => column.role)).toEqual(['civility', 'id', 'family-name']);
    expect(guess.columns[1]?.reasons.at(-1)?.en).toBe('every row has another value');
  });

  it('have no key when nothing is unique', () => {
    const roles = rolesOf([
      ['Nom', 'family'],
      ['Ville', 'town'],
    ]);
    expect(Object.values(roles)).not.toContain('id');
  });

  it('leave out a full name that first and last name repeat', () => {
    const roles = rolesOf([
      ['Id', 'key'],
      ['Name', 'full'],
      ['FirstName', 'given'],
      ['LastName', 'family'],
    ]);
    expect(roles).toMatchObject({ Name: 'ignore', FirstName: 'given-name', LastName: 'family-name' });
  });

  it('read `Nom` as a full name when no first names stand beside it, as an organisation when it holds those', () => {
    expect(rolesOf([['Nom', 'full']])['Nom']).toBe('full-name');
    expect(rolesOf([['Nom', 'organisation']])['Nom']).toBe('organisation-name');
  });

  it('find the family name beside the first name', () => {
    const roles = rolesOf([
      ['Prénom', 'given'],
      ['Zone 2', 'family'],
    ]);
    expect(roles['Zone 2']).toBe('family-name');
  });

  it('take the most telling text for a name when there is none', () => {
    const values = rows((row) => `a long and winding headline number ${String(row)}`);
    const guess = guessColumns([{ name: 'headline', values }], knowledge);
    expect(guess.columns[0]).toMatchObject({ role: 'organisation-name', confidence: 0.5 });
  });

  it('tell people, organisations and both apart, and the country', () => {
    const people = guessColumns(
      table([
        ['Nom', 'family'],
        ['CP', 'postcode'],
        ['Tél', 'phone'],
      ]),
      knowledge,
    );
    expect(people).toMatchObject({ entity: 'person', country: 'FR' });
    expect(guessColumns(table([['Raison sociale', 'organisation']]), knowledge).entity).toBe('organisation');
    const both = guessColumns(
      table([
        ['Raison sociale', 'organisation'],
        ['Prénom', 'given'],
      ]),
      knowledge,
    );
    expect(both).toMatchObject({ entity: 'mixed', country: undefined });
  });

  it('give every column a guess with reasons in two languages, whatever the cells', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            name: fc.string({ unit: 'grapheme' }),
            values: fc.array(fc.string(), { minLength: 3, maxLength: 3 }),
          }),
          { maxLength: 5 },
        ),
        (samples) => {
          const { columns } = guessColumns(samples, knowledge);
          expect(columns.map((column) => column.name)).toEqual(samples.map((sample) => sample.name));
          expect(columns.filter((column) => column.role === 'id').length).toBeLessThanOrEqual(1);
          for (const column of columns) {
            expect(column.confidence).toBeGreaterThanOrEqual(0);
            expect(column.confidence).toBeLessThanOrEqual(1);
            expect(column.reasons.every((reason) => reason.en !== '' && reason.fr !== '')).toBe(true);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

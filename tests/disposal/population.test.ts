import { describe, expect, it } from '@jest/globals';
import {
  populationOf,
  recordTreatment,
  termsOf,
  treatmentOfObject,
  type PeopleToAnonymise,
} from '../../scripts/disposal/anonymity/population.ts';
import { loadLaw } from '../../scripts/app/loadLaw.ts';
import { anonymisationSettings } from '../../scripts/model/charter.ts';
import { anonymisedNames, withoutAnonymised } from '../../scripts/model/anonymisedPeople.ts';
import { matchesFilter } from '../../scripts/model/filterMatch.ts';
import type { DescribedField, OrgRow } from '../../scripts/org/port.ts';
import { hierarchies, treatments } from './knowledge.ts';

const field = (name: string, type = 'string'): DescribedField => ({
  ...{ name, label: name, type, length: 80, nillable: name !== 'LastName', createable: true, updateable: true },
  ...{ filterable: true, calculated: false, custom: false, nameField: false, externalId: false, unique: false },
  ...{ encrypted: false, htmlFormatted: false, extraTypeInfo: null, compoundFieldName: null, referenceTo: [] },
  ...{ relationshipName: null, picklistValues: [], inlineHelpText: null },
});
const category = (key: string, special?: 'article-9') => ({
  ...{ categories: [key], thirdParty: false, derived: false, freeText: false },
  ...(special === undefined ? {} : { special }),
});

const known = (keep: Readonly<Record<string, { hierarchy: string; from: string }>> = {}): PeopleToAnonymise => ({
  people: { object: 'Contact', familyName: ['LastName'] },
  described: {
    ...{ name: 'Contact', label: 'Contact', labelPlural: 'Contacts', keyPrefix: '003', custom: false, queryable: true },
    ...{ createable: true, updateable: true, deletable: true, undeletable: true, mergeable: true, children: [] },
    fields: [
      ...[field('LastName'), field('MailingPostalCode'), field('MailingCountry'), field('LeadSource', 'picklist')],
      ...[field('Birthdate', 'date'), field('Illness__c', 'picklist')],
    ],
  },
  categories: {
    LastName: category('user.name.last'),
    MailingPostalCode: category('user.contact.address.postal_code'),
    MailingCountry: category('user.contact.address.country'),
    LeadSource: category('user.demographic.profile'),
    Birthdate: category('user.demographic.date_of_birth'),
    Illness__c: category('user.health', 'article-9'),
  },
  ...{ treatments, hierarchies, country: 'FR', language: 'fr' },
  settings: anonymisationSettings.parse({ keep: { Contact: keep } }),
});

const ROWS: readonly OrgRow[] = [
  {
    Id: 'a',
    LastName: 'Durand',
    MailingPostalCode: '69003',
    MailingCountry: 'France',
    LeadSource: 'Web',
    Birthdate: '1961-03-04',
    Illness__c: 'x',
  },
  { Id: 'b', LastName: 'Personne anonymisée', MailingPostalCode: '69', MailingCountry: null, Birthdate: '1961-01-01' },
  { Id: 'c', LastName: 'Anonymised person', MailingPostalCode: null, Birthdate: null },
  { Id: 'd', LastName: 'Kept' },
];

describe('populationOf', () => {
  it('takes who is due and who was anonymised, in any language, by the fields that are made coarser', () => {
    const population = populationOf(
      known(),
      () => ROWS,
      (id) => id === 'a',
    );
    expect(population.attributes).toEqual([
      { key: 'MailingPostalCode', type: 'string', role: 'quasi-identifier', hierarchy: 'postcode', from: 'area' },
      { key: 'MailingCountry', type: 'string', role: 'quasi-identifier', hierarchy: 'words', from: 'exact' },
      { key: 'Birthdate', type: 'date', role: 'quasi-identifier', hierarchy: 'date', from: 'year' },
    ]);
    expect([...population.rows()]).toEqual([
      { id: 'a', values: ['69003', 'France', '1961-03-04'], country: 'France' },
      { id: 'b', values: ['69', null, '1961-01-01'], country: null, isDone: true },
      { id: 'c', values: [null, null, null], country: null, isDone: true },
    ]);
  });

  it('keeps the columns that the charter names; a special category among them is a sensitive one', () => {
    const own = {
      LeadSource: { hierarchy: 'words', from: 'exact' },
      Illness__c: { hierarchy: 'words', from: 'exact' },
    };
    const { attributes } = populationOf(
      known(own),
      () => ROWS,
      () => true,
    );
    expect(attributes.map(({ key, role }) => `${key} ${role}`)).toEqual([
      ...['MailingPostalCode quasi-identifier', 'MailingCountry quasi-identifier', 'LeadSource quasi-identifier'],
      ...['Birthdate quasi-identifier', 'Illness__c sensitive'],
    ]);
    expect(treatmentOfObject(known()).treated.get('LeadSource')).toEqual({ do: 'empty' });
  });

  it('writes what was decided of a person, and the finest allowed step of other rows', () => {
    const own = treatmentOfObject(known());
    const outcome = { id: 'a', state: 'kept' as const, values: { Birthdate: '1960-01-01' } };
    const birth = { do: 'coarsen', hierarchy: 'date', from: 'year' } as const;
    const person = recordTreatment(known(), own, outcome);
    expect([person.text, person.coarse('Birthdate', birth, '1961-03-04'), person.coarse('Other', birth, 'x')]).toEqual([
      ...['Personne anonymisée', '1960-01-01', null],
    ]);
    const row = recordTreatment(known(), own);
    expect([row.text, row.coarse('Birthdate', birth, '1961-03-04')]).toEqual(['Anonymisé', '1961-01-01']);
  });

  it('asks for five who look alike and two sensitive values, unless the charter says otherwise', () => {
    expect(termsOf(anonymisationSettings.parse({}), 'FR')).toEqual({
      k: 5,
      l: 2,
      suppressedAtMost: 0.05,
      country: 'FR',
    });
    expect(anonymisationSettings.safeParse({ k: 1 }).success).toBe(false);
  });
});

describe('people who were anonymised', () => {
  it('are none of the people that packs name any more, whatever reads them', async () => {
    const { packs } = await loadLaw({ charterPath: 'config/charters/demo.yml', starterAllowed: false });
    const contacts = packs.flatMap((pack) => pack.people).filter(({ object }) => object === 'Contact');
    expect(contacts.length).toBeGreaterThan(0);
    for (const { where } of contacts) {
      const isTaken = (LastName: string) => matchesFilter(where, (path) => (path === 'LastName' ? LastName : null));
      expect([isTaken('Durand'), ...anonymisedNames(treatments).map(isTaken)]).toEqual([true, false, false]);
    }
  });

  it('are known by a name without a number, which could be a key, and people without a family name stay', () => {
    expect(anonymisedNames(treatments).filter((name) => /\d/.test(name))).toEqual([]);
    const pack = { people: [{ object: 'Person__c', familyName: [], where: [] }] };
    expect(withoutAnonymised([pack as never], treatments)[0]?.people[0]?.where).toEqual([]);
  });
});

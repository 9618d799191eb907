import { describe, expect, it } from '@jest/globals';
import { valueOf } from '../../scripts/kernel/result.ts';
import { matchFieldName } from '../../scripts/model/fieldNameMatch.ts';
import { resolveModel } from '../../scripts/model/resolveModel.ts';
import { aField, aLookup, anObject, modelInput } from './describedOrg.ts';

const contact = anObject(
  'Contact',
  [
    aField('Name'),
    aField('LastName'),
    aField('Email', { type: 'email' }),
    aLookup('AccountId', 'Account'),
    aField('Description', { type: 'textarea', length: 32_000 }),
  ],
  '003',
);
const account = anObject('Account', [aField('Name')], '001');
const resolved = (objects: Parameters<typeof modelInput>[0], charter = '') =>
  valueOf(resolveModel(modelInput([contact, account, ...objects], charter)));

describe('the model of an org', () => {
  it('keeps of the packs what the org shows and lists the rest as absent', () => {
    const model = resolved([]);
    expect(model.people.map((person) => [person.object, person.emails])).toEqual([['Contact', ['Email']]]);
    expect(model.absent).toContainEqual({
      what: 'people',
      object: 'Account',
      field: 'IsPersonAccount',
      namedBy: 'sales-cloud',
    });
    expect(model.absent).toContainEqual({
      what: 'field',
      object: 'Contact',
      field: 'Birthdate',
      namedBy: 'sales-cloud',
    });
  });

  it('gives each field its category, and finds free text by type where no pack speaks', () => {
    const model = resolved([
      anObject('Visit__c', [
        aLookup('Contact__c', 'Contact'),
        aField('Report__c', { type: 'textarea', length: 5_000 }),
      ]),
    ]);
    const field = model.objects.get('Visit__c')?.fields.find((one) => one.name === 'Report__c');
    expect(field).toMatchObject({ origin: 'undeclared', freeText: true });
    expect(model.objects.get('Contact')?.fields.find((one) => one.name === 'Email')?.category?.categories).toEqual([
      'user.contact.email',
    ]);
  });

  it('discovers custom objects two lookups away from a person', () => {
    const model = resolved([
      anObject('Course__c', [aLookup('Student__c', 'Contact')]),
      anObject('Mark__c', [aLookup('Course__c', 'Course__c')]),
    ]);
    expect(model.paths.map((path) => `${path.object}.${path.via}>${path.to}`)).toEqual([
      'Course__c.Student__c>Contact',
      'Mark__c.Course__c>Course__c',
    ]);
  });

  it('does not walk through a junction into other people: their own lookups are watched', () => {
    const model = resolved([
      anObject('Session__c', [aLookup('Teacher__c', 'Contact')]),
      anObject('Attendance__c', [aLookup('Session__c', 'Session__c'), aLookup('Person__c', 'Contact')]),
    ]);
    const path = model.paths.find((one) => one.object === 'Attendance__c' && one.to === 'Session__c');
    expect(path?.others).toEqual(['Person__c']);
  });

  it('takes a custom lookup of an object that packs know for shared: it may be somebody else’s', () => {
    const opportunity = anObject('Opportunity', [
      aField('Name'),
      aLookup('ContactId', 'Contact'),
      aLookup('Introduced_By__c', 'Contact'),
    ]);
    const model = resolved([opportunity]);
    expect(model.paths.find((path) => path.via === 'Introduced_By__c')?.shared).toBe(true);
    expect(model.paths.find((path) => path.via === 'ContactId')?.shared).toBe(false);
  });

  it('finds field history, and counts its values as personal', () => {
    const model = resolved([
      anObject('ContactHistory', [aLookup('ContactId', 'Contact'), aField('NewValue', { type: 'anyType' })]),
    ]);
    expect(model.paths.map((path) => path.object)).toEqual(['ContactHistory']);
    expect(model.objects.get('ContactHistory')?.fields.find((one) => one.name === 'NewValue')?.origin).toBe('platform');
  });

  it('PII-05: flags a field called Religion, in English, French, by label, help text or values, without reading a record', () => {
    const odd = aField('X1__c', { label: 'Confession' });
    const values = ['Catholique', 'Musulmane', 'Aucune'].map((value) => ({ value, label: value }));
    const fields = [
      aField('Religion__c'),
      aField('X2__c', { type: 'picklist', picklistValues: values }),
      odd,
      aField('X3__c', { inlineHelpText: 'Religion of the person, if told' }),
    ];
    const model = resolved([{ ...contact, fields: [...contact.fields, ...fields] }]);
    const special = model.undeclared.filter((one) => one.suggestion?.special === 'article-9').map((one) => one.field);
    expect(special).toEqual(['Religion__c', 'X2__c', 'X1__c', 'X3__c']);
  });

  it('asks nobody to declare what a pack’s own package brings', () => {
    const fields = [
      aField('npsp__Gift_Strategy__c', { type: 'picklist' }),
      aField('Gift_Mood__c', { type: 'picklist' }),
    ];
    const model = resolved([anObject('Opportunity', [aLookup('ContactId', 'Contact'), ...fields])]);
    expect(model.undeclared.map((one) => one.field)).toEqual(['Gift_Mood__c']);
  });

  it('refuses a charter that names what the org does not show, with the nearest name; all at once', () => {
    const charter = `fields: { Contact: { Emial: { categories: [user.contact.email] } }, Contct: { Name: { categories: [user.name] } } }
paths: [{ object: Contact, via: Nobody__c, to: Account, role: { en: a, fr: b } }]`;
    const result = resolveModel(modelInput([contact, account], charter));
    expect(result.ok ? [] : result.problems.map((one) => [one.code, one.subject, one.actions[0]])).toEqual([
      ['CharterNamesUnknownPlace', 'fields.Contact.Emial', 'Did you mean Email?'],
      ['CharterNamesUnknownPlace', 'fields.Contct.Name', 'Did you mean Contact?'],
      ['CharterNamesUnknownPlace', 'paths[0]', 'Correct the name, or remove the entry.'],
    ]);
  });

  it('does not call a hidden field a mistake of the charter', () => {
    const charter = 'fields: { Contact: { Religion__c: { categories: [user.demographic.religious_belief] } } }';
    const input = { ...modelInput([contact, account], charter), hidden: [{ object: 'Contact', field: 'Religion__c' }] };
    expect(resolveModel(input)).toMatchObject({ ok: true });
  });
});

describe('names of fields', () => {
  const { fieldNames } = modelInput([]);
  it.each([
    ['Groupe_Sanguin__c', 'health'],
    ['RegimeAlimentaire__c', 'health'],
    ['Nationalité__c', 'nationality'],
    ['Numero_Securite_Sociale__c', 'national-number'],
    ['IBAN__c', 'bank'],
    ['Date_de_naissance__c', 'birth'],
    ['Personne_a_prevenir__c', 'emergency-contact'],
  ])('%s speaks of %s', (name, key) => {
    expect(matchFieldName(fieldNames, { name, label: name.replace(/__c$/, '') })?.key).toBe(key);
  });
  it.each(['Region__c', 'Relation_Manager__c', 'Total_Amount__c', 'Stage__c', 'Salle__c'])(
    '%s speaks of nothing personal',
    (name) => {
      expect(matchFieldName(fieldNames, { name, label: name.replace(/__c$/, '') })).toBeUndefined();
    },
  );
});

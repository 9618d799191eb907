import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadKnowledge } from './loadKnowledge.ts';

const { email, phone } = await loadKnowledge();

describe('phones', () => {
  it.each([
    ['06 12 34 56 79', 'FR', '+33612345679'],
    ['06.12.34.56.79', 'FR', '+33612345679'],
    ['0612345679', 'FR', '+33612345679'],
    ['+33 6 12 34 56 79', '', '+33612345679'],
    ['+33 (0)6 12 34 56 79', '', '+33612345679'],
    ['0033612345679', '', '+33612345679'],
    ['33612345679', 'FR', '+33612345679'],
    ['612345679', 'FR', '+33612345679'],
    ['Tél : 06 12 34 56 79', 'FR', '+33612345679'],
    ['0475/12.34.56', 'BE', '+32475123456'],
    ['079 123 45 67', 'CH', '+41791234567'],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['(702) 919-1300', 'US', '+17029191300'],
    ['1-702-919-1300', 'US', '+17029191300'],
    ['0692 12 34 56', 'FR', '+262692123456'],
    ['030 901820', 'DE', '+4930901820'],
    ['02 1234 5678', 'IT', '+390212345678'],
    ['08-123 456 78', 'SE', '+46812345678'],
    ['01 42 68 53 01 / 06 12 34 56 79', 'FR', '+33142685301'],
    ['01 42 68 53 01 poste 12', 'FR', '+33142685301'],
  ])('%s in “%s” is %s', (text, country, e164) => {
    expect(phone(text, country)).toMatchObject({ e164, ambiguous: false, placeholder: false });
  });

  it('stay ambiguous without a country, though their digits can be compared', () => {
    expect(phone('0475/12.34.56')).toMatchObject({ e164: '', national: '475123456', ambiguous: true });
    expect(phone('06 12 34 56 79').national).toBe(phone('06 12 34 56 79', 'FR').national);
    expect(phone('1-702-919-1300').national).toBe(phone('(702) 919-1300', 'US').national);
  });

  it('tell mobile numbers where the plan does', () => {
    expect(phone('0612345679', 'FR').mobile).toBe(true);
    expect(phone('0142685301', 'FR').mobile).toBe(false);
  });

  it.each(['0000000000', '06 00 00 00 00'.replace('06', '00'), '0123456789', '9999999999', '1111111111'])(
    '%s is no evidence',
    (text) => {
      expect(phone(text, 'FR').placeholder || phone(text, 'FR').national === '').toBe(true);
    },
  );

  it.each(['', 'abc', '12', '-'])('%s is no number', (text) => {
    expect(phone(text, 'FR')).toEqual({ e164: '', national: '', mobile: false, ambiguous: false, placeholder: false });
  });

  it('read what they wrote the same way again', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^0[1-79](?:[ .-]?[0-9]{2}){4}$/), (text) => {
        const first = phone(text, 'FR');
        expect(phone(first.e164)).toEqual(first);
      }),
    );
  });
});

describe('e-mail addresses', () => {
  it.each([
    // the shipped lists name real providers; the user part says "given.family" and is nobody
    ['Prenom.Nom+dons@Gmail.com', 'prenomnom@gmail.com'],
    ['prenomnom@googlemail.com', 'prenomnom@gmail.com'],
    ['prenom.nom@gmial.com', 'prenomnom@gmail.com'],
    ['prenom.nom@gmail,com', 'prenomnom@gmail.com'],
    ['prenom.nomgmail.com', 'prenomnom@gmail.com'],
    ['prenom.nom@orange.frr', 'prenom.nom@orange.fr'],
    ['prenom.nom@wanadou.fr', 'prenom.nom@wanadoo.fr'],
    ['mailto:jean@poste.example', 'jean@poste.example'],
    ['Jean Durand <jean@poste.example>', 'jean@poste.example'],
    ['JEAN@POSTE.EXAMPLE; marie@poste.example', 'jean@poste.example'],
    ['éric@poste.example', 'eric@poste.example'],
    ['jean(at)poste.example', 'jean@poste.example'],
    [' jean @ poste.example ', 'jean@poste.example'],
    ['jean.durand@poste.example', 'jean.durand@poste.example'],
    ['pas d’adresse', ''],
    ['@poste.example', ''],
    ['jean@', ''],
    ['', ''],
  ])('%s is compared as “%s”', (text, key) => {
    expect(email(text).key).toBe(key);
  });

  it('tell offices, fillers, providers and words', () => {
    expect(email('info@asso.example')).toMatchObject({ role: true, free: false });
    expect(email('contact75@asso.example').role).toBe(true);
    expect(email('secretariat.lyon@asso.example').role).toBe(true);
    expect(email('jean.durand@asso.example')).toMatchObject({ role: false, words: ['jean', 'durand'] });
    expect(email('informaticien@asso.example').role).toBe(false);
    expect(email('prenom@gmail.com').free).toBe(true);
    for (const filler of ['noemail@poste.example', 'xxx@xxx.example', 'test@test.example', 'pasdemail@poste.example'])
      expect(email(filler).placeholder).toBe(true);
    expect(email('test@poste.example').placeholder).toBe(false);
  });

  it('read what they wrote the same way again, and never fail', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' })), (text) => {
        const first = email(text);
        expect(email(first.key).key).toBe(first.key);
      }),
    );
  });
});

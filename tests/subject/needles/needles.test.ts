import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readSpellingKnowledge } from '../../../scripts/app/spellingKnowledge.ts';
import { compileNeedles, judgeHits, type NeedleFinder } from '../../../scripts/subject/needles/compileNeedles.ts';
import type { Needles, SpellingKnowledge } from '../../../scripts/subject/needles/contract.ts';
import { variantsOf } from '../../../scripts/subject/needles/variantsOf.ts';

let knowledge: SpellingKnowledge;
beforeAll(async () => {
  knowledge = await readSpellingKnowledge();
});

const HELENE: Needles = {
  version: 1,
  country: 'FR',
  roots: [{ object: 'Contact', id: '003000000000001AAA' }],
  names: [
    { full: 'Hélène Müller-Lefèvre', given: ['Hélène'], family: ['Müller-Lefèvre'], namesakes: 1, familyBearers: 3 },
    { full: 'Jean-Noël de La Tour', given: ['Jean-Noël'], family: ['de La Tour'], namesakes: 0, familyBearers: 0 },
  ],
  emails: ['Helene.Lefevre@asso.example', 'h.lefevrepersonneinventeeexemple@gmail.com'],
  sharedEmails: ['famille@foyer.example'],
  phones: ['06 39 98 12 34', '+32 470 12 34 56'],
  sharedPhones: ['01 99 00 12 34'],
  birthDates: ['1957-03-04'],
  addresses: [{ street: '12 bis boulevard de la Libération', postcode: '44000', city: 'Nantes' }],
  identifiers: ['FR7630006000011234567890189', 'ADH-2019-0042'],
  recordIds: ['003000000000001AAA', '0060000000ZZ9abAAA'],
};
const finderOf = (needles: Needles): NeedleFinder => compileNeedles(needles, knowledge);
const kindsIn = (text: string): readonly string[] =>
  finderOf(HELENE)
    .find(text)
    .map(({ kind, of, strength }) => `${kind} ${of} ${strength}`);

describe('spellings of a person', () => {
  it('recognises every spelling that it lists', () => {
    const finder = finderOf(HELENE);
    const missed = variantsOf(HELENE, knowledge).filter(
      ({ kind, of, text }) => !finder.find(`vu avec ${text}, hier`).some((hit) => hit.kind === kind && hit.of === of),
    );
    expect(missed).toEqual([]);
    expect(variantsOf(HELENE, knowledge).length).toBeGreaterThan(200);
  });

  it.each([
    ['HELENE MULLER LEFEVRE', 'name 0 together'],
    ['Mueller-Lefevre, Hélène', 'name 0 together'],
    ['H. Müller-Lefèvre', 'name 0 hint'],
    ['Hélène Lefèvre', 'name 0 hint'],
    ['H&eacute;l&egrave;ne M&uuml;ller-Lef&egrave;vre', 'name 0 together'],
    ['Du don de H=C3=A9l=C3=A8ne M=C3=BCller-=\r\nLef=C3=A8vre', 'name 0 together'],
    ['q=H%C3%A9l%C3%A8ne+M%C3%BCller-Lef%C3%A8vre', 'name 0 together'],
    ['HÃ©lÃ¨ne MÃ¼ller-LefÃ¨vre', 'name 0 together'],
    ['<p><b>Hélène</b> Müller<i>-Lefèvre</i></p>', 'name 0 together'],
    ['Jean Noel La Tour', 'name 1 alone'],
    ['DELATOUR Jean-Noël', 'name 1 alone'],
    ['M. Delatour', 'name 1 hint'],
    ['mailto:helene.lefevre+dons@ASSO.example?subject=x', 'email 0 alone'],
    ['https://x.example/?mail=helene.lefevre%40asso.example&a=1', 'email 0 alone'],
    ['helene.lefevre (at) asso [dot] example', 'email 0 alone'],
    ['hlefevrepersonneinventeeexemple@googlemail.com', 'email 1 alone'],
    ['famille@foyer.example', 'email 2 together'],
    ['tel 0033(0)6.39.98.12.34', 'phone 0 alone'],
    ['+33 6 39 98 12 34', 'phone 0 alone'],
    ['0470/12.34.56', 'phone 1 alone'],
    ['01-99-00-12-34', 'phone 2 together'],
    ['née le 4 mars 1957', 'birth-date 0 together'],
    ['4/3/57', 'birth-date 0 together'],
    ['March 4th, 1957', 'birth-date 0 together'],
    ['12 bis bd Libération', 'address 0 together'],
    ['IBAN fr76 3000 6000 0112 3456 7890 189', 'identifier 0 alone'],
    ['adh 2019 0042', 'identifier 1 alone'],
    ['https://org.example/0060000000ZZ9ab', 'record-id 1 alone'],
  ])('finds %j', (text, expected) => {
    expect(kindsIn(text)).toContain(expected);
  });

  it.each([
    'Hélène Martin et Paul Müller',
    'Paul Lefèvre, Lefèvre SA',
    'xhelene.lefevre@asso.example',
    'o.h.lefevre@asso.example',
    'helene.lefevre@asso.example.org',
    'helene.lefevre@asso-example',
    'commande 906399812345',
    '06 39 98 12 35',
    'le 4 mars 1958, le 14/03/1957',
    '112 bis boulevard de la Libération',
    'FR7630006000011234567890188',
    '0060000000ZZ9aB',
    'latitude 47.2, tour de magie',
  ])('finds nothing of hers in %j', (text) => {
    expect(kindsIn(text).filter((hit) => !hit.endsWith('hint'))).toEqual([]);
  });

  it('finds a name whose parts stand in fields of their own', () => {
    const found = finderOf(HELENE).findInRow([
      ['Contact1_Firstname__c', 'HELENE'],
      ['Contact1_Lastname__c', 'Müller Lefèvre'],
      ['Note__c', 'rien'],
    ]);
    expect([...found.keys()]).toEqual(['Contact1_Firstname__c', 'Contact1_Lastname__c']);
  });

  it('never takes a namesake: a name that others bear needs a second mark', () => {
    const judge = (text: string): string => judgeHits(finderOf(HELENE).find(text));
    expect(judge('Rappeler Hélène Müller-Lefèvre')).toBe('possible');
    expect(judge('Hélène Müller-Lefèvre, née le 04/03/1957')).toBe('sure');
    expect(judge('Hélène Müller-Lefèvre, famille@foyer.example')).toBe('sure');
    expect(judge('Paul, famille@foyer.example, 01 99 00 12 34')).toBe('possible');
    expect(judge('H. Müller-Lefèvre, 12 bis bd Libération')).toBe('possible');
    expect(judge('réunion du 04/03/1957')).toBe('none');
    expect(judge('Jean-Noël de La Tour')).toBe('sure');
  });

  it('finds nothing alone of other people, whoever they are', () => {
    const words = [
      'Camille',
      'Jean',
      'Vautrin',
      'Martin',
      'Hélène',
      'Lefèvre',
      'rue',
      'de',
      'la',
      'Tour',
      'don',
      '12',
      '1957',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words), { maxLength: 12 }),
        fc.integer({ min: 0, max: 99999999 }),
        (some, number) => {
          const digits = String(number).padStart(8, '0');
          fc.pre(digits !== '39981234');
          const text = `${some.filter((word) => word !== 'Jean').join(' ')} 06${digits} ${some.join('.').toLowerCase()}@autre.example`;
          return judgeHits(finderOf(HELENE).find(text)) !== 'sure';
        },
      ),
    );
  });

  it('keeps its time on long and hostile texts', () => {
    const finder = finderOf(HELENE);
    for (const text of [
      '0'.repeat(200_000),
      '('.repeat(100_000),
      'a@'.repeat(100_000),
      '=C3'.repeat(60_000),
      '<'.repeat(100_000),
      '%C3'.repeat(60_000),
      ' at '.repeat(50_000),
      '06 '.repeat(60_000),
    ]) {
      const before = process.cpuUsage();
      finder.find(text);
      const { user } = process.cpuUsage(before);
      // a quadratic pattern takes minutes here
      expect(user / 1e6).toBeLessThan(10);
    }
  });
});

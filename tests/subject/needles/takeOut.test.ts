import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readSpellingKnowledge } from '../../../scripts/app/spellingKnowledge.ts';
import { compileNeedles, type NeedleFinder } from '../../../scripts/subject/needles/compileNeedles.ts';
import type { Needles } from '../../../scripts/subject/needles/contract.ts';
import { takeOut } from '../../../scripts/subject/needles/takeOut.ts';

const MARK = '[…]';
const needles: Needles = {
  ...{ version: 1, country: 'FR', roots: [], recordIds: ['003Ne0000000001AAA'], identifiers: ['FR76 3000 6000 0112'] },
  names: [{ full: 'Aurélie Briançourt', given: ['Aurélie'], family: ['Briançourt'], namesakes: 0, familyBearers: 1 }],
  ...{ emails: ['aurelie.briancourt@asso.example'], sharedEmails: [], phones: ['06 39 98 55 44'], sharedPhones: [] },
  birthDates: ['1961-05-07'],
  addresses: [{ street: '7 avenue des Tilleuls', postcode: '44000', city: 'Nantes' }],
};

let finder: NeedleFinder;
const out = (text: string) => takeOut(text, finder, { isWanted: () => true, mark: MARK });

beforeAll(async () => {
  finder = compileNeedles(needles, await readSpellingKnowledge());
});

describe('taking a person out of a text', () => {
  it.each([
    ['Contact : BRIANCOURT Aurelie, à rappeler', `Contact : ${MARK}, à rappeler`],
    ['Écrire à <aurelie.briancourt+dons@asso.example>.', `Écrire à <${MARK}>.`],
    ['<p>aurelie.briancourt&#64;asso.example</p>', `<p>${MARK}</p>`],
    ['Tél. 0033 6 39 98 55 44 ou 01 02 03 04 05', `Tél. ${MARK} ou 01 02 03 04 05`],
    ['née le 7 mai 1961 à Nantes', `née le ${MARK} à Nantes`],
    ['mail : aurelie.briancourt (at) asso [dot] example, merci', `mail : ${MARK}, merci`],
    ['Chez Aurélie Briançourt, 7 av. des Tilleuls 44000 Nantes', `Chez ${MARK}, ${MARK} 44000 Nantes`],
    ['Fiche 003Ne0000000001AAA lue', `Fiche ${MARK} lue`],
  ])('replaces the passage and leaves the rest to the letter: %s', (text, wanted) => {
    expect(out(text).text).toBe(wanted);
  });

  it('leaves other people and other numbers alone', () => {
    const text = 'Jean Briançourt, jean@asso.example, 06 39 98 55 45';
    expect(out(text)).toEqual({ text, count: 0, left: [] });
  });

  it('leaves no mark of the person in any text around several of them, and nothing else is lost', () => {
    const marks = ['Aurélie Briançourt', 'aurelie.briancourt@asso.example', '+33 6 39 98 55 44', '07/05/1961'];
    const words = fc.array(fc.constantFrom('Bonjour', 'le don', 'du foyer', '12 €', 'é à', '(voir)'), { maxLength: 4 });
    const parts = fc.array(fc.tuple(words, fc.constantFrom(...marks)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, (all) => {
        const text = all.map(([before, mark]) => `${before.join(' ')} ; ${mark} ; `).join('');
        const { text: left, count } = out(text);
        expect(finder.find(left)).toEqual([]);
        expect(count).toBe(all.length);
        expect(left).toBe(all.map(([before]) => `${before.join(' ')} ; ${MARK} ; `).join(''));
      }),
      { numRuns: 40 },
    );
  });
});

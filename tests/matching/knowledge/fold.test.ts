import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { repairText } from '../../../scripts/matching/knowledge/repairText.ts';
import { loadKnowledge } from './loadKnowledge.ts';

const { fold } = await loadKnowledge();

describe('folding', () => {
  it.each([
    ['Élodie', 'elodie'],
    ['  Jean\u00a0 Pierre ', 'jean pierre'],
    ['Œuvre', 'oeuvre'],
    ['Straße', 'strasse'],
    ['Łódź', 'lodz'],
    ['Ørsted', 'orsted'],
    ['İstanbul', 'istanbul'],
    ['O’Brien', 'o brien'],
    ['ＡＢＣ', 'abc'],
    ['FranÃ§ois', 'francois'],
    ['Fran&ccedil;ois', 'francois'],
    ['Fran&#231;ois', 'francois'],
    ['Сергей', 'sergei'],
    ['Παπαδόπουλος', 'papadopoulos'],
    ['トヨタ', 'toyota'],
    ['さくら', 'sakura'],
    ['王伟', 'wang wei'],
    ['ღვინო', 'ghvino'],
    ['Նարեկ', 'narek'],
    ['שלום', 'shlvm'],
    ['محمد', 'mhmd'],
    ['', ''],
    ['—', ''],
  ])('%s becomes %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it('keeps vowel signs and accents of Arabic and Hebrew out of the key', () => {
    expect(fold('مُحَمَّد')).toBe(fold('محمد'));
  });

  it('gives a stable key to writing that no table lists, and different ones to different texts', () => {
    expect(fold('नरेंद्र')).toMatch(/^[a-z ]+$/);
    expect(fold('नरेंद्र')).not.toBe(fold('नरेश'));
  });

  it('changes nothing when done twice, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = fold(text);
        expect(fold(once)).toBe(once);
        expect(once).toMatch(/^(?:[a-z0-9]+(?: [a-z0-9]+)*)?$/);
      }),
      { numRuns: 500 },
    );
  });

  it('does not look at case or at composed against decomposed accents', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Zéèêëàâäçîïôöùûüñ' -]{0,30}$/), (text) => {
        expect(fold(text.toUpperCase())).toBe(fold(text.toLowerCase()));
        expect(fold(text.normalize('NFD'))).toBe(fold(text.normalize('NFC')));
      }),
    );
  });
});

describe('mending', () => {
  it('leaves texts alone whose odd letters were meant', () => {
    expect(repairText('São Paulo')).toBe('São Paulo');
    expect(repairText('Mötley Crüe & Co;')).toBe('Mötley Crüe & Co;');
  });

  it('undoes one wrong reading of UTF-8, and two', () => {
    const wrong = (text: string): string => new TextDecoder('windows-1252').decode(new TextEncoder().encode(text));
    expect(repairText(wrong('Hélène Lefèvre'))).toBe('Hélène Lefèvre');
    expect(repairText(wrong(wrong('Hélène')))).toBe('Hélène');
  });

  it('drops what stands for a lost letter inside a word only', () => {
    expect(repairText('Fran?ois')).toBe('Franois');
    expect(repairText('Fran\ufffdois')).toBe('Franois');
    expect(repairText('qui ?')).toBe('qui ?');
  });
});

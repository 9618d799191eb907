import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { phoneticKey } from '../../../scripts/matching/knowledge/phonetic.ts';
import { loadKnowledge } from './loadKnowledge.ts';

const { fold } = await loadKnowledge();

const ALIKE =
  `lefebvre lefevre|lefebvre lefebure|thibault thibaut|thibaud thibault|durand durant|renaud renault|raynaud renaud
dupont dupond|mathieu matthieu|philippe filipe|sophie sofie|theo teo|meyer maier|mayer meyer|schmidt schmitt|muller mueller
clement clemant|laurent laurant|germain germin|camille camile|aubry aubri|georges george|charles charle|jacques jaques
gaelle gaele|nathalie natalie|monique monike|gauthier gautier|moreau morot|rousseau rousseaux|lemaitre lemaistre
dubois duboys|faivre fevre|bertrand bertran|bernard bernart|hubert ubert|henry henri|sylvie silvie|perrin perin
perrot perraud|chevallier chevalier|besnard benard|arnaud arnault|hernandez hernandes|aymard aimard|duquesne duquene
quentin kentin|leclerc leclercq|schneider chneider|wagner vagner|geoffroy joffroi|legrand legrant|girault giraud
michaud michaux|pinault pineau|stephane stefane|cecile cecille|celine seline|rosier rozier`
    .split(/[|\n]/)
    .map((pair) => pair.split(' ') as [string, string]);

const UNLIKE = `martin marchand|durand dupont|michel marcel|daniel danton|simon salmon|julie julien|laurent laurence
bernard bernadette|petit petitjean|roux rousseau|blanc blanchard|garnier grenier|andre adrien|lucas lucie|gilles gilbert
martin martinet|richard ricard|roger rogier|bertin bertrand|colin collet|perrin perret|meunier monier|marin marion
renard renaud|leroux leroy|fabre favre|masson maison|brun bruneau|rossier rosier`
  .split(/[|\n]/)
  .map((pair) => pair.split(' ') as [string, string]);

describe('the sound key', () => {
  it.each(ALIKE)('is the same for %s and %s', (a, b) => {
    expect(phoneticKey(a)).toBe(phoneticKey(b));
  });

  it.each(UNLIKE)('differs for %s and %s', (a, b) => {
    expect(phoneticKey(a)).not.toBe(phoneticKey(b));
  });

  it('does not look at accents, case or blanks, never fails, and is short', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Zéèêàâçîïôùû' -]{0,40}$/), (name) => {
        const key = phoneticKey(fold(name));
        expect(phoneticKey(fold(name.toUpperCase()))).toBe(key);
        expect(phoneticKey(fold(name).replaceAll(' ', ''))).toBe(key);
        expect(key.length).toBeLessThanOrEqual(fold(name).length * 2);
      }),
    );
  });

  it('leaves something of every name', () => {
    for (const name of ['roy', 'lot', 'rey', 'he', 'x', 'ott', 'd', 'es']) expect(phoneticKey(name)).not.toBe('');
    expect(phoneticKey('')).toBe('');
  });
});

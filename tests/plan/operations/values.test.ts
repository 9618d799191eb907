import { describe, expect, it } from '@jest/globals';
import { sameValue } from '../../../scripts/plan/operations/values.ts';

describe('a value that is read back', () => {
  it('is the one that was written when only the org’s own way of keeping it differs', () => {
    expect(sameValue('Camille.MARTIN@Mairie.example', 'camille.martin@mairie.example')).toBe(true);
    expect(sameValue('', null)).toBe(true);
    expect(sameValue(null, false)).toBe(true);
    expect(sameValue('12', 12)).toBe(true);
  });

  it('is another one when a letter differs, in an address or elsewhere', () => {
    expect(sameValue('Camille.Martin@mairie.example', 'camille.martine@mairie.example')).toBe(false);
    expect(sameValue('camille.martin@mairie.example', 'Camille.Martin@mairie.example')).toBe(false);
    expect(sameValue('DUPONT', 'dupont')).toBe(false);
    expect(sameValue('Écrire à A@b.example', 'écrire à a@b.example')).toBe(false);
  });
});

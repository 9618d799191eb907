import type { FamilyName, FamilyRelation } from './contract.ts';

const SHORTEST_HALF = 3;

const sameParts = (a: FamilyName, b: FamilyName): boolean =>
  a.parts.length === b.parts.length && [...a.parts].sort().join(' ') === [...b.parts].sort().join(' ');

/** A name of the one is a name of the other, or all of it. */
const sharesHalf = (a: FamilyName, b: FamilyName): boolean =>
  a.parts.some((part) => part.length >= SHORTEST_HALF && (b.parts.includes(part) || b.joined === part)) ||
  b.parts.some((part) => part.length >= SHORTEST_HALF && a.joined === part);

/** How two family names relate by what is known of names. Symmetric; spelling and generations are not looked at. */
export const relateFamilyNames = (a: FamilyName, b: FamilyName): FamilyRelation => {
  if (a.key === '' || b.key === '') return 'different';
  if (a.joined === b.joined || sameParts(a, b)) return 'same';
  if (sharesHalf(a, b)) return 'half';
  return a.phonetic !== '' && a.phonetic === b.phonetic ? 'sound' : 'different';
};

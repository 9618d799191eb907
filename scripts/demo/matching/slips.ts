import { gazetteer } from '../gazetteer.ts';
import type { Draws } from '../random.ts';

const { mojibake } = gazetteer.variants;
const LETTERS = 'aeinorstlu';

/** One slip of the pen inside the text: a letter lost, doubled, swapped with the next, or another one. */
export const mistyped = (draws: Draws, text: string): string => {
  if (text.length < 4) return `${text}e`;
  const at = draws.whole(1, text.length - 2);
  const [before, after] = [text.slice(0, at), text.slice(at + 1)];
  switch (draws.whole(0, 3)) {
    case 0:
      return before + after;
    case 1:
      return text.slice(0, at + 1) + text.slice(at);
    case 2:
      return before + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
    default:
      return before + LETTERS.charAt(draws.whole(0, LETTERS.length - 1)) + after;
  }
};

const ASCII = /^[\0-\x7f]*$/;

const plainOf = new Map<string, string>([
  ['œ', 'oe'],
  ['Œ', 'OE'],
]);
for (let code = 0xc0; code < 0x180; code += 1) {
  const letter = String.fromCharCode(code);
  const plain = letter.normalize('NFD').replace(/\p{M}/gu, '');
  if (plain !== letter) plainOf.set(letter, plain);
}

export const withoutAccents = (text: string): string =>
  ASCII.test(text) ? text : text.replace(/\P{ASCII}/gu, (letter) => plainOf.get(letter) ?? letter);

/** UTF-8 read as Windows-1252, for the letters that the gazetteer knows. */
export const garbled = (text: string): string =>
  ASCII.test(text) ? text : text.replace(/\P{ASCII}/gu, (character) => mojibake[character] ?? character);

const inCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();

/** `de La Fontaine` as it is written elsewhere: `La Fontaine (de)`, `Delafontaine`, `Fontaine`; the name itself without particle. */
export const withParticleElsewhere = (draws: Draws, name: string): string => {
  const match = /^((?:de La|de|du|des|d'|D'|Da|Dos|De|Des|El|Ben|Aït|Van den|Van|Von|Le|La|L') ?)([A-ZÀ-Ü].*)$/.exec(
    name,
  );
  if (match === null) return name;
  const [, particle = '', core = ''] = match;
  switch (draws.whole(0, 3)) {
    case 0:
      return `${core} (${particle.trim()})`;
    case 1:
      return inCase((particle + core).replace(/[ ']/g, ''));
    case 2:
      return `${particle.toUpperCase()}${core.toUpperCase()}`;
    default:
      return core;
  }
};

/** `Jean-Pierre` as it is written elsewhere; other first names as they are. */
export const compoundElsewhere = (draws: Draws, name: string): string => {
  const hyphen = name.indexOf('-');
  if (hyphen < 1) return name;
  const [one, two] = [name.slice(0, hyphen), name.slice(hyphen + 1)];
  switch (draws.whole(0, 4)) {
    case 0:
    case 1:
      return `${one} ${two}`;
    case 2:
      return one + two.toLowerCase();
    case 3:
      return `${one.charAt(0)}.-${two}`;
    default:
      return `${one.charAt(0)}${two.charAt(0)}`;
  }
};

/** One digit of many another one; the rest as it was. */
export const otherDigit = (draws: Draws, digits: string, from = 0): string => {
  const at = draws.whole(from, digits.length - 1);
  const digit = (Number(digits.charAt(at)) + draws.whole(1, 9)) % 10;
  return digits.slice(0, at) + String(digit) + digits.slice(at + 1);
};

export const swappedDigits = (draws: Draws, digits: string, from = 0): string => {
  const at = draws.whole(from, digits.length - 2);
  return digits.slice(0, at) + digits.charAt(at + 1) + digits.charAt(at) + digits.slice(at + 2);
};

import type { Address } from './contract.ts';
import type { AddressLexicon } from './addressLexicon.ts';
import { phraseAt, type Phrases } from './phrases.ts';
import { cityOf } from './places.ts';
import { streetOf } from './street.ts';

type Segment = readonly string[];
type Taken = { readonly segments: readonly Segment[]; readonly found: string };

const MOST_WORDS = 24;

const segmentsOf = (lexicon: AddressLexicon, text: string): readonly Segment[] =>
  text
    .replace(/\bs\/\s*/gi, 'sur ')
    .split(/[\n\r,;|]|\s[-–]\s/)
    .map((part) =>
      lexicon
        .fold(part)
        .split(' ')
        .filter((word) => word !== '')
        .slice(0, MOST_WORDS),
    )
    .filter((segment) => segment.length > 0);

const without = (segments: readonly Segment[], at: number, from: number, length: number): readonly Segment[] =>
  segments
    .map((segment, i) => (i === at ? [...segment.slice(0, from), ...segment.slice(from + length)] : segment))
    .filter((segment) => segment.length > 0);

/** A marker and the word behind it: `bp 123`, `apt 12`. `needsNumber`: what follows must hold a digit. */
const takeMarked = (segments: readonly Segment[], markers: Phrases<true>, needsNumber: boolean): Taken => {
  for (const [at, segment] of segments.entries()) {
    for (let i = 0; i < segment.length; i += 1) {
      const marker = phraseAt(markers, segment, i);
      const value = marker === undefined ? undefined : segment[i + marker.length];
      if (marker === undefined || value === undefined) continue;
      if (!/\d/.test(value) && (needsNumber || value.length > 2)) continue;
      const length = marker.length + 1;
      return { segments: without(segments, at, i, length), found: segment.slice(i, i + length).join(' ') };
    }
  }
  return { segments, found: '' };
};

/** All of them: flat, floor and building stand one after another. */
const takeUnits = (lexicon: AddressLexicon, segments: readonly Segment[]): Taken => {
  const found: string[] = [];
  let left = segments;
  for (let round = 0; round < 4; round += 1) {
    const taken = takeMarked(left, lexicon.units, false);
    if (taken.found === '') break;
    found.push(taken.found);
    left = taken.segments;
  }
  return { segments: left, found: found.join(' ') };
};

const takeCountry = (lexicon: AddressLexicon, segments: readonly Segment[]): Taken => {
  const last = segments.at(-1) ?? [];
  if (!lexicon.places.countryEnds.has(last.at(-1) ?? '')) return { segments, found: '' };
  for (let length = Math.min(4, last.length); length > 0; length -= 1) {
    const text = last.slice(-length).join(' ');
    const code = text.length > 2 ? lexicon.places.countries.get(text) : undefined;
    if (code !== undefined && (segments.length > 1 || last.length > length))
      return { segments: without(segments, segments.length - 1, last.length - length, length), found: code };
  }
  return { segments, found: '' };
};

type Coded = { readonly at: number; readonly from: number; readonly length: number; readonly code: string };

const ANY_FORM = /^(\d{5}|[a-z]{1,2}\d[a-z\d]?\d[a-z]{2})$/;

/** How much a segment looks like the street: a number in front or behind, a street's type. */
const streetness = (lexicon: AddressLexicon, segment: Segment): number => {
  const [first = ''] = segment;
  const last = segment.at(-1) ?? '';
  const start = /^\d/.test(first) ? 1 : 0;
  const numbered = start === 1 || /^\d{1,4}[a-z]?$/.test(last);
  const typed =
    lexicon.atEnd.has(last) ||
    [start, start + 1, segment.length - 1].some((at) => phraseAt(lexicon.types, segment, at) !== undefined);
  return (numbered ? 1 : 0) + (typed && segment.length > 1 + start ? 2 : 0);
};

/** `14016 ventura blvd`: a number of whatever length in front of a street is the house's. */
const isNumbered = (lexicon: AddressLexicon, segment: Segment): boolean => {
  const [first = '', second] = segment;
  if (second === undefined) return false;
  return !/^\d{4,5}$/.test(first) || streetness(lexicon, segment) > 1;
};

/** A code in one word or two (`sw1a 2aa`) that ends at `from`; a house number in front is none. */
const codeAt = (
  lexicon: AddressLexicon,
  form: RegExp,
  segment: Segment,
  from: number,
): Omit<Coded, 'at'> | undefined => {
  const one = segment[from] ?? '';
  if (!/\d/.test(one)) return undefined;
  const pair = from > 0 ? `${segment[from - 1] ?? ''}${one}` : '';
  if (!/^\d+$/.test(pair) && form.test(pair)) return { from: from - 1, length: 2, code: pair };
  const isHouse = from === 0 && isNumbered(lexicon, segment);
  return !isHouse && form.test(one) ? { from, length: 1, code: one } : undefined;
};

/** Where a postcode of `country` (or of any usual form) stands; the last one wins. */
const findPostcode = (lexicon: AddressLexicon, segments: readonly Segment[], country: string): Coded | undefined => {
  const form = lexicon.places.postcodes.get(country)?.form ?? ANY_FORM;
  for (let at = segments.length - 1; at >= 0; at -= 1) {
    const segment = segments[at] ?? [];
    for (let from = segment.length - 1; from >= 0; from -= 1) {
      const coded = codeAt(lexicon, form, segment, from);
      if (coded !== undefined) return { at, ...coded };
    }
  }
  return undefined;
};

const isRegion = (lexicon: AddressLexicon, word: string): boolean =>
  word.length >= 2 && word.length <= 3 && [...lexicon.places.regions.values()].some((regions) => regions.has(word));

/** Words before a postcode: a region's code at their end is dropped; behind a street's type begins the town. */
const cityBefore = (lexicon: AddressLexicon, words: readonly string[]): readonly string[] => {
  const bare = words.filter((word, i) => !(i === words.length - 1 && isRegion(lexicon, word)));
  for (let i = bare.length - 2; i > 0; i -= 1)
    if (phraseAt(lexicon.types, bare, i) !== undefined || lexicon.atEnd.has(bare[i] ?? '')) return bare.slice(i + 1);
  return bare.some((word) => /^\d/.test(word)) ? [] : bare;
};

type Placed = { readonly segments: readonly Segment[]; readonly postcode: string; readonly city: string };

const filled = (segments: readonly Segment[]): readonly Segment[] => segments.filter((one) => one.length > 0);

const takePlace = (lexicon: AddressLexicon, segments: readonly Segment[], country: string): Placed => {
  const coded = findPostcode(lexicon, segments, country);
  if (coded === undefined) return { segments, postcode: '', city: '' };
  const line = segments[coded.at] ?? [];
  const after = line.slice(coded.from + coded.length).filter((word) => !isRegion(lexicon, word));
  const before = line.slice(0, coded.from);
  const head = segments.slice(0, coded.at);
  const rest = segments.slice(coded.at + 1);
  if (after.length > 0 && !after.some((word) => /^\d{3,}$/.test(word)))
    return { segments: filled([...head, before, ...rest]), postcode: coded.code, city: after.join(' ') };
  const city = cityBefore(lexicon, before);
  if (city.length > 0) {
    const street = before.slice(0, before.length - tailLength(before, city));
    return { segments: filled([...head, street, ...rest]), postcode: coded.code, city: city.join(' ') };
  }
  const named = head.length > 1 && before.every((word) => isRegion(lexicon, word)) ? head.at(-1) : undefined;
  if (named !== undefined)
    return { segments: [...head.slice(0, -1), ...rest], postcode: coded.code, city: named.join(' ') };
  return { segments: filled([...head, before, ...rest]), postcode: coded.code, city: '' };
};

/** How many of the last words belong to the town (and its region). */
const tailLength = (words: readonly string[], city: readonly string[]): number => {
  for (let at = 0; at <= words.length - city.length; at += 1)
    if (city.every((word, i) => words[at + i] === word)) return words.length - at;
  return 0;
};

const isCare = (lexicon: AddressLexicon, segment: Segment): boolean => phraseAt(lexicon.care, segment, 0) !== undefined;

/** The segment that is the street, joined with a number that stands alone before it. */
const streetLine = (
  lexicon: AddressLexicon,
  segments: readonly Segment[],
): { readonly line: Segment; readonly at: number } => {
  const lines = segments.filter((segment) => !isCare(lexicon, segment));
  let best = -1;
  let score = -1;
  lines.forEach((segment, at) => {
    const own = streetness(lexicon, segment);
    if (own > score) [best, score] = [at, own];
  });
  const line = lines[best] ?? [];
  const at = segments.indexOf(line);
  if (line.some((word) => /^\d/.test(word))) return { line, at };
  const [before = [], after = []] = [lines[best - 1], lines[best + 1]];
  if (isNumberAlone(before)) return { line: [...before, ...line], at };
  return { line: isNumberAlone(after) ? [...line, ...after] : line, at };
};

/** `12`, `12 bis` between commas. */
const isNumberAlone = (segment: Segment): boolean => segment.length <= 2 && /^\d{1,4}[a-z]?$/.test(segment[0] ?? '');

/** Without a postcode the last line behind the street is the town, a region's code aside. */
const townBehind = (lexicon: AddressLexicon, behind: readonly Segment[]): string =>
  behind
    .map((segment) => segment.filter((word) => !isRegion(lexicon, word)))
    .filter((segment) => segment.length > 0 && !/\d/.test(segment.join('')))
    .at(-1)
    ?.join(' ') ?? '';

/** One line of words, a short number in front or none: no postcode or box can be in it. */
const WORDS_ALONE = /^(?:\d{1,3} )?[a-z](?:[a-z'. ]|-(?! ))*$/;

/** The street such a line is, the usual case where towns have a column; undefined when more may be in it. */
const streetAlone = (lexicon: AddressLexicon, text: string, country: string): Address | undefined => {
  if (!WORDS_ALONE.test(text)) return undefined;
  const words = lexicon.fold(text).split(' ').slice(0, MOST_WORDS);
  if (lexicon.care.has(words[0] ?? '') || lexicon.places.countryEnds.has(words.at(-1) ?? '')) return undefined;
  for (const word of words) if (lexicon.units.has(word)) return undefined;
  const street = streetOf(lexicon, words, country);
  return {
    number: street.number,
    street: street.words.join(' '),
    streetName: street.name.join(' '),
    compass: street.compass,
    box: '',
    unit: '',
    postcode: '',
    city: '',
    country: '',
  };
};

const anyAddress = (lexicon: AddressLexicon, text: string, country: string): Address => {
  const all = segmentsOf(lexicon, text);
  const land = takeCountry(lexicon, all);
  const nation = country === '' ? land.found : country;
  const box = takeMarked(land.segments, lexicon.boxes, true);
  const units = takeUnits(lexicon, box.segments);
  const place = takePlace(lexicon, units.segments, nation);
  const { line, at } = streetLine(lexicon, place.segments);
  const street = streetOf(lexicon, line, nation);
  const town = place.city === '' ? townBehind(lexicon, place.segments.slice(at + 1)) : place.city;
  return {
    number: street.number,
    street: street.words.join(' '),
    streetName: street.name.join(' '),
    compass: street.compass,
    box: box.found,
    unit: units.found,
    postcode: place.postcode,
    city: cityOf(lexicon.places, town, nation).key,
    country: land.found,
  };
};

/**
 * An address in one or more lines: street with number, box, flat, and postcode, town and country where the text holds them.
 */
export const addressOf = (lexicon: AddressLexicon, text: string, country = ''): Address =>
  streetAlone(lexicon, text, country) ?? anyAddress(lexicon, text, country);

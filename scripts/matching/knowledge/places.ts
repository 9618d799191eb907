import type { City, Postcode } from './contract.ts';
import type { AddressData, CountryData, PlaceData } from './placeData.ts';

type PostcodePlan = { readonly form: RegExp; readonly area: RegExp; readonly short: RegExp | undefined };
type Former = { readonly today: string; readonly departement: string; readonly only: boolean };

export type PlaceLexicon = {
  readonly fold: (text: string) => string;
  readonly countries: ReadonlyMap<string, string>;
  /** Last words of countries' names. */
  readonly countryEnds: ReadonlySet<string>;
  readonly postcodes: ReadonlyMap<string, PostcodePlan>;
  /** Country → name or code → canonical name. */
  readonly regions: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly arrondissements: ReadonlySet<string>;
  readonly cedex: ReadonlySet<string>;
  readonly merged: ReadonlyMap<string, Former>;
};

const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const regionsOf = (data: PlaceData['regions']): PlaceLexicon['regions'] =>
  new Map(
    Object.entries(data).map(([country, regions]) => [
      country,
      new Map(
        Object.entries(regions).flatMap(([code, names]) => {
          const [canonical = code] = listed(names);
          return [code, ...listed(names)].map((name) => [name, canonical] as const);
        }),
      ),
    ]),
  );

const mergedOf = (data: AddressData['merged']): ReadonlyMap<string, Former> =>
  new Map(
    Object.entries(data).flatMap(([key, names]) => {
      const [, today = key, departement = ''] = /^(.*) (\S+)$/.exec(key) ?? [];
      return listed(names).map((name) => {
        const only = name.endsWith('*');
        return [only ? name.slice(0, -1) : name, { today, departement, only }] as const;
      });
    }),
  );

const countriesOf = (data: CountryData): Pick<PlaceLexicon, 'countries' | 'countryEnds'> => {
  const countries = new Map(
    Object.entries(data.names).flatMap(([code, names]) =>
      [code.toLowerCase(), ...listed(names)].map((name) => [name, code] as const),
    ),
  );
  return {
    countries,
    countryEnds: new Set([...countries.keys()].map((name) => name.slice(name.lastIndexOf(' ') + 1))),
  };
};

export const makePlaceLexicon = (
  data: { readonly addresses: AddressData; readonly countries: CountryData; readonly places: PlaceData },
  fold: (text: string) => string,
): PlaceLexicon => ({
  fold,
  ...countriesOf(data.countries),
  postcodes: new Map(
    Object.entries(data.places.postcodes).map(([country, { form, area, short }]) => [
      country,
      { form: new RegExp(form), area: new RegExp(area), short: short === undefined ? undefined : new RegExp(short) },
    ]),
  ),
  regions: regionsOf(data.places.regions),
  arrondissements: new Set(Object.keys(data.addresses.arrondissements)),
  cedex: new Set(data.addresses.cedex),
  merged: mergedOf(data.addresses.merged),
});

export const countryOf = (lexicon: PlaceLexicon, text: string): string => {
  const key = lexicon.fold(text);
  return lexicon.countries.get(key) ?? lexicon.countries.get(key.replace(/^the /, '')) ?? '';
};

export const regionOf = (lexicon: PlaceLexicon, text: string, country?: string): string => {
  const key = lexicon.fold(text);
  if (key === '') return '';
  if (country !== undefined && country !== '') return lexicon.regions.get(country)?.get(key) ?? key;
  const readings = new Set([...lexicon.regions.values()].map((regions) => regions.get(key)).filter(Boolean));
  const [only] = readings;
  return readings.size === 1 && only !== undefined ? only : key;
};

/** Lost leading zeros of spreadsheets: `1000` in France is `01000`. */
const LENGTHS: Readonly<Record<string, number>> = { FR: 5, DE: 5, IT: 5, ES: 5, US: 5 };

const bareCode = (lexicon: PlaceLexicon, text: string, country: string): string => {
  const code = lexicon
    .fold(text.replace(/^(\s*\d+)[.,]0+\s*$/, '$1'))
    .replaceAll(' ', '')
    .replace(/^(?:fr|f|d|de|b|be|ch|l|lu|a|at|i|it|e|es)(?=\d{4,5}$)/, '');
  const length = LENGTHS[country];
  return length === code.length + 1 && /^\d+$/.test(code) ? `0${code}` : code;
};

const BRITISH = /^([a-z]{1,2}\d[a-z\d]?)\d[a-z]{2}$/;

/** Without a country that has a form: outward code, overseas département, first two signs. */
const usualArea = (code: string): string => {
  const british = BRITISH.exec(code)?.[1];
  return british ?? (/^9[78]\d{3}$/.test(code) ? code.slice(0, 3) : code.slice(0, 2));
};

/** A postcode and the area it lies in. */
export const postcodeOf = (lexicon: PlaceLexicon, text: string, country = ''): Postcode => {
  const code = bareCode(lexicon, text, country);
  const plan = lexicon.postcodes.get(country);
  if (plan?.form.test(code) !== true) return { key: code, area: usualArea(code) };
  return { key: plan.short?.exec(code)?.[1] ?? code, area: plan.area.exec(code)?.[1] ?? usualArea(code) };
};

const ORDINAL = /^(\d{1,2})(?:e|er|eme|ieme|nd|th)?$/;

/** `paris 12e arrondissement` → `paris`, 12. */
const withoutArrondissement = (
  lexicon: PlaceLexicon,
  words: readonly string[],
): { readonly words: readonly string[]; readonly arrondissement: number } => {
  const [first = '', second = ''] = words;
  const number = ORDINAL.exec(second)?.[1];
  if (number === undefined || !lexicon.arrondissements.has(first)) return { words, arrondissement: 0 };
  const rest = words.slice(2).filter((word) => !/^arr(ondissement|dt)?$/.test(word));
  return { words: [first, ...rest], arrondissement: Number(number) };
};

const SPELT: ReadonlyMap<string, string> = new Map([
  ['st', 'saint'],
  ['ste', 'sainte'],
  ['sts', 'saints'],
  ['stes', 'saintes'],
  ['s', 'sur'],
  ['ss', 'sous'],
]);

const today = (lexicon: PlaceLexicon, name: string, area: string): string => {
  const former = lexicon.merged.get(name);
  if (former === undefined) return name;
  return former.departement === area || (!former.only && area === '') ? former.today : name;
};

const cityWords = (lexicon: PlaceLexicon, text: string): readonly string[] => {
  const words = lexicon.fold(text.replace(/\bs\/\s*/gi, 'sur ')).split(' ');
  const named = /^\d{4,6}$/.test(words[0] ?? '') ? words.slice(1) : words;
  return named.map((word, i) => (i < named.length - 1 ? (SPELT.get(word) ?? word) : word));
};

/**
 * A place's name as it is compared. `area`: the département, for names that several communes bear.
 */
export const cityOf = (lexicon: PlaceLexicon, text: string, country = '', area = ''): City => {
  const words = cityWords(lexicon, text);
  const cedexAt = words.findIndex((word) => lexicon.cedex.has(word));
  const bare = withoutArrondissement(lexicon, cedexAt < 0 ? words : words.slice(0, cedexAt));
  const named = bare.words.length > 1 ? bare.words.filter((word) => !/^\d+$/.test(word)) : bare.words;
  const name = named.join(' ');
  const key = country === '' || country === 'FR' ? today(lexicon, name, area) : name;
  return { key, arrondissement: bare.arrondissement, cedex: cedexAt >= 0 };
};

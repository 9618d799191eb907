import type { Hierarchies } from '../../model/treatments.ts';

type Country = Hierarchies['places'][string];

/** Reads postcodes to the area and region they lie in. */
export type Places = {
  /** ISO 3166-1 code of a country code or name; undefined when it is not known. */
  readonly countryOf: (text: string) => string | undefined;
  /** Area (department), region or country; null when the postcode tells none. */
  readonly at: (postcode: string, country: string, step: string) => string | null;
};

const normal = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase();

/** Names of the countries that postcodes are read for, in the languages of the product. */
const namesOf = (codes: readonly string[]): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  for (const language of ['en', 'fr']) {
    const display = new Intl.DisplayNames([language], { type: 'region' });
    for (const code of codes) names.set(normal(display.of(code) ?? code), code);
  }
  for (const code of codes) names.set(normal(code), code);
  return names;
};

type Reader = {
  readonly form: RegExp;
  readonly area: RegExp;
  readonly exceptions: readonly (readonly [string, string])[];
  readonly regionOf: ReadonlyMap<string, string>;
};

const readerOf = ({ form, area, exceptions, regions }: Country): Reader => ({
  form: new RegExp(form, 'i'),
  area: new RegExp(area, 'i'),
  // the longest beginning first
  exceptions: Object.entries(exceptions).sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1)),
  regionOf: new Map(Object.entries(regions).flatMap(([region, areas]) => areas.map((one) => [one, region] as const))),
});

const areaOf = (reader: Reader, code: string): string | null => {
  const exception = reader.exceptions.find(([beginning]) => code.startsWith(beginning));
  return exception?.[1] ?? reader.area.exec(code)?.[1] ?? null;
};

const known = new WeakMap<Hierarchies['places'], Places>();

/** The same places for the same data: making them reads every country's names. */
export const placesOf = (countries: Hierarchies['places']): Places => {
  const places = known.get(countries) ?? createPlaces(countries);
  known.set(countries, places);
  return places;
};

/** Postcodes of a country that is not described tell nothing but the country: guessing would be finer than it may be. */
export const createPlaces = (countries: Hierarchies['places']): Places => {
  const readers = new Map(Object.entries(countries).map(([code, country]) => [code, readerOf(country)]));
  const names = namesOf([...readers.keys()]);
  const at: Places['at'] = (postcode, country, step) => {
    if (step === 'country') return country;
    const reader = readers.get(country);
    const code = postcode.replace(/[\s.-]/g, '').toUpperCase();
    if (reader?.form.test(code) !== true) return null;
    const area = areaOf(reader, code);
    if (step === 'area' || area === null) return area;
    if (step === 'region') return reader.regionOf.get(area) ?? null;
    throw new RangeError(`postcodes have no step ${step}`);
  };
  return { countryOf: (text) => names.get(normal(text)) ?? (/^[A-Z]{2}$/.test(text) ? text : undefined), at };
};

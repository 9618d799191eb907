import type { Knowledge } from '../knowledge/contract.ts';
import type { ColumnGuess, ColumnSample } from './contract.ts';

const MOST_CELLS = 300;

const cellsOf = (samples: readonly ColumnSample[], guesses: readonly ColumnGuess[], role: string): readonly string[] =>
  samples
    .filter((_, i) => guesses[i]?.role === role)
    .flatMap((sample) => sample.values.filter((value) => value.trim() !== '').slice(0, MOST_CELLS));

const share = (cells: readonly string[], passes: (cell: string) => boolean): number =>
  cells.length === 0 ? 0 : cells.filter(passes).length / cells.length;

const MOST = 0.8;

/** The country that nine of ten said ones name. */
const said = (knowledge: Knowledge, cells: readonly string[]): string | undefined => {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    const code = knowledge.country(cell);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const [code, count] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? ['', 0];
  return code !== '' && count >= cells.length * 0.9 ? code : undefined;
};

const byRegion = (knowledge: Knowledge, cells: readonly string[]): string | undefined => {
  if (cells.length === 0) return undefined;
  const regions = knowledge.data['places.yml'].regions;
  const fits = Object.keys(regions).map((country) => {
    const names = new Set(
      Object.entries(regions[country] ?? {}).flatMap(([code, name]) => [code, ...name.split(', ')]),
    );
    return [country, share(cells, (cell) => names.has(knowledge.fold(cell)))] as const;
  });
  const [best, second] = fits.sort((a, b) => b[1] - a[1]);
  return best !== undefined && best[1] >= MOST && best[1] - (second?.[1] ?? 0) > 0.2 ? best[0] : undefined;
};

const FORMS: readonly (readonly [string, RegExp])[] = [
  ['GB', /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i],
  ['CA', /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i],
  ['NL', /^[1-9]\d{3} ?[A-Z]{2}$/i],
];

const NATIONAL: readonly (readonly [string, RegExp])[] = [
  ['FR', /^0[1-9]\d{8}$/],
  ['BE', /^0(?:4[5-9]\d{7}|[1-9]\d{7})$/],
];

const byForms = (postcodes: readonly string[], phones: readonly string[]): string | undefined => {
  const form = FORMS.find(([, pattern]) => share(postcodes, (cell) => pattern.test(cell.trim())) >= MOST);
  if (form !== undefined) return form[0];
  const digits = phones.map((cell) => cell.replace(/\D/g, ''));
  const length =
    postcodes.length === 0 ? undefined : share(postcodes, (cell) => /^\d{5}$/.test(cell.trim())) >= MOST ? 5 : 4;
  return NATIONAL.find(
    ([country, pattern]) =>
      share(digits, (cell) => pattern.test(cell)) >= MOST &&
      (length === undefined || (length === 5) === (country === 'FR')),
  )?.[0];
};

/** International numbers: the country most of them belong to. */
const byPrefix = (knowledge: Knowledge, phones: readonly string[]): string | undefined => {
  const abroad = phones.filter((cell) => /^\s*(?:\+|00)/.test(cell));
  if (abroad.length < phones.length * 0.5 || abroad.length < 3) return undefined;
  const plans = Object.entries(knowledge.data['phones.yml'].plans);
  const hits = plans.map(
    ([country, plan]) =>
      [country, share(abroad, (cell) => knowledge.phone(cell).e164.startsWith(`+${plan.code}`))] as const,
  );
  const [best] = hits.sort((a, b) => b[1] - a[1]);
  return best !== undefined && best[1] >= MOST && best[0] !== 'US' && best[0] !== 'CA' ? best[0] : undefined;
};

/**
 * The country that a table's values point to: what its country column says, its regions, the forms of postcodes and phones.
 * ISO 3166-1 alpha-2; undefined when they do not agree.
 */
export const countryOfTable = (
  knowledge: Knowledge,
  samples: readonly ColumnSample[],
  guesses: readonly ColumnGuess[],
): string | undefined => {
  const phones = cellsOf(samples, guesses, 'phone');
  const countries = cellsOf(samples, guesses, 'country');
  const rows = Math.min(MOST_CELLS, samples[0]?.values.length ?? 0);
  if (countries.length * 2 >= rows && countries.length > 0) return said(knowledge, countries);
  return (
    byRegion(knowledge, cellsOf(samples, guesses, 'region')) ??
    byPrefix(knowledge, phones) ??
    byForms(cellsOf(samples, guesses, 'postcode'), phones)
  );
};

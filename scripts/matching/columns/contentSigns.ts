import type { DateOrder, Knowledge } from '../knowledge/contract.ts';

/**
 * What the values of a column look like: shares (0 to 1) of the filled cells of the sample that pass for each thing.
 */
export type Content = {
  readonly filled: number;
  readonly count: number;
  /** Distinct values among the filled ones. */
  readonly distinct: number;
  readonly email: number;
  readonly phone: number;
  readonly date: number;
  /** Among the dates: years a living person may be born in, spread over more than twenty of them. */
  readonly birthYears: number;
  readonly dateOrder: DateOrder | undefined;
  readonly postcode: number;
  /** Four figures that may be a year. */
  readonly year: number;
  readonly shortNumber: number;
  readonly sex: number;
  readonly civility: number;
  /** Civilities of more than a letter: `Mme`, which no column of sexes holds. */
  readonly title: number;
  readonly country: number;
  /** One or two words, the first a known given name. */
  readonly given: number;
  /** Two to five words, one end of them a known given name. */
  readonly fullName: number;
  readonly organisation: number;
  readonly street: number;
  /** Street and postcode or town in one. */
  readonly wholeAddress: number;
  /** Letters, blanks, hyphens and apostrophes only. */
  readonly letters: number;
  /** Average number of words. */
  readonly words: number;
  /** Schemes whose check digits fit. */
  readonly schemes: Readonly<Record<string, number>>;
  /** Letters with digits, or digits alone, without blanks: a code. */
  readonly code: number;
};

const MOST_CELLS = 200;
const CHECKED = ['siret', 'siren', 'rna', 'iban', 'nir', 'lei'] as const;
const LENGTHS: Readonly<Record<(typeof CHECKED)[number], readonly [number, number]>> = {
  siret: [14, 14],
  siren: [9, 9],
  rna: [10, 10],
  iban: [15, 34],
  nir: [13, 15],
  lei: [20, 20],
};

/** Cells spread over the sample, the same ones every time. */
const spread = (values: readonly string[]): readonly string[] => {
  const filled = values.map((value) => value.trim()).filter((value) => value !== '');
  if (filled.length <= MOST_CELLS) return filled;
  const step = filled.length / MOST_CELLS;
  return Array.from({ length: MOST_CELLS }, (_, i) => filled[Math.floor(i * step)] ?? '');
};

const share = (cells: readonly string[], passes: (cell: string) => boolean): number =>
  cells.length === 0 ? 0 : cells.filter(passes).length / cells.length;

const digitsOf = (cell: string): number => cell.replace(/\D/g, '').length;

const isPhone = (cell: string): boolean => {
  const digits = digitsOf(cell);
  if (digits < 8 || digits > 15 || !/^[\d\s()+./-]+(?:(?:ext|x)\.?\s*\d+)?$/i.test(cell)) return false;
  if (/^\d{4}-\d{2}-\d{2}$/.test(cell) || /^\d{2}[/.]\d{2}[/.]\d{4}$/.test(cell)) return false;
  return /^(\+|00|0|\()/.test(cell) || /\d[\s()./-]+\d/.test(cell) || digits === 10;
};

const hasDateForm = (cell: string): boolean =>
  /^\d{1,4}([-/. ])\d{1,2}\1\d{1,4}(?:[T ].*)?$/.test(cell) ||
  /^(18|19|20)\d{2}(0\d|1[0-2])([0-2]\d|3[01])$/.test(cell) ||
  (/\d{4}/.test(cell) && /[a-zé]{3,}/i.test(cell) && cell.length < 24);

type Dates = Pick<Content, 'date' | 'birthYears' | 'dateOrder'>;

const orderOf = (cells: readonly string[]): DateOrder | undefined => {
  const parts = cells.map((cell) => /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})(?:\D|$)/.exec(cell));
  const written = parts.filter((one) => one !== null);
  if (written.length * 2 < cells.length) return cells.length === 0 ? undefined : 'ymd';
  const dayFirst = written.filter((one) => Number(one[1]) > 12).length;
  const monthFirst = written.filter((one) => Number(one[2]) > 12).length;
  if (dayFirst === monthFirst) return undefined;
  return dayFirst > monthFirst ? 'dmy' : 'mdy';
};

const FEWEST_YEARS = 8;

const datesOf = (knowledge: Knowledge, cells: readonly string[], latest: number): Dates => {
  const formed = cells.filter(hasDateForm);
  if (formed.length === 0) return { date: 0, birthYears: 0, dateOrder: undefined };
  const order = orderOf(formed);
  const years = formed.map((cell) => knowledge.date(cell, order).year).filter((year) => year > 0);
  const plausible = years.filter((year) => year >= 1890 && year <= latest);
  const isSpread = new Set(plausible).size >= Math.min(FEWEST_YEARS, Math.ceil(years.length / 3));
  const old = plausible.filter((year) => year <= latest - 15).length;
  return {
    date: years.length / cells.length,
    birthYears: isSpread && years.length > 0 ? old / years.length : 0,
    dateOrder: order,
  };
};

const schemesOf = (knowledge: Knowledge, cells: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    CHECKED.map((scheme) => {
      const [least, most] = LENGTHS[scheme];
      const fits = (cell: string): boolean => {
        const length = cell.replace(/[^A-Za-z0-9]/g, '').length;
        return length >= least && length <= most && knowledge.identifier(cell, scheme).valid === true;
      };
      return [scheme, share(cells, fits)] as const;
    }).filter(([, fit]) => fit > 0),
  );

const namesOf = (knowledge: Knowledge, cells: readonly string[]) => {
  const letters = (cell: string): boolean => /^[\p{L}\p{M}\s.,'’()-]+$/u.test(cell);
  const isGiven = (word: string): boolean => knowledge.givenName(word).female >= 0;
  const names = cells.filter(letters).map((cell) => knowledge.fold(cell.replace(/[-'’]/g, '')).split(' '));
  const count = Math.max(1, cells.length);
  const given = names.filter((words) => words.length <= 2 && isGiven(words[0] ?? '')).length / count;
  const full = names.filter(
    (words) => words.length >= 2 && words.length <= 6 && words.some((word) => word.length > 2 && isGiven(word)),
  ).length;
  return { letters: names.length / count, given, fullName: full / count };
};

const placesOf = (knowledge: Knowledge, cells: readonly string[]) => {
  const addresses = cells.map((cell) =>
    /[a-z]{2}/i.test(cell) && cell.length > 5 && !cell.includes('@')
      ? { ...knowledge.address(cell), leads: /^\d/.test(cell) }
      : undefined,
  );
  const types = new Set(Object.keys(knowledge.data['addresses.yml'].types));
  const isStreet = (one: (typeof addresses)[number]): boolean => {
    const words = one?.street.split(' ') ?? [];
    const typed = words.length > 1 && (types.has(words[0] ?? '') || types.has(words.at(-1) ?? ''));
    return typed || (one !== undefined && one.number !== '' && one.leads && words.length > 1);
  };
  const isWhole = (one: (typeof addresses)[number]): boolean =>
    one !== undefined && one.street !== '' && (one.postcode !== '' || one.city !== '') && isStreet(one);
  const count = Math.max(1, cells.length);
  return {
    street: addresses.filter(isStreet).length / count,
    wholeAddress: addresses.filter(isWhole).length / count,
  };
};

const POSTCODE =
  /^(?:\d{4,5}|\d{5}-\d{4}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}|\d{3} \d{2}|\d{2}-\d{3}|[A-Z]{1,2}-\d{4,5})$/i;

const isCivility = (knowledge: Knowledge, cell: string): boolean => {
  const civility = knowledge.civility(cell);
  return cell.length < 24 && (civility.sex !== 'unknown' || civility.couple || civility.title !== '');
};

/** `latest`: the year that today lies in; nobody is born after it. */
export const contentOf = (knowledge: Knowledge, values: readonly string[], latest: number): Content => {
  const cells = spread(values);
  const filled = values.filter((value) => value.trim() !== '');
  return {
    filled: values.length === 0 ? 0 : filled.length / values.length,
    count: filled.length,
    distinct: filled.length === 0 ? 0 : new Set(filled.map((value) => value.trim())).size / filled.length,
    email: share(cells, (cell) => cell.includes('@') && knowledge.email(cell).key !== ''),
    phone: share(cells, isPhone),
    ...datesOf(knowledge, cells, latest),
    postcode: share(cells, (cell) => POSTCODE.test(cell)),
    year: share(cells, (cell) => /^(?:19|20)\d\d$/.test(cell)),
    shortNumber: share(cells, (cell) => /^(?:n°\s*)?\d{1,4}(?:[\s-]*(?:[a-z]|bis|ter|quater|\d{1,4}))?$/i.test(cell)),
    sex: share(cells, (cell) => knowledge.sex(cell) !== 'unknown'),
    civility: share(cells, (cell) => isCivility(knowledge, cell)),
    title: share(cells, (cell) => knowledge.fold(cell).length > 1 && isCivility(knowledge, cell)),
    country: share(cells, (cell) => knowledge.country(cell) !== ''),
    ...namesOf(knowledge, cells),
    organisation: share(cells, (cell) => cell.length > 3 && knowledge.looksLikeOrganisation(cell)),
    ...placesOf(knowledge, cells),
    words: cells.length === 0 ? 0 : cells.reduce((sum, cell) => sum + cell.split(/\s+/).length, 0) / cells.length,
    schemes: schemesOf(knowledge, cells),
    code: share(cells, (cell) => /^[A-Za-z]{0,6}[-_]?[A-Za-z0-9_.:-]*\d[A-Za-z0-9_.:-]*$/.test(cell)),
  };
};

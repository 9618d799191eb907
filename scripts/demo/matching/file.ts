import { reusableDraws, type Draws } from '../random.ts';
import { householdMaker, type Household } from './households.ts';
import { organisationMaker, organisationRecordOf, type Organisation } from './organisations.ts';
import { recordOf, sourceTable, type RecordStreams } from './records.ts';

export type MatchingOptions = {
  /** 1 to 20,000,000. */
  readonly rows: number;
  /** A 32-bit whole number. */
  readonly seed: number;
  /** A mix of sources of noise.json: `mixed` (when absent), `web`, `paper`, `legacy`, `clean`, `rough`. */
  readonly profile?: string;
  /** Share of rows that are further records of somebody already in the file: 0.2 when absent. */
  readonly duplicates?: number;
  /** Share of rows that are organisations: 0 when absent. With some, there are two more columns. */
  readonly organisations?: number;
};

/** Lines without header, each with its LF; data and truth hold the same rows in the same order. */
export type MatchingChunk = { readonly rows: number; readonly data: string; readonly truth: string };

/** Columns of the data, with the role that a column map gives them. */
export const PERSON_COLUMNS = [
  { name: 'id', role: 'id' },
  { name: 'civility', role: 'civility' },
  { name: 'given_name', role: 'given-name' },
  { name: 'family_name', role: 'family-name' },
  { name: 'birth_name', role: 'birth-name' },
  { name: 'birth_date', role: 'birth-date' },
  { name: 'birth_place', role: 'birth-place' },
  { name: 'email', role: 'email' },
  { name: 'phone', role: 'phone' },
  { name: 'address', role: 'address-line' },
  { name: 'postcode', role: 'postcode' },
  { name: 'city', role: 'city' },
] as const;

export const ORGANISATION_COLUMNS = [
  { name: 'organisation', role: 'organisation-name' },
  { name: 'siren', role: 'identifier:siren' },
] as const;

/** Columns of the truth. `household`: rows with the same one live together, or are one organisation and its sections. */
export const TRUTH_COLUMNS = ['id', 'entity', 'household', 'likeness', 'changes'] as const;

const CHUNK = 2_048;
/** One in so many households is on file again and again. */
const OFTEN = 40;

const cell = (text: string): string =>
  text.includes(',') || text.includes('"') ? `"${text.replace(/"/g, '""')}"` : text;

type Line = { readonly data: string; readonly truth: string };

const isWhole = (value: number, low: number, high: number): boolean =>
  Number.isInteger(value) && value >= low && value <= high;
const isShare = (value: number, high: number): boolean => value >= 0 && value <= high;

const checked = (options: MatchingOptions): Required<MatchingOptions> => {
  const { rows, seed, profile = 'mixed', duplicates = 0.2, organisations = 0 } = options;
  if (!isWhole(rows, 1, 20_000_000)) throw new RangeError('rows: a whole number from 1 to 20,000,000');
  if (!isWhole(seed, -2_147_483_648, 4_294_967_295)) throw new RangeError('seed: a 32-bit whole number');
  if (!isShare(duplicates, 0.9)) throw new RangeError('duplicates: from 0 to 0.9');
  if (!isShare(organisations, 1)) throw new RangeError('organisations: from 0 to 1');
  return { rows, seed, profile, duplicates, organisations };
};

/** The number of one that came before `count`, now and then of one of the few that come often. */
const earlier = (draws: Draws, count: number): number => {
  const number = Math.floor(draws.next() * count);
  return draws.chance(0.08) ? number - (number % OFTEN) : number;
};

class People {
  readonly #make: (number: number) => Household;
  readonly #streams: RecordStreams;
  readonly #source: ReturnType<typeof sourceTable>;
  readonly #emptyTail: string;
  #current: Household | undefined;
  #slot = 0;
  #count = 0;

  constructor({ seed, profile, organisations }: Required<MatchingOptions>) {
    this.#make = householdMaker(seed);
    this.#streams = { mailbox: reusableDraws(seed, 'mailbox'), elsewhere: reusableDraws(seed, 'elsewhere') };
    this.#source = sourceTable(profile);
    this.#emptyTail = organisations > 0 ? ',,\n' : '\n';
  }

  next(draws: Draws, again: boolean): Line {
    if (again && this.#count > 0) {
      const household = this.#make(earlier(draws, this.#count));
      return this.#line(draws, household, draws.whole(0, household.members.length - 1));
    }
    if (this.#current === undefined || this.#slot >= this.#current.members.length) {
      if (this.#current !== undefined) this.#count += 1;
      this.#current = this.#make(this.#count);
      this.#slot = 0;
    }
    this.#slot += 1;
    return this.#line(draws, this.#current, this.#slot - 1);
  }

  #line(draws: Draws, household: Household, slot: number): Line {
    const member = household.members[slot];
    if (member === undefined) throw new RangeError('a household without people');
    const record = recordOf(draws, this.#source(draws), { household, member, streams: this.#streams });
    const names = `${record.civility},${cell(record.given)},${cell(record.family)},${cell(record.birthName)}`;
    const contact = `${record.birthDate},${record.birthPlace},${record.email},${record.phone}`;
    const place = `${cell(record.address)},${record.postcode},${record.city}${this.#emptyTail}`;
    return {
      data: `${names},${contact},${place}`,
      truth: `P${member.number},H${record.livesAt},${member.likeness},${record.changes}\n`,
    };
  }
}

class Organisations {
  readonly #make: (number: number) => readonly Organisation[];
  readonly #source: ReturnType<typeof sourceTable>;
  #waiting: Organisation[] = [];
  #count = 0;

  constructor({ seed, profile }: Required<MatchingOptions>) {
    this.#make = organisationMaker(seed);
    this.#source = sourceTable(profile);
  }

  next(draws: Draws, again: boolean): Line {
    if (again && this.#count > 0) return this.#line(draws, draws.pick(this.#make(earlier(draws, this.#count))));
    const next = this.#waiting.pop();
    if (next !== undefined) return this.#line(draws, next);
    const [parent, ...rest] = this.#make(this.#count);
    if (parent === undefined) throw new RangeError('no organisation');
    this.#count += 1;
    this.#waiting = rest;
    return this.#line(draws, parent);
  }

  #line(draws: Draws, organisation: Organisation): Line {
    const record = organisationRecordOf(draws, this.#source(draws), organisation);
    const { email, phone, postcode, city, siren, changes } = record;
    return {
      data: `,,,,,,${email},${phone},${cell(record.address)},${postcode},${city},${cell(record.name)},${siren}\n`,
      truth: `O${organisation.number},O${organisation.family},${organisation.section === '' ? 'none' : 'section'},${changes}\n`,
    };
  }
}

function* linesOf(options: Required<MatchingOptions>): Generator<Line> {
  const draws = reusableDraws(options.seed, 'row');
  const people = new People(options);
  const organisations = new Organisations(options);
  for (let row = 0; row < options.rows; row += 1) {
    draws.at(row);
    const side = draws.chance(options.organisations) ? organisations : people;
    yield side.next(draws, draws.chance(options.duplicates));
  }
}

/** In the order of a lot, so that people of one household are not neighbours. */
const scatter = (draws: Draws, lines: Line[]): void => {
  for (let left = lines.length; left > 1; left -= 1) {
    const at = draws.whole(0, left - 1);
    const [last, other] = [lines[left - 1], lines[at]];
    if (last === undefined || other === undefined) throw new RangeError('a place outside the lot');
    lines[left - 1] = other;
    lines[at] = last;
  }
};

/**
 * People (and organisations) of an invented French file with the truth about them, chunk by chunk; the same for the same
 * options on every machine. What a chunk holds is all that is in memory. RangeError naming the option that is out of bounds.
 */
export function* generateMatching(options: MatchingOptions): Generator<MatchingChunk> {
  const full = checked(options);
  const draws = reusableDraws(full.seed, 'order');
  const lines: Line[] = [];
  let id = 0;
  const chunk = (): MatchingChunk => {
    draws.at(id);
    scatter(draws, lines);
    let [data, truth] = ['', ''];
    for (const line of lines) {
      id += 1;
      data += `R${id},${line.data}`;
      truth += `R${id},${line.truth}`;
    }
    const rows = lines.length;
    lines.length = 0;
    return { rows, data, truth };
  };
  for (const line of linesOf(full)) {
    lines.push(line);
    if (lines.length === CHUNK) yield chunk();
  }
  if (lines.length > 0) yield chunk();
}

/** Columns of the data that these options make, in order. */
export const matchingColumns = ({ organisations = 0 }: Pick<MatchingOptions, 'organisations'>) =>
  organisations > 0 ? [...PERSON_COLUMNS, ...ORGANISATION_COLUMNS] : [...PERSON_COLUMNS];

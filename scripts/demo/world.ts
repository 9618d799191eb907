import { parseLocalDate } from '../kernel/legalPeriod.ts';
import { drawsOf, type Draws } from './random.ts';

export type DemoOptions = {
  /** Real people, 1 to 5,000,000; their duplicate records come on top. */
  readonly people: number;
  /** A 32-bit whole number. */
  readonly seed: number;
  /** `yyyy-MM-dd`: the day the org is looked at. Everything in it happened before. */
  readonly today: string;
};

/** The options, checked, with what follows from them. Days are counted from 1970-01-01. */
export type World = {
  readonly people: number;
  readonly seed: number;
  readonly today: string;
  readonly now: number;
  readonly organisations: number;
  readonly campaigns: number;
  draws(purpose: string, index: number): Draws;
};

const DAY = 86_400_000;
export const YEAR = 365.2425;

const dates = new Map<number, string>();

/** `yyyy-MM-dd` of a day number. A hundred and ten years are 40,000 days: each is written once. */
export const dateOf = (day: number): string => {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const made = new Date(Math.round(day) * DAY).toISOString().slice(0, 10);
  dates.set(day, made);
  return made;
};

/** An instant on that day between 06:00 and 16:59 UTC, so that the date is the same in Paris and in London. */
export const instantOf = (day: number, salt = 0): string => {
  const hour = 6 + (Math.abs(salt) % 11);
  const minute = (Math.abs(salt) * 7) % 60;
  return `${dateOf(day)}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00.000Z`;
};

export const dayOf = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);

export const yearOf = (day: number): number => Number(dateOf(day).slice(0, 4));

/** RangeError naming the option when one is out of bounds. */
export const worldOf = (options: DemoOptions): World => {
  const { people, seed, today } = options;
  if (!Number.isInteger(people) || people < 1 || people > 5_000_000)
    throw new RangeError('people: a whole number from 1 to 5,000,000');
  if (!Number.isInteger(seed) || seed < -2_147_483_648 || seed > 4_294_967_295)
    throw new RangeError('seed: a 32-bit whole number');
  if (parseLocalDate(today) === undefined) throw new RangeError('today: a date, yyyy-MM-dd');
  return {
    people,
    seed,
    today,
    now: dayOf(today),
    organisations: Math.max(12, Math.ceil(people * 0.03)),
    campaigns: 15 + Math.max(0, Math.round(8 * Math.log10(people / 1000))),
    draws: (purpose, index) => drawsOf(seed, purpose, index),
  };
};

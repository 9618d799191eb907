import { addMonths, type LocalDate } from '../kernel/legalPeriod.ts';
import { fateOf, type Fate } from './fates.ts';
import { relatedKey } from './keys.ts';
import type { Person } from './people.ts';
import type { Draws } from './random.ts';
import { membershipsOf, type Membership } from './standing.ts';
import { dateOf, dayOf, YEAR, yearOf, type World } from './world.ts';

export type Gift = {
  readonly key: string;
  readonly day: number;
  readonly amount: number;
  readonly stage: 'Closed Won' | 'Closed Lost' | 'Pledged';
  readonly method: 'Check' | 'Credit Card' | 'ACH' | 'Cash';
  readonly campaign?: number;
  readonly recurring?: string;
  readonly installment?: number;
  /** A year's dues: first and last day of the membership paid. */
  readonly membership?: { readonly from: number; readonly to: number };
  /** Receipt: number and day of issue. */
  readonly receipt?: { readonly number: string; readonly day: number };
};

export type Recurring = {
  readonly key: string;
  readonly started: number;
  readonly amount: number;
  readonly period: 'Monthly' | 'Quarterly' | 'Yearly';
  readonly status: 'Active' | 'Closed';
  readonly installments: readonly number[];
};

const MONTHS = { Monthly: 1, Quarterly: 3, Yearly: 12 } as const;
const OLDEST = Math.floor(9.9 * YEAR);

const installmentsOf = (started: number, last: number, months: number): readonly number[] => {
  const days: number[] = [];
  for (let i = 0; days.length < 40; i += 1) {
    const day = dayOf(addMonths(dateOf(started) as LocalDate, i * months));
    if (day > last) break;
    days.push(day);
  }
  return days;
};

/** The standing order of a donor, for one in ten. */
export const recurringOf = (
  world: World,
  person: Person,
  fate: Fate = fateOf(world, person),
): Recurring | undefined => {
  const draws = world.draws('recurring', person.index);
  if (fate.role !== 'donor' || !draws.chance(0.13)) return undefined;
  const period = draws.weighted([
    ['Monthly', 70],
    ['Quarterly', 18],
    ['Yearly', 12],
  ] as const);
  const years = period === 'Monthly' ? 2.6 : 7;
  const started = world.now - draws.whole(60, Math.floor(years * YEAR));
  const active = draws.chance(0.75);
  const last = active ? world.now - 1 : draws.whole(started, world.now - 1);
  return {
    key: relatedKey('RD', person.key),
    started,
    amount: draws.pick([5, 8, 10, 15, 20, 30, 50]),
    period,
    status: active ? 'Active' : 'Closed',
    installments: installmentsOf(started, last, MONTHS[period]),
  };
};

const receiptOf = (draws: Draws, world: World, key: string, day: number): NonNullable<Gift['receipt']> => ({
  number: `RF-${yearOf(day)}-${key.slice(2)}`,
  day: Math.min(world.now, day + draws.whole(1, 20)),
});

/** Days of a donor's single gifts: loyal year after year, lapsed since a while, or once. */
const giftDays = (draws: Draws, world: World): readonly number[] => {
  const habit = draws.weighted([
    ['loyal', 50],
    ['lapsed', 30],
    ['once', 20],
  ] as const);
  if (habit === 'once') return [world.now - draws.whole(5, OLDEST)];
  const last = habit === 'loyal' ? draws.whole(5, 360) : draws.whole(400, OLDEST);
  const first = draws.whole(last, OLDEST);
  const every = draws.whole(170, 400);
  const count = Math.min(16, 1 + Math.floor((first - last) / every));
  return Array.from({ length: count }, (_, i) => world.now - last - i * every);
};

const campaignFor = (draws: Draws, world: World): number | undefined =>
  draws.chance(0.7) ? draws.whole(0, world.campaigns - 1) : undefined;

const singleGift = (draws: Draws, world: World, person: Person, plan: { day: number; ordinal: number }): Gift => {
  const key = relatedKey('O', person.key, plan.ordinal);
  const stage = draws.chance(0.96) ? 'Closed Won' : 'Closed Lost';
  const campaign = campaignFor(draws, world);
  const receipted = stage === 'Closed Won' && draws.chance(0.9);
  return {
    key,
    day: plan.day,
    stage,
    amount: draws.pick([10, 15, 20, 25, 30, 40, 50, 50, 60, 80, 100, 100, 150, 200, 300, 500, 1_000]),
    method: draws.weighted([
      ['Check', 48],
      ['Credit Card', 34],
      ['ACH', 10],
      ['Cash', 8],
    ] as const),
    ...(campaign === undefined ? {} : { campaign }),
    ...(receipted ? { receipt: receiptOf(draws, world, key, plan.day) } : {}),
  };
};

const installmentGift = (draws: Draws, world: World, recurring: Recurring, at: number): Gift => {
  const key = relatedKey('O', recurring.key, 500 + at);
  const day = recurring.installments[at] ?? recurring.started;
  return {
    key,
    day,
    amount: recurring.amount,
    stage: 'Closed Won',
    method: 'ACH',
    recurring: recurring.key,
    installment: at + 1,
    ...(draws.chance(0.9) ? { receipt: receiptOf(draws, world, key, day) } : {}),
  };
};

/** NPSP keeps dues as opportunities with membership dates. */
const duesOf = (draws: Draws, world: World, person: Person, { key: of, from, to, amount }: Membership): Gift => {
  const key = relatedKey('O', person.key, 600 + Number(of.slice(-3)));
  const day = Math.min(from, world.now);
  return {
    key,
    day,
    amount,
    stage: 'Closed Won',
    method: draws.pick(['Check', 'Credit Card']),
    membership: { from, to },
    receipt: receiptOf(draws, world, key, day),
  };
};

/** A promise whose payment never came. */
const pledgeOf = (draws: Draws, person: Person, day: number): Gift => ({
  key: relatedKey('O', person.key, 900),
  day,
  amount: draws.pick([50, 100, 200, 500]),
  stage: 'Pledged',
  method: 'Check',
});

/** Every gift and pledge a person made in ten years; from (seed, person) alone. */
export const giftsOf = (world: World, person: Person, fate: Fate = fateOf(world, person)): readonly Gift[] => {
  const draws = world.draws('gifts', person.index);
  if (fate.block === 'unpaid-pledge' && fate.lastContact !== undefined && person.kind === 'contact')
    return [pledgeOf(draws, person, fate.lastContact)];
  const dues = membershipsOf(world, person, fate).map((membership) => duesOf(draws, world, person, membership));
  if (fate.role !== 'donor' && !(fate.role === 'member' && draws.chance(0.4))) return dues;
  const recurring = recurringOf(world, person, fate);
  const singles = giftDays(draws, world)
    .filter((day) => day > person.born)
    .map((day, i) => singleGift(draws, world, person, { day, ordinal: i + 1 }));
  const regular = recurring?.installments.map((_, at) => installmentGift(draws, world, recurring, at)) ?? [];
  const open = draws.chance(0.02) ? [pledgeOf(draws, person, world.now - 20)] : [];
  return [...dues, ...singles, ...regular, ...open];
};

/** The day a donor's record was made: before the first gift. */
export const collectionDay = (person: Person, fate: Fate, gifts: readonly Gift[]): number => {
  if (fate.lastContact !== undefined || gifts.length === 0) return fate.created;
  const first = Math.min(...gifts.map((gift) => gift.day));
  return Math.max(person.born, Math.min(fate.created, first - 1));
};

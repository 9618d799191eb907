import { addMonths, endOfPeriod, type LocalDate } from '../kernel/legalPeriod.ts';
import { ageOf, keepingLast, type Person } from './people.ts';
import type { Draws } from './random.ts';
import { dateOf, dayOf, YEAR, type World } from './world.ts';

/** What the person is to the association. `relative`: in the household file for another's sake. */
export type Role = 'donor' | 'member' | 'prospect' | 'volunteer' | 'beneficiary' | 'relative';

/** The last thing a prospect did themself; `collection`: nothing since their data were collected. */
export type Signal = 'collection' | 'call' | 'reply' | 'meeting';

/** A reason that stops the deletion of a prospect whose time is over. */
export type Block = 'legal-hold' | 'unpaid-pledge' | 'open-case';

export type Fate = {
  readonly role: Role;
  /** Day number of collection. */
  readonly created: number;
  /** Prospects: day of the last genuine contact. Others: undefined, their gifts and activities tell. */
  readonly lastContact?: number;
  readonly signal: Signal;
  readonly block?: Block;
  /** Opens, bulk sends and system edits after the last genuine contact: they keep nobody alive. */
  readonly noise: boolean;
  readonly deceased: boolean;
  readonly optedOutOfEmail: boolean;
  readonly doNotCall: boolean;
  readonly doNotContact: boolean;
};

const roleOf = (draws: Draws, world: World, person: Person): Role => {
  if (person.kind === 'lead') return 'prospect';
  if (person.place === 'child') return ageOf(world, person) >= 16 && draws.chance(0.3) ? 'member' : 'relative';
  return draws.weighted<Role>(
    person.place === 'head'
      ? [
          ['donor', 60],
          ['prospect', 22],
          ['member', 9],
          ['volunteer', 5],
          ['beneficiary', 4],
        ]
      : [
          ['relative', 62],
          ['donor', 22],
          ['prospect', 9],
          ['member', 5],
          ['volunteer', 2],
        ],
  );
};

/** CNIL: three years from collection or from the last contact that came from the prospect. */
export const PROSPECT_YEARS = 3;

/** Last day on which a prospect of that last contact may still be kept. */
export const prospectUntil = (lastContact: number): string =>
  endOfPeriod(dateOf(lastContact) as LocalDate, { years: PROSPECT_YEARS });

type Clock = Pick<Fate, 'created' | 'signal' | 'noise'> & {
  readonly lastContact: number;
  readonly block?: Block;
};

const sleepingClock = (draws: Draws, world: World): Clock => {
  const limit = dayOf(addMonths(world.today as LocalDate, -12 * PROSPECT_YEARS));
  const onTheEdge = draws.chance(0.05);
  const lastContact = limit - (onTheEdge ? draws.whole(0, 1) : draws.whole(20, 1_900));
  const signal = draws.weighted<Signal>([
    ['collection', 45],
    ['call', 20],
    ['reply', 25],
    ['meeting', 10],
  ]);
  const block = draws.weighted<Block | undefined>([
    [undefined, 84],
    ['legal-hold', 5],
    ['unpaid-pledge', 6],
    ['open-case', 5],
  ]);
  const created = signal === 'collection' ? lastContact : lastContact - draws.whole(1, 900);
  const noise = draws.chance(0.55);
  return { created, signal, noise, lastContact, ...(block === undefined ? {} : { block }) };
};

const liveClock = (draws: Draws, world: World): Clock => {
  const lastContact = world.now - draws.whole(1, Math.floor(2.8 * YEAR));
  const signal = draws.weighted<Signal>([
    ['collection', 40],
    ['call', 20],
    ['reply', 30],
    ['meeting', 10],
  ]);
  const created = signal === 'collection' ? lastContact : lastContact - draws.whole(1, 2_200);
  return { created, signal, noise: draws.chance(0.5), lastContact };
};

const SLEEPING = 0.58;

const clockOf = (draws: Draws, world: World, role: Role): Omit<Clock, 'lastContact'> & { lastContact?: number } => {
  if (role === 'prospect') return draws.chance(SLEEPING) ? sleepingClock(draws, world) : liveClock(draws, world);
  const created = world.now - draws.whole(40, Math.floor(9.9 * YEAR));
  return { created, signal: 'call', noise: draws.chance(0.7) };
};

const choices = (draws: Draws, role: Role, age: number): Omit<Fate, 'role' | keyof Clock | 'lastContact' | 'block'> => {
  const mayBeDead = role === 'donor' || role === 'member';
  const deceased = mayBeDead && draws.chance(age > 75 ? 0.12 : 0.006);
  return {
    deceased,
    optedOutOfEmail: draws.chance(0.09),
    doNotCall: draws.chance(0.06),
    doNotContact: draws.chance(deceased ? 0.5 : 0.02),
  };
};

const fateFrom = (world: World, person: Person): Fate => {
  const draws = world.draws('fate', person.index);
  const role = roleOf(draws, world, person);
  const clock = clockOf(draws, world, role);
  const created = Math.max(clock.created, person.born);
  return { role, ...clock, created, ...choices(draws, role, ageOf(world, person)) };
};

/** A person's story with the association; from (seed, person) alone. */
export const fateOf = keepingLast(fateFrom);

import { addMonths, type LocalDate } from '../kernel/legalPeriod.ts';
import { fateOf, type Fate } from './fates.ts';
import { gazetteer } from './gazetteer.ts';
import { relatedKey } from './keys.ts';
import { noteAbout, type Note } from './notes.ts';
import type { Person } from './people.ts';
import type { Draws } from './random.ts';
import { dateOf, dayOf, YEAR, type World } from './world.ts';

const { texts } = gazetteer;

export type Membership = { readonly key: string; readonly from: number; readonly to: number; readonly amount: number };

/** One row per year paid; the last one may run past today. */
export const membershipsOf = (
  world: World,
  person: Person,
  fate: Fate = fateOf(world, person),
): readonly Membership[] => {
  if (fate.role !== 'member') return [];
  const draws = world.draws('memberships', person.index);
  const stillMember = draws.chance(0.7);
  const firstDay = Math.max(fate.created, person.born);
  const lastStart = stillMember ? world.now - draws.whole(1, 300) : world.now - draws.whole(420, 2_000);
  const years = Math.min(10, Math.max(1, Math.floor((lastStart - firstDay) / YEAR)));
  const amount = draws.pick([10, 20, 30, 45]);
  return Array.from({ length: years }, (_, i) => {
    const from = dayOf(addMonths(dateOf(lastStart) as LocalDate, -12 * i));
    return { key: relatedKey('MB', person.key, i + 1), from, to: from + 364, amount };
  }).reverse();
};

export type SupportCase = {
  readonly key: string;
  readonly opened: number;
  readonly closed: boolean;
  readonly subject: string;
  readonly note: Note;
};

/** A case is something the person asked: it starts the clock on the day it was opened, and holds while it is open. */
export const casesOf = (world: World, person: Person, fate: Fate = fateOf(world, person)): readonly SupportCase[] => {
  const draws = world.draws('cases', person.index);
  const blocking = fate.block === 'open-case' && person.kind === 'contact';
  const wanted = blocking || (fate.role !== 'prospect' && person.place !== 'child' && draws.chance(0.022));
  if (!wanted) return [];
  const opened = fate.lastContact ?? world.now - draws.whole(2, Math.max(2, world.now - fate.created));
  return [
    {
      key: relatedKey('CS', person.key),
      opened,
      closed: !blocking && draws.chance(0.8),
      subject: draws.pick(texts.caseSubjects),
      note: noteAbout(draws, person),
    },
  ];
};

export type Hold = {
  readonly key: string;
  readonly reason: string;
  readonly from: number;
  readonly until?: number;
  readonly active: boolean;
};

const holdState = (draws: Draws, fate: Fate): 'active' | 'over' | 'none' => {
  if (fate.block === 'legal-hold' || (fate.role === 'donor' && draws.chance(0.003))) return 'active';
  return fate.role === 'prospect' && fate.block === undefined && draws.chance(0.02) ? 'over' : 'none';
};

/** A legal hold; a few are over and hold nobody any more. */
export const holdOf = (world: World, person: Person, fate: Fate = fateOf(world, person)): Hold | undefined => {
  const draws = world.draws('holds', person.index);
  const state = holdState(draws, fate);
  if (person.kind === 'lead' || state === 'none') return undefined;
  const active = state === 'active';
  const open = active && draws.chance(0.5);
  const until = active ? world.now + draws.whole(60, 700) : world.now - draws.whole(30, 600);
  return {
    key: relatedKey('LH', person.key),
    reason: draws.pick(texts.holdReasons),
    from: Math.max(fate.created, world.now - draws.whole(620, 900)),
    active,
    ...(open ? {} : { until }),
  };
};

export type Purpose = 'newsletter' | 'appeals' | 'partners';
export type ConsentChoice = {
  readonly ordinal: number;
  readonly purpose: Purpose;
  readonly channel: 'Email' | 'Phone' | 'Mail';
  readonly given: boolean;
  readonly day: number;
  readonly source: 'paper' | 'web' | 'phone';
};

const PURPOSES: readonly Purpose[] = ['newsletter', 'appeals', 'partners'];

/**
 * What the person chose, in the order they chose it. Never after a prospect's last genuine contact, as choosing is one.
 * An opt-out in the contact's flags has its refusal here.
 */
export const choicesOf = (
  world: World,
  person: Person,
  fate: Fate = fateOf(world, person),
): readonly ConsentChoice[] => {
  const draws = world.draws('consents', person.index);
  if (person.place === 'child' || person.kind === 'lead' || !draws.chance(0.45)) return [];
  const latest = fate.lastContact ?? world.now - 5;
  const from = Math.min(fate.created, latest);
  const count = draws.whole(1, 3);
  const choices = Array.from({ length: count }, () => ({
    purpose: draws.pick(PURPOSES),
    channel: draws.pick(['Email', 'Email', 'Phone', 'Mail'] as const),
    given: draws.chance(0.75),
    day: draws.whole(from, latest),
    source: draws.weighted([
      ['paper', 45],
      ['web', 45],
      ['phone', 10],
    ] as const),
  })).sort((a, b) => a.day - b.day);
  const refusal = { purpose: 'newsletter', channel: 'Email', given: false, day: latest, source: 'web' } as const;
  return [...choices, ...(fate.optedOutOfEmail ? [refusal] : [])].map((choice, i) => ({ ...choice, ordinal: i + 1 }));
};

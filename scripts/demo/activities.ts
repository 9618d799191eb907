import { fateOf, type Fate } from './fates.ts';
import { gazetteer } from './gazetteer.ts';
import { messageWith, noteAbout, type Note } from './notes.ts';
import type { Person } from './people.ts';
import type { Draws } from './random.ts';
import { YEAR, type World } from './world.ts';

/**
 * Something that happened between a person and the association. `genuine`: it came from the person, and starts the
 * retention clock; a bulk send, an open, a call nobody answered do not.
 */
export type Activity = {
  readonly ordinal: number;
  readonly kind: 'call-in' | 'call-missed' | 'bulk' | 'letter' | 'email-in' | 'email-out' | 'meeting';
  readonly day: number;
  readonly genuine: boolean;
  readonly subject: string;
  readonly body?: string;
  readonly note?: Note;
  /** Outgoing messages: the person opened it. */
  readonly opened: boolean;
};

type Kind = Activity['kind'];
const GENUINE: readonly Kind[] = ['call-in', 'email-in', 'meeting'];
const KIND_OF_SIGNAL: Readonly<Record<Exclude<Fate['signal'], 'collection'>, Kind>> = {
  call: 'call-in',
  reply: 'email-in',
  meeting: 'meeting',
};

const { texts } = gazetteer;

const subjectOf = (draws: Draws, kind: Kind): string => {
  if (kind === 'call-in') return draws.pick(texts.callSubjects);
  if (kind === 'call-missed') return 'Appel de relance';
  if (kind === 'letter') return 'Courrier : merci de votre soutien';
  return draws.pick(kind === 'bulk' ? texts.bulkSubjects : texts.eventSubjects);
};

const made = (draws: Draws, person: Person, plan: { kind: Kind; day: number; ordinal: number }): Activity => {
  const { kind } = plan;
  const isEmail = kind === 'email-in' || kind === 'email-out';
  const [subject, body] = isEmail ? messageWith(draws, person, kind === 'email-in') : [subjectOf(draws, kind)];
  const noted = !isEmail && kind !== 'bulk' && draws.chance(0.55);
  return {
    ...plan,
    genuine: GENUINE.includes(kind),
    subject,
    opened: kind === 'email-out' && draws.chance(0.6),
    ...(body === undefined ? {} : { body }),
    ...(noted ? { note: noteAbout(draws, person) } : {}),
  };
};

/** Messages need an address: without one the person called instead. */
const possible = (person: Person, kind: Kind): Kind => {
  if (person.email !== undefined) return kind;
  if (kind === 'email-in') return 'call-in';
  return kind === 'email-out' ? 'letter' : kind;
};

type Plan = { readonly kind: Kind; readonly day: number };

const genuineKind = (draws: Draws): Kind =>
  draws.weighted<Kind>([
    ['call-in', 45],
    ['email-in', 40],
    ['meeting', 15],
  ]);

const daysBetween = (draws: Draws, from: number, to: number): number => draws.whole(Math.min(from, to), to);

const prospectPlans = (draws: Draws, fate: Fate, last: number): readonly Plan[] => {
  if (fate.signal === 'collection') return [];
  const earlier = draws.chance(0.3) ? [{ kind: genuineKind(draws), day: daysBetween(draws, fate.created, last) }] : [];
  return [...earlier, { kind: KIND_OF_SIGNAL[fate.signal], day: last }];
};

const supporterPlans = (draws: Draws, world: World, fate: Fate): readonly Plan[] => {
  const recent = world.now - draws.whole(3, Math.floor(2.6 * YEAR));
  const alwaysInTouch = fate.role !== 'donor' && fate.role !== 'member';
  const count = draws.weighted([
    [0, 62],
    [1, 25],
    [2, 13],
  ] as const);
  const some = Array.from({ length: count }, () => ({
    kind: genuineKind(draws),
    day: daysBetween(draws, fate.created, world.now - 2),
  }));
  return alwaysInTouch ? [...some, { kind: genuineKind(draws), day: Math.max(recent, fate.created) }] : some;
};

const noisePlans = (draws: Draws, world: World, fate: Fate): readonly Plan[] => {
  if (!fate.noise) return [];
  const count = draws.weighted([
    [1, 60],
    [2, 30],
    [3, 10],
  ] as const);
  return Array.from({ length: count }, () => ({
    kind: draws.weighted<Kind>([
      ['bulk', 55],
      ['email-out', 25],
      ['call-missed', 12],
      ['letter', 8],
    ]),
    day: world.now - draws.whole(3, Math.min(900, Math.max(3, world.now - fate.created))),
  }));
};

/** Everything that happened with a person, oldest intention first; from (seed, person) alone. */
export const activitiesOf = (world: World, person: Person, fate: Fate = fateOf(world, person)): readonly Activity[] => {
  const draws = world.draws('activities', person.index);
  const genuine =
    fate.lastContact === undefined ? supporterPlans(draws, world, fate) : prospectPlans(draws, fate, fate.lastContact);
  return [...genuine, ...noisePlans(draws, world, fate)].map(({ kind, day }, i) =>
    made(draws, person, { kind: possible(person, kind), day, ordinal: i + 1 }),
  );
};

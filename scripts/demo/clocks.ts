import { endOfPeriod, type LocalDate } from '../kernel/legalPeriod.ts';
import { activitiesOf } from './activities.ts';
import { prospectUntil } from './fates.ts';
import type { Gift } from './gifts.ts';
import type { PersonRecord } from './records.ts';
import { hasIndividual } from './rows/individuals.ts';
import { casesOf, choicesOf, holdOf } from './standing.ts';
import { dateOf, yearOf, type World } from './world.ts';

/** Where one record stands with the clocks of the law, computed from the same facts as its rows. */
export type ClockFacts = {
  /** Day number of collection or of the last contact that came from the person. */
  readonly lastContact: number;
  /** Three years after the last contact are over. */
  readonly over: boolean;
  /** Never gave nor paid dues. */
  readonly prospect: boolean;
  readonly blocks: readonly ('legal-hold' | 'unpaid-pledge' | 'open-case')[];
  /** Last day of the six years of the latest tax receipt (Livre des procédures fiscales L102 E), when it is still to come. */
  readonly receiptUntil?: string;
  /** Last day of the ten years from the closing of the year of the latest gift (Code de commerce L123-22). */
  readonly accountingUntil?: string;
};

const genuineDays = (world: World, record: PersonRecord): readonly number[] => {
  const { person, fate } = record;
  if (record.standing !== 'live') return [];
  const consents = hasIndividual(world, person) ? choicesOf(world, person, fate).filter((choice) => choice.given) : [];
  return [
    ...activitiesOf(world, person, fate)
      .filter((activity) => activity.genuine)
      .map((activity) => activity.day),
    ...casesOf(world, person, fate).map((one) => one.opened),
    ...consents.map((choice) => choice.day),
  ];
};

const latest = (days: readonly number[]): number | undefined => (days.length === 0 ? undefined : Math.max(...days));

const fiscalDates = (gifts: readonly Gift[]): Pick<ClockFacts, 'receiptUntil' | 'accountingUntil'> => {
  const receipt = latest(gifts.flatMap((gift) => (gift.receipt === undefined ? [] : [gift.receipt.day])));
  const won = latest(gifts.filter((gift) => gift.stage === 'Closed Won').map((gift) => gift.day));
  return {
    ...(receipt === undefined ? {} : { receiptUntil: endOfPeriod(dateOf(receipt) as LocalDate, { years: 6 }) }),
    ...(won === undefined ? {} : { accountingUntil: `${yearOf(won) + 10}-12-31` }),
  };
};

/** `gifts`: those booked on this record. */
export const clockFactsOf = (world: World, record: PersonRecord, gifts: readonly Gift[]): ClockFacts => {
  const { person, fate } = record;
  const live = record.standing === 'live';
  const won = gifts.filter((gift) => gift.stage === 'Closed Won');
  const lastContact = Math.max(record.created, ...genuineDays(world, record), ...won.map((gift) => gift.day));
  const blocks = [
    ...(live && holdOf(world, person, fate)?.active === true ? (['legal-hold'] as const) : []),
    ...(gifts.some((gift) => gift.stage === 'Pledged') ? (['unpaid-pledge'] as const) : []),
    ...(live && casesOf(world, person, fate).some((one) => !one.closed) ? (['open-case'] as const) : []),
  ];
  return {
    lastContact,
    over: prospectUntil(lastContact) < world.today,
    prospect: won.length === 0,
    blocks,
    ...fiscalDates(gifts),
  };
};

import { bulk, perUnit, type DemoRow, type RowsOfUnit, type Stage } from '../batches.ts';
import { fateOf } from '../fates.ts';
import { gazetteer } from '../gazetteer.ts';
import { giftsOf, recurringOf, type Gift, type Recurring } from '../gifts.ts';
import { accountKey, campaignKey, relatedKey } from '../keys.ts';
import type { Person, Unit } from '../people.ts';
import { recordsOf, type PersonRecord } from '../records.ts';
import { dateOf, instantOf, type World } from '../world.ts';

/** A gift and the record it hangs on: a person's own, or a second record somebody gave under. */
export type GiftOnRecord = { readonly gift: Gift; readonly record: PersonRecord };

/** One gift in three entries of a second record: clocks of both must be read when the records are merged. */
const giftOfDuplicate = (world: World, record: PersonRecord): Gift | undefined => {
  const draws = world.draws(`gift ${record.key.slice(-2)}`, record.person.index);
  if (record.object !== 'Contact' || !draws.chance(0.3)) return undefined;
  const day = draws.whole(record.created, world.now - 1);
  const key = relatedKey('O', record.key, 1);
  const receipt = { number: `RF-${dateOf(day).slice(0, 4)}-${key.slice(2)}`, day: Math.min(world.now, day + 5) };
  return { key, day, amount: draws.pick([20, 30, 50]), stage: 'Closed Won', method: 'Check', receipt };
};

/** All gifts of a person with the record each is booked on. */
export const giftsOnRecords = (world: World, person: Person): readonly GiftOnRecord[] => {
  const [first, ...others] = recordsOf(world, person);
  if (first?.object !== 'Contact') return [];
  const own = giftsOf(world, person, first.fate).map((gift) => ({ gift, record: first }));
  const further = others
    .filter((record) => record.standing === 'duplicate')
    .flatMap((record) => {
      const gift = giftOfDuplicate(world, record);
      return gift === undefined ? [] : [{ gift, record }];
    });
  return [...own, ...further];
};

const giftsOfUnit = (world: World, unit: Unit): readonly GiftOnRecord[] =>
  unit.kind === 'lead' ? [] : unit.people.flatMap((person) => giftsOnRecords(world, person));

const tributeColumns = (world: World, gift: Gift, person: Person): DemoRow => {
  const draws = world.draws(`tribute ${gift.key.slice(-3)}`, person.index);
  const tribute = gift.recurring === undefined && draws.chance(0.015);
  const [first, last] = [draws.pick(gazetteer.firstNames.female)[0], draws.pick(gazetteer.surnames.frequent)];
  return {
    npsp__Tribute_Type__c: tribute ? draws.pick(['Honor', 'Memorial']) : null,
    npsp__Honoree_Name__c: tribute ? `${first} ${last}` : null,
    npsp__Notification_Recipient_Name__c: tribute ? `Famille ${last}` : null,
    npsp__Notification_Message__c: tribute ? `En mémoire de ${first}, avec toute notre amitié.` : null,
  };
};

const nameOf = ({ gift, record }: GiftOnRecord): string => {
  const what = gift.membership === undefined ? 'Don' : 'Adhésion';
  return `${record.firstName} ${record.lastName} - ${what} ${dateOf(gift.day)}`.slice(0, 120);
};

const receiptColumns = ({ receipt, stage }: Gift): DemoRow => ({
  Receipt_Number__c: receipt?.number ?? null,
  Receipt_Date__c: receipt === undefined ? null : dateOf(receipt.day),
  npsp__Acknowledgment_Status__c: stage === 'Closed Won' ? 'Acknowledged' : 'Do Not Acknowledge',
  npsp__Acknowledgment_Date__c: receipt === undefined ? null : dateOf(receipt.day),
});

const opportunityRow = (world: World, { gift, record }: GiftOnRecord): DemoRow => ({
  Demo_Key__c: gift.key,
  Name: nameOf({ gift, record }),
  'Account.Demo_Key__c': record.accountKey,
  'npsp__Primary_Contact__r.Demo_Key__c': record.key,
  'Campaign.Demo_Key__c': gift.campaign === undefined ? null : campaignKey(gift.campaign),
  'npe03__Recurring_Donation__r.Demo_Key__c': gift.recurring ?? null,
  npsp__Recurring_Donation_Installment_Number__c: gift.installment ?? null,
  npe01__Membership_Start_Date__c: gift.membership === undefined ? null : dateOf(gift.membership.from),
  npe01__Membership_End_Date__c: gift.membership === undefined ? null : dateOf(gift.membership.to),
  StageName: gift.stage,
  CloseDate: dateOf(gift.day),
  Amount: gift.amount,
  ...receiptColumns(gift),
  npe01__Do_Not_Automatically_Create_Payment__c: true,
  ...tributeColumns(world, gift, record.person),
  CreatedDate: instantOf(gift.day, gift.amount),
  LastModifiedDate: instantOf(gift.receipt?.day ?? gift.day, gift.amount),
});

const opportunityRows: RowsOfUnit = (world, unit) =>
  giftsOfUnit(world, unit).map((gift) => opportunityRow(world, gift));

const roleRows: RowsOfUnit = (world, unit) =>
  giftsOfUnit(world, unit).map(({ gift, record }) => ({
    'Opportunity.Demo_Key__c': gift.key,
    'Contact.Demo_Key__c': record.key,
    Role: 'Donor',
    IsPrimary: true,
  }));

const paymentRow = (world: World, { gift, record }: GiftOnRecord): DemoRow => {
  const draws = world.draws(`payment ${gift.key.slice(-3)}`, record.person.index);
  const paid = gift.stage === 'Closed Won';
  const byCard = gift.method === 'Credit Card';
  return {
    'npe01__Opportunity__r.Demo_Key__c': gift.key,
    npe01__Payment_Amount__c: gift.amount,
    npe01__Payment_Date__c: paid ? dateOf(gift.day) : null,
    npe01__Scheduled_Date__c: dateOf(paid ? gift.day : gift.day + 30),
    npe01__Paid__c: paid,
    npe01__Written_Off__c: gift.stage === 'Closed Lost',
    npe01__Payment_Method__c: gift.method,
    npe01__Check_Reference_Number__c: gift.method === 'Check' ? String(draws.whole(1_000_000, 9_999_999)) : null,
    npsp__Card_Last_4__c: byCard ? String(draws.whole(0, 9_999)).padStart(4, '0') : null,
    npsp__Card_Network__c: byCard ? draws.pick(['Visa', 'Mastercard']) : null,
    npsp__ACH_Last_4__c: gift.method === 'ACH' ? String(draws.whole(0, 9_999)).padStart(4, '0') : null,
    CreatedDate: instantOf(gift.day, gift.amount),
  };
};

const paymentRows: RowsOfUnit = (world, unit) =>
  giftsOfUnit(world, unit)
    .filter(({ gift }) => gift.stage !== 'Closed Lost')
    .map((gift) => paymentRow(world, gift));

const recurringRow = (world: World, person: Person, recurring: Recurring): DemoRow => {
  const draws = world.draws('recurring row', person.index);
  const byCard = draws.chance(0.3);
  const last = recurring.installments.at(-1);
  return {
    Demo_Key__c: recurring.key,
    Name: `${person.firstName} ${person.lastName} ${recurring.amount} € ${recurring.period}`.slice(0, 80),
    'npe03__Contact__r.Demo_Key__c': person.key,
    'npe03__Organization__r.Demo_Key__c': accountKey(person.unit),
    npe03__Amount__c: recurring.amount,
    npe03__Date_Established__c: dateOf(recurring.started),
    npsp__StartDate__c: dateOf(recurring.started),
    npe03__Installment_Period__c: recurring.period,
    npe03__Last_Payment_Date__c: last === undefined ? null : dateOf(last),
    npsp__InstallmentFrequency__c: 1,
    npsp__Day_of_Month__c: String(Number(dateOf(recurring.started).slice(8))),
    npsp__RecurringType__c: 'Open',
    npsp__Status__c: recurring.status,
    npsp__ClosedReason__c: recurring.status === 'Closed' ? 'Unknown' : null,
    npsp__PaymentMethod__c: byCard ? 'Credit Card' : 'ACH',
    npsp__CardLast4__c: byCard ? String(draws.whole(0, 9_999)).padStart(4, '0') : null,
    npsp__ACH_Last_4__c: byCard ? null : String(draws.whole(0, 9_999)).padStart(4, '0'),
    CreatedDate: instantOf(recurring.started),
  };
};

const recurringRows: RowsOfUnit = (world, unit) =>
  unit.people.flatMap((person) => {
    const recurring = recurringOf(world, person, fateOf(world, person));
    return recurring === undefined ? [] : [recurringRow(world, person, recurring)];
  });

const FUNDS = ['Actions en France', 'Urgences', 'Fonctionnement'] as const;

const fundRows = (): readonly DemoRow[] =>
  FUNDS.map((name, i) => ({ Demo_Key__c: `GAU-${i + 1}`, Name: name, npsp__Active__c: true }));

const allocationRows: RowsOfUnit = (world, unit) =>
  giftsOfUnit(world, unit)
    .filter(({ gift, record }) => gift.amount >= 300 && record.standing === 'live')
    .map(({ gift }, i) => ({
      'npsp__Opportunity__r.Demo_Key__c': gift.key,
      'npsp__General_Accounting_Unit__r.Demo_Key__c': `GAU-${((unit.number + i) % FUNDS.length) + 1}`,
      npsp__Amount__c: gift.amount,
    }));

/** The partner of a donor is thanked for half. */
const softCreditRows: RowsOfUnit = (world, unit) => {
  const partner = unit.people.find((person) => person.place === 'partner');
  if (partner === undefined) return [];
  return giftsOfUnit(world, unit)
    .filter(({ gift, record }) => gift.stage === 'Closed Won' && gift.amount >= 150 && record.person !== partner)
    .map(({ gift }) => ({
      'npsp__Opportunity__r.Demo_Key__c': gift.key,
      'npsp__Contact__r.Demo_Key__c': partner.key,
      npsp__Amount__c: gift.amount / 2,
      npsp__Role_Name__c: 'Soft Credit',
    }));
};

export const giftStages: readonly Stage[] = [
  bulk('npsp__General_Accounting_Unit__c', fundRows),
  bulk('npe03__Recurring_Donation__c', perUnit(recurringRows)),
  bulk('Opportunity', perUnit(opportunityRows)),
  bulk('OpportunityContactRole', perUnit(roleRows)),
  bulk('npe01__OppPayment__c', perUnit(paymentRows)),
  bulk('npsp__Allocation__c', perUnit(allocationRows)),
  bulk('npsp__Partial_Soft_Credit__c', perUnit(softCreditRows)),
];

import { emailOf } from '../contactPoints.ts';
import { perUnit, type DemoRow, type Stage } from '../batches.ts';
import { giftsOnRecords } from './gifts.ts';
import type { Person } from '../people.ts';
import { firstRecordOf, type PersonRecord } from '../records.ts';
import { instantOf, type World } from '../world.ts';

type Change = {
  readonly field: string;
  readonly type: string;
  readonly from: string | boolean;
  readonly to: string | boolean | null;
};

/** What a record said before: an old address, a name at birth, a box once ticked. */
const changesOf = (world: World, record: PersonRecord): readonly Change[] => {
  const { person } = record;
  const draws = world.draws('history', person.index);
  const changes: Change[] = [];
  if (record.email !== null && draws.chance(0.12)) {
    const from = emailOf(draws, person.firstName, person.birthName ?? person.lastName, person.ordinal + 3_000);
    changes.push({ field: 'Email', type: 'Email', from, to: record.email });
  }
  if (person.birthName !== undefined && draws.chance(0.2))
    changes.push({ field: 'LastName', type: 'Text', from: person.birthName, to: record.lastName });
  if (record.optedOutOfEmail) changes.push({ field: 'HasOptedOutOfEmail', type: 'Boolean', from: false, to: true });
  return changes;
};

const historyRow = (world: World, record: PersonRecord, change: Change): DemoRow => ({
  [record.object === 'Contact' ? 'ContactIdKey' : 'LeadIdKey']: record.key,
  Field: change.field,
  DataType: change.type,
  OldValue: change.from,
  NewValue: change.to,
  CreatedDate: instantOf(world.draws('history day', record.person.index).whole(record.created, world.now), 3),
});

const historyOf = (world: World, people: readonly Person[], kind: Person['kind']): readonly DemoRow[] =>
  people
    .filter((person) => person.kind === kind)
    .map((person) => firstRecordOf(world, person))
    .flatMap((record) => changesOf(world, record).map((change) => historyRow(world, record, change)));

const giftHistory = (world: World, people: readonly Person[]): readonly DemoRow[] =>
  people
    .flatMap((person) => giftsOnRecords(world, person))
    .filter(({ gift, record }) => gift.stage === 'Closed Won' && record.standing === 'live' && gift.amount % 100 === 0)
    .map(({ gift }) => ({
      OpportunityIdKey: gift.key,
      Field: 'StageName',
      DataType: 'DynamicEnum',
      OldValue: 'Pledged',
      NewValue: gift.stage,
      CreatedDate: instantOf(gift.day, 3),
    }));

const admin = (object: string, rows: Stage['rows']): Stage => ({ object, via: 'admin', operation: 'insert', rows });

export const historyStages: readonly Stage[] = [
  admin(
    'ContactHistory',
    perUnit((world, unit) => historyOf(world, unit.people, 'contact')),
  ),
  admin(
    'LeadHistory',
    perUnit((world, unit) => historyOf(world, unit.people, 'lead')),
  ),
  admin(
    'OpportunityFieldHistory',
    perUnit((world, unit) => giftHistory(world, unit.people)),
  ),
];

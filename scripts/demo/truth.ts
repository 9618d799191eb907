import { activitiesOf } from './activities.ts';
import { clockFactsOf } from './clocks.ts';
import { duplicatesOf } from './duplicates.ts';
import { accountKey, organisationKey } from './keys.ts';
import type { Note } from './notes.ts';
import { ageOf, unitsOf, type Person, type Unit } from './people.ts';
import { recordsOf, type PersonRecord } from './records.ts';
import { organisationKind } from './rows/accounts.ts';
import { respondsTo } from './rows/activities.ts';
import { openRequestOf } from './rows/consents.ts';
import { filesOf } from './rows/files.ts';
import { giftsOnRecords } from './rows/gifts.ts';
import { isQuotedInErrors, stagingCopyOf } from './rows/leftovers.ts';
import { followUpsOf } from './rows/relations.ts';
import { casesOf, choicesOf, holdOf } from './standing.ts';
import { dateOf, type World } from './world.ts';

export type TruthKind =
  | 'duplicate'
  | 'notDuplicate'
  | 'household'
  | 'minor'
  | 'deceased'
  | 'optedOut'
  | 'consent'
  | 'sensitiveNote'
  | 'identifierNote'
  | 'trapNote'
  | 'lastContact'
  | 'prospectDue'
  | 'prospectBlocked'
  | 'lapsedDonor'
  | 'fiscalHold'
  | 'legalHold'
  | 'openRequest'
  | 'brokenValue'
  | 'stagingCopy'
  | 'quotedInError'
  | 'file'
  | 'inBin';

/** One fact. `keys` are `Demo_Key__c` values; what each kind's keys and detail mean is in docs/demo.md. */
export type TruthLine = {
  readonly kind: TruthKind;
  readonly keys: readonly string[];
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
};

const line = (kind: TruthKind, keys: readonly string[], detail?: TruthLine['detail']): TruthLine =>
  detail === undefined ? { kind, keys } : { kind, keys, detail };

const NOTE_KIND: Readonly<Record<Exclude<Note['holds'], 'nothing'>, TruthKind>> = {
  sensitive: 'sensitiveNote',
  identifier: 'identifierNote',
  trap: 'trapNote',
};

const noteLine = (note: Note | null | undefined, key: string, place: string): readonly TruthLine[] => {
  if (note === null || note === undefined || note.holds === 'nothing') return [];
  const [object = '', field = ''] = place.split('.');
  const category = note.category === undefined ? {} : { category: note.category };
  return [line(NOTE_KIND[note.holds], [key], { object, field, ...category })];
};

const notesOf = (world: World, record: PersonRecord): readonly TruthLine[] => {
  const { person, fate } = record;
  const own = noteLine(record.note, record.key, `${record.object}.Description`);
  if (record.standing !== 'live') return own;
  const activities = activitiesOf(world, person, fate).flatMap(({ note, kind }) =>
    noteLine(note, person.key, kind === 'meeting' ? 'Event.Description' : 'Task.Description'),
  );
  const cases = casesOf(world, person, fate).flatMap((one) => noteLine(one.note, one.key, 'Case.Description'));
  const followUps = followUpsOf(world, person).flatMap((one) =>
    noteLine(one.note, one.key, 'Beneficiary_Follow_Up__c.Notes__c'),
  );
  return [...own, ...activities, ...cases, ...followUps];
};

const retentionLines = (world: World, record: PersonRecord): readonly TruthLine[] => {
  const gifts = giftsOnRecords(world, record.person).filter((one) => one.record.key === record.key);
  const facts = clockFactsOf(
    world,
    record,
    gifts.map(({ gift }) => gift),
  );
  const keys = [record.key];
  const responded = record.standing === 'live' && respondsTo(world, record.person).some((member) => member.responded);
  const detail = { date: dateOf(facts.lastContact), ...(responded ? { campaignResponse: true } : {}) };
  const lines = [line('lastContact', keys, detail)];
  const { receiptUntil, accountingUntil } = facts;
  if (receiptUntil !== undefined && receiptUntil >= world.today)
    lines.push(line('fiscalHold', keys, { until: receiptUntil }));
  if (!facts.over) return lines;
  if (!facts.prospect) {
    if (accountingUntil !== undefined) lines.push(line('lapsedDonor', keys, { ...detail, accountingUntil }));
    return lines;
  }
  if (facts.blocks.length > 0) lines.push(line('prospectBlocked', keys, { ...detail, by: facts.blocks.join(',') }));
  else lines.push(line('prospectDue', keys, { ...detail, noise: record.standing === 'live' && record.fate.noise }));
  return lines;
};

const statusLines = (world: World, record: PersonRecord): readonly TruthLine[] => {
  const { key, person, fate } = record;
  const hold = record.standing === 'live' ? holdOf(world, person, fate) : undefined;
  const until = hold?.until === undefined ? {} : { until: dateOf(hold.until) };
  return [
    ...(record.standing === 'live' && ageOf(world, person) < 18
      ? [line('minor', [key], { age: ageOf(world, person) })]
      : []),
    ...(record.deceased ? [line('deceased', [key])] : []),
    ...(record.optedOutOfEmail ? [line('optedOut', [key], { channel: 'Email' })] : []),
    ...(record.doNotCall ? [line('optedOut', [key], { channel: 'Phone' })] : []),
    ...(record.doNotContact ? [line('optedOut', [key], { channel: 'All' })] : []),
    ...(hold === undefined ? [] : [line('legalHold', [hold.key, key], { active: hold.active, ...until })]),
    ...record.broken.map((what) => line('brokenValue', [key], { what })),
  ];
};

const consentLines = (world: World, person: Person): readonly TruthLine[] => {
  const latest = new Map(choicesOf(world, person).map((choice) => [`${choice.purpose} ${choice.channel}`, choice]));
  return [...latest.values()].map(({ purpose, channel, given, day, source }) =>
    line('consent', [person.key], { purpose, channel, given, since: dateOf(day), source }),
  );
};

const requestLines = (world: World, person: Person): readonly TruthLine[] => {
  const request = openRequestOf(world, person);
  if (request === undefined) return [];
  return [line('openRequest', [person.key], { received: dateOf(request.received), due: request.due })];
};

const leftoverLines = (world: World, person: Person): readonly TruthLine[] => {
  const copy = stagingCopyOf(world, person);
  return [
    ...(copy === undefined ? [] : [line('stagingCopy', [person.key], { imported: copy.imported })]),
    ...(isQuotedInErrors(world, person) ? [line('quotedInError', [person.key])] : []),
  ];
};

const personLines = (world: World, person: Person): readonly TruthLine[] => {
  const records = recordsOf(world, person);
  const duplicates = duplicatesOf(world, person).map(({ key, kind }) => line('duplicate', [person.key, key], { kind }));
  return [
    ...duplicates,
    ...records.flatMap((record) =>
      record.standing === 'in-bin'
        ? [line('inBin', [record.key])]
        : [...statusLines(world, record), ...retentionLines(world, record), ...notesOf(world, record)],
    ),
    ...consentLines(world, person),
    ...requestLines(world, person),
    ...leftoverLines(world, person),
  ];
};

const likenessLines = ({ people }: Unit, before: Unit | undefined): readonly TruthLine[] => {
  const [head] = people;
  const neighbour = before?.people[0];
  const lines: TruthLine[] = [];
  for (const [i, person] of people.entries()) {
    const other = person.likeness === 'twins' ? people[i - 1] : head;
    if (i > 0 && person.likeness !== undefined && other !== undefined)
      lines.push(line('notDuplicate', [other.key, person.key], { why: person.likeness }));
  }
  const sameName = (a: Person, b: Person) => a.firstName === b.firstName && a.lastName === b.lastName;
  if (head?.likeness === 'namesake' && neighbour !== undefined && sameName(head, neighbour))
    lines.push(line('notDuplicate', [neighbour.key, head.key], { why: 'namesake' }));
  const sharing = people.filter((person) => person.sharesEmail);
  if (sharing.length > 1)
    lines.push(
      line(
        'notDuplicate',
        sharing.map((person) => person.key),
        { why: 'family-mailbox' },
      ),
    );
  return lines;
};

const unitLines = (world: World, unit: Unit, before: Unit | undefined): readonly TruthLine[] => [
  ...(unit.people.length > 1
    ? [line('household', [accountKey(unit.number), ...unit.people.map((person) => person.key)])]
    : []),
  ...likenessLines(unit, before),
  ...filesOf(world, unit).map(({ name, about }) =>
    line(
      'file',
      about.map((person) => person.key),
      { name },
    ),
  ),
  ...unit.people.flatMap((person) => personLines(world, person)),
];

function* organisationLines(world: World): Generator<TruthLine> {
  for (let index = 1; index < world.organisations; index += 1) {
    const keys = [organisationKey(index - 1), organisationKey(index)];
    const kind = organisationKind(world, index);
    if (kind === 'second-record') yield line('duplicate', keys, { kind: 'organisation-spelling' });
    if (kind === 'section') yield line('notDuplicate', keys, { why: 'local-section' });
  }
}

/** Every line, unit by unit, with two units in memory. */
export function* truthOf(world: World): Generator<TruthLine> {
  yield* organisationLines(world);
  let before: Unit | undefined;
  for (const unit of unitsOf(world)) {
    yield* unitLines(world, unit, before);
    before = unit;
  }
}

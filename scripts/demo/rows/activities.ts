import { activitiesOf, type Activity } from '../activities.ts';
import { bulk, perUnit, type DemoRow, type RowsOfUnit, type Stage } from '../batches.ts';
import { accountKey, campaignKey, relatedKey } from '../keys.ts';
import { fateOf } from '../fates.ts';
import { gazetteer } from '../gazetteer.ts';
import type { Person, Unit } from '../people.ts';
import { dateOf, instantOf, type World } from '../world.ts';

type Kind = Activity['kind'];

const IN_TASKS: readonly Kind[] = ['call-in', 'call-missed', 'bulk', 'letter'];
const SUBTYPE: Readonly<Partial<Record<Kind, string>>> = {
  'call-in': 'Call',
  'call-missed': 'Call',
  bulk: 'ListEmail',
  letter: 'Task',
};

const DISPOSITION: Readonly<Partial<Record<Kind, string>>> = {
  'call-in': 'Conversation',
  'call-missed': 'Pas de réponse',
};

type Happened = { readonly person: Person; readonly activity: Activity };

const happenedIn = (world: World, unit: Unit, kinds: readonly Kind[]): readonly Happened[] =>
  unit.people.flatMap((person) =>
    activitiesOf(world, person)
      .filter((activity) => kinds.includes(activity.kind))
      .map((activity) => ({ person, activity })),
  );

const taskRow = ({ person, activity }: Happened): DemoRow => ({
  WhoIdKey: person.key,
  Subject: activity.subject,
  TaskSubtype: SUBTYPE[activity.kind] ?? 'Task',
  Status: 'Completed',
  Priority: 'Normal',
  ActivityDate: dateOf(activity.day),
  CallType: activity.kind === 'call-in' ? 'Inbound' : activity.kind === 'call-missed' ? 'Outbound' : null,
  CallDisposition: DISPOSITION[activity.kind] ?? null,
  Description: activity.note?.text ?? null,
  CreatedDate: instantOf(activity.day, person.index),
  LastModifiedDate: instantOf(activity.day, person.index),
});

const eventRow = ({ person, activity }: Happened): DemoRow => ({
  WhoIdKey: person.key,
  Subject: activity.subject,
  StartDateTime: instantOf(activity.day, person.index),
  ActivityDateTime: instantOf(activity.day, person.index),
  DurationInMinutes: 60,
  Location: person.address.city,
  Description: activity.note?.text ?? null,
  CreatedDate: instantOf(activity.day, person.index),
});

const OURS = 'contact@mains-tendues.example';

const messageKey = ({ person, activity }: Happened): string => relatedKey('EM', person.key, activity.ordinal);

const messageRow = (happened: Happened): DemoRow => {
  const { person, activity } = happened;
  const incoming = activity.kind === 'email-in';
  const theirs = person.email ?? null;
  return {
    Demo_Key__c: messageKey(happened),
    RelatedToIdKey: person.kind === 'contact' ? accountKey(person.unit) : null,
    Incoming: incoming,
    Status: incoming ? '1' : '3',
    Subject: activity.subject,
    TextBody: activity.body ?? null,
    FromAddress: incoming ? theirs : OURS,
    FromName: incoming ? `${person.firstName} ${person.lastName}` : 'Les Mains Tendues',
    ToAddress: incoming ? OURS : theirs,
    MessageDate: instantOf(activity.day, person.index),
    FirstOpenedDate: activity.opened ? instantOf(activity.day + 1, person.index) : null,
    LastOpenedDate: activity.opened ? instantOf(activity.day + 2, person.index) : null,
  };
};

const EMAILS: readonly Kind[] = ['email-in', 'email-out'];

const messageRows: RowsOfUnit = (world, unit) => happenedIn(world, unit, EMAILS).map(messageRow);

const relationRows: RowsOfUnit = (world, unit) =>
  happenedIn(world, unit, EMAILS).map((happened) => ({
    'EmailMessage.Demo_Key__c': messageKey(happened),
    RelationIdKey: happened.person.key,
    RelationType: happened.activity.kind === 'email-in' ? 'FromAddress' : 'ToAddress',
    RelationAddress: happened.person.email ?? null,
  }));

function* campaignRows(world: World): Generator<DemoRow> {
  for (let index = 0; index < world.campaigns; index += 1) {
    const draws = world.draws('campaign', index);
    const [name, type, month] = gazetteer.texts.campaigns[index % gazetteer.texts.campaigns.length] ?? [
      'Appel',
      'Email',
      1,
    ];
    const year = Number(world.today.slice(0, 4)) - 1 - (index % 10);
    const start = `${year}-${String(month).padStart(2, '0')}-01`;
    yield {
      Demo_Key__c: campaignKey(index),
      Name: `${name} ${year}${index >= 40 ? ` bis ${index}` : ''}`,
      Type: type,
      Status: 'Completed',
      IsActive: draws.chance(0.2),
      StartDate: start,
      EndDate: `${year}-${String(month).padStart(2, '0')}-28`,
    };
  }
}

/** A response moves the clock, so only who gives or pays dues has one; `FirstRespondedDate` is the day of loading. */
export const respondsTo = (world: World, person: Person): readonly { campaign: number; responded: boolean }[] => {
  const draws = world.draws('campaign members', person.index);
  const { role } = fateOf(world, person);
  if (person.place === 'child') return [];
  const count = draws.whole(0, 4);
  const first = draws.whole(0, world.campaigns - 1);
  const step = draws.whole(1, 3);
  return Array.from({ length: count }, (_, i) => ({
    campaign: (first + i * step) % world.campaigns,
    responded: (role === 'donor' || role === 'member') && draws.chance(0.12),
  }));
};

const memberRows =
  (kind: Person['kind']): RowsOfUnit =>
  (world, unit) =>
    unit.people
      .filter((person) => person.kind === kind)
      .flatMap((person) =>
        respondsTo(world, person).map(({ campaign, responded }) => ({
          'Campaign.Demo_Key__c': campaignKey(campaign),
          [kind === 'contact' ? 'Contact.Demo_Key__c' : 'Lead.Demo_Key__c']: person.key,
          Status: responded ? 'Responded' : 'Sent',
        })),
      );

export const campaignStages: readonly Stage[] = [bulk('Campaign', campaignRows)];

export const activityStages: readonly Stage[] = [
  bulk('CampaignMember', perUnit(memberRows('contact'))),
  bulk(
    'Task',
    perUnit((world, unit) => happenedIn(world, unit, IN_TASKS).map(taskRow)),
  ),
  bulk(
    'Event',
    perUnit((world, unit) => happenedIn(world, unit, ['meeting']).map(eventRow)),
  ),
  bulk('EmailMessage', perUnit(messageRows)),
  bulk('EmailMessageRelation', perUnit(relationRows)),
];

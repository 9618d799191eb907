import { endOfPeriod, type LocalDate } from '../../kernel/legalPeriod.ts';
import { sha256Hex } from '../../kernel/hash.ts';
import { bulk, perUnit, type DemoRow, type RowsOfUnit, type Stage } from '../batches.ts';
import { fateOf } from '../fates.ts';
import { gazetteer } from '../gazetteer.ts';
import { keepingLast, type Person } from '../people.ts';
import { choicesOf, type ConsentChoice } from '../standing.ts';
import { dateOf, instantOf, yearOf, type World } from '../world.ts';

const { notices } = gazetteer.texts;

const noticeKey = (name: string, version: number): string => `${name}/${version}/fr`;

/** The first version of each notice served the first five years, the second one since. */
const noticeVersionOn = (world: World, day: number): 1 | 2 => (yearOf(day) < yearOf(world.now) - 4 ? 1 : 2);

function* noticeRows(world: World): Generator<DemoRow> {
  const change = yearOf(world.now) - 4;
  for (const { name, title, versions } of notices) {
    for (const [i, text] of versions.entries()) {
      yield {
        NoticeKey__c: noticeKey(name, i + 1),
        Name: `${title} v${i + 1}`,
        NoticeText__c: text,
        TextHash__c: sha256Hex(text),
        Version__c: String(i + 1),
        Language__c: 'fr',
        EffectiveFromDate__c: i === 0 ? `${change - 8}-01-01` : `${change}-01-01`,
        EffectiveToDate__c: i === 0 ? `${change - 1}-12-31` : null,
      };
    }
  }
}

const CHANNEL: Readonly<Record<ConsentChoice['channel'], string>> = {
  Email: 'email',
  Phone: 'phone-call',
  Mail: 'post',
};
/** Keys of the demo charter's purposes. */
const PURPOSE: Readonly<Record<ConsentChoice['purpose'], string>> = {
  newsletter: 'newsletter',
  appeals: 'prospecting',
  partners: 'partner-sharing',
};
const METHOD: Readonly<Record<ConsentChoice['source'], string>> = {
  paper: 'signature',
  web: 'box-ticked',
  phone: 'spoken',
};

const statusOf = (choice: ConsentChoice, before: readonly ConsentChoice[]): string => {
  if (choice.given) return 'given';
  const had = before.some(
    ({ purpose, channel, given }) => given && purpose === choice.purpose && channel === choice.channel,
  );
  return had ? 'withdrawn' : 'refused';
};

const eventRow = (world: World, person: Person, choices: readonly ConsentChoice[], at: number): DemoRow => {
  const choice = choices[at];
  if (choice === undefined) throw new RangeError('no such choice');
  const occurred = instantOf(choice.day, choice.ordinal);
  const version = noticeVersionOn(world, choice.day);
  const notice = notices.find(({ source }) => source === choice.source) ?? notices[0];
  const proof = world.draws(`proof ${choice.ordinal}`, person.index);
  return {
    EventKey__c: sha256Hex(`demo ${person.key} ${choice.ordinal} ${occurred}`),
    SubjectType__c: 'Contact',
    SubjectKey__c: person.key,
    'Contact__r.Demo_Key__c': person.key,
    Status__c: statusOf(choice, choices.slice(0, at)),
    OccurredAt__c: occurred,
    PurposeKey__c: PURPOSE[choice.purpose],
    Channel__c: CHANNEL[choice.channel],
    LegalBasis__c: choice.purpose === 'appeals' ? 'legitimate-interest' : 'consent',
    ConsentType__c: 'expressed',
    Source__c: choice.source,
    CaptureMethod__c: METHOD[choice.source],
    CaptureContext__c: choice.source === 'web' ? 'https://mains-tendues.example/lettre' : null,
    'Notice__r.NoticeKey__c': noticeKey(notice?.name ?? '', version),
    NoticeTextHash__c: sha256Hex(notice?.versions[version - 1] ?? ''),
    Language__c: 'fr',
    ProofState__c: choice.source === 'paper' && proof.chance(0.15) ? 'unproven' : 'proven',
    OperatorName__c: choice.source === 'phone' ? 'Accueil téléphonique' : null,
  };
};

const eventRows: RowsOfUnit = (world, unit) =>
  unit.people.flatMap((person) => {
    const choices = choicesOf(world, person);
    return choices.map((_, at) => eventRow(world, person, choices, at));
  });

export type OpenRequest = {
  readonly key: string;
  readonly received: number;
  readonly due: string;
  readonly text: string;
};

/** Regulation 1182/71, Art. 3(4): a period that would end on a Saturday or Sunday ends on the Monday. */
const workingDay = (date: string): string => {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const shift = weekday === 6 ? 2 : weekday === 0 ? 1 : 0;
  return endOfPeriod(date as LocalDate, { days: shift });
};

const uuidFrom = (text: string): string => {
  const hex = sha256Hex(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** A right somebody has used and that waits for an answer: supporters only, as asking is contact. */
export const openRequestOf = keepingLast((world: World, person: Person): OpenRequest | undefined => {
  const draws = world.draws('requests', person.index);
  if (person.kind === 'lead' || fateOf(world, person).role !== 'donor' || !draws.chance(0.008)) return undefined;
  const received = world.now - draws.whole(1, 35);
  return {
    key: uuidFrom(`demo request ${world.seed} ${person.key}`),
    received,
    due: workingDay(endOfPeriod(dateOf(received) as LocalDate, { months: 1 })),
    text: draws.pick(gazetteer.texts.requests),
  };
});

const requestRow = (person: Person, request: OpenRequest): DemoRow => ({
  RequestKey__c: request.key,
  SubjectType__c: 'Contact',
  SubjectKey__c: person.key,
  'Contact__r.Demo_Key__c': person.key,
  ReceivedAt__c: instantOf(request.received, person.index),
  ReceivedDate__c: dateOf(request.received),
  DueDate__c: request.due,
  Status__c: 'acknowledged',
  Channel__c: person.email === undefined ? 'post' : 'email',
  RequesterType__c: 'self',
  RequesterName__c: `${person.firstName} ${person.lastName}`.slice(0, 120),
  RequesterContact__c: person.email ?? `${person.address.street}, ${person.address.postalCode} ${person.address.city}`,
  RequestText__c: request.text,
  IdentityCheck__c: 'not-needed',
  SubjectMatch__c: 'confirmed',
  Language__c: 'fr',
});

const requestRows: RowsOfUnit = (world, unit) =>
  unit.people.flatMap((person) => {
    const request = openRequestOf(world, person);
    return request === undefined ? [] : [requestRow(person, request)];
  });

/** Rows of Garde's own objects: the package must be deployed. Purposes are published from the charter, not here. */
export const consentStages: readonly Stage[] = [
  bulk('GardeNotice__c', noticeRows),
  bulk('GardeConsentEvent__c', perUnit(eventRows)),
  bulk('GardeRequest__c', perUnit(requestRows)),
];

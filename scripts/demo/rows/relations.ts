import { bulk, perUnit, type DemoRow, type RowsOfUnit, type Stage } from '../batches.ts';
import { fateOf } from '../fates.ts';
import { gazetteer } from '../gazetteer.ts';
import { organisationKey, relatedKey } from '../keys.ts';
import { followUpNote, type Note } from '../notes.ts';
import { ageOf, type Person } from '../people.ts';
import { casesOf, holdOf, membershipsOf } from '../standing.ts';
import { dateOf, instantOf, type World } from '../world.ts';

const RECIPROCAL: Readonly<Record<Person['place'], readonly [string, string]>> = {
  partner: ['Partner', 'Partner'],
  child: ['Child', 'Parent'],
  parent: ['Father', 'Son'],
  head: ['Family', 'Family'],
};

const relationRow = (from: Person, to: Person, type: string): DemoRow => ({
  'npe4__Contact__r.Demo_Key__c': from.key,
  'npe4__RelatedContact__r.Demo_Key__c': to.key,
  npe4__Type__c: type,
  npe4__Status__c: 'Current',
  npe4__Description__c: type === 'Parent' ? `Responsable légal de ${to.firstName}` : null,
});

/** Both directions, as NPSP keeps a reciprocal row. */
const relationshipRows: RowsOfUnit = (_, unit) => {
  const [head, ...others] = unit.people;
  if (head === undefined) return [];
  return others.flatMap((person) => {
    const [type, reciprocal] = RECIPROCAL[person.place];
    return [relationRow(head, person, type), relationRow(person, head, reciprocal)];
  });
};

const affiliationRow = (world: World, person: Person): DemoRow => {
  const draws = world.draws('affiliation', person.index);
  const current = draws.chance(0.7);
  const start = world.now - draws.whole(400, 3_000);
  return {
    'npe5__Contact__r.Demo_Key__c': person.key,
    'npe5__Organization__r.Demo_Key__c': organisationKey(draws.whole(0, world.organisations - 1)),
    npe5__Role__c: draws.pick(gazetteer.texts.jobs),
    npe5__Status__c: current ? 'Current' : 'Former',
    npe5__StartDate__c: dateOf(start),
    npe5__EndDate__c: current ? null : dateOf(start + 300),
  };
};

const affiliationRows: RowsOfUnit = (world, unit) =>
  unit.people
    .filter((person) => person.kind === 'contact' && ageOf(world, person) >= 22)
    .filter((person) => world.draws('affiliated', person.index).chance(0.08))
    .map((person) => affiliationRow(world, person));

const membershipRows: RowsOfUnit = (world, unit) =>
  unit.people.flatMap((person) =>
    membershipsOf(world, person).map((membership) => ({
      Demo_Key__c: membership.key,
      'Contact__r.Demo_Key__c': person.key,
      StartDate__c: dateOf(membership.from),
      EndDate__c: dateOf(membership.to),
      Amount__c: membership.amount,
      CreatedDate: instantOf(membership.from),
    })),
  );

export type FollowUp = { readonly key: string; readonly day: number; readonly note: Note };

/** What social workers wrote about people the association helps. */
export const followUpsOf = (world: World, person: Person): readonly FollowUp[] => {
  const { role, created } = fateOf(world, person);
  if (role !== 'beneficiary') return [];
  const draws = world.draws('follow-ups', person.index);
  return Array.from({ length: draws.whole(1, 3) }, (_, i) => ({
    key: relatedKey('FU', person.key, i + 1),
    day: draws.whole(Math.min(created, world.now - 1), world.now - 1),
    note: followUpNote(draws),
  }));
};

const followUpRows: RowsOfUnit = (world, unit) =>
  unit.people.flatMap((person) =>
    followUpsOf(world, person).map(({ key, day, note }) => ({
      Demo_Key__c: key,
      'Contact__r.Demo_Key__c': person.key,
      Date__c: dateOf(day),
      Notes__c: note.text,
      CreatedDate: instantOf(day),
    })),
  );

const holdRows: RowsOfUnit = (world, unit) =>
  unit.people.flatMap((person) => {
    const hold = holdOf(world, person);
    return hold === undefined
      ? []
      : [
          {
            Demo_Key__c: hold.key,
            'Contact__r.Demo_Key__c': person.key,
            Reason__c: hold.reason,
            Start_Date__c: dateOf(hold.from),
            End_Date__c: hold.until === undefined ? null : dateOf(hold.until),
            Active__c: hold.active,
          },
        ];
  });

const caseRows: RowsOfUnit = (world, unit) =>
  unit.people.flatMap((person) =>
    casesOf(world, person).map((one) => ({
      Demo_Key__c: one.key,
      'Contact.Demo_Key__c': person.key,
      Subject: one.subject,
      Description: one.note.text,
      Status: one.closed ? 'Closed' : 'Working',
      Origin: person.email === undefined ? 'Phone' : 'Email',
      SuppliedName: `${person.firstName} ${person.lastName}`.slice(0, 80),
      SuppliedEmail: person.email ?? null,
      CreatedDate: instantOf(one.opened, person.index),
      LastModifiedDate: instantOf(one.opened, person.index),
    })),
  );

export const relationStages: readonly Stage[] = [
  bulk('npe4__Relationship__c', perUnit(relationshipRows)),
  bulk('npe5__Affiliation__c', perUnit(affiliationRows)),
  bulk('Membership__c', perUnit(membershipRows)),
  bulk('Beneficiary_Follow_Up__c', perUnit(followUpRows)),
  bulk('Legal_Hold__c', perUnit(holdRows)),
  bulk('Case', perUnit(caseRows)),
];

import { soqlLikeLiteral, soqlName } from '../../kernel/soql.ts';
import type { OrgModel } from '../../model/orgModel.ts';
import type { PeopleObject } from '../../model/pack.ts';
import type { Org } from '../../org/port.ts';
import { emailVariants, nameKey, phoneKey } from '../identifiers.ts';
import { queryPeople, type PersonRow } from '../peopleRows.ts';
import { nameWords } from '../samePerson.ts';
import type { Needles, PersonName, SpellingKnowledge } from './contract.ts';
import { createFold } from './letters.ts';
import { mailboxKey, mailboxOf } from './patterns.ts';

/** `Hélène` → `h_l_n_`: any accent matches; answers are compared folded. */
const anyAccent = (word: string): string => word.replace(/oe|ae/g, '%').replace(/[aceinouyz]/g, '_');

const likeName = (field: string, name: string): readonly string[] => {
  const words = nameKey(name)
    .split(' ')
    .filter((word) => word.length > 1);
  if (words.length === 0) return name.trim() === '' ? [] : [`${soqlName(field)} LIKE '%${soqlLikeLiteral(name)}%'`];
  return [`(${words.map((word) => `${soqlName(field)} LIKE '%${anyAccent(word)}%'`).join(' AND ')})`];
};

const likePhone = (field: string, phone: string): readonly string[] => {
  const digits = phone.replace(/\D/g, '').slice(-8);
  return digits.length < 6 ? [] : [`${soqlName(field)} LIKE '%${Array.from(digits).join('%')}%'`];
};

const conditionsFor = (person: PeopleObject, needles: Needles): readonly string[] => [
  ...needles.names.flatMap(({ family }) => family.flatMap((name) => likeName(person.fullName, name))),
  ...person.emails.flatMap((field) =>
    needles.emails.flatMap(emailVariants).map((email) => `${soqlName(field)} LIKE '${soqlLikeLiteral(email)}'`),
  ),
  ...person.phones.flatMap((field) => needles.phones.flatMap((phone) => likePhone(field, phone))),
];

/** People beside the person who share a family name, an address or a number with them. */
const neighbours = async (
  needles: Needles,
  model: OrgModel,
  org: Pick<Org, 'query'>,
): Promise<readonly PersonRow[]> => {
  const own = new Set([...needles.recordIds, ...needles.roots.map(({ id }) => id)]);
  const found: PersonRow[] = [];
  for (const person of model.people) {
    const conditions = conditionsFor(person, needles);
    if (conditions.length === 0) continue;
    for await (const row of queryPeople(org, person, conditions.join(' OR '))) if (!own.has(row.id)) found.push(row);
  }
  return found;
};

/** A row of the recycle bin or of the platform's shadow of another record counts too: better one namesake too many. */
const measured = (name: PersonName, others: readonly PersonRow[]): PersonName => {
  const full = new Set(
    [name.full, ...name.given.flatMap((given) => name.family.map((family) => `${given} ${family}`))].map(nameWords),
  );
  const family = new Set(name.family.map(nameKey));
  const bears = (row: PersonRow): boolean => row.familyNames.some((one) => family.has(nameKey(one)));
  return {
    ...name,
    namesakes: others.filter(
      (row) =>
        full.has(nameWords(row.fullName)) || full.has(nameWords([...row.givenNames, ...row.familyNames].join(' '))),
    ).length,
    familyBearers: others.filter(bears).length,
  };
};

/**
 * Asks the org who else bears the person's names and holds their addresses and numbers: those of others too say nothing
 * alone. One query an object of people; recycle bin included.
 */
export const measureNeedles = async (
  needles: Needles,
  { model, knowledge }: { readonly model: OrgModel; readonly knowledge: SpellingKnowledge },
  org: Pick<Org, 'query'>,
): Promise<Needles> => {
  const others = await neighbours(needles, model, org);
  const fold = createFold(knowledge);
  const keyOf = (email: string): string | undefined => {
    const mailbox = mailboxOf(email, fold, knowledge);
    return mailbox === undefined ? undefined : mailboxKey(mailbox);
  };
  const emails = new Set(others.flatMap((row) => row.emails.map(keyOf)));
  const phones = new Set(others.flatMap((row) => row.phones.map((phone) => phoneKey(phone, needles.country))));
  const isSharedEmail = (email: string): boolean => emails.has(keyOf(email) ?? '');
  const isSharedPhone = (phone: string): boolean => phones.has(phoneKey(phone, needles.country) ?? '');
  return {
    ...needles,
    names: needles.names.map((name) => measured(name, others)),
    emails: needles.emails.filter((email) => !isSharedEmail(email)),
    sharedEmails: [...needles.sharedEmails, ...needles.emails.filter(isSharedEmail)],
    phones: needles.phones.filter((phone) => !isSharedPhone(phone)),
    sharedPhones: [...needles.sharedPhones, ...needles.phones.filter(isSharedPhone)],
  };
};

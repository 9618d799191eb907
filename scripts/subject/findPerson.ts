import { parseRecordId } from '../kernel/recordId.ts';
import { failed, ok, type Problem, type Result } from '../kernel/result.ts';
import { soqlList, soqlName, soqlString } from '../kernel/soql.ts';
import type { OrgModel } from '../model/orgModel.ts';
import type { PeopleObject } from '../model/pack.ts';
import type { Org } from '../org/port.ts';
import type { RecordReference } from './graph.ts';
import { emailVariants, nameKey } from './identifiers.ts';
import { queryPeople, readPeople, type PersonRow } from './peopleRows.ts';
import type { RowSource } from './rowSource.ts';
import { linkedRecords, nameWords, seemsSamePerson } from './samePerson.ts';

export type PersonInput = {
  /** A record id (several joined by commas), an e-mail address or a full name. */
  readonly person: string;
  /** Take records with the same e-mail address and the same name, without a link, for the same person. */
  readonly includeMatchingEmail: boolean;
};
export type FindPorts = { readonly org: Pick<Org, 'query'>; readonly rows: RowSource };

export type FoundPerson = {
  /** The person's own records, tied to one another by explicit links or by what was asked for. */
  readonly roots: readonly RecordReference[];
  /** Records with the same e-mail address that were not taken: nothing ties them, or the name differs. */
  readonly sameEmail: readonly RecordReference[];
};

type Search = PersonInput & { readonly model: OrgModel; readonly ports: FindPorts };

/** Users are staff: found by name or address only when nobody else is; otherwise through a link. */
const STAFF = 'User';
const MOST_CANDIDATES = 40;
const MOST_SHOWN = 20;

const notFound = ({ model }: Search, how: string): Problem => ({
  code: 'PersonNotFound',
  subject: '--person',
  message: `No person was found by this ${how} among ${model.people.map((one) => one.object).join(', ')}.`,
  actions: [
    'Check the spelling, or give the 18-character id of the record.',
    'Records that the running user cannot see are not found: "garde doctor" and "garde audit" say what is hidden.',
  ],
});

const peopleHidden: Problem = {
  code: 'PeopleHidden',
  message: 'The running user sees none of the objects that hold people, so nobody can be looked for.',
  actions: [
    'Assign a permission set that reads them (GardeAccess), then run the command again.',
    '"garde doctor" says what is hidden from the user.',
  ],
};

const ambiguous = (candidates: readonly RecordReference[], people: string): Problem => {
  const counts = new Map<string, number>();
  for (const { object } of candidates) counts.set(object, (counts.get(object) ?? 0) + 1);
  const objects = [...counts].map(([object, count]) => `${count} ${object}`).join(', ');
  const ids = candidates.slice(0, MOST_SHOWN).map((one) => one.id);
  return {
    code: 'PersonAmbiguous',
    subject: '--person',
    message: `${people} match, and nothing ties them together (${objects}): ${ids.join(', ')}${candidates.length > MOST_SHOWN ? ', …' : ''}.`,
    actions: [
      'Look the records up, then give the id of the right one.',
      'When several are the same person, give all their ids, joined by commas.',
    ],
  };
};

const emailCondition = (person: PeopleObject, addresses: readonly string[]): string | undefined => {
  const values = [...new Set(addresses.flatMap(emailVariants))];
  return person.emails.length === 0 || values.length === 0
    ? undefined
    : person.emails.map((field) => `${soqlName(field)} IN ${soqlList(values)}`).join(' OR ');
};

const byEmail = async ({ model, ports }: Search, addresses: readonly string[]): Promise<readonly PersonRow[]> => {
  const found: PersonRow[] = [];
  for (const person of model.people) {
    const where = emailCondition(person, addresses);
    if (where === undefined) continue;
    for await (const row of queryPeople(ports.org, person, where)) found.push(row);
  }
  return found;
};

/** `Hélène` → `h_l_n_`: letters that may carry an accent match any letter; answers are compared without accents. */
const anyAccent = (word: string): string => word.replace(/oe|ae/g, '%').replace(/[aceinouyz]/g, '_');

/** Names without a Latin letter are compared as they are. */
const nameCondition = (field: string, name: string): string =>
  nameKey(name) === ''
    ? `${soqlName(field)} = ${soqlString(name)}`
    : nameKey(name)
        .split(' ')
        .map((word) => `${soqlName(field)} LIKE '%${anyAccent(word)}%'`)
        .join(' AND ');

const byName = async ({ model, ports, person: name }: Search): Promise<readonly PersonRow[]> => {
  const found: PersonRow[] = [];
  for (const person of model.people) {
    const where = nameCondition(person.fullName, name);
    for await (const row of queryPeople(ports.org, person, where)) {
      if (nameWords(row.fullName) === nameWords(name)) found.push(row);
    }
  }
  return found;
};

/** Records of one person each: linked records together, and with the flag those of the same e-mail and name. */
const peopleOf = async (
  search: Search,
  candidates: readonly PersonRow[],
): Promise<readonly (readonly PersonRow[])[]> => {
  const { model, ports, includeMatchingEmail } = search;
  const groups: PersonRow[][] = [];
  const known = new Set<string>();
  for (const candidate of candidates) {
    if (known.has(candidate.id)) continue;
    const linked = await linkedRecords([candidate], model, ports.rows);
    const rows = await readPeople(
      ports.org,
      model,
      linked.map((one) => one.id),
    );
    for (const row of rows) known.add(row.id);
    const same = includeMatchingEmail ? groups.find((group) => seemsSamePerson(group, rows)) : undefined;
    if (same === undefined) groups.push([...rows]);
    else same.push(...rows);
  }
  return groups;
};

const onePerson = async (
  search: Search,
  candidates: readonly PersonRow[],
  how: string,
): Promise<Result<readonly PersonRow[]>> => {
  if (candidates.length === 0) return failed(notFound(search, how));
  if (candidates.length > MOST_CANDIDATES) return failed(ambiguous(candidates, `${candidates.length} records`));
  const [first, ...others] = await peopleOf(search, candidates);
  if (first === undefined) return failed(notFound(search, how));
  return others.length === 0 ? ok(first) : failed(ambiguous(candidates, `${others.length + 1} people`));
};

const RECORD_IDS = /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?(\s*,\s*[A-Za-z0-9]{15}([A-Za-z0-9]{3})?)*$/;

/** Ids that a person gave are taken as one person, with what is linked to them. */
const byIds = async (search: Search): Promise<Result<readonly PersonRow[]>> => {
  const { model, ports } = search;
  const texts = search.person.split(',').map((text) => text.trim());
  const ids = texts.map((text) => parseRecordId(text));
  const given = await readPeople(
    ports.org,
    model,
    ids.filter((id) => id !== undefined),
  );
  const missing = ids.filter((id) => id === undefined || !given.some((row) => row.id === id));
  if (missing.length > 0) return failed(...missing.map(() => notFound(search, 'record id')));
  const linked = await linkedRecords(given, model, ports.rows);
  return ok(
    await readPeople(
      ports.org,
      model,
      linked.map((one) => one.id),
    ),
  );
};

const startOf = async (search: Search): Promise<Result<readonly PersonRow[]>> => {
  const text = search.person;
  if (RECORD_IDS.test(text) && /\d/.test(text)) return byIds(search);
  if (text === '') return failed(notFound(search, 'name'));
  const isEmail = text.includes('@');
  const found = isEmail ? await byEmail(search, [text]) : await byName(search);
  const outside = found.filter((row) => row.object !== STAFF);
  return onePerson(search, outside.length === 0 ? found : outside, isEmail ? 'e-mail address' : 'name');
};

/** Records with one of the person's e-mail addresses that no link ties to them. */
const strangersByEmail = async (search: Search, own: readonly PersonRow[]): Promise<readonly PersonRow[]> => {
  const found = await byEmail(
    search,
    own.flatMap((row) => row.emails),
  );
  return found.filter((row) => !own.some((one) => one.id === row.id));
};

/**
 * The records of one person. Explicit links tie records together (the same Individual, a converted lead, a portal user,
 * a merge); a shared name never does; a shared e-mail address does so only when asked for, and only with the same name.
 * Problems: `PeopleHidden`; `PersonNotFound`; `PersonAmbiguous` with counts and ids, never names.
 */
export const findPerson = async (
  input: PersonInput,
  model: OrgModel,
  ports: FindPorts,
): Promise<Result<FoundPerson>> => {
  const search: Search = { ...input, person: input.person.trim(), model, ports };
  if (model.people.every((person) => person.object === STAFF)) return failed(peopleHidden);
  const start = await startOf(search);
  if (!start.ok) return start;
  let own = start.value;
  let strangers = await strangersByEmail(search, own);
  const more = input.includeMatchingEmail ? strangers.filter((row) => seemsSamePerson(own, [row])) : [];
  if (more.length > 0) {
    const linked = await linkedRecords([...own, ...more], model, ports.rows);
    own = await readPeople(
      ports.org,
      model,
      linked.map((one) => one.id),
    );
    strangers = await strangersByEmail(search, own);
  }
  const reference = ({ object, id }: PersonRow): RecordReference => ({ object, id });
  return ok({ roots: own.map(reference), sameEmail: strangers.map(reference) });
};

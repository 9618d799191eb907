import type { ModelPath, OrgModel } from '../model/orgModel.ts';
import type { RecordReference } from './graph.ts';
import { emailKey, nameKey } from './identifiers.ts';
import type { PersonRow } from './peopleRows.ts';
import { resolveSubject } from './resolveSubject.ts';
import type { RowSource } from './rowSource.ts';

/** Where the platform writes which record a merged one went into. */
const MERGED_INTO = 'MasterRecordId';

/** The model reduced to what says that two records are one person: IndividualId, ConvertedContactId, User.ContactId, merges. */
const identityModel = (model: OrgModel): OrgModel => {
  const people = new Set(model.people.map((person) => person.object));
  const links = (path: ModelPath): boolean => !path.shared && people.has(path.object) && people.has(path.to);
  const merges = [...people].flatMap((object): readonly ModelPath[] => {
    const merged = model.objects.get(object)?.fields.some((field) => field.name === MERGED_INTO) ?? false;
    const role = { en: 'merged into', fr: 'fusionné avec' };
    return merged
      ? [{ object, via: MERGED_INTO, to: object, role, shared: false, origin: 'describe', others: [] }]
      : [];
  });
  return {
    ...model,
    paths: [...model.paths.filter(links), ...merges],
    upward: [...model.upward.filter(links), ...merges],
    anywhere: [],
  };
};

/** All people's records that explicit links tie to the given ones, these first. */
export const linkedRecords = async (
  roots: readonly RecordReference[],
  model: OrgModel,
  rows: RowSource,
): Promise<readonly RecordReference[]> => {
  const { items } = await resolveSubject(roots, identityModel(model), { rows });
  const people = new Set(model.people.map((person) => person.object));
  return items.filter((item) => people.has(item.object)).map(({ object, id }) => ({ object, id }));
};

/** Words of a name in no order: `DURAND Marie` and `Marie Durand` are equal. */
export const nameWords = (name: string): string => nameKey(name).split(' ').sort().join(' ');

const sharesEmail = (a: readonly PersonRow[], b: readonly PersonRow[]): boolean => {
  const known = new Set(a.flatMap((row) => row.emails.map(emailKey)));
  return b.some((row) => row.emails.some((email) => known.has(emailKey(email))));
};

const sharesName = (a: readonly PersonRow[], b: readonly PersonRow[]): boolean => {
  const known = new Set(a.map((row) => nameWords(row.fullName)));
  return b.some((row) => known.has(nameWords(row.fullName)));
};

/** Same e-mail address and same name: couples share addresses, and namesakes share names. */
export const seemsSamePerson = (a: readonly PersonRow[], b: readonly PersonRow[]): boolean =>
  sharesEmail(a, b) && sharesName(a, b);

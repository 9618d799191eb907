import { z } from 'zod';
import { columnRole } from './columnMap.ts';
import { filter } from './filter.ts';
import { treeFields, type FilterTree } from './filterTree.ts';
import { period } from './period.ts';
import { dataCategory, fieldName, fieldPath, key, localisedText, objectName, source } from './text.ts';

/** An object whose rows are people (or may be: a filter says which). */
export const peopleObject = z.strictObject({
  object: objectName,
  label: localisedText,
  where: filter.default([]),
  givenName: z.array(fieldName).default([]),
  familyName: z.array(fieldName).default([]),
  fullName: fieldName.default('Name'),
  emails: z.array(fieldName).default([]),
  phones: z.array(fieldName).default([]),
  birthDate: fieldName.optional(),
  /** Lookup to the platform's Individual, when the org has it. */
  individual: fieldName.optional(),
  /** Lookup to the household or organisation. */
  household: fieldName.optional(),
});

/** An edge of the subject graph: rows of `object` whose `via` lookup points to `to`. */
export const graphPath = z.strictObject({
  object: objectName,
  via: fieldName,
  to: objectName,
  /** What the row is to the person: `donor`, `addressee`, `household of`. */
  role: localisedText,
  /** A row that also tells about others (shared household, joint file): copied with care, not erased alone. */
  shared: z.boolean().default(false),
});

/** What a field holds. */
export const fieldCategory = z.strictObject({
  categories: z.array(dataCategory).min(1),
  /** GDPR Art. 9 special category or Art. 10 criminal data. */
  special: z.enum(['article-9', 'article-10']).optional(),
  /** Somebody else than the row's person: honoree, emergency contact. */
  thirdParty: z.boolean().default(false),
  /** Text the platform or a package composes from people's names. */
  derived: z.boolean().default(false),
  /** A figure that a package sums up from other rows, every night or when they change: a new one is nobody's work. */
  rollup: z.boolean().optional(),
  /** Anything may have been typed here: scanned for identifiers and special categories, redacted in copies. */
  freeText: z.boolean().default(false),
});

/** Fields that hold the same thing, written once. */
export const fieldGroup = fieldCategory.extend({ fields: z.array(fieldName).min(1) });

/** Rows of `object` whose `via` may point to any record at all: files, notes, posts, activities. */
export const anywherePath = graphPath.omit({ to: true });

/** A staging copy or log that holds people's data without a lookup to them, and what it can be found by. */
export const stray = z.strictObject({
  object: objectName,
  reason: localisedText,
  emails: z.array(fieldName).default([]),
  names: z.array(z.strictObject({ given: fieldName, family: fieldName })).default([]),
  /** Text fields that hold record ids. */
  ids: z.array(fieldName).default([]),
});

/** A sign that the person themself was in touch: starts the retention clock. */
export const genuineContact = z.strictObject({
  key,
  object: objectName,
  /** Lookup (or path) from the row to the person object named in `to`. */
  via: fieldPath,
  to: objectName,
  date: fieldPath,
  where: filter.default([]),
  meaning: localisedText,
});

/** Something dated that starts the period of rules with this clock: a membership that ended, a gift, an application. */
export const clockEvent = z.strictObject({
  key,
  /** The clock's name, as rule sets say it: `end-of-membership`. */
  clock: key,
  object: objectName,
  via: fieldPath,
  to: objectName,
  date: fieldPath,
  where: filter.default([]),
  meaning: localisedText,
});

/** That the organisation asked the person for something: unanswered ones are counted (CNIL, DI-008). */
const solicitation = genuineContact;

/** Fields that tell others to leave the person alone, and what is written there to restrict their processing. */
export const restrictionField = z.strictObject({
  object: objectName,
  field: fieldName,
  value: z.union([z.string(), z.boolean()]),
});

/** A lookup that ties a person to others and may be cleared without losing a record: a household, an organisation. */
export const tie = z.strictObject({ object: objectName, field: fieldName });

/** What the law makes us keep, and how long. */
export const fiscalRecord = z.strictObject({
  key,
  object: objectName,
  via: fieldPath,
  to: objectName,
  date: fieldPath,
  where: filter.default([]),
  keep: period,
  /** Of the person's own record, what the duty needs: who gave, where they live. */
  needs: z.array(dataCategory).default(['user.name', 'user.contact.address']),
  law: localisedText,
  source,
});

/** A reason not to delete. */
export const holdSource = z.strictObject({
  key,
  object: objectName,
  via: fieldPath,
  to: objectName,
  where: filter.default([]),
  reason: localisedText,
  /** Date after which the row no longer holds. */
  until: fieldPath.optional(),
  /** True: a place that an org has only by choice; absent does not block. Hidden always blocks. */
  optional: z.boolean().default(true),
});

/**
 * Rows that are compared to find duplicates. Of people the names, e-mails, phones and birth date of `people` are compared
 * too; `columns` says what further fields hold.
 */
export const matchedObject = z.strictObject({
  object: objectName,
  rows: z.enum(['person', 'organisation']),
  /** Conditions beside those of `people`. */
  where: filter.default([]),
  columns: z.record(fieldName, columnRole).default({}),
  /** False: compared only when it is asked for by name (rows that shadow others, staff). */
  byDefault: z.boolean().default(true),
});

/** A data model seen with a privacy officer's eyes: data only, never code. */
export const pack = z.strictObject({
  pack: key,
  version: z.string().regex(/^\d{4}\.\d+\.\d+$/, 'year.month.revision'),
  title: localisedText,
  sources: z.array(source).min(1),
  /** Namespaces that must be installed for the pack to apply. */
  namespaces: z.array(z.string()).default([]),
  people: z.array(peopleObject).default([]),
  paths: z.array(graphPath).default([]),
  /** Edges followed upwards: the row that `object.via` points to belongs to the person's graph too. */
  upward: z.array(graphPath).default([]),
  anywhere: z.array(anywherePath).default([]),
  fields: z.record(objectName, z.record(fieldName, fieldCategory)).default({}),
  /** The same as `fields`, grouped; `parsePack` folds them into `fields`. */
  fieldGroups: z.record(objectName, z.array(fieldGroup)).default({}),
  genuineContacts: z.array(genuineContact).default([]),
  clockEvents: z.array(clockEvent).default([]),
  solicitations: z.array(solicitation).default([]),
  fiscalRecords: z.array(fiscalRecord).default([]),
  holds: z.array(holdSource).default([]),
  /** Whose processing is restricted (Art. 18): they take no part in matching and merging. */
  restrictions: z.array(holdSource).default([]),
  /** What the action restrict writes. */
  restrictionFields: z.array(restrictionField).default([]),
  /** What the action unlink clears. */
  ties: z.array(tie).default([]),
  matching: z.array(matchedObject).default([]),
  /** Staging copies and logs that hold people's data without a lookup to them. */
  strays: z.array(stray).default([]),
});
export type Pack = z.infer<typeof pack>;
export type PackInput = z.input<typeof pack>;
export type PeopleObject = z.infer<typeof peopleObject>;
export type GraphPath = z.infer<typeof graphPath>;
export type AnywherePath = z.infer<typeof anywherePath>;
export type Stray = z.infer<typeof stray>;
export type FieldCategory = z.infer<typeof fieldCategory>;
export type GenuineContact = z.infer<typeof genuineContact>;
export type FiscalRecord = z.infer<typeof fiscalRecord>;
export type HoldSource = z.infer<typeof holdSource> & {
  /** A charter's filter written as text: it stands instead of `where`, which is then empty. */
  readonly tree?: FilterTree;
};

/** Field paths that a hold's conditions read. */
export const holdFields = ({ where, tree }: Pick<HoldSource, 'where' | 'tree'>): readonly string[] => [
  ...where.map(({ field }) => field),
  ...(tree === undefined ? [] : treeFields(tree)),
];
export type MatchedObject = z.infer<typeof matchedObject>;

import { z } from 'zod';
import { columnRole } from './columnMap.ts';
import { filter } from './filter.ts';
import { parseFilter } from './filterText.ts';
import { FilterTextError } from './filterTokens.ts';
import type { FilterTree } from './filterTree.ts';
import { fieldCategory, graphPath, holdSource } from './pack.ts';
import { period } from './period.ts';
import { archivePhase } from './ruleSet.ts';
import { dataCategory, fieldName, fieldPath, key, localisedText, objectName } from './text.ts';

export const LEGAL_BASES = [
  'consent',
  'contract',
  'legal-obligation',
  'vital-interests',
  'public-interest',
  'legitimate-interest',
] as const;

/** A purpose of processing with exactly one legal basis (Art. 6; ROP-02). */
export const purpose = z.strictObject({
  key,
  name: localisedText,
  legalBasis: z.enum(LEGAL_BASES),
  recipients: z.array(localisedText).default([]),
  retention: localisedText.optional(),
  /**
   * Categories of personal data that the purpose needs (fideslang keys; a key stands for all below it). Where every
   * purpose that still runs says so, what none of them needs is emptied when another purpose ends; left out = everything.
   */
  needs: z.array(dataCategory).optional(),
});

/** Who may approve: holders of a permission set, or one user by username. */
export const approver = z.union([
  z.strictObject({ permissionSet: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'the API name of a permission set') }),
  z.strictObject({ user: z.string().regex(/^[^@\s]+@[^@\s]+$/, 'a username') }),
]);
export type Approver = z.infer<typeof approver>;

/** How many people other than planner and runner approve, and who; anybody who may create approvals when `by` is empty. */
const ruleApprovals = z.strictObject({ people: z.int().min(1).max(2).default(1), by: z.array(approver).default([]) });

export const approvals = ruleApprovals.extend({
  /** `required`: no run begins before a rehearsal, or while one of its differences is not accepted by name. */
  rehearsal: z.enum(['required', 'advised']).default('required'),
});
export type Approvals = z.infer<typeof approvals>;

/** What a rule does with a person when its period is over. Planning expands it into operations of the closed set. */
export const ACTIONS = ['purge', 'anonymise', 'pseudonymise', 'archive', 'restrict', 'unlink'] as const;
export type Action = (typeof ACTIONS)[number];

/** People whom a rule leaves alone, and why. */
const exception = z.strictObject({ key, where: filter, reason: localisedText });

/** One retention rule of this org. Law that applies to many is a rule set in config/rules; `from` names its entry. */
export const retentionRule = z.strictObject({
  key,
  purpose: key,
  /** `fr-cnil/prospects`: a dated rule in config/rules whose duration, clock and source apply unless overridden. */
  from: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/),
  people: objectName,
  where: filter.default([]),
  duration: period.optional(),
  action: z.enum(ACTIONS),
  /** Only what fields of these categories hold is purged; the person stays. */
  categories: z.array(dataCategory).min(1).optional(),
  except: z.array(exception).optional(),
  /** How long before somebody falls due a plan tells it. */
  warnBefore: period.optional(),
  /**
   * Of the actions archive and pseudonymise, instead of the rule set's: what goes to the intermediate archive, and how
   * long. A pseudonym's needs `for`: so long it can be told whose it is.
   */
  archive: archivePhase.optional(),
  /** Instead of the charter's own. */
  approvals: ruleApprovals.optional(),
});

/** Copies outside the org that are deleted as a whole when their time is over. */
export const backup = z.strictObject({
  name: localisedText,
  /** Days after it is made that a copy is kept: so long what was erased can still be restored from it. */
  keptDays: z.int().min(0).max(36_500),
});

/** What an answer to an access request says beyond the purposes; an empty list says "none", a missing one nothing. */
export const accessStatements = z.strictObject({
  /** Where data come from that the person did not give (Art. 15(1)(g)). */
  sources: z.array(localisedText).optional(),
  /** Transfers to countries outside the European Economic Area with their safeguard (Art. 15(1)(c) and 15(2)). */
  transfers: z
    .array(
      z.strictObject({ recipient: localisedText, country: z.string().regex(/^[A-Z]{2}$/), safeguard: localisedText }),
    )
    .optional(),
  /** Decisions without a human, or profiling: logic, significance and consequences (Art. 15(1)(h)). */
  automatedDecisions: z.array(localisedText).optional(),
  /** Places outside the org that hold data about people and are answered for apart. */
  otherSystems: z.array(localisedText).optional(),
});

/** Who, beside the administrator, vouches for the ledger. It decides about nobody: plans are not bound to it. */
export const ledgerSettings = z.strictObject({
  /** Verifier keys of other machines that run plans in this org, as `garde ledger verify` prints them there. */
  keys: z
    .array(z.string().regex(/^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$/, 'a verifier key: name+hash+key'))
    .default([]),
  /** A time-stamp authority of RFC 3161: only a hash is sent to it. */
  timestamps: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      /** PEM file of the authority's root certificates, from the charter's folder. */
      roots: z.string().min(1),
    })
    .optional(),
  /** Witnesses who cosign what only grows: their verifier key and the folder where their notes lie. */
  witnesses: z.array(z.strictObject({ key: z.string().min(1), folder: z.string().min(1) })).default([]),
});

/** How duplicates are found; it decides about nobody by itself. */
export const matchingSettings = z.strictObject({
  /** Share of false merges among what is proposed for automatic merging. */
  targetError: z.number().gt(0).max(0.05).default(0.001),
  /** Candidate pairs a record at most, over all rules; when not given, 50 for few records and down to 12 for many. */
  pairsPerRecord: z.number().min(1).max(1000).optional(),
  /** What fields hold that the packs do not know, or know otherwise: object → field → role, as in map.yml. */
  columns: z.record(objectName, z.record(fieldName, columnRole)).default({}),
});

/** A value made coarser: a hierarchy of config/disposal/hierarchies.yml and the finest step that may be written. */
const coarsening = z.strictObject({ hierarchy: z.string().min(1), from: z.string().min(1) });

/** Totals that anonymisation leaves equal: rows of an object and the sum of one number of theirs, by what is told about them. */
export const statistic = z.strictObject({
  key,
  object: objectName,
  /** Lookup (or path) from the row to the person; `Id` where rows are the people. */
  via: fieldPath,
  /** Summed; rows are counted too, and alone without it. */
  sum: fieldName.optional(),
  where: filter.default([]),
  /** Totals by the firm ones are equal to the cent; the others give way where a cell has too few people. */
  by: z.array(z.strictObject({ path: fieldPath, ...coarsening.shape, firm: z.boolean().default(false) })).min(1),
  /** People that a cell has at least; 11 is usual for small areas. */
  people: z.int().min(2).default(11),
});

/** What the word *anonymised* demands, and what statistics keep (CNIL, guide RGPD du développeur, fiche 1; WP216). */
export const anonymisationSettings = z.strictObject({
  /** Everybody looks like at least so many, themself included. */
  k: z.int().min(2).default(5),
  /** Values that a kept sensitive column has at least among people who look alike. */
  l: z.int().min(2).default(2),
  /** Share of people at most whose columns are emptied because nobody looks like them. */
  suppressedAtMost: z.number().min(0).max(1).default(0.05),
  /** Columns of people that are kept although their category would empty them. */
  keep: z.record(objectName, z.record(fieldName, coarsening)).default({}),
  statistics: z.array(statistic).default([]),
  /** How long copies outside the org that hold record ids live (backups, exports, integrations); left out = not known. */
  copies: period.optional(),
});
export type AnonymisationSettings = z.infer<typeof anonymisationSettings>;

const filterText = z
  .string()
  .min(1)
  .transform((text, context): FilterTree => {
    try {
      return parseFilter(text);
    } catch (error) {
      if (!(error instanceof FilterTextError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });

/**
 * A reason not to delete that this org adds. Its filter is data, or text: `Status__c = 'Open' AND Amount__c > 0`, which is
 * read into a tree and never passed on.
 */
export const charterHold = holdSource
  .omit({ where: true })
  .extend({ where: z.union([filter, filterText]).default([]) })
  .transform(({ where, ...hold }) => (Array.isArray(where) ? { ...hold, where } : { ...hold, where: [], tree: where }));

/** One org's configuration, `garde.yml`. */
export const charter = z.strictObject({
  garde: z.literal(1),
  controller: z.strictObject({
    name: z.string().min(1),
    address: z.string().min(1),
    contact: z.string().min(1),
    officer: z.string().min(1).optional(),
    country: z.string().regex(/^[A-Z]{2}$/),
    timeZone: z.string().min(1),
    language: z.enum(['en', 'fr']),
    authority: localisedText,
  }),
  packs: z.array(key).min(1),
  purposes: z.array(purpose).default([]),
  retention: z.array(retentionRule).default([]),
  approvals: approvals.default({ people: 1, by: [], rehearsal: 'required' }),
  /** What this org adds to its packs. */
  fields: z.record(objectName, z.record(fieldName, fieldCategory)).default({}),
  paths: z.array(graphPath).default([]),
  holds: z.array(charterHold).default([]),
  access: accessStatements.optional(),
  /** Backups of the org: an erasure tells until when the last one made before it is kept. */
  backups: z.array(backup).optional(),
  ledger: ledgerSettings.optional(),
  matching: matchingSettings.optional(),
  anonymisation: anonymisationSettings.optional(),
  planExpiry: period.default({ years: 0, months: 0, days: 7 }),
  /** How long after its end a run may be undone: no longer than its journal and its sealed steps are kept. */
  undoPeriod: period
    .refine(({ years = 0, months = 0, days = 0 }) => years + months === 0 && days <= 30, 'at most P30D')
    .default({ years: 0, months: 0, days: 15 }),
  dossierExpiry: period.default({ years: 0, months: 0, days: 30 }),
});
export type Charter = z.infer<typeof charter>;
export type Purpose = z.infer<typeof purpose>;
export type RetentionRule = z.infer<typeof retentionRule>;

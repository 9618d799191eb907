import { z } from 'zod';
import { key, objectName } from './text.ts';

/** Object of the package whose records are archives; who was archived is told by a record id alone. */
export const ARCHIVE = 'GardeArchive__c';
/** Object of the package that tells who opened which archive, when and why. */
export const ARCHIVE_ACCESS = 'GardeArchiveAccess__c';

const recordId = z.string().regex(/^[A-Za-z0-9]{18}$/, 'an 18-character record id');

/** What an archive's sealed file holds once it is opened. */
export const archivedContent = z.strictObject({
  garde: z.literal('archive'),
  key: z.string().min(1),
  /** The person's record as it was called. */
  subject: recordId,
  object: objectName,
  until: z.iso.date(),
  /** The person's own record first. */
  rows: z.array(
    z.strictObject({
      object: objectName,
      id: recordId,
      values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
});
export type ArchivedContent = z.infer<typeof archivedContent>;

/** What an archive's record says about itself. */
export const archiveTerms = z.strictObject({
  /** External id: the same for the same person, rule and day. */
  key: z.string().min(1).max(80),
  rule: key,
  purpose: key,
  legalGround: z.string().min(1),
});
export type ArchiveTerms = z.infer<typeof archiveTerms>;

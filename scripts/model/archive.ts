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
  /** What the person's records say instead of who it is, where the archive is that of a pseudonym. */
  pseudonym: z.string().min(1).optional(),
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

const MOST = 32_000;

/** Fingerprints as the archive's record holds them: whole ones, as many as the field takes. */
export const fingerprintText = (fingerprints: readonly string[]): string => {
  let text = '';
  for (const one of [...new Set(fingerprints)].sort()) {
    if (text.length + one.length + 1 > MOST) break;
    text = text === '' ? one : `${text} ${one}`;
  }
  return text;
};

export const fingerprintsIn = (text: string): ReadonlySet<string> =>
  new Set(text.split(/\s+/).filter((one) => one !== ''));

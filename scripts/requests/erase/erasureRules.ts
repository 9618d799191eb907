import { z } from 'zod';
import type { Result } from '../../kernel/result.ts';
import { parseYaml } from '../../model/parseYaml.ts';
import { period } from '../../model/period.ts';
import { fieldName, key, localisedText, objectName, source } from '../../model/text.ts';

const category = z.string().regex(/^(user|system)(\.[a-z_]+)*$/);
/** `{fingerprint}` stands for a keyed fingerprint of the record: unique, and nothing that anybody could reckon back. */
const written = z.union([z.string(), z.boolean(), z.null()]);

/** Rows that outlive the person as proof of what was done: emptied of what names the person, kept for a time. */
const proof = z.strictObject({
  key,
  object: objectName,
  /** Field whose day starts the time; empty = the time has not begun. */
  from: fieldName,
  keep: period,
  /** Fields of these categories are emptied, and free text always. */
  empties: z.array(category),
  /** Fields that held a record's key and get its keyed fingerprint instead. */
  fingerprints: z.array(fieldName).default([]),
  law: localisedText,
  source,
});

/** Values that the fields of an object take when a record of it cannot go: what may not be empty, what must be switched off. */
const lasting = z.strictObject({
  object: objectName,
  values: z.record(fieldName, written),
  /** What of it stays all the same. */
  stays: localisedText,
  source,
});

/** A lookup that the platform empties by itself, and alone, when other fields of its record take these values. */
const release = z.strictObject({ object: objectName, field: fieldName, values: z.record(fieldName, written), source });

export const erasureRules = z.strictObject({
  version: z.string().regex(/^\d{4}\.\d+\.\d+$/),
  /** Law and words of the plan. */
  ground: z.strictObject({ title: localisedText, legalGround: localisedText, source }),
  /** Of a record that a fiscal duty keeps, fields of these categories stay; others about the person are emptied. */
  receipt: z.strictObject({ keeps: z.array(category), source }),
  proofs: z.array(proof),
  lasting: z.array(lasting),
  releases: z.array(release).default([]),
  /** What a text field gets that may not be empty. */
  placeholder: z.string().min(1),
  /** What stands for a passage about the person in somebody else's text. */
  passage: z.string().min(1),
  /** Records that the org takes no change of once they are there, although it describes them as changeable. */
  unchangeable: z.array(z.strictObject({ object: objectName, source })),
  /** Rows that a change of a record leaves beside field history, by the lookup to the record; the treatments name them. */
  feeds: z.array(z.strictObject({ object: objectName, via: fieldName })).default([]),
  /** How long the recycle bin keeps what users deleted. */
  bin: z.strictObject({ keep: period, source }),
});
export type ErasureRules = z.infer<typeof erasureRules>;

/** The rules of erasure from their YAML text. Problems: `ErasureRulesNotValid`, all at once. */
export const parseErasureRules = (text: string, file = 'erasure rules'): Result<ErasureRules> =>
  parseYaml(erasureRules, text, { code: 'ErasureRulesNotValid', file });

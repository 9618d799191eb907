import { z } from 'zod';
import type { Result } from '../kernel/result.ts';
import { fieldName, key, source } from './text.ts';
import { parseYaml } from './parseYaml.ts';

export const SENSITIVITY_LEVELS = ['special', 'high', 'personal', 'technical'] as const;
export type Sensitivity = (typeof SENSITIVITY_LEVELS)[number];

const category = z.strictObject({ level: z.enum(SENSITIVITY_LEVELS), en: z.string().min(1), fr: z.string().min(1) });

/** Data categories by fideslang key, with level and names. */
export const categoryList = z.strictObject({ source, categories: z.record(z.string(), category) });
export type CategoryList = z.infer<typeof categoryList>;

const fieldNamePattern = z.strictObject({
  key,
  words: z.array(z.string().min(1)).min(1),
  values: z.array(z.string().min(1)).default([]),
  categories: z.array(z.string()).min(1),
  special: z.enum(['article-9', 'article-10']).optional(),
  thirdParty: z.boolean().default(false),
});
export type FieldNamePattern = z.infer<typeof fieldNamePattern>;

/** Words by which field names betray what they hold. */
export const fieldNameList = z.strictObject({ source, patterns: z.array(fieldNamePattern) });
export type FieldNameList = z.infer<typeof fieldNameList>;

/** Objects and lookups that belong to the platform's own working. */
export const technicalList = z.strictObject({
  source,
  suffixes: z.array(z.string().min(1)),
  objects: z.array(z.string().min(1)),
  fields: z.array(fieldName),
  recordFields: z.array(fieldName),
  needsFilter: z.array(z.string()),
});
export type TechnicalList = z.infer<typeof technicalList>;

export const parseCategoryList = (text: string, file = 'fideslang-keys.yml'): Result<CategoryList> =>
  parseYaml(categoryList, text, { code: 'ReferenceListNotValid', file });
export const parseFieldNameList = (text: string, file = 'field-names.yml'): Result<FieldNameList> =>
  parseYaml(fieldNameList, text, { code: 'ReferenceListNotValid', file });
export const parseTechnicalList = (text: string, file = 'technical-objects.yml'): Result<TechnicalList> =>
  parseYaml(technicalList, text, { code: 'ReferenceListNotValid', file });

/** True for sharing rows, change events, virtual lists and the like: nothing about a person of their own. */
export const isTechnicalObject = (list: TechnicalList, object: string): boolean =>
  list.objects.includes(object) || list.suffixes.some((suffix) => object.endsWith(suffix) && object !== suffix);

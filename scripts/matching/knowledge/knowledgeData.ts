import type { z } from 'zod';
import { failed, ok, type Problem, type Result } from '../../kernel/result.ts';
import { parseYaml } from '../../model/parseYaml.ts';
import { columnData } from '../columns/columnData.ts';
import { givenNameData, nameData, nicknameData, transliterationData } from './nameData.ts';
import { organisationData } from './organisationData.ts';
import { addressData, countryData, dateData, emailData, identifierData, phoneData, placeData } from './placeData.ts';

/** The files of config/matching and what each holds. */
const SCHEMAS = {
  'transliteration.yml': transliterationData,
  'names.yml': nameData,
  'nicknames.yml': nicknameData,
  'given-names.json': givenNameData,
  'organisations.yml': organisationData,
  'addresses.yml': addressData,
  'countries.json': countryData,
  'places.yml': placeData,
  'phones.yml': phoneData,
  'emails.yml': emailData,
  'dates.yml': dateData,
  'identifiers.yml': identifierData,
  'columns.yml': columnData,
} as const;
type File = keyof typeof SCHEMAS;
export const KNOWLEDGE_FILES = Object.keys(SCHEMAS) as readonly File[];

/** All of config/matching that engines need; plain data, fit for structured clone. */
export type KnowledgeData = { readonly [F in File]: z.output<(typeof SCHEMAS)[F]> };

const parseJson = <S extends z.ZodType>(schema: S, text: string, file: string): Result<z.output<S>> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = `${file}: not readable as JSON (${error.message}).`;
    return failed({ code: 'MatchKnowledgeNotValid', subject: file, message, actions: ['Correct the file.'] });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return failed(
    ...parsed.error.issues.map((issue): Problem => {
      const subject = `${file}: ${issue.path.map(String).join('.')}`;
      return {
        code: 'MatchKnowledgeNotValid',
        subject,
        message: `${subject}: ${issue.message}.`,
        actions: ['Correct that place.'],
      };
    }),
  );
};

const parseFile = (file: File, texts: ReadonlyMap<string, string>): Result<unknown> => {
  const text = texts.get(file);
  if (text === undefined) {
    const message = `config/matching/${file} is missing.`;
    return failed({
      code: 'MatchKnowledgeNotValid',
      subject: file,
      message,
      actions: ['Put the file back, or install again.'],
    });
  }
  const schema: z.ZodType = SCHEMAS[file];
  // the big lists are JSON: a hundred times faster to read than YAML
  return file.endsWith('.json')
    ? parseJson(schema, text, file)
    : parseYaml(schema, text, { code: 'MatchKnowledgeNotValid', file });
};

/**
 * The knowledge from the texts of config/matching, by file name without folder. Problems: `MatchKnowledgeNotValid`, all files'
 * at once.
 */
export const parseKnowledge = (
  files: readonly { readonly file: string; readonly text: string }[],
): Result<KnowledgeData> => {
  const texts = new Map(files.map(({ file, text }) => [file.slice(file.lastIndexOf('/') + 1), text] as const));
  const parsed = KNOWLEDGE_FILES.map((file) => [file, parseFile(file, texts)] as const);
  const problems = parsed.flatMap(([, result]) => (result.ok ? [] : result.problems));
  if (problems.length > 0) return failed(...problems);
  // every entry was read by the schema of its own name
  return ok(
    Object.fromEntries(parsed.map(([file, result]) => [file, result.ok ? result.value : undefined])) as KnowledgeData,
  );
};

import { LineCounter, isNode, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { failed, ok, type Problem, type Result } from '../kernel/result.ts';
import { nearestName } from './nearestName.ts';

/** `code` is the problems' code; `file` names the text in messages. */
export type YamlOrigin = { readonly code: string; readonly file: string };

type Issue = z.core.$ZodIssue;
type Source = { readonly document: Document; readonly lines: LineCounter; readonly origin: YamlOrigin };

const MAX_SHOWN = 80;
const MOST_ALIASES = 100;

const pathText = (path: readonly PropertyKey[]): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`)).join('');

const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
};

/** The line of the nearest node that exists on the way to `path`. */
const lineOf = (source: Source, path: readonly PropertyKey[]): number => {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node: unknown = source.document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return source.lines.linePos(node.range[0]).line;
  }
  return 1;
};

const remedyOf = (issue: Issue, siblings: readonly string[]): string => {
  switch (issue.code) {
    case 'unrecognized_keys': {
      const near = nearestName(issue.keys[0] ?? '', siblings);
      return near === undefined ? 'Remove it.' : `Did you mean ${near}? Otherwise remove it.`;
    }
    case 'invalid_value':
      return `Use one of: ${issue.values.map(String).join(', ')}.`;
    case 'invalid_type':
      return issue.input === undefined ? 'Add it.' : `Write it as ${issue.expected}.`;
    case 'invalid_format':
    case 'invalid_key':
      return `Correct it: ${issue.message}.`;
    default:
      return `Correct it: ${issue.message}.`;
  }
};

const knownKeys = (schema: z.ZodType): readonly string[] => {
  const shape: unknown = 'shape' in schema ? schema.shape : undefined;
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
};

const problemOf = (source: Source, schema: z.ZodType, value: unknown, issue: Issue): Problem => {
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknownKey === undefined ? issue.path : [...issue.path, unknownKey];
  const found = path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined),
    value,
  );
  const place = `${source.origin.file}: ${path.length === 0 ? 'the whole text' : pathText(path)} (line ${lineOf(source, path)})`;
  const what = unknownKey === undefined ? `${issue.message}; found ${shown(found)}` : `${unknownKey} is not known here`;
  return {
    code: source.origin.code,
    subject: place,
    message: `${place}: ${what}.`,
    actions: [remedyOf(issue, issue.path.length === 0 ? knownKeys(schema) : [])],
  };
};

/** A problem of a place in a YAML text, for checks that a schema cannot state. */
export const problemAt = (
  origin: YamlOrigin,
  text: string,
  place: { readonly path: readonly PropertyKey[]; readonly message: string; readonly action: string },
): Problem => {
  const lines = new LineCounter();
  const source: Source = { document: parseDocument(text, { lineCounter: lines, prettyErrors: false }), lines, origin };
  const subject = `${origin.file}: ${pathText(place.path)} (line ${lineOf(source, place.path)})`;
  return { code: origin.code, subject, message: `${subject}: ${place.message}`, actions: [place.action] };
};

/** The text's plain value; undefined when aliases would grow it beyond reason. */
const toValue = (document: Document): unknown => {
  try {
    return (document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown) ?? null;
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
};

/**
 * Reads a YAML text by a schema. Every problem is listed at once, each with its path, its line, what was found and what
 * to do; aliases are limited so that a small text cannot grow without bound.
 */
export const parseYaml = <S extends z.ZodType>(schema: S, text: string, origin: YamlOrigin): Result<z.output<S>> => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    return failed(
      ...document.errors.map((error): Problem => {
        const subject = `${origin.file}: line ${lines.linePos(error.pos[0]).line}`;
        const message = `${subject}: not readable as YAML (${error.message.split('\n')[0] ?? error.code}).`;
        return { code: origin.code, subject, message, actions: ['Correct the indentation, quotes or colons there.'] };
      }),
    );
  }
  const value = toValue(document);
  if (value === undefined) {
    const message = `${origin.file}: aliases repeat too much.`;
    return failed({ code: origin.code, subject: origin.file, message, actions: ['Write the repeated parts out.'] });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const source: Source = { document, lines, origin };
  return failed(...parsed.error.issues.map((issue) => problemOf(source, schema, value, issue)));
};

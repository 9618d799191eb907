import Handlebars from 'handlebars';
import { GardeError } from '../kernel/result.ts';

/** Plain values that a template may show; no objects with behaviour. */
export type LetterValue =
  string | number | boolean | null | readonly LetterValue[] | { readonly [name: string]: LetterValue };

export type LetterTemplate = {
  /** Where it lies, for problems. */
  readonly file: string;
  readonly text: string;
};

const notValid = (template: LetterTemplate, detail: string, cause?: unknown): GardeError =>
  new GardeError(
    [
      {
        code: 'LetterTemplateNotValid',
        subject: template.file,
        message: `The letter's template cannot be used: ${detail}.`,
        actions: ['Correct the template; config/templates of Garde holds working ones.'],
      },
    ],
    { cause },
  );

/** The same values without prototypes: a template finds nothing but what was put there. */
const bare = (value: LetterValue): LetterValue => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly LetterValue[]).map(bare);
  const copy = Object.create(null) as Record<string, LetterValue>;
  // Handlebars writes the object into its "not defined" error: it then says nothing of the values.
  Object.defineProperty(copy, Symbol.toPrimitive, { value: () => '' });
  for (const [name, member] of Object.entries(value)) copy[name] = bare(member);
  return copy;
};

/** `{{{x}}}` and `{{&x}}` print without escaping: a value could then bring markup into the letter. */
const refuseUnescaped = (template: LetterTemplate, program: hbs.AST.Program): void => {
  const visitor = new Handlebars.Visitor();
  visitor.MustacheStatement = (statement) => {
    if (!statement.escaped) throw notValid(template, `line ${statement.loc.start.line} prints without escaping`);
  };
  visitor.accept(program);
};

const parse = (template: LetterTemplate): hbs.AST.Program => {
  try {
    return Handlebars.parse(template.text);
  } catch (error) {
    throw notValid(template, 'its syntax is not Handlebars', error);
  }
};

/** The name a strict template asked for and did not get; the values themselves stay out of the problem. */
const missingName = (error: unknown): string => {
  const name = error instanceof Error ? /^"([\w.]+)" not defined/.exec(error.message)?.[1] : undefined;
  return name === undefined ? 'it asks for something that letters do not offer' : `"${name}" is not offered to it`;
};

/**
 * Fills a Handlebars template: values escaped, unknown names refused (strict), no access to prototypes, and only the
 * built-in helpers `if`, `unless`, `each`, `with`. The doctype is put before it. GardeError `LetterTemplateNotValid` with the line or the name.
 */
export const renderLetter = (template: LetterTemplate, values: Readonly<Record<string, LetterValue>>): string => {
  const program = parse(template);
  refuseUnescaped(template, program);
  const compiled = Handlebars.create().compile(program, {
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: { lookup: false, log: false },
    preventIndent: true,
  });
  try {
    return `<!doctype html>\n${compiled(bare(values), { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false })}`;
  } catch (error) {
    throw notValid(template, missingName(error), error);
  }
};

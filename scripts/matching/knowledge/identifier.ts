import type { Identifier } from './contract.ts';
import { CHECKS } from './identifierChecks.ts';
import type { IdentifierData } from './placeData.ts';

type Scheme = {
  readonly form: RegExp;
  readonly check: ((text: string) => boolean) | undefined;
  readonly parent: { readonly scheme: string; readonly length: number } | undefined;
};

type IdentifierLexicon = {
  readonly schemes: ReadonlyMap<string, Scheme>;
  readonly prefixes: ReadonlyMap<string, readonly string[]>;
  readonly placeholders: ReadonlySet<string>;
};

const upper = (text: string): string =>
  text
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');

export const makeIdentifierLexicon = (data: IdentifierData): IdentifierLexicon => ({
  schemes: new Map(
    Object.entries(data.schemes).map(([name, scheme]) => [
      name,
      {
        form: new RegExp(scheme.form),
        check: scheme.check === undefined ? undefined : CHECKS[scheme.check],
        parent: scheme.parent,
      },
    ]),
  ),
  prefixes: new Map(Object.entries(data.prefixes).map(([name, words]) => [name, words.map(upper)] as const)),
  placeholders: new Set(data.placeholders),
});

const NONE: Identifier = { key: '', valid: undefined, parent: undefined };

const isFiller = (lexicon: IdentifierLexicon, key: string): boolean =>
  lexicon.placeholders.has(key) || /^(.)\1{3,}$/.test(key);

const parentOf = (scheme: string, known: Scheme | undefined, key: string): Identifier['parent'] => {
  const french = scheme === 'vat' ? /^FR\d\d(\d{9})$/.exec(key)?.[1] : undefined;
  if (french !== undefined) return { scheme: 'siren', key: french };
  return known?.parent === undefined
    ? undefined
    : { scheme: known.parent.scheme, key: key.slice(0, known.parent.length) };
};

/** An identifier as it is compared: letters and digits. Fillers (`000000000`, `NA`) come out empty. */
export const identifierOf = (lexicon: IdentifierLexicon, text: string, scheme: string): Identifier => {
  const whole = upper(text.replace(/^(\s*\d+)\.0+\s*$/, '$1'));
  const prefix = (lexicon.prefixes.get(scheme) ?? []).find(
    (one) => whole.startsWith(one) && whole.length > one.length + 4,
  );
  const key = prefix === undefined ? whole : whole.slice(prefix.length);
  if (key === '' || isFiller(lexicon, key)) return NONE;
  const known = lexicon.schemes.get(scheme);
  const valid = known === undefined ? undefined : known.form.test(key) && (known.check?.(key) ?? true);
  return { key, valid, parent: valid === true ? parentOf(scheme, known, key) : undefined };
};

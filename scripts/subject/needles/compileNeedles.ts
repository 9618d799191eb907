import { plainCharacters } from '../foldText.ts';
import type { NeedleHit, NeedleKind, Needles, NeedleStrength, SpellingKnowledge } from './contract.ts';
import { createFold, wordsOf, type Fold } from './letters.ts';
import { nameForms, splitNameForms } from './nameForms.ts';
import {
  addressPattern,
  addressWords,
  datePattern,
  emailPattern,
  identifierPattern,
  phonePattern,
  type AddressPattern,
} from './patterns.ts';
import { readingsOf } from './readings.ts';

/** Field → the needles in it. */
export type RowHits = ReadonlyMap<string, readonly NeedleHit[]>;

/** Finds one person's needles in texts. */
export type NeedleFinder = {
  /** Each needle once, in any of the text's readings. */
  find(text: string): readonly NeedleHit[];
  /** The same for the fields of one row; a name whose parts stand in two fields is found too. */
  findInRow(fields: Iterable<readonly [field: string, text: string]>): RowHits;
};

type TextTest = { readonly pattern: RegExp; readonly hit: NeedleHit };
type NameTest = { readonly words: readonly string[]; readonly hit: NeedleHit };
type Compiled = {
  readonly fold: Fold;
  readonly knowledge: SpellingKnowledge;
  readonly texts: readonly TextTest[];
  /** By first word. */
  readonly names: ReadonlyMap<string, readonly NameTest[]>;
  readonly addresses: readonly { readonly pattern: AddressPattern; readonly hit: NeedleHit }[];
  /** First 15 characters. */
  readonly ids: ReadonlyMap<string, number>;
};

const tests = (
  kind: NeedleKind,
  values: readonly string[],
  strength: NeedleStrength,
  make: (value: string) => RegExp | undefined,
): readonly TextTest[] =>
  values.flatMap((value, of) => {
    const pattern = make(value);
    return pattern === undefined ? [] : [{ pattern, hit: { kind, of, strength } }];
  });

const textTests = (needles: Needles, fold: Fold, knowledge: SpellingKnowledge): readonly TextTest[] => {
  const email = (value: string): RegExp | undefined => emailPattern(value, fold, knowledge);
  const phone = (value: string): RegExp | undefined => phonePattern(value, needles.country);
  const after = (list: readonly TextTest[], offset: number): readonly TextTest[] =>
    list.map(({ pattern, hit }) => ({ pattern, hit: { ...hit, of: hit.of + offset } }));
  return [
    ...tests('email', needles.emails, 'alone', email),
    ...after(tests('email', needles.sharedEmails, 'together', email), needles.emails.length),
    ...tests('phone', needles.phones, 'alone', phone),
    ...after(tests('phone', needles.sharedPhones, 'together', phone), needles.phones.length),
    ...tests('identifier', needles.identifiers, 'alone', (value) => identifierPattern(value, fold)),
    ...tests('birth-date', needles.birthDates, 'together', (value) => datePattern(value, knowledge)),
  ];
};

const nameTests = (needles: Needles, fold: Fold, knowledge: SpellingKnowledge): Compiled['names'] => {
  const names = new Map<string, NameTest[]>();
  for (const [of, name] of needles.names.entries()) {
    for (const { words, strength } of nameForms(name, fold, knowledge)) {
      const key = words[0] ?? '';
      const known = names.get(key) ?? [];
      names.set(key, [...known, { words, hit: { kind: 'name', of, strength } }]);
    }
  }
  return names;
};

const compile = (needles: Needles, knowledge: SpellingKnowledge): Compiled => {
  const fold = createFold(knowledge);
  return {
    ...{ fold, knowledge },
    texts: textTests(needles, fold, knowledge),
    names: nameTests(needles, fold, knowledge),
    addresses: needles.addresses.flatMap((address, of) => {
      const pattern = addressPattern(address, fold, knowledge);
      return pattern === undefined ? [] : [{ pattern, hit: { kind: 'address', of, strength: 'together' } as const }];
    }),
    ids: new Map(needles.recordIds.map((id, of) => [id.slice(0, 15), of])),
  };
};

const follow = (words: readonly string[], at: number, wanted: readonly string[]): boolean =>
  wanted.every((word, i) => words[at + i] === word);

/** The words in order, one initial allowed between the first and the rest: `Jean M. Dupont`. */
const namedAt = (words: readonly string[], at: number, wanted: readonly string[]): boolean =>
  follow(words, at, wanted) ||
  (wanted.length > 1 && words[at + 1]?.length === 1 && follow(words, at + 2, wanted.slice(1)));

const foundNames = (words: readonly string[], { names }: Compiled): readonly NeedleHit[] =>
  words.flatMap((word, at) =>
    (names.get(word) ?? []).filter((test) => namedAt(words, at, test.words)).map(({ hit }) => hit),
  );

const foundAddresses = (words: readonly string[], { addresses, knowledge }: Compiled): readonly NeedleHit[] => {
  if (addresses.length === 0) return [];
  const spelt = addressWords(words, knowledge);
  const text = ` ${words.join(' ')} `;
  return addresses
    .filter(({ pattern: { street, beside } }) => {
      const isThere = spelt.some((word, at) => word === street[0] && follow(spelt, at, street));
      return isThere && (beside.length === 0 || beside.some((place) => text.includes(` ${place} `)));
    })
    .map(({ hit }) => hit);
};

const RECORD_ID = /(?<![A-Za-z0-9])[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?(?![A-Za-z0-9])/g;

const foundIds = (text: string, { ids }: Compiled): readonly NeedleHit[] => {
  if (ids.size === 0) return [];
  return [...text.matchAll(RECORD_ID)].flatMap(([id]) => {
    const of = ids.get(id.slice(0, 15));
    return of === undefined ? [] : [{ kind: 'record-id', of, strength: 'alone' } as const];
  });
};

const inReading = (reading: string, compiled: Compiled): readonly NeedleHit[] => {
  const folded = plainCharacters(compiled.fold(reading));
  const words = wordsOf(folded);
  return [
    ...compiled.texts.filter(({ pattern }) => pattern.test(folded)).map(({ hit }) => hit),
    ...foundNames(words, compiled),
    ...foundAddresses(words, compiled),
    ...foundIds(reading, compiled),
  ];
};

const RANK: Readonly<Record<NeedleStrength, number>> = { alone: 0, together: 1, hint: 2 };

/** Each needle once, the strongest way it was found. */
const once = (hits: readonly NeedleHit[]): readonly NeedleHit[] => {
  const known = new Map<string, NeedleHit>();
  for (const hit of hits) {
    const key = `${hit.kind} ${String(hit.of)}`;
    const before = known.get(key);
    if (before === undefined || RANK[hit.strength] < RANK[before.strength]) known.set(key, hit);
  }
  return [...known.values()];
};

/** A name longer than this is no name field. */
const LONGEST_NAME_PART = 80;

type SplitName = ReturnType<typeof splitNameForms> & { readonly hit: NeedleHit };

const splitNames = (
  fields: readonly (readonly [string, string])[],
  names: readonly SplitName[],
  fold: Fold,
): RowHits => {
  const keys = fields
    .filter(([, text]) => text.length <= LONGEST_NAME_PART)
    .map(([field, text]) => [field, wordsOf(fold(text)).join('')] as const);
  const hits = new Map<string, NeedleHit[]>();
  for (const { given, family, hit } of names) {
    const first = keys.filter(([, key]) => given.has(key)).map(([field]) => field);
    const last = keys.filter(([, key]) => family.has(key)).map(([field]) => field);
    if (first.length === 0 || last.length === 0) continue;
    for (const field of [...first, ...last]) hits.set(field, [...(hits.get(field) ?? []), hit]);
  }
  return hits;
};

/** Compiles what finds a person's needles, whatever their spelling; build it once, use it for many texts. */
export const compileNeedles = (needles: Needles, knowledge: SpellingKnowledge): NeedleFinder => {
  const compiled = compile(needles, knowledge);
  const split = needles.names.map((name, of): SplitName => ({
    ...splitNameForms(name, compiled.fold, knowledge),
    hit: { kind: 'name', of, strength: name.namesakes === 0 ? 'alone' : 'together' },
  }));
  const find = (text: string): readonly NeedleHit[] =>
    once(readingsOf(text).flatMap((reading) => inReading(reading, compiled)));
  return {
    find,
    findInRow: (fields) => {
      const filled = [...fields].filter(([, text]) => text !== '');
      const apart = splitNames(filled, split, compiled.fold);
      return new Map(
        filled
          .map(([field, text]) => [field, once([...find(text), ...(apart.get(field) ?? [])])] as const)
          .filter(([, hits]) => hits.length > 0),
      );
    },
  };
};

/**
 * What needles found together in one row or file say: `sure` that it is the person, or only `possible`. A name and a mark
 * of the household (shared mailbox or phone, address) agree; initials and familiar forms need a birth date; a shared mailbox and
 * an address are the household's.
 */
export const judgeHits = (hits: Iterable<NeedleHit>): 'sure' | 'possible' | 'none' => {
  const all = [...hits];
  if (all.length === 0) return 'none';
  if (all.some(({ strength }) => strength === 'alone')) return 'sure';
  const isBorn = all.some(({ kind }) => kind === 'birth-date');
  const isNamed = all.some(({ kind, strength }) => kind === 'name' && strength === 'together');
  const kinds = new Set(all.map(({ kind }) => kind));
  const agree = (isNamed || isBorn) && kinds.size > 1;
  if (agree) return 'sure';
  // a birth date or an address alone is everybody's
  return kinds.has('name') || kinds.has('email') || kinds.has('phone') ? 'possible' : 'none';
};

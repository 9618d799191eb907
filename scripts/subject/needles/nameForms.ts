import type { NeedleStrength, PersonName, SpellingKnowledge } from './contract.ts';
import { umlautForms, wordsOf, type Fold } from './letters.ts';

/** A way a name is written: folded words in order. */
export type NameForm = { readonly words: readonly string[]; readonly strength: NeedleStrength };

/** Words before a family name that are left out as often as written (French, Dutch, German, Spanish, Portuguese usage). */
const PARTICLES = new Set(
  'd de del della der den des di do dos du l la las le les los ten ter van von y zu'.split(' '),
);
const SAINTS: Readonly<Record<string, string>> = { saint: 'st', sainte: 'ste', st: 'saint', ste: 'sainte' };

type Part = { readonly words: readonly string[]; readonly isHint: boolean };

const once = (parts: readonly Part[]): readonly Part[] => {
  const known = new Map<string, Part>();
  for (const part of parts) {
    const key = part.words.join(' ');
    const before = known.get(key);
    if (key !== '' && (before === undefined || (before.isHint && !part.isHint))) known.set(key, part);
  }
  return [...known.values()];
};

/** `de la tour`, `la tour`, `tour`. */
const withoutParticles = (words: readonly string[]): readonly (readonly string[])[] => {
  const at = words.findIndex((word) => !PARTICLES.has(word));
  return Array.from({ length: Math.max(at, 0) + 1 }, (_, start) => words.slice(start));
};

/** A family name whole, joined, without its particles, with saints abbreviated; a half of a double name is a hint. */
const familyParts = (name: string, fold: Fold): readonly Part[] => {
  const spelt = umlautForms(name, fold).map(wordsOf);
  const whole = spelt.flatMap(withoutParticles).flatMap((words) => [words, [words.join('')]]);
  const saints = whole.map((words) => words.map((word) => SAINTS[word] ?? word));
  const halves = spelt
    .map((words) => words.filter((word) => !PARTICLES.has(word) && SAINTS[word] === undefined))
    .filter((words) => words.length > 1)
    .flatMap((words) => words.filter((word) => word.length > 2).map((word) => [word]));
  return once([
    ...[...whole, ...saints].map((words) => ({ words, isHint: false })),
    ...halves.map((words) => ({ words, isHint: true })),
  ]);
};

const initialsOf = (words: readonly string[]): readonly (readonly string[])[] => {
  const letters = words.map((word) => word.charAt(0));
  return [letters.slice(0, 1), letters, [letters.join('')]];
};

/** Formal names that a familiar one stands for, and familiar ones of a formal name. */
const familiar = (word: string, nicknames: SpellingKnowledge['nicknames']): readonly string[] => [
  ...(nicknames.get(word) ?? []),
  ...[...nicknames].filter(([, formal]) => formal.includes(word)).map(([short]) => short),
];

/** A given name whole, joined and by its first name; half a compound name, initials and familiar forms are hints. */
const givenParts = (name: string, fold: Fold, { nicknames }: SpellingKnowledge): readonly Part[] => {
  const isCompound = /\p{L}-\p{L}/u.test(name);
  return once(
    umlautForms(name, fold)
      .map(wordsOf)
      .flatMap((words): readonly Part[] => {
        const first = words.slice(0, 1);
        const short = familiar(first[0] ?? '', nicknames).map((word) => wordsOf(word));
        return [
          { words, isHint: false },
          { words: [words.join('')], isHint: false },
          { words: first, isHint: isCompound },
          ...[...initialsOf(words), ...short].map((hint) => ({ words: hint, isHint: true })),
        ];
      }),
  );
};

/** Shorter family names are words of other things too often. */
const SHORTEST_ALONE = 3;

/** What a whole name says: with nobody else of that name it is the person. */
const strengthOf = (name: PersonName): NeedleStrength => (name.namesakes === 0 ? 'alone' : 'together');

/**
 * The ways a name is written: both orders, with initials, particles or not, joined or not, familiar forms. A family name
 * alone is no form, unless nobody else in the org bears it; then it is a hint.
 */
export const nameForms = (name: PersonName, fold: Fold, knowledge: SpellingKnowledge): readonly NameForm[] => {
  const given = name.given.flatMap((one) => givenParts(one, fold, knowledge));
  const family = name.family.flatMap((one) => familyParts(one, fold));
  const whole = strengthOf(name);
  const forms = new Map<string, NameForm>();
  const add = (words: readonly string[], strength: NeedleStrength): void => {
    const key = words.join(' ');
    const before = forms.get(key);
    if (before === undefined || before.strength === 'hint') forms.set(key, { words, strength });
  };
  for (const first of given) {
    for (const last of family) {
      const strength = first.isHint || last.isHint ? 'hint' : whole;
      add([...first.words, ...last.words], strength);
      add([...last.words, ...first.words], strength);
    }
  }
  const full = wordsOf(fold(name.full));
  if (full.length > 1) add(full, whole);
  if (name.familyBearers === 0) {
    // with its particles: `tour` alone is any tower
    for (const words of name.family.flatMap((one) => umlautForms(one, fold).map(wordsOf))) {
      if (words.join('').length <= SHORTEST_ALONE) continue;
      add(words, 'hint');
      add([words.join('')], 'hint');
    }
  }
  return [...forms.values()];
};

/** Folded spellings of the parts of a name, for rows that hold them in fields of their own. */
export const splitNameForms = (
  name: PersonName,
  fold: Fold,
  knowledge: SpellingKnowledge,
): { readonly given: ReadonlySet<string>; readonly family: ReadonlySet<string> } => {
  const key = ({ words }: Part): string => words.join('');
  const whole = (parts: readonly Part[]): readonly string[] => parts.filter(({ isHint }) => !isHint).map(key);
  return {
    given: new Set(name.given.flatMap((one) => whole(givenParts(one, fold, knowledge)))),
    family: new Set(name.family.flatMap((one) => whole(familyParts(one, fold)))),
  };
};

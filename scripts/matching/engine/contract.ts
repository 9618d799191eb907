import type { ComparisonKind, ComparisonShape, LevelMeaning } from '../model/contract.ts';

/**
 * The comparisons there are, each with its levels, weakest first. Which of them a run makes follows from the roles of its
 * columns: a comparison takes part when some column can fill it. A pair's pattern is one level for each of them, in this order.
 */
export const COMPARISON_NAMES = [
  'given-name',
  'family-name',
  'organisation-name',
  'birth-date',
  'birth-place',
  'email',
  'phone',
  'address',
  'sex',
] as const;
export type ComparisonName = (typeof COMPARISON_NAMES)[number];

/** Level numbers, as kernels give them. */
export const GIVEN = { missing: 0, different: 1, conflict: 2, initials: 3, similar: 4, close: 5, exact: 6 } as const;
export const FAMILY = { missing: 0, different: 1, similar: 2, half: 3, close: 4, swapped: 5, exact: 6 } as const;
export const ORGANISATION = { missing: 0, different: 1, section: 2, overlap: 3, part: 4, close: 5, exact: 6 } as const;
export const BIRTH_DATE = { missing: 0, far: 1, different: 2, year: 3, parts: 4, close: 5, exact: 6 } as const;
export const BIRTH_PLACE = { missing: 0, different: 1, similar: 2, exact: 3 } as const;
export const EMAIL = { missing: 0, different: 1, similar: 2, user: 3, close: 4, shared: 5, exact: 6 } as const;
export const PHONE = { missing: 0, different: 1, apart: 2, close: 3, line: 4, exact: 5 } as const;
export const ADDRESS = {
  missing: 0,
  different: 1,
  area: 2,
  city: 3,
  postcode: 4,
  street: 5,
  exact: 6,
} as const;
export const SEX = { missing: 0, clash: 1, same: 2 } as const;
export const IDENTIFIER = { missing: 0, different: 1, close: 2, exact: 3 } as const;

type Meanings<T> = { readonly [K in keyof T]: LevelMeaning };

const shape = <T extends Readonly<Record<string, number>>>(
  name: string,
  kind: ComparisonKind,
  levels: Meanings<T>,
): ComparisonShape => ({
  name,
  kind,
  levels: Object.entries(levels).map(([level, meaning]) => ({ name: level, meaning })),
});

/** In the order of COMPARISON_NAMES; identifiers (`identifierShape`) follow, one a scheme. */
export const COMPARISON_SHAPES: Readonly<Record<ComparisonName, ComparisonShape>> = {
  /** conflict: same first word but another second one, or the same name's other sex. similar: alike, or a later forename. */
  'given-name': shape<typeof GIVEN>('given-name', 'given-name', {
    missing: 'missing',
    different: 'conflict',
    conflict: 'conflict',
    initials: 'weak',
    similar: 'similar',
    close: 'close',
    exact: 'exact',
  }),
  /** swapped: given and family name stand in each other's place (the given name is then missing). */
  'family-name': shape<typeof FAMILY>('family-name', 'family-name', {
    missing: 'missing',
    different: 'conflict',
    similar: 'similar',
    half: 'close',
    close: 'close',
    swapped: 'close',
    exact: 'exact',
  }),
  /** section: parent against local section, or two sections. part: acronym, or all words of the shorter name. */
  'organisation-name': shape<typeof ORGANISATION>('organisation-name', 'organisation-name', {
    missing: 'missing',
    different: 'conflict',
    section: 'conflict',
    overlap: 'weak',
    part: 'similar',
    close: 'close',
    exact: 'exact',
  }),
  /** far: 13 years apart or more. year: the same one, no more is known or alike. parts: two of day, month and year. */
  'birth-date': shape<typeof BIRTH_DATE>('birth-date', 'birth-date', {
    missing: 'missing',
    far: 'conflict',
    different: 'conflict',
    year: 'weak',
    parts: 'similar',
    close: 'close',
    exact: 'exact',
  }),
  'birth-place': shape<typeof BIRTH_PLACE>('birth-place', 'birth-place', {
    missing: 'missing',
    different: 'conflict',
    similar: 'similar',
    exact: 'exact',
  }),
  /**
   * user: the same before the at sign. close: one letter away at the same domain. shared: the same, which names neither.
   * What mailboxes have in common because the names are in them counts for nothing.
   */
  email: shape<typeof EMAIL>('email', 'email', {
    missing: 'missing',
    different: 'conflict',
    similar: 'similar',
    user: 'close',
    close: 'close',
    shared: 'shared',
    exact: 'exact',
  }),
  /** apart: a fixed line and a mobile number. line: the same fixed line, which a home has in common. */
  phone: shape<typeof PHONE>('phone', 'phone', {
    missing: 'missing',
    different: 'conflict',
    apart: 'weak',
    close: 'close',
    line: 'shared',
    exact: 'exact',
  }),
  /** area: near by the postcode or region. street: the same one (or alike) in the same place. exact: with its number. */
  address: shape<typeof ADDRESS>('address', 'address', {
    missing: 'missing',
    different: 'conflict',
    area: 'weak',
    city: 'weak',
    postcode: 'similar',
    street: 'close',
    exact: 'exact',
  }),
  sex: shape<typeof SEX>('sex', 'sex', { missing: 'missing', clash: 'conflict', same: 'weak' }),
};

export const identifierShape = (scheme: string): ComparisonShape =>
  shape<typeof IDENTIFIER>(`identifier:${scheme}`, 'identifier', {
    missing: 'missing',
    different: 'conflict',
    close: 'close',
    exact: 'exact',
  });

/** More identifier schemes than this are not compared (told as a cap). */
export const MOST_IDENTIFIERS = 4;

/*
 * runMatch(request)                  match.ts      see ../contract.ts
 * explainPair(request, result, pair) explain.ts
 * kernels/: jaroWinkler(a, b), editDistance(a, b), oneDigitAway(a, b) …   small functions over bytes and packed digits
 */

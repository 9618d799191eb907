import { z } from 'zod';
import type { Result } from '../kernel/result.ts';
import { LEGAL_BASES } from '../model/charter.ts';
import { parseYaml } from '../model/parseYaml.ts';
import { localisedText, source, type Language } from '../model/text.ts';

export const RIGHTS = [
  'access',
  'rectification',
  'erasure',
  'restriction',
  'portability',
  'objection',
  'withdrawal',
] as const;
const right = z.enum(RIGHTS);
const conditional = z.strictObject({ right, when: localisedText });

/** Rights by legal basis, as dated data. */
export const rightsByBasis = z.strictObject({
  source,
  rights: z.record(right, z.strictObject({ article: z.string().min(1), name: localisedText })),
  bases: z.record(
    z.enum(LEGAL_BASES),
    z.strictObject({
      name: localisedText,
      rights: z.array(right).min(1),
      conditional: z.array(conditional).default([]),
    }),
  ),
  always: z.array(conditional).default([]),
});
export type RightsByBasis = z.infer<typeof rightsByBasis>;
type Basis = (typeof LEGAL_BASES)[number];

/** Problems: `RightsListNotValid`. */
export const parseRights = (text: string, file = 'config/rights/gdpr.yml'): Result<RightsByBasis> =>
  parseYaml(rightsByBasis, text, { code: 'RightsListNotValid', file });

export const basisName = (list: RightsByBasis, basis: Basis, language: Language): string =>
  list.bases[basis].name[language];

/** What a person may ask for data processed on a basis, one text per right with its article. */
export const rightsFor = (list: RightsByBasis, basis: Basis, language: Language): readonly string[] => {
  const told = (key: (typeof RIGHTS)[number], when?: string): string => {
    const { article, name } = list.rights[key];
    const reference = language === 'fr' ? `art. ${article}` : `Art. ${article}`;
    return `${name[language]} (${reference})${when === undefined ? '' : ` : ${when}`}`;
  };
  const own = list.bases[basis];
  return [
    ...own.rights.map((key) => told(key)),
    ...own.conditional.map((one) => told(one.right, one.when[language])),
    ...list.always.filter((one) => !own.rights.includes(one.right)).map((one) => told(one.right, one.when[language])),
  ];
};

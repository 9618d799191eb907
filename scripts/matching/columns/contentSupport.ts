import type { ColumnRole } from '../../model/columnMap.ts';
import type { Content } from './contentSigns.ts';

/** How well the values bear a role out, 0 to 1; undefined when values cannot tell (a family name may be anything). */
export const supportOf = (role: ColumnRole, content: Content): number | undefined => {
  if (content.count === 0) return undefined;
  const known = SUPPORT[role];
  if (known !== undefined) return known(content);
  return role.startsWith('identifier:') ? Math.max(content.code, 1 - content.letters) : undefined;
};

/** Anything that has no form of its own. */
const texty = (content: Content): number => 1 - Math.max(content.email, content.phone, content.date, content.code);

const SUPPORT: Readonly<Partial<Record<ColumnRole, (content: Content) => number>>> = {
  email: (content) => content.email,
  phone: (content) => Math.max(content.phone, content.phone * 0.5 + (1 - content.letters) * 0.4),
  'birth-date': (content) => content.date,
  postcode: (content) => Math.max(content.postcode, content.code * 0.6),
  'house-number': (content) => content.shortNumber,
  sex: (content) => content.sex,
  civility: (content) => content.civility,
  country: (content) => content.country,
  'given-name': (content) => Math.min(1, content.letters + 0.1),
  'family-name': (content) => Math.min(1, content.letters + 0.1),
  'birth-name': (content) => Math.min(1, content.letters + 0.1),
  'full-name': texty,
  'organisation-name': texty,
  city: (content) => 1 - Math.max(content.email, content.phone, content.date, content.code * 0.8),
  region: (content) => 1 - Math.max(content.email, content.phone, content.date),
  'birth-place': texty,
  street: (content) => 1 - Math.max(content.email, content.phone, content.date, content.code),
  'address-line': (content) => Math.max(content.wholeAddress, content.street * 0.7),
};

/** A role that values show by themselves, with how sure that is. */
type ContentSign = { readonly role: ColumnRole; readonly strength: number; readonly share: number };

const ENOUGH = 0.6;
const FEWEST = 3;

const formSigns = (content: Content): readonly ContentSign[] => [
  { role: 'email', strength: 0.95, share: content.email },
  { role: 'birth-date', strength: 0.8, share: Math.min(content.date, content.birthYears) },
  { role: 'phone', strength: 0.75, share: content.phone },
  { role: 'address-line', strength: 0.7, share: content.wholeAddress },
  { role: 'street', strength: 0.65, share: content.street },
  { role: 'postcode', strength: 0.55, share: content.distinct < 0.98 && content.year < 0.5 ? content.postcode : 0 },
];

const nameSigns = (content: Content): readonly ContentSign[] => [
  { role: 'country', strength: 0.6, share: content.letters > 0.9 ? content.country : 0 },
  { role: 'organisation-name', strength: 0.68, share: content.organisation * 1.2 },
  { role: 'given-name', strength: 0.7, share: content.given },
  { role: 'full-name', strength: 0.65, share: content.words >= 1.8 ? content.fullName : 0 },
];

/** Few values, every one of them a sex or a title. */
const markSigns = (content: Content): readonly ContentSign[] => {
  if (content.count < 20 || content.distinct * content.count > 8) return [];
  return [
    { role: 'civility', strength: 0.7, share: content.title > 0.2 ? content.civility : 0 },
    { role: 'sex', strength: 0.65, share: content.title === 0 ? content.sex : 0 },
  ];
};

const schemeSigns = (content: Content): readonly ContentSign[] =>
  Object.entries(content.schemes).map(([scheme, share]) => ({ role: `identifier:${scheme}`, strength: 0.9, share }));

/** What the values alone suggest, strongest first; nothing for columns with hardly a value. */
export const contentSignsOf = (content: Content): readonly ContentSign[] => {
  if (content.count < FEWEST) return [];
  return [...formSigns(content), ...schemeSigns(content), ...nameSigns(content), ...markSigns(content)]
    .filter((sign) => sign.share >= ENOUGH)
    .map((sign) => ({ ...sign, share: Math.min(1, sign.share), strength: sign.strength * Math.min(1, sign.share) }))
    .sort((a, b) => b.strength - a.strength);
};

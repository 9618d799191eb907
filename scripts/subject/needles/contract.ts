import { z } from 'zod';
import { objectName } from '../../model/text.ts';

/** What kind of mark of a person a needle is. */
export const NEEDLE_KINDS = ['email', 'phone', 'name', 'birth-date', 'address', 'identifier', 'record-id'] as const;
export type NeedleKind = (typeof NEEDLE_KINDS)[number];

const words = z.array(z.string().min(1)).readonly();

/** One name the person bears or bore: as recorded, not folded. */
const personName = z.strictObject({
  full: z.string(),
  given: words,
  family: words,
  /** Others in the org bear it too: alone it says nothing. `unknown` until `countNamesakes` asked. */
  namesakes: z.union([z.int().min(0), z.literal('unknown')]),
  /** Others who bear one of the family names: where there are none, the family name alone is worth a look. */
  familyBearers: z.union([z.int().min(0), z.literal('unknown')]),
});
export type PersonName = z.infer<typeof personName>;

const postalAddress = z.strictObject({ street: z.string(), postcode: z.string(), city: z.string() });
export type PostalAddress = z.infer<typeof postalAddress>;

/**
 * What identifies one person, in every text where a spelling of it stands: personal data, to be kept sealed and no longer
 * than the scan after the erasure needs it. Values as recorded; spellings are made by `variantsOf` and recognised by
 * `compileNeedles`.
 */
export const needles = z.strictObject({
  version: z.literal(1),
  /** ISO 3166-1 alpha-2: how national phone numbers are read. */
  country: z.string().regex(/^[A-Z]{2}$/),
  /** The person's own records at the time. */
  roots: z.array(z.strictObject({ object: objectName, id: z.string().regex(/^[A-Za-z0-9]{18}$/) })).readonly(),
  names: z.array(personName).readonly(),
  emails: words,
  /** Addresses that somebody else's record holds too (a couple's): alone they say nothing. */
  sharedEmails: words,
  phones: words,
  sharedPhones: words,
  /** `1957-03-14`. */
  birthDates: z.array(z.iso.date()).readonly(),
  addresses: z.array(postalAddress).readonly(),
  /** Account numbers, national and member numbers, user names: at least six letters or figures. */
  identifiers: words,
  /** 18-character ids of the records that go with the person: roots and what is theirs alone. */
  recordIds: z.array(z.string().regex(/^[A-Za-z0-9]{18}$/)).readonly(),
});
export type Needles = z.infer<typeof needles>;

/**
 * How much a needle says when it is found: `alone` it is the person; `together` it needs another one in the same row or
 * file (a name with namesakes, a shared mailbox, a birth date, an address); a `hint` (initials, a familiar form, a part
 * of a name) may be a relative's as well.
 */
export type NeedleStrength = 'alone' | 'together' | 'hint';

/** One spelling to be searched for. */
export type Spelling = {
  readonly kind: NeedleKind;
  /** Place in its list of `Needles`: names a needle without saying it. */
  readonly of: number;
  readonly text: string;
  readonly strength: NeedleStrength;
};

/** A needle that a text holds. */
export type NeedleHit = { readonly kind: NeedleKind; readonly of: number; readonly strength: NeedleStrength };

/** Dated knowledge of spellings, from config/matching by the composition root; folded words. */
export type SpellingKnowledge = {
  /** Letters → Latin letters, those of several first. */
  readonly transliteration: readonly (readonly [string, string])[];
  /** Abbreviation → word of an address: `bd` → `boulevard`. */
  readonly streetWords: ReadonlyMap<string, string>;
  /** Word → month, 1 to 12. */
  readonly months: ReadonlyMap<string, number>;
  /** Short or familiar given name → the formal ones it may stand for. */
  readonly nicknames: ReadonlyMap<string, readonly string[]>;
  /** Mail domains where dots in the user part do not count, each → the domain it is the same as. */
  readonly dotless: ReadonlyMap<string, string>;
};

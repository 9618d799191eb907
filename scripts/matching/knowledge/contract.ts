import type { KnowledgeData } from './knowledgeData.ts';

/**
 * What is known of values before any two of them are compared. `makeKnowledge(data)` (makeKnowledge.ts) gives it; `data` is
 * plain and goes to worker threads by structured clone. Every function is pure, never throws on any text, and is meant to be
 * called once per distinct value. Texts in answers are folded: lower case, ASCII letters and digits, single blanks, '' when
 * nothing is left. Other scripts come out romanised, the same everywhere.
 */
export type Knowledge = {
  readonly data: KnowledgeData;
  readonly fold: (text: string) => string;
  readonly givenName: (text: string) => GivenName;
  readonly familyName: (text: string) => FamilyName;
  readonly fullName: (text: string) => FullName;
  readonly organisation: (text: string) => Organisation;
  /** True when a name is rather an organisation's than a person's (a legal form, a word like `fondation`). */
  readonly looksLikeOrganisation: (text: string) => boolean;
  readonly email: (text: string) => Email;
  /** `country`: ISO 3166-1 alpha-2 of the record; without it a national number stays ambiguous. */
  readonly phone: (text: string, country?: string) => Phone;
  readonly date: (text: string, order?: DateOrder) => PartialDate;
  /** One or more lines, or a whole address in one line. */
  readonly address: (text: string, country?: string) => Address;
  /** A house number alone: `12 bis` → `12b`; '' when there is none. */
  readonly houseNumber: (text: string) => string;
  readonly postcode: (text: string, country?: string) => Postcode;
  /** `area`: the département, for names that several communes bear. */
  readonly city: (text: string, country?: string, area?: string) => City;
  /** ISO 3166-1 alpha-2 of a country's name or code in several languages; '' when unknown. */
  readonly country: (text: string) => string;
  /** A region's folded name, abbreviations resolved where the country's are known (`NSW`, `Bouches du Rhône`, `13`). */
  readonly region: (text: string, country?: string) => string;
  readonly sex: (text: string) => Sex;
  readonly civility: (text: string) => Civility;
  /** `scheme`: what follows `identifier:` in a column's role. */
  readonly identifier: (text: string, scheme: string) => Identifier;
};

export const SEXES = ['unknown', 'female', 'male'] as const;
export type Sex = (typeof SEXES)[number];

export type GivenName = {
  /** All words joined by blanks: `jean pierre`. '' for unknown markers (`X`, `SNP`, `sans prénom`). */
  readonly key: string;
  /** Abbreviated compounds spelt out where certain: `j pierre`; never more than eight. */
  readonly words: readonly string[];
  /** First letters: `jp`. */
  readonly initials: string;
  /** Nothing but initials was given: `JP`, `J.-P.`, `M.`; then `words` holds single letters. */
  readonly initialsOnly: boolean;
  /** Canonical names that the first word (or the whole) may stand for, itself included when it is one: `bob` → `robert`. */
  readonly roots: readonly string[];
  /** Of the first word: sound, French rules first. */
  readonly phonetic: string;
  /** Share of women among the bearers of the name in France, 0 to 1; -1 when unknown. */
  readonly female: number;
  /** The first word is an established name, in France or on the lists of short forms. */
  readonly known: boolean;
  /** All words together are an established name: `jean christophe`. */
  readonly compound: boolean;
  /** `jr`, `sr`, `2`, `3` …: told two generations apart; '' mostly. */
  readonly generation: string;
  /**
   * 32 bits of words, initials and roots: `relateGivenNames` answers other than `different` only when two names' marks meet
   * (`a.marks & b.marks`), so that a scan may pass over the rest. Spelling is not in it.
   */
  readonly marks: number;
};

/** How two given names that are not equal relate by knowledge, spelling aside; in the order of strength. */
export const GIVEN_RELATIONS = [
  /** Same words, joined, split or ordered otherwise: `jean-pierre`, `jeanpierre`. */
  'same',
  /** One stands for the other: `bob`, `robert`. */
  'nickname',
  /** One has some of the other's words, beginning with its first: `jean`, `jean pierre`. */
  'subset',
  /** A later word of one is the first of the other: civil-status lists against the usual name. */
  'later',
  /** Initials that agree: `jp`, `jean pierre`; `m`, `marie`. */
  'initials',
  /** Same sound: `mathieu`, `matthieu`. */
  'sound',
  /** Same first word, other second word: `jean pierre`, `jean paul`. Evidence against. */
  'conflict',
  /** The forms of a name for the two sexes: `michel`, `michele`. Evidence against. */
  'other-sex',
  'different',
] as const;
export type GivenRelation = (typeof GIVEN_RELATIONS)[number];

export type FamilyName = {
  /** Every word: `de la fontaine`. '' for unknown markers. */
  readonly key: string;
  /** Without blanks, particles in front wherever they were written: `delafontaine`. */
  readonly joined: string;
  /** Without particles: `fontaine`; the key itself when there is nothing else. */
  readonly core: string;
  /** `de la`; '' when none. */
  readonly particle: string;
  /** Each name that a double name, `dit`, `née` or brackets hold, without particles: `martin`, `durand`; else the core alone. */
  readonly parts: readonly string[];
  /** Of the core. */
  readonly phonetic: string;
  /** Of each part, same order. */
  readonly phonetics: readonly string[];
  readonly generation: string;
  /** As for given names: of key, joined, core, parts and phonetics. */
  readonly marks: number;
};

export const FAMILY_RELATIONS = [
  /** Particles, blanks, hyphens or order aside. */
  'same',
  /** A half of a double name, `X dit Y`, a birth name beside a usage name. */
  'half',
  'sound',
  'different',
] as const;
export type FamilyRelation = (typeof FAMILY_RELATIONS)[number];

export type FullNameReading = {
  readonly given: string;
  readonly family: string;
  /** 0 to 1 over the readings of one text. */
  readonly weight: number;
};

export type FullName = {
  /** Best first, at most two, folded as `givenName` and `familyName` accept them; empty when nothing is left. */
  readonly readings: readonly FullNameReading[];
  readonly civility: Civility;
  /** Written as of two people: `M. et Mme Jean Dupont`, `Marie et Paul Durand`. */
  readonly couple: boolean;
  readonly generation: string;
};

export type Organisation = {
  /** All words, abbreviations spelt out: `association sportive de lyon`. */
  readonly key: string;
  /** Without legal form, articles and section; words in the order written: what is compared. */
  readonly core: string;
  /** Of the core, sorted, without doubles. */
  readonly words: readonly string[];
  /** Canonical legal form: `sarl`, `ev`, `asbl`, `association`; '' when none is written. */
  readonly form: string;
  /** What follows `section`, `comité local`, `délégation`…: `rhone`, `12`; '' for a parent or unknown. */
  readonly section: string;
  /** Of the core's words, three letters or more; the text itself when it is written as one (`A.P.A.J.H.`). */
  readonly acronym: string;
  /** The text is nothing but an acronym. */
  readonly acronymOnly: boolean;
  readonly phonetic: string;
  /** As for given names: of words (four letters or more), acronym and joined core. */
  readonly marks: number;
};

export const ORGANISATION_RELATIONS = [
  /** Legal form, articles, abbreviations, blanks and order aside. */
  'same',
  'acronym',
  /** All words of the shorter core, at least two or one rare word, are in the longer. */
  'subset',
  /** Half of all words or more are shared. */
  'overlap',
  /** The same organisation's parent and local section, or two sections of it. Evidence against. */
  'section',
  'different',
] as const;
export type OrganisationRelation = (typeof ORGANISATION_RELATIONS)[number];

export type Email = {
  /** Typing errors of known domains mended, plus and dot variants gone; '' when it is no address. */
  readonly key: string;
  /** Before the at sign, as in `key`. */
  readonly user: string;
  readonly domain: string;
  /** Words of the user that are letters: `jean`, `dupont`. */
  readonly words: readonly string[];
  /** `info@`, `contact@`, `noreply@`: of an office, or nobody's. */
  readonly role: boolean;
  /** Written as a filler (`xxx@xxx.fr`, `none@none.com`): no evidence. */
  readonly placeholder: boolean;
  /** A provider where anybody has a mailbox: the domain says nothing. */
  readonly free: boolean;
};

export type Phone = {
  /** `+33612345678`; '' when the country is unknown or the number is none. */
  readonly e164: string;
  /** Digits without country code and trunk zero, at most fifteen: `612345678`; '' when it is no number. */
  readonly national: string;
  readonly mobile: boolean;
  /** A national number without a known country: compare `national` only. */
  readonly ambiguous: boolean;
  /** `0600000000`, `0123456789`: no evidence. */
  readonly placeholder: boolean;
};

export const DATE_ORDERS = ['ymd', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

export type PartialDate = {
  /** 0 when unknown. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly precision: 'day' | 'month' | 'year' | 'none';
  /** Eight digits, a half byte each, YYYYMMDD, zeros for what is unknown; 0 for none. */
  readonly packed: number;
  /** 1900-01-01, 1970-01-01, 9999-12-31: entered because something had to be. */
  readonly placeholder: boolean;
  /** Day and month could be the other way round for all that the text says, and no order was given. */
  readonly ambiguous: boolean;
};

export type Address = {
  /** Number with its letter: `12`, `12b` for `12 bis`, `12-14`. */
  readonly number: string;
  /** Type and name spelt out: `rue general leclerc`. */
  readonly street: string;
  /** Without type and articles: `general leclerc`. */
  readonly streetName: string;
  /** `e`, `ne`: the compass word that both leave out; '' when there is none. */
  readonly compass: string;
  /** `bp 123`, `cs 40012`; '' when none. */
  readonly box: string;
  /** Staircase, flat, floor, building: `apt 12`. */
  readonly unit: string;
  /** Found in the text: '' when it does not hold them. */
  readonly postcode: string;
  readonly city: string;
  readonly country: string;
};

export type Postcode = {
  /** As written, without blanks: `75001`, `sw1a1aa`. */
  readonly key: string;
  /** What near places share: département (`75`, `974`), outward code, first digits. */
  readonly area: string;
};

export type City = {
  /** Without arrondissement, CEDEX and postcode, `st` spelt out, merged communes under today's name. */
  readonly key: string;
  /** 0 when none. */
  readonly arrondissement: number;
  /** Its postcode is the office's, not the place's. */
  readonly cedex: boolean;
};

export type Civility = {
  readonly sex: Sex;
  /** `M. et Mme`. */
  readonly couple: boolean;
  /** Folded title that says more: `docteur`, `maitre`; '' otherwise. */
  readonly title: string;
};

export type Identifier = {
  /** Letters and digits, upper case, prefix normalised. */
  readonly key: string;
  /** Check digits and form; undefined when the scheme is not known. */
  readonly valid: boolean | undefined;
  /** What it belongs to under another scheme: a SIRET's or a French VAT number's SIREN. */
  readonly parent: { readonly scheme: string; readonly key: string } | undefined;
};

/* Also exported, by file:
 * parseKnowledge(files)               knowledgeData.ts   texts of config/matching → Result<KnowledgeData>
 * makeKnowledge(data)                 makeKnowledge.ts
 * relateGivenNames(a, b)              relateGivenNames.ts
 * areTwoNames(a, b)                   relateGivenNames.ts  both established, no spelling of each other (`mary`, `mark`)
 * relateFamilyNames(a, b)             relateFamilyNames.ts
 * relateOrganisations(a, b)           relateOrganisations.ts
 * sexClash(a, b)                      sexEvidence.ts     share of women of two names, civilities, sexes → clash or not
 * dateFromBytes(bytes, start, end, order)   dateBytes.ts  packed date of a cell without making a string; 0 when it is none
 */

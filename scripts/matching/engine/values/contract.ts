import type { DistinctTexts } from '../text/byteDictionary.ts';
import type { Texts } from '../kernels/jaroWinkler.ts';

/** Kinds of text that are looked up: read once per distinct value. */
export const DOMAINS = ['full', 'line', 'given', 'family', 'organisation', 'place', 'street'] as const;
export type Domain = (typeof DOMAINS)[number];

/** Distinct values of one kind as the cells have them (folded), in shared memory. */
export type SharedTexts = Pick<DistinctTexts, 'count' | 'bytes' | 'starts'>;

/**
 * Distinct values of one kind after knowledge: number 0 stands for none. `texts.bytes` hold what is compared letter by
 * letter; `fields` are `width` integers a value, by the names below.
 */
export type ValueTable = {
  readonly count: number;
  readonly texts: Texts;
  readonly width: number;
  readonly fields: Int32Array;
  /** The value's key: what knowledge is asked again with when two values are compared in depth. */
  readonly keys: Uint8Array;
  readonly keyStarts: Uint32Array;
  /** Hash of the key: the value's own, whatever number it got. */
  readonly identity: Int32Array;
  /** How many cells have it. */
  readonly counts: Int32Array;
  /** Number of the raw value → numbers of values (`perRaw` of them; 0 for none), or plain hashes. */
  readonly ofRaw: Int32Array;
  readonly perRaw: number;
};

export type ValueTables = Partial<Readonly<Record<Domain, ValueTable>>>;

/** Fields that all kinds have: hash of the compared text, and marks (two values with no common bit are unrelated). */
export const HASH = 0;
export const MARKS = 1;
export const PHONETIC = 2;
/** Of given names. */
/** `complex`: 1 for several words, initials or more than two roots: then knowledge must be asked how it relates. */
export const GIVEN_FIELDS = {
  root: 3,
  first: 4,
  initial: 5,
  female: 6,
  root2: 7,
  stem: 8,
  complex: 9,
  width: 10,
} as const;
/** Of family names: core and the two halves of double names. */
/** `parts`: of all names it holds, whatever their order; `long…`: the halves when they have three letters or more. */
export const FAMILY_FIELDS = { core: 3, half: 4, initial: 5, parts: 6, longCore: 7, longHalf: 8, width: 9 } as const;
/** Of organisations: up to six words. */
export const ORGANISATION_FIELDS = { acronym: 3, section: 4, words: 5, mostWords: 6, width: 11 } as const;
/** Of streets and places: the compass word of a street. */
export const PLAIN_FIELDS = { compass: 2, width: 3 } as const;

/** What raw full names and address lines turn into, per raw value. */
export const FULL_RAW = { given: 0, family: 1, sex: 2, organisation: 3, width: 4 } as const;
export const LINE_RAW = { street: 0, number: 1, postcode: 2, area: 3, city: 4, width: 5 } as const;

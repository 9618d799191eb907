import type {
  GivenName,
  GivenRelation,
  Knowledge,
  Organisation,
  OrganisationRelation,
} from '../../knowledge/contract.ts';
import { areTwoNames, relateGivenNames } from '../../knowledge/relateGivenNames.ts';
import { relateOrganisations } from '../../knowledge/relateOrganisations.ts';
import { FAMILY, GIVEN, ORGANISATION } from '../contract.ts';
import { oneEditAway } from '../kernels/editDistance.ts';
import { fewestMatches, jaroWinkler, neverSimilar, type Texts } from '../kernels/jaroWinkler.ts';
import {
  FAMILY_FIELDS,
  GIVEN_FIELDS,
  HASH,
  MARKS,
  PHONETIC,
  PLAIN_FIELDS,
  type ValueTable,
} from '../values/contract.ts';
import { PairCache } from './pairCache.ts';

export const SIMILAR = 0.8;
export const CLOSE = 0.92;

const GIVEN_LEVEL: Readonly<Record<Exclude<GivenRelation, 'different'>, number>> = {
  same: GIVEN.exact,
  nickname: GIVEN.close,
  subset: GIVEN.close,
  later: GIVEN.similar,
  initials: GIVEN.initials,
  sound: GIVEN.close,
  conflict: GIVEN.conflict,
  'other-sex': GIVEN.conflict,
};
const ORGANISATION_LEVEL: Readonly<Record<Exclude<OrganisationRelation, 'different'>, number>> = {
  same: ORGANISATION.exact,
  acronym: ORGANISATION.part,
  subset: ORGANISATION.part,
  overlap: ORGANISATION.overlap,
  section: ORGANISATION.section,
};

const FEWEST = fewestMatches(SIMILAR);

/** 0 unlike, 1 similar, 2 close: Jaro-Winkler, passed over when the letters alone rule it out. */
export const spelling = (texts: Texts, a: number, b: number): 0 | 1 | 2 => {
  if (neverSimilar(texts, a, b, FEWEST)) return 0;
  const similarity = jaroWinkler(texts, a, b);
  if (similarity >= CLOSE || (similarity >= SIMILAR && (texts.length[a] ?? 0) >= 4 && oneEditAway(texts, a, b)))
    return 2;
  return similarity >= SIMILAR ? 1 : 0;
};

const decoder = new TextDecoder();
/** The key of a value: what knowledge is asked again with. */
export const keyText = (table: ValueTable, id: number): string =>
  decoder.decode(table.keys.slice(table.keyStarts[id], table.keyStarts[id + 1]));

/** Answers of knowledge, worked out again for values that come to be compared in depth. */
const remembered = <T>(table: ValueTable, read: (text: string) => T): ((id: number) => T) => {
  const known = new Map<number, T>();
  return (id) => {
    let value = known.get(id);
    if (value === undefined) {
      value = read(keyText(table, id));
      known.set(id, value);
    }
    return value;
  };
};

const field = (table: ValueTable, id: number, which: number): number => table.fields[id * table.width + which] ?? 0;

export type LevelOf = (a: number, b: number) => number;

type Check = (a: number, b: number) => boolean;

/** A field of all values, side by side. */
const column = (table: ValueTable, which: number): Int32Array =>
  Int32Array.from({ length: table.count }, (_, id) => field(table, id, which));

const marksMeet = (table: ValueTable): Check => {
  const marks = column(table, MARKS);
  return (a, b) => ((marks[a] ?? 0) & (marks[b] ?? 0)) !== 0;
};

/** Equal numbers, then what knowledge and letters rule out, then the memory of pairs. */
const staged = (
  table: ValueTable,
  levels: { readonly exact: number; readonly different: number },
  mayRelate: Check,
  cache: PairCache,
): LevelOf => {
  const { texts } = table;
  return (a, b) => {
    if (a === b) return levels.exact;
    return neverSimilar(texts, a, b, FEWEST) && !mayRelate(a, b) ? levels.different : cache.of(a, b);
  };
};

const bothEqual = (left: number | undefined, right: number | undefined): boolean => left === right && left !== 0;

/** Whether knowledge may say more of two given names than that they differ: never false when it does. */
const givenMayRelate = (table: ValueTable): Check => {
  const [stem, sound, root, root2, complex] = [
    GIVEN_FIELDS.stem,
    PHONETIC,
    GIVEN_FIELDS.root,
    GIVEN_FIELDS.root2,
    GIVEN_FIELDS.complex,
  ].map((which) => column(table, which)) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
  const meet = marksMeet(table);
  const rootsMeet: Check = (a, b) =>
    bothEqual(root[a], root[b]) ||
    bothEqual(root[a], root2[b]) ||
    bothEqual(root2[a], root[b]) ||
    bothEqual(root2[a], root2[b]);
  return (a, b) => {
    if (complex[a] === 1 || complex[b] === 1) return meet(a, b);
    return bothEqual(stem[a], stem[b]) || bothEqual(sound[a], sound[b]) || rootsMeet(a, b);
  };
};

export const givenLevels = (knowledge: Knowledge, table: ValueTable): LevelOf => {
  const name = remembered<GivenName>(table, knowledge.givenName);
  const bySpelling = [GIVEN.different, GIVEN.similar, GIVEN.close] as const;
  const mayRelate = givenMayRelate(table);
  const cache = new PairCache((a, b) => {
    if (field(table, a, HASH) === field(table, b, HASH)) return GIVEN.exact;
    if (mayRelate(a, b)) {
      const relation = relateGivenNames(name(a), name(b));
      if (relation !== 'different') return GIVEN_LEVEL[relation];
    }
    const level = bySpelling[spelling(table.texts, a, b)];
    return level === GIVEN.close && areTwoNames(name(a), name(b)) ? GIVEN.similar : level;
  });
  return staged(table, GIVEN, mayRelate, cache);
};

/** What relateFamilyNames says, from hashes: 0 for different. */
const familyRelation = (table: ValueTable): LevelOf => {
  const [whole, parts, core, half, sound] = [
    HASH,
    FAMILY_FIELDS.parts,
    FAMILY_FIELDS.longCore,
    FAMILY_FIELDS.longHalf,
    PHONETIC,
  ].map((which) => column(table, which)) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
  const holds = (a: number, part: number | undefined): boolean =>
    part !== undefined && part !== 0 && (part === core[a] || part === half[a] || part === whole[a]);
  return (a, b) => {
    if (whole[a] === whole[b] || bothEqual(parts[a], parts[b])) return FAMILY.exact;
    if (holds(a, core[b]) || holds(a, half[b]) || holds(b, core[a]) || holds(b, half[a])) return FAMILY.half;
    return bothEqual(sound[a], sound[b]) ? FAMILY.close : 0;
  };
};

export const familyLevels = (table: ValueTable): LevelOf => {
  const bySpelling = [FAMILY.different, FAMILY.similar, FAMILY.close] as const;
  const relation = familyRelation(table);
  const cache = new PairCache((a, b) => relation(a, b) || bySpelling[spelling(table.texts, a, b)]);
  return staged(table, FAMILY, (a, b) => relation(a, b) !== 0, cache);
};

export const organisationLevels = (knowledge: Knowledge, table: ValueTable): LevelOf => {
  const name = remembered<Organisation>(table, knowledge.organisation);
  const bySpelling = [ORGANISATION.different, ORGANISATION.overlap, ORGANISATION.close] as const;
  const cache = new PairCache((a, b) => {
    let level: number = ORGANISATION.different;
    if ((field(table, a, MARKS) & field(table, b, MARKS)) !== 0) {
      const relation = relateOrganisations(name(a), name(b));
      if (relation === 'section') return ORGANISATION.section;
      if (relation !== 'different') level = ORGANISATION_LEVEL[relation];
    }
    return Math.max(level, bySpelling[spelling(table.texts, a, b)]);
  });
  return staged(table, ORGANISATION, marksMeet(table), cache);
};

/** 0 unlike, 1 similar, 2 close, 3 the same: streets and places. `E 5th St` and `W 5th St` are similar, no more. */
export const plainLevels = (table: ValueTable): LevelOf => {
  const compassDiffer: Check = (a, b) => {
    const [one, other] = [field(table, a, PLAIN_FIELDS.compass), field(table, b, PLAIN_FIELDS.compass)];
    return one !== 0 && other !== 0 && one !== other;
  };
  const cache = new PairCache((a, b) => {
    const level = field(table, a, HASH) === field(table, b, HASH) ? 3 : spelling(table.texts, a, b);
    return compassDiffer(a, b) ? Math.min(level, 1) : level;
  });
  return staged(table, { exact: 3, different: 0 }, () => false, cache);
};

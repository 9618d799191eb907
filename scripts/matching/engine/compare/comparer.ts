import { BIRTH_DATE, BIRTH_PLACE, FAMILY, GIVEN, IDENTIFIER, ORGANISATION, PHONE, SEX } from '../contract.ts';
import { intAt } from '../kernels/at.ts';
import { dayAndMonthSwapped, dayBits, monthBits, oneDigitAway, yearBits, yearOf } from '../kernels/digits.ts';
import type { Plan } from '../plan.ts';
import { isHashed } from '../read/digitCells.ts';
import { addressComparison } from './addressLevel.ts';
import { anyOf, columnsOf } from './anyOf.ts';
import type { Comparison, Data } from './contract.ts';
import { emailComparison } from './emailLevel.ts';
import { swapCheck } from './swappedNames.ts';
import { familyLevels, givenLevels, type LevelOf, organisationLevels, plainLevels } from './textLevels.ts';

const givenComparison = (data: Data): Comparison => {
  const table = data.values.given;
  if (table === undefined) return () => 0;
  const straight = anyOf(columnsOf(data, 'given'), givenLevels(data.knowledge, table));
  const swapped = swapCheck(data);
  return (a, b) => {
    const level = straight(a, b);
    return level > 0 && level < GIVEN.close && swapped(a, b) ? GIVEN.missing : level;
  };
};

const familyComparison = (data: Data): Comparison => {
  const table = data.values.family;
  if (table === undefined) return () => 0;
  const straight = anyOf(columnsOf(data, 'family'), familyLevels(table));
  const swapped = swapCheck(data);
  return (a, b) => {
    const level = straight(a, b);
    return level > 0 && level < FAMILY.close && swapped(a, b) ? FAMILY.swapped : level;
  };
};

const FAR_YEARS = 13;

const sameParts = (a: number, b: number): number =>
  (yearBits(a) === yearBits(b) ? 1 : 0) + (monthBits(a) === monthBits(b) ? 1 : 0) + (dayBits(a) === dayBits(b) ? 1 : 0);

const otherYears: LevelOf = (a, b) =>
  Math.abs(yearOf(a) - yearOf(b)) >= FAR_YEARS ? BIRTH_DATE.far : BIRTH_DATE.different;

/** One of them has no day. */
const partialLevel: LevelOf = (a, b) => {
  if (yearBits(a) !== yearBits(b)) return otherYears(a, b);
  return monthBits(a) === monthBits(b) && monthBits(a) !== 0 ? BIRTH_DATE.parts : BIRTH_DATE.year;
};

/** Packed dates (YYYYMMDD), zeros for what is unknown. */
export const birthDateLevel: LevelOf = (a, b) => {
  const full = dayBits(a) !== 0 && dayBits(b) !== 0;
  if (a === b) return full ? BIRTH_DATE.exact : monthBits(a) === 0 ? BIRTH_DATE.year : BIRTH_DATE.parts;
  if (!full) return partialLevel(a, b);
  if (oneDigitAway(a, b) || dayAndMonthSwapped(a) === b) return BIRTH_DATE.close;
  if (sameParts(a, b) === 2) return BIRTH_DATE.parts;
  return yearBits(a) === yearBits(b) ? BIRTH_DATE.year : otherYears(a, b);
};

type DigitLevels = { readonly different: number; readonly close: number; readonly exact: number };
type DigitColumns = { readonly low: Int32Array; readonly high: Int32Array };

const digitLevel =
  (levels: DigitLevels, one: DigitColumns, other: DigitColumns): Comparison =>
  (a, b) => {
    const left = intAt(one.low, a);
    const right = intAt(other.low, b);
    if (left === 0 || right === 0) return 0;
    const leftHigh = intAt(one.high, a);
    const rightHigh = intAt(other.high, b);
    if (left === right && leftHigh === rightHigh) return levels.exact;
    if (isHashed(leftHigh) || isHashed(rightHigh)) return levels.different;
    const close =
      (leftHigh === rightHigh && oneDigitAway(left, right)) || (left === right && oneDigitAway(leftHigh, rightHigh));
    return close ? levels.close : levels.different;
  };

const digitComparison = (data: Data, slots: readonly string[], levels: DigitLevels): Comparison => {
  const columns = slots.flatMap((slot) => {
    const low = data.columns[slot];
    const high = data.columns[`${slot}:high`];
    return low === undefined || high === undefined ? [] : [{ low, high }];
  });
  const pairs = columns.flatMap((one) => columns.map((other) => digitLevel(levels, one, other)));
  const [only] = pairs;
  if (pairs.length === 1 && only !== undefined) return only;
  return (a, b) => pairs.reduce((best, level) => Math.max(best, level(a, b)), 0);
};

const birthPlaceComparison = (data: Data): Comparison => {
  const column = data.columns['birthPlace'];
  const table = data.values.place;
  if (column === undefined || table === undefined) return () => 0;
  const alike = plainLevels(table);
  const LEVELS = [BIRTH_PLACE.different, BIRTH_PLACE.similar, BIRTH_PLACE.similar, BIRTH_PLACE.exact] as const;
  return anyOf([column], (a, b) => LEVELS[alike(a, b) as 0 | 1 | 2 | 3]);
};

const sexComparison = (data: Data): Comparison =>
  anyOf(
    [data.columns['sex']].filter((column) => column !== undefined),
    (a, b) => (a === b ? SEX.same : SEX.clash),
  );

const organisationComparison = (data: Data): Comparison => {
  const table = data.values.organisation;
  if (table === undefined) return () => ORGANISATION.missing;
  return anyOf(columnsOf(data, 'organisation'), organisationLevels(data.knowledge, table));
};

type MakeComparison = (data: Data) => Comparison;

const slotsOf = (plan: Plan, field: string): readonly string[] =>
  Array.from({ length: plan.width[field] ?? 0 }, (_, i) => `${field}${i}`);

const MAKERS: Readonly<Record<string, MakeComparison>> = {
  'given-name': givenComparison,
  'family-name': familyComparison,
  'organisation-name': organisationComparison,
  'birth-date': (data) => anyOf(columnsOf(data, 'birthDate'), birthDateLevel),
  'birth-place': birthPlaceComparison,
  email: emailComparison,
  phone: (data) => digitComparison(data, slotsOf(data.plan, 'phone'), PHONE),
  address: addressComparison,
  sex: sexComparison,
};

/** The run's comparisons, in the order of the plan. */
export const makeComparisons = (data: Data): readonly Comparison[] =>
  data.plan.comparisons.map(({ name }) => {
    if (name.startsWith('identifier:')) return digitComparison(data, [name], IDENTIFIER);
    const make = MAKERS[name];
    if (make === undefined) throw new Error(`no comparison ${name}`);
    return make(data);
  });

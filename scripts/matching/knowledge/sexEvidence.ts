import type { Sex } from './contract.ts';

type SexSigns = {
  /** Of the given name: share of women, -1 when unknown. */
  readonly female: number;
  /** Written: a sex or a civility. */
  readonly sex: Sex;
};

const SURE = 0.98;

const told = (signs: SexSigns): Sex => {
  if (signs.sex !== 'unknown') return signs.sex;
  if (signs.female < 0) return 'unknown';
  if (signs.female >= SURE) return 'female';
  return signs.female <= 1 - SURE ? 'male' : 'unknown';
};

/** Whether two records speak of people of different sex: what is written first, then what nearly all bearers of the name are. */
export const sexClash = (a: SexSigns, b: SexSigns): boolean => {
  const [one, other] = [told(a), told(b)];
  return one !== 'unknown' && other !== 'unknown' && one !== other;
};

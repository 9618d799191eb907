import type { PartName, Rule } from '../block/contract.ts';
import type { FactField } from './facts.ts';

/** Parts that are certainly there and equal when these fields are equal as a whole. */
const IMPLIED_BY: Partial<Readonly<Record<PartName, readonly string[]>>> = {
  email: ['email'],
  'email-user': ['email'],
  phone: ['phone'],
  'phone-end': ['phone'],
  given: ['given'],
  'given-root': ['given'],
  family: ['family'],
  'family-part': ['family'],
  names: ['given', 'family'],
  'birth-date': ['birthDate'],
  'birth-date-digits': ['birthDate'],
  'birth-year': ['birthDate'],
  'birth-day': ['birthDate'],
  'birth-month': ['birthDate'],
  'birth-place': ['birthPlace'],
  postcode: ['postcode'],
  city: ['city'],
  street: ['street'],
  sex: ['sex'],
};

/** Facts that all must hold for a rule to be known to bring a pair together; 0 when that cannot be told from facts. */
const maskOf = (rule: Rule, fields: readonly FactField[]): number => {
  let mask = 0;
  for (const part of rule.parts) {
    const facts = IMPLIED_BY[part];
    if (facts === undefined) return 0;
    for (const fact of facts) {
      const field = fields.find((one) => one.fact === fact);
      if (field === undefined) return 0;
      mask |= 1 << field.bit;
    }
  }
  return mask;
};

const MOST_FACTS = 16;
const NO_RULE = 255;

/**
 * By equal facts, the first rule that surely brought the pair together (255: none is sure), so that later rules need not
 * look at it again. Rules that were narrowed may have left pairs out and do not count.
 */
export const earliestRules = (
  fields: readonly FactField[],
  rules: readonly Rule[],
  isWhole: (rule: number) => boolean,
): Uint8Array => {
  if (fields.length > MOST_FACTS) return new Uint8Array(0);
  const masks = rules.map((rule, i) => (isWhole(i) ? maskOf(rule, fields) : 0));
  const earliest = new Uint8Array(2 ** fields.length).fill(NO_RULE);
  for (let equal = 0; equal < earliest.length; equal += 1) {
    const rule = masks.findIndex((mask) => mask !== 0 && (equal & mask) === mask);
    if (rule >= 0) earliest[equal] = rule;
  }
  return earliest;
};

import { parsePhoneNumberFromString, isSupportedCountry } from 'libphonenumber-js';
import type { Phone } from './contract.ts';
import type { PhoneData } from './placeData.ts';

type Plan = {
  readonly code: string;
  readonly trunk: string;
  readonly form: RegExp;
  readonly mobile: RegExp;
  readonly overseas: ReadonlyMap<string, string>;
};

type PhoneLexicon = {
  readonly plans: ReadonlyMap<string, Plan>;
  readonly byCode: ReadonlyMap<string, Plan>;
  readonly placeholders: ReadonlySet<string>;
};

export const makePhoneLexicon = (data: PhoneData): PhoneLexicon => {
  const plans = Object.entries(data.plans).map(([country, plan]) => {
    const overseas = new Map(Object.entries(data.overseas[country] ?? {}));
    return [country, { ...plan, form: new RegExp(plan.form), mobile: new RegExp(plan.mobile), overseas }] as const;
  });
  return {
    plans: new Map(plans),
    byCode: new Map(plans.map(([, plan]) => [plan.code, plan])),
    placeholders: new Set(data.placeholders),
  };
};

const NONE: Phone = { e164: '', national: '', mobile: false, ambiguous: false, placeholder: false };
const MOST_DIGITS = 15;
const FEWEST_DIGITS = 6;

/** The first number of a cell that may hold several, without extension: `0475/12.34.56` stays one. */
const firstNumber = (text: string): string => {
  const bare = text.replace(/(?:ext|poste|x|#|tel|fax)\.?\s*\d{1,5}\s*$/i, '').replace(/\(\s*0\s*\)/g, '');
  const cut = /^((?:\D*\d){8,}?[^/;|,]*?)\s*(?:[/;|,]|\bou\b|\bor\b|\bet\b)\s*(?:\D*\d){8,}/i.exec(bare);
  return cut?.[1] ?? bare;
};

const isFiller = (lexicon: PhoneLexicon, digits: string): boolean =>
  lexicon.placeholders.has(digits) || lexicon.placeholders.has(`0${digits}`) || /^0?(\d)\1{6,}$/.test(digits);

const inPlan = (lexicon: PhoneLexicon, plan: Plan, digits: string): Phone | undefined => {
  const national = plan.trunk !== '' && digits.startsWith(plan.trunk) ? digits.slice(plan.trunk.length) : digits;
  if (!plan.form.test(national)) return undefined;
  const code = plan.overseas.get(national.slice(0, 3)) ?? plan.code;
  return {
    e164: `+${code}${national}`,
    national,
    mobile: plan.mobile.test(national),
    ambiguous: false,
    placeholder: isFiller(lexicon, national),
  };
};

const byLibrary = (lexicon: PhoneLexicon, text: string, country: string): Phone | undefined => {
  const known = country !== '' && isSupportedCountry(country) ? country : undefined;
  const parsed = parsePhoneNumberFromString(text, known);
  if (parsed?.isValid() !== true) return undefined;
  const national = parsed.nationalNumber;
  return {
    e164: parsed.number,
    national,
    mobile: false,
    ambiguous: false,
    placeholder: isFiller(lexicon, national),
  };
};

const international = (lexicon: PhoneLexicon, digits: string): Phone | undefined => {
  for (const length of [2, 3, 1]) {
    const plan = lexicon.byCode.get(digits.slice(0, length));
    const found = plan === undefined ? undefined : inPlan(lexicon, plan, digits.slice(length));
    if (found !== undefined) return found;
  }
  return byLibrary(lexicon, `+${digits}`, '');
};

const ambiguous = (lexicon: PhoneLexicon, digits: string): Phone => {
  const bare = /^1[2-9]\d{2}[2-9]\d{6}$/.test(digits) ? digits.slice(1) : digits.replace(/^0+/, '');
  const placeholder = isFiller(lexicon, digits) || bare === '';
  return { e164: '', national: bare === '' ? digits : bare, mobile: false, ambiguous: true, placeholder };
};

const national = (lexicon: PhoneLexicon, digits: string, country: string): Phone | undefined => {
  const plan = lexicon.plans.get(country);
  if (plan === undefined) return byLibrary(lexicon, digits, country);
  const own = inPlan(lexicon, plan, digits);
  if (own !== undefined) return own;
  if (digits.startsWith(plan.code)) {
    const coded = inPlan(lexicon, plan, digits.slice(plan.code.length));
    if (coded !== undefined) return coded;
  }
  return byLibrary(lexicon, digits, country);
};

/**
 * A phone number. With the record's country a national number becomes international; without it, it stays ambiguous: a
 * Belgian `0475/12.34.56` would pass as a French number.
 */
export const phoneOf = (lexicon: PhoneLexicon, text: string, country = ''): Phone => {
  const number = firstNumber(text);
  const digits = number.replace(/\D/g, '').slice(0, MOST_DIGITS + 3);
  if (digits.length < FEWEST_DIGITS) return NONE;
  const plus = /^[^\d]*\+/.test(number);
  const abroad = plus ? digits : digits.startsWith('00') && !/^0+$/.test(digits) ? digits.slice(2) : undefined;
  const found =
    abroad === undefined
      ? country === ''
        ? undefined
        : national(lexicon, digits, country)
      : international(lexicon, abroad);
  return found ?? ambiguous(lexicon, digits.slice(0, MOST_DIGITS));
};

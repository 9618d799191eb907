import type { Knowledge } from '../../knowledge/contract.ts';
import { stemOf } from '../../knowledge/givenName.ts';
import { postcodeNumber, SEX_NUMBER } from '../read/cellWriters.ts';
import { textAt } from '../text/byteDictionary.ts';
import { hashText } from '../text/fold.ts';
import { knowledgeOf, need, type ThreadState } from '../threads/state.ts';
import { type Domain, ORGANISATION_FIELDS } from './contract.ts';

/** Distinct raw values `from .. to` of one kind. */
export type KnowItem = { readonly domain: Domain; readonly from: number; readonly to: number };

/**
 * What knowledge says of them. `keys`: one line a value that tells values apart ('' for none); `compared`: the letters that
 * are compared; both joined by line ends. `fields`: `width` integers a value. For full names and address lines `keys` holds
 * the texts they consist of, joined by tabs.
 */
export type Known = {
  readonly keys: string;
  readonly compared: string;
  readonly width: number;
  readonly fields: Int32Array;
};

type One = { readonly key: string; readonly compared: string; readonly fields: readonly number[] };

const hashed = (text: string | undefined): number => (text === undefined || text === '' ? 0 : hashText(text));
const joined = (text: string): string => text.replaceAll(' ', '');
/** Generation marks tell values apart, though nothing that is compared holds them. */
const marked = (key: string, generation: string): string => (generation === '' ? key : `${key} ${generation}`);
const FEMALE_STEPS = 100;
const LONG = 3;

const knowGiven = (knowledge: Knowledge, text: string): One => {
  const name = knowledge.givenName(text);
  const compared = joined(name.key);
  const female = name.female < 0 ? -1 : Math.round(name.female * FEMALE_STEPS);
  const fields = [hashed(compared), name.marks, hashed(name.phonetic), hashed(name.roots[0] ?? name.words[0])];
  const isComplex = name.words.length > 1 || compared.length < 2 || name.roots.length > 2 || name.initialsOnly;
  const more = [hashed(name.roots[1]), hashed(stemOf(name.words[0] ?? '')), isComplex ? 1 : 0];
  return {
    key: marked(name.key, name.generation),
    compared,
    fields: [...fields, hashed(name.words[0]), compared.charCodeAt(0) || 0, female, ...more],
  };
};

const knowFamily = (knowledge: Knowledge, text: string): One => {
  const name = knowledge.familyName(text);
  const halves = name.parts.length > 1 ? name.parts : [name.core];
  const fields = [hashed(name.joined), name.marks, hashed(name.phonetic), hashed(halves[0]), hashed(halves[1])];
  const long = (text: string | undefined): number => (text !== undefined && text.length >= LONG ? hashed(text) : 0);
  const more = [hashed([...name.parts].sort().join(' ')), long(halves[0]), long(halves[1])];
  const key = marked(name.key, name.generation);
  return { key, compared: name.joined, fields: [...fields, name.joined.charCodeAt(0) || 0, ...more] };
};

const knowOrganisation = (knowledge: Knowledge, text: string): One => {
  const name = knowledge.organisation(text);
  const compared = joined(name.core);
  const words = [...name.words].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const six = Array.from({ length: ORGANISATION_FIELDS.mostWords }, (_, i) => hashed(words[i]));
  const fields = [hashed(compared), name.marks, hashed(name.phonetic), hashed(name.acronym), hashed(name.section)];
  return { key: name.key, compared, fields: [...fields, ...six] };
};

const knowPlace = (knowledge: Knowledge, text: string): One => {
  const { key } = knowledge.city(text);
  return { key, compared: joined(key), fields: [hashed(joined(key)), 0, 0] };
};

/** Stands before the compass word that a street's name is written with: nothing that is compared holds it. */
const COMPASS = '|';

const knowStreet = (_knowledge: Knowledge, text: string): One => {
  const [name = '', compass] = text.split(COMPASS, 2);
  return { key: text, compared: joined(name), fields: [hashed(joined(name)), 0, hashed(compass)] };
};

const knowFull = (knowledge: Knowledge, text: string): One => {
  const name = knowledge.fullName(text);
  const [best] = name.readings;
  const organisation = knowledge.looksLikeOrganisation(text) ? text : '';
  const family = marked(best?.family ?? '', best?.family === '' ? '' : name.generation);
  const key = `${best?.given ?? ''}\t${family}\t${organisation}`;
  return { key, compared: '', fields: [SEX_NUMBER[name.civility.sex]] };
};

const knowLine = (knowledge: Knowledge, text: string, country: string | undefined): One => {
  const address = knowledge.address(text, country);
  const postcode = address.postcode === '' ? undefined : knowledge.postcode(address.postcode, country);
  const street = address.streetName || address.street || address.box;
  const compass = address.compass === '' ? '' : `${COMPASS}${address.compass}`;
  return {
    key: `${street}${compass}\t${address.city}`,
    compared: '',
    fields: [hashed(address.number), postcodeNumber(postcode?.key ?? ''), hashed(postcode?.area)],
  };
};

type Know = (knowledge: Knowledge, text: string, country: string | undefined) => One;
const KNOW: Readonly<Record<Domain, Know>> = {
  given: knowGiven,
  family: knowFamily,
  organisation: knowOrganisation,
  place: knowPlace,
  street: knowStreet,
  full: knowFull,
  line: knowLine,
};

const onlyCountry = (tables: readonly { readonly country?: string }[]): string | undefined => {
  const countries = new Set(tables.map(({ country }) => country));
  return countries.size === 1 ? [...countries][0] : undefined;
};

/** Apart from the loop over values, which would be compiled anew around it again and again. */
const putFields = (numbers: Int32Array, at: number, fields: readonly number[]): void => {
  for (let i = 0; i < fields.length; i += 1) numbers[at + i] = fields[i] ?? 0;
};

/** Asks knowledge once for each distinct value. */
export const knowTask = (state: ThreadState, item: KnowItem): Known => {
  const knowledge = knowledgeOf(state);
  const texts = need(state, 'raw')[item.domain];
  const country = onlyCountry(need(state, 'tables'));
  if (texts === undefined) throw new Error(`no values of ${item.domain}`);
  const keys: string[] = [];
  const compared: string[] = [];
  let width = 0;
  let numbers = new Int32Array(0);
  for (let id = item.from; id < item.to; id += 1) {
    const one = KNOW[item.domain](knowledge, textAt(texts, id), country);
    if (width === 0) {
      width = one.fields.length;
      numbers = new Int32Array(width * (item.to - item.from));
    }
    const at = keys.length * width;
    keys.push(one.key);
    compared.push(one.compared);
    putFields(numbers, at, one.fields);
  }
  return { keys: keys.join('\n'), compared: compared.join('\n'), width, fields: numbers };
};

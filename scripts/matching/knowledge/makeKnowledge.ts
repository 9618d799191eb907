import { addressOf } from './address.ts';
import { makeAddressLexicon } from './addressLexicon.ts';
import type { Knowledge } from './contract.ts';
import { dateOf, makeDateLexicon } from './date.ts';
import { emailOf, makeEmailLexicon } from './email.ts';
import { familyNameOf } from './familyName.ts';
import { foldText, makeLetters } from './fold.ts';
import { fullNameOf } from './fullName.ts';
import { givenNameOf } from './givenName.ts';
import { identifierOf, makeIdentifierLexicon } from './identifier.ts';
import type { KnowledgeData } from './knowledgeData.ts';
import { civilityOf, makeNameLexicon, type NameLexicon, sexOf } from './nameLexicon.ts';
import { looksLikeOrganisation, makeOrganisationLexicon, organisationOf } from './organisation.ts';
import { makePhoneLexicon, phoneOf } from './phone.ts';
import { cityOf, countryOf, makePlaceLexicon, postcodeOf, regionOf } from './places.ts';
import { houseNumberOf } from './street.ts';

const foldWith = (data: KnowledgeData): ((text: string) => string) => {
  const tables = Object.values(data['transliteration.yml']).filter((table) => typeof table === 'string');
  const letters = makeLetters(tables);
  return (text) => foldText(letters, text);
};

/** Two words, the first a given name, the second of one to three letters. */
const isShortPersonName = (names: NameLexicon, folded: string): boolean => {
  const [first = '', second = '', ...more] = folded.split(' ');
  return more.length === 0 && second.length < 4 && names.given.has(first);
};

const aboutNames = (data: KnowledgeData, fold: (text: string) => string) => {
  const names = makeNameLexicon(
    { names: data['names.yml'], nicknames: data['nicknames.yml'], givenNames: data['given-names.json'] },
    fold,
  );
  const organisations = makeOrganisationLexicon(data['organisations.yml'], fold);
  return {
    givenName: (text: string) => givenNameOf(names, text),
    familyName: (text: string) => familyNameOf(names, text),
    fullName: (text: string) => fullNameOf(names, text),
    organisation: (text: string) => organisationOf(organisations, text),
    // `Maria Sá` is a person, `Maria SA` may be: the given name decides
    looksLikeOrganisation: (text: string) =>
      looksLikeOrganisation(organisations, text) && !isShortPersonName(names, fold(text)),
    sex: (text: string) => sexOf(names, text),
    civility: (text: string) => civilityOf(names, text),
  };
};

const aboutPlaces = (data: KnowledgeData, fold: (text: string) => string) => {
  const places = makePlaceLexicon(
    { addresses: data['addresses.yml'], countries: data['countries.json'], places: data['places.yml'] },
    fold,
  );
  const addresses = makeAddressLexicon(data['addresses.yml'], places, fold);
  return {
    address: (text: string, country?: string) => addressOf(addresses, text, country),
    houseNumber: (text: string) => houseNumberOf(addresses, text),
    postcode: (text: string, country?: string) => postcodeOf(places, text, country),
    city: (text: string, country?: string, area?: string) => cityOf(places, text, country, area),
    country: (text: string) => countryOf(places, text),
    region: (text: string, country?: string) => regionOf(places, text, country),
  };
};

/** Look-ups over the lists of config/matching; some milliseconds to build, once a thread. */
export const makeKnowledge = (data: KnowledgeData): Knowledge => {
  const fold = foldWith(data);
  const emails = makeEmailLexicon(data['emails.yml']);
  const phones = makePhoneLexicon(data['phones.yml']);
  const dates = makeDateLexicon(data['dates.yml'], fold);
  const identifiers = makeIdentifierLexicon(data['identifiers.yml']);
  return {
    data,
    fold,
    ...aboutNames(data, fold),
    ...aboutPlaces(data, fold),
    email: (text) => emailOf(emails, text),
    phone: (text, country) => phoneOf(phones, text, country),
    date: (text, order) => dateOf(dates, text, order),
    identifier: (text, scheme) => identifierOf(identifiers, text, scheme),
  };
};

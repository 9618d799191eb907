import type { ColumnRole } from '../../model/columnMap.ts';
import type { GuessReason } from './contract.ts';

const percent = (share: number): string => `${String(Math.round(share * 100))} %`;

const ROLE_NAMES: Readonly<Record<string, GuessReason>> = {
  id: { en: 'a key', fr: 'une clé' },
  'given-name': { en: 'a first name', fr: 'un prénom' },
  'family-name': { en: 'a family name', fr: 'un nom de famille' },
  'birth-name': { en: 'a birth name', fr: 'un nom de naissance' },
  'full-name': { en: 'a full name', fr: 'un nom complet' },
  'organisation-name': { en: 'an organisation', fr: 'une organisation' },
  sex: { en: 'a sex', fr: 'un sexe' },
  civility: { en: 'a title', fr: 'une civilité' },
  'birth-date': { en: 'a date of birth', fr: 'une date de naissance' },
  'birth-place': { en: 'a place of birth', fr: 'un lieu de naissance' },
  email: { en: 'an e-mail address', fr: 'une adresse e-mail' },
  phone: { en: 'a phone number', fr: 'un numéro de téléphone' },
  street: { en: 'a street', fr: 'une voie' },
  'house-number': { en: 'a house number', fr: 'un numéro de voie' },
  'address-line': { en: 'a whole address', fr: 'une adresse complète' },
  postcode: { en: 'a postcode', fr: 'un code postal' },
  city: { en: 'a town', fr: 'une commune' },
  region: { en: 'a region', fr: 'une région' },
  country: { en: 'a country', fr: 'un pays' },
};

const roleName = (role: ColumnRole): GuessReason => {
  const scheme = role.replace(/^identifier:/, '');
  return ROLE_NAMES[role] ?? { en: `an identifier (${scheme})`, fr: `un identifiant (${scheme})` };
};

/** Why a column was taken for what it was, in words. */
export const REASONS = {
  header: (phrase: string): GuessReason => ({
    en: `its header says “${phrase}”`,
    fr: `son intitulé dit « ${phrase} »`,
  }),
  values: (role: ColumnRole, share: number): GuessReason => ({
    en: `${percent(share)} of its values look like ${roleName(role).en}`,
    fr: `${percent(share)} de ses valeurs ressemblent à ${roleName(role).fr}`,
  }),
  against: (role: ColumnRole, share: number): GuessReason => ({
    en: `only ${percent(share)} of its values look like ${roleName(role).en}`,
    fr: `seulement ${percent(share)} de ses valeurs ressemblent à ${roleName(role).fr}`,
  }),
  empty: { en: 'it is empty in the rows looked at', fr: 'elle est vide dans les lignes examinées' },
  unique: { en: 'every row has another value', fr: 'chaque ligne a une valeur différente' },
  repeated: { en: 'its values repeat: it is no key of rows', fr: 'ses valeurs se répètent : ce n’est pas une clé' },
  taken: (column: string): GuessReason => ({
    en: `the column “${column}” is the key already`,
    fr: `la colonne « ${column} » est déjà la clé`,
  }),
  about: (phrase: string): GuessReason => ({
    en: `its header speaks of something else (“${phrase}”)`,
    fr: `son intitulé parle d’autre chose (« ${phrase} »)`,
  }),
  unknown: { en: 'nothing tells what it holds', fr: 'rien ne dit ce qu’elle contient' },
  redundant: {
    en: 'its names are in the columns of first and family names already',
    fr: 'ses noms sont déjà dans les colonnes du prénom et du nom',
  },
  telling: {
    en: 'no column of names was found; this one tells the rows apart best',
    fr: 'aucune colonne de noms n’a été trouvée ; celle-ci distingue le mieux les lignes',
  },
  beside: (column: string): GuessReason => ({
    en: `it stands beside the first names of “${column}”`,
    fr: `elle est à côté des prénoms de « ${column} »`,
  }),
} as const;

import type { FieldType } from './definitions.ts';

/** What SOQL may do with a field: f(ilter), o(rder), g(roup), a(ggregate). */
export type QueryTraits = {
  readonly filterable: boolean;
  readonly sortable: boolean;
  readonly groupable: boolean;
  readonly aggregatable: boolean;
};

const traits = (letters: string): QueryTraits => ({
  filterable: letters.includes('f'),
  sortable: letters.includes('o'),
  groupable: letters.includes('g'),
  aggregatable: letters.includes('a'),
});

const byType: Partial<Record<FieldType, string>> = {
  base64: '',
  anyType: '',
  complexvalue: '',
  encryptedstring: '',
  address: 'f',
  location: 'f',
  multipicklist: 'f',
  boolean: 'fog',
  double: 'foa',
  currency: 'foa',
  percent: 'foa',
  datetime: 'foa',
  time: 'foa',
  long: 'foa',
};

/** What the platform answers for a type unless a field says otherwise; long text (over 255) can nothing. */
export const defaultTraits = (type: FieldType, length: number): QueryTraits => {
  if (length > 255 && type === 'textarea') return traits('');
  // Text formulas: 1,300 characters.
  if (length > 255 && type === 'string') return traits('foa');
  return traits(byType[type] ?? 'foga');
};

/** The traits with some letters switched on and others off. */
export const adjustTraits = (base: QueryTraits, on: string, off: string): QueryTraits => {
  const letter = (name: string, value: boolean): boolean => (value || on.includes(name)) && !off.includes(name);
  return {
    filterable: letter('f', base.filterable),
    sortable: letter('o', base.sortable),
    groupable: letter('g', base.groupable),
    aggregatable: letter('a', base.aggregatable),
  };
};

const lengths: Partial<Record<FieldType, number>> = {
  id: 18,
  reference: 18,
  string: 255,
  email: 80,
  phone: 40,
  url: 255,
  picklist: 255,
  multipicklist: 4099,
  combobox: 80,
  textarea: 32_000,
  encryptedstring: 175,
};

/** Characters, for types that have a length; 0 for the others. */
export const defaultLength = (type: FieldType): number => lengths[type] ?? 0;

const numbers: Partial<Record<FieldType, readonly [number, number]>> = {
  double: [18, 0],
  currency: [18, 2],
  percent: [18, 2],
};

/** Digits before and after the decimal separator together, and after it. */
export const defaultPrecision = (type: FieldType): readonly [number, number] => numbers[type] ?? [0, 0];

/** `AccountNumber` → `Account Number`, `ParentId` → `Parent ID`. */
export const humanName = (name: string): string =>
  (name.endsWith('Id') && name !== 'Id' ? `${name.slice(0, -2)}ID` : name).replace(
    /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g,
    ' ',
  );

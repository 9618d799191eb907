/**
 * `Demo_Key__c` of every row that another row or the ground truth speaks of. The letters before the first dash say the
 * object, so that a loader can resolve a key without knowing which batch it came from.
 */
const OBJECT_OF_PREFIX: Readonly<Record<string, string>> = {
  A: 'Account',
  ORG: 'Account',
  AD: 'npsp__Address__c',
  C: 'Contact',
  L: 'Lead',
  O: 'Opportunity',
  RD: 'npe03__Recurring_Donation__c',
  CA: 'Campaign',
  CS: 'Case',
  EM: 'EmailMessage',
  GAU: 'npsp__General_Accounting_Unit__c',
  I: 'Individual',
  PU: 'DataUsePurpose',
  MB: 'Membership__c',
  FU: 'Beneficiary_Follow_Up__c',
  LH: 'Legal_Hold__c',
};

/** Objects that carry `Demo_Key__c`. */
export const keyedObjects: readonly string[] = [...new Set(Object.values(OBJECT_OF_PREFIX))];

/** The object whose `Demo_Key__c` this is; RangeError for a text that is no demo key. */
export const objectOfKey = (key: string): string => {
  const object = OBJECT_OF_PREFIX[key.slice(0, Math.max(0, key.indexOf('-')))];
  if (object === undefined) throw new RangeError('not a demo key');
  return object;
};

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

export const unitNumber = (unit: number): string => pad(unit, 7);
export const accountKey = (unit: number): string => `A-${unitNumber(unit)}`;
export const organisationKey = (index: number): string => `ORG-${pad(index, 6)}`;
export const contactKey = (unit: number, slot: number): string => `C-${unitNumber(unit)}-${slot}`;
export const leadKey = (unit: number): string => `L-${unitNumber(unit)}`;
export const campaignKey = (index: number): string => `CA-${pad(index, 3)}`;
/** A key of another kind for the same person: `O-0000012-1` from `C-0000012-1`. */
export const relatedKey = (prefix: string, key: string, ordinal?: number): string =>
  `${prefix}-${key.slice(key.indexOf('-') + 1)}${ordinal === undefined ? '' : `-${pad(ordinal, 3)}`}`;

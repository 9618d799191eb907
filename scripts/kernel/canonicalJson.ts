/** JSON values: what canonical texts and digests are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Keys that an object may not keep in the order they were set in (array indexes), or does not keep at all. */
const isOutOfOrder = (key: string): boolean => (key >= '0' && key < ':') || key === '__proto__';

type Members = Record<string, Json>;
type Source = Readonly<Record<string, Json | undefined>>;

const isInOrder = (keys: readonly string[]): boolean => {
  for (let i = 1; i < keys.length; i += 1) if ((keys[i - 1] ?? '') > (keys[i] ?? '')) return false;
  return true;
};

const orderedItems = (items: readonly Json[]): readonly Json[] | undefined => {
  if (items.every(isPlain)) return items;
  const own = items.map(ordered);
  return own.includes(undefined) ? undefined : (own as readonly Json[]);
};

/** What needs no ordering. */
const isPlain = (value: Json | undefined): boolean =>
  typeof value === 'number' ? Number.isFinite(value) : typeof value !== 'object' || value === null;

const orderedMembers = (value: Source): Members | undefined => {
  const keys = Object.keys(value);
  const inOrder = isInOrder(keys);
  if (inOrder && keys.every((key) => isPlain(value[key]) && !isOutOfOrder(key))) return value as Members;
  // sort() without a comparator is by code unit
  if (!inOrder) keys.sort();
  const members: Members = {};
  for (const key of keys) {
    const member = value[key];
    if (member === undefined) continue;
    const own = ordered(member);
    if (own === undefined || isOutOfOrder(key)) return undefined;
    members[key] = own;
  }
  return members;
};

/** A copy whose members stand in canonical order, for JSON.stringify to write; undefined where no object can hold it. */
const ordered = (value: Json): Json | undefined => {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError('canonical JSON has no NaN or Infinity');
  }
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? orderedItems(value as readonly Json[]) : orderedMembers(value as Source);
};

const written = (value: Json): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(written).join(',')}]`;
  const members = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  const byKey = new Map(members);
  const texts = [...byKey.keys()].sort().map((key) => `${JSON.stringify(key)}:${written(byKey.get(key) ?? null)}`);
  return `{${texts.join(',')}}`;
};

/** Whether JSON.stringify writes the value canonically as it is; most are made in order. */
const isCanonical = (value: Json): boolean => {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return (value as readonly Json[]).every(isCanonical);
  const members = value as Source;
  let before = '';
  for (const key of Object.keys(members)) {
    const member = members[key];
    if (key < before || (member !== undefined && !isCanonical(member))) return false;
    before = key;
  }
  return true;
};

/**
 * One text per value: keys by code unit, no white space, undefined members left out (RFC 8785, JSON Canonicalization
 * Scheme). Digests of plans and leaves are taken over it, so that the same content has the same digest anywhere.
 */
export const canonicalJson = (value: Json): string => {
  if (isCanonical(value)) return JSON.stringify(value);
  // ordering first and writing once is three times as fast as writing member by member
  const inOrder = ordered(value);
  return inOrder === undefined ? written(value) : JSON.stringify(inOrder);
};

/** JSON values: what canonical texts and digests are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

const canonicalNumber = (value: number): string => {
  if (!Number.isFinite(value)) throw new RangeError('canonical JSON has no NaN or Infinity');
  return JSON.stringify(value);
};

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * One text per value: keys by code unit, no white space, undefined members left out (RFC 8785, JSON Canonicalization
 * Scheme). Digests of plans and leaves are taken over it, so that the same content has the same digest anywhere.
 */
export const canonicalJson = (value: Json): string => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined)
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
};

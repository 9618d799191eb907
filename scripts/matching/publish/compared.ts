import type { ColumnRole } from '../../model/columnMap.ts';
import type { ComparedFields } from '../../model/duplicateGroup.ts';

/** What one object's columns hold. */
export type ObjectColumns = {
  readonly object: string;
  readonly columns: readonly { readonly field: string; readonly role: ColumnRole }[];
};

/** In the order people read an address book; what is not here comes last, by name. */
const ORDER: readonly ColumnRole[] = [
  ...(['civility', 'given-name', 'family-name', 'birth-name', 'full-name', 'organisation-name'] as const),
  ...(['birth-date', 'birth-place', 'sex', 'email', 'phone', 'house-number', 'street', 'address-line'] as const),
  ...(['postcode', 'city', 'region', 'country'] as const),
];

const placeOf = (role: string): number => {
  const at = ORDER.findIndex((one) => one === role);
  return at < 0 ? ORDER.length : at;
};

/**
 * The lines of the side-by-side view: fields that hold the same thing stand beside each other, whatever object they are on.
 * `words` names a role in each language.
 */
export const comparedFieldsOf = (
  objects: readonly ObjectColumns[],
  words: (role: string) => ComparedFields['words'],
): readonly ComparedFields[] => {
  const fields = new Map<string, Record<string, string[]>>();
  for (const { object, columns } of objects)
    for (const { field, role } of columns) {
      if (role === 'id' || role === 'ignore') continue;
      const own = fields.get(role) ?? {};
      fields.set(role, { ...own, [object]: [...new Set([...(own[object] ?? []), field])] });
    }
  return [...fields]
    .map(([role, byObject]) => ({ role, words: words(role), fields: byObject }))
    .sort((a, b) => placeOf(a.role) - placeOf(b.role) || (a.role < b.role ? -1 : 1));
};

/** A value as people write it in a filter: never SOQL, always data. */
export type FilterValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  | { readonly kind: 'null' }
  /** `2026-11-20` or `2026-11-20T08:00:00Z`. */
  | { readonly kind: 'date'; readonly date: string }
  /** `TODAY`, `LAST_N_DAYS:30`: days that move with the day on which they are read. */
  | { readonly kind: 'relative'; readonly name: string; readonly n?: number };

export const COMPARISONS = ['=', '!=', '<', '<=', '>', '>=', 'LIKE', 'IN', 'NOT IN'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** What a filter says, as a tree: it is read from text and written to text again, and no text of anybody's is passed on. */
export type FilterTree =
  | { readonly kind: 'all'; readonly of: readonly FilterTree[] }
  | { readonly kind: 'any'; readonly of: readonly FilterTree[] }
  | { readonly kind: 'not'; readonly of: FilterTree }
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly is: Comparison;
      readonly values: readonly FilterValue[];
    };

/** Field paths that a filter reads, each once. */
export const treeFields = (tree: FilterTree): readonly string[] => {
  switch (tree.kind) {
    case 'compare':
      return [tree.field];
    case 'not':
      return treeFields(tree.of);
    default:
      return [...new Set(tree.of.flatMap(treeFields))];
  }
};

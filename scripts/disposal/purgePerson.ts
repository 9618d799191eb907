import type { PlannedOperation } from './contract.ts';

/** A row of the person's graph that deleting the person concerns. */
export type RelatedRow = {
  readonly object: string;
  readonly id: string;
  /** The org refuses the deletion while the row lives. */
  readonly restricts: boolean;
  /** The row also tells about others, or no pack names it as part of a person's graph. */
  readonly isShared: boolean;
};

export type PersonToPurge = {
  readonly object: string;
  readonly id: string;
  /** Rows that point to the person and restrict, and rows that go with the person. */
  readonly related: readonly RelatedRow[];
  /** The platform's Individual, when the person has one: the same human being in another record. */
  readonly own?: {
    readonly object: string;
    readonly id: string;
    /** Rows other than the person that keep it from being deleted. */
    readonly keptBy: readonly { readonly object: string }[];
  };
};

export type Disposal =
  | { readonly kind: 'operations'; readonly operations: readonly PlannedOperation[]; readonly left: readonly string[] }
  /** The person cannot be deleted: rows of these objects forbid it and are not the person's alone. */
  | { readonly kind: 'restricted'; readonly by: readonly string[] };

const bothPhases = (
  wave: number,
  records: readonly Omit<PlannedOperation, 'wave' | 'operation'>[],
): readonly PlannedOperation[] =>
  (['delete', 'purge'] as const).flatMap((operation, phase) =>
    records.map((record) => ({ ...record, operation, wave: wave + phase })),
  );

/**
 * What the action *purge* of a person expands into. Restricting rows of the person's own graph go first (the platform
 * refuses otherwise), then the person; each deletion is read back before the recycle bin is emptied, because only then
 * it is irreversible. The Individual goes last, unless somebody else's record or a proof hangs on it. Cascaded children
 * are not emptied by themselves: emptyRecycleBin takes them with their parent
 * (https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_emptyrecyclebin.htm).
 */
export const purgePerson = (person: PersonToPurge): Disposal => {
  const restricting = person.related.filter((row) => row.restricts);
  const forbidden = restricting.filter((row) => row.isShared);
  if (forbidden.length > 0) {
    return { kind: 'restricted', by: [...new Set(forbidden.map((row) => row.object))].sort() };
  }
  const goesWith = person.related.filter((row) => !row.restricts).map((row) => row.id);
  const children = restricting.map(({ object, id }) => ({ object, id, goesWith: [] }));
  const itself = { object: person.object, id: person.id, goesWith };
  const own = person.own;
  const ownGoes = own?.keptBy.length === 0;
  const operations: readonly PlannedOperation[] = [
    ...children.map((child) => ({ ...child, operation: 'delete' as const, wave: 0 })),
    { ...itself, operation: 'delete', wave: 1 },
    ...[...children, itself].map((record) => ({ ...record, operation: 'purge' as const, wave: 2 })),
    ...(ownGoes ? bothPhases(3, [{ object: own.object, id: own.id, goesWith: [] }]) : []),
  ];
  return { kind: 'operations', operations, left: own === undefined || ownGoes ? [] : [own.object] };
};

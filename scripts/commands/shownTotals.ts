import type { AnonymisationTerms } from '../model/anonymisation.ts';

/** Plain types: the result's JSON Schema is generated from them. */
export type ShownFinding = {
  readonly check: string;
  readonly code: string;
  /** `Object` or `Object.Field`. */
  readonly place: string | null;
  /** People it is about. */
  readonly count: number;
  readonly until: string | null;
};

/** A cell of a statistic; null = not told there. Sums are decimal texts, exact to the cent. */
export type ShownTotal = {
  readonly statistic: string;
  /** Its values; `*` stands for the rest of the first ones. */
  readonly cell: string;
  readonly rowsBefore: number | null;
  readonly before: string | null;
  readonly rowsAfter: number | null;
  readonly after: string | null;
};

export const shownTotals = (anonymisation: AnonymisationTerms | undefined): readonly ShownTotal[] =>
  (anonymisation?.statistics ?? []).flatMap(({ key, cells, firm }) =>
    cells.map(({ values, isRest, before, after }) => {
      const told = (isRest ? values.slice(0, firm) : values).map((value) => value ?? '–');
      return {
        ...{ statistic: key, cell: [...told, ...(isRest ? ['*'] : [])].join(' · ') },
        ...{ rowsBefore: before?.rows ?? null, before: before?.sum ?? null },
        ...{ rowsAfter: after?.rows ?? null, after: after?.sum ?? null },
      };
    }),
  );

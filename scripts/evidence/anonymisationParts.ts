import type { StatisticTerms } from '../model/anonymisation.ts';
import type { PlanTerms } from '../model/plan.ts';

type Finding = NonNullable<PlanTerms['anonymisation']>['findings'][number];
type Row = { readonly what: string; readonly detail: string; readonly count: number };

export type AnonymisationValues = {
  readonly isAnonymisation: boolean;
  /** How many the plan lets be called so. */
  readonly anonymised: number;
  readonly pseudonymised: number;
  /** What speaks against the word *anonymised*, by people. */
  readonly findings: readonly Row[];
  /** Statistics before and after, cell by cell. */
  readonly totals: readonly { readonly what: string; readonly before: string; readonly after: string }[];
  /** Whether the totals were counted again in the org after the run, and which statistics then differed. */
  readonly isRecounted: boolean;
  readonly differing: string;
  /** Cells of too few people, before and after. */
  readonly suppressed: number;
  readonly isPseudonymisation: boolean;
  /** By object: who got a pseudonym, and until when their archives tell whose it is. */
  readonly pseudonyms: readonly Row[];
  /** What leads to them without their archive, by people. */
  readonly leading: readonly Row[];
};

const amount = (cell: StatisticTerms['cells'][number]['before']): string =>
  cell === null ? '–' : (cell.sum ?? String(cell.rows));

const totalsOf = ({ key, cells, firm }: StatisticTerms): AnonymisationValues['totals'] =>
  cells.map(({ values, isRest, before, after }) => {
    const told = (isRest ? values.slice(0, firm) : values).map((value) => value ?? '–');
    return {
      what: [key, ...told, ...(isRest ? ['*'] : [])].join(' · '),
      before: amount(before),
      after: amount(after),
    };
  });

/** What a certificate says of an anonymisation: words, what speaks against them, totals; counts only. */
export const anonymisationParts = ({
  terms,
  say,
  totals,
}: {
  readonly terms: Pick<PlanTerms, 'anonymisation' | 'pseudonymisation'>;
  readonly say: (key: string) => string;
  readonly totals?: readonly string[];
}): AnonymisationValues => {
  const { people = [], findings = [], statistics = [] } = terms.anonymisation ?? {};
  const rowOf = ({ code, place, count, until }: Finding): Row => ({
    what: say(`anonymisation.finding.${code}`),
    detail: [place ?? '', until ?? say('until.unknown')].filter((part) => part !== '').join('; '),
    count,
  });
  const sum = (word: 'anonymised' | 'pseudonymised'): number => people.reduce((all, one) => all + one[word], 0);
  return {
    isAnonymisation: terms.anonymisation !== undefined,
    ...{ anonymised: sum('anonymised'), pseudonymised: sum('pseudonymised') },
    findings: findings.map(rowOf),
    totals: statistics.flatMap(totalsOf),
    isRecounted: totals !== undefined,
    differing: [...(totals ?? [])].join(', '),
    suppressed: statistics.reduce((all, one) => all + one.suppressed.after, 0),
    isPseudonymisation: terms.pseudonymisation !== undefined,
    pseudonyms: (terms.pseudonymisation?.people ?? []).map(({ object, count, first, last }) => ({
      ...{ what: object, detail: first === last ? first : `${first} – ${last}`, count },
    })),
    leading: (terms.pseudonymisation?.findings ?? []).map(rowOf),
  };
};

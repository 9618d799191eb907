import type { StatisticTerms } from '../model/anonymisation.ts';
import type { PlanTerms } from '../model/plan.ts';

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
  /** Cells of too few people, before and after. */
  readonly suppressed: number;
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
}: {
  readonly terms: Pick<PlanTerms, 'anonymisation'>;
  readonly say: (key: string) => string;
}): AnonymisationValues => {
  const { people = [], findings = [], statistics = [] } = terms.anonymisation ?? {};
  const sum = (word: 'anonymised' | 'pseudonymised'): number => people.reduce((all, one) => all + one[word], 0);
  return {
    isAnonymisation: terms.anonymisation !== undefined,
    ...{ anonymised: sum('anonymised'), pseudonymised: sum('pseudonymised') },
    findings: findings.map(({ code, place, count, until }) => ({
      what: say(`anonymisation.finding.${code}`),
      detail: [place ?? '', until ?? say('until.unknown')].filter((part) => part !== '').join('; '),
      count,
    })),
    totals: statistics.flatMap(totalsOf),
    suppressed: statistics.reduce((all, one) => all + one.suppressed.after, 0),
  };
};

import { addDays, type LocalDate } from '../kernel/legalPeriod.ts';
import type { ErasureDecision, ErasureTerms } from '../model/erasure.ts';
import { HOLDINGS, type HoldingKind } from '../model/holdings.ts';
import type { PlanTerms } from '../model/plan.ts';
import type { Language } from '../model/text.ts';

/** What the search after an erasure found and could not examine; counts and places, never a text. */
export type SearchAfterwards = {
  /** `partly`: some places were not examined. `not-done`: nothing was searched, `code` says why. */
  readonly state: 'done' | 'partly' | 'not-done';
  readonly code: string | null;
  /** Places examined, and API calls spent. */
  readonly examined: number;
  readonly calls: number;
  readonly found: readonly {
    readonly object: string;
    readonly decision: ErasureDecision;
    readonly code: string;
    readonly law: string | null;
    readonly until: string | null;
    readonly count: number;
  }[];
  readonly notExamined: readonly {
    readonly place: string;
    readonly object: string;
    readonly fields: number;
    readonly reason: string;
    readonly count: number | null;
    /** Of files. */
    readonly format?: string;
  }[];
  /** Names that packages work out from people's names: `recomputed`, `not-yet`. */
  readonly names: readonly { readonly object: string; readonly outcome: string; readonly count: number }[];
};

/** What became of what Garde itself holds. */
export type HoldingsAfterwards = readonly {
  readonly kind: HoldingKind;
  readonly outcome: string;
  readonly count: number;
  readonly until: string | null;
}[];

type Row = { readonly what: string; readonly detail: string; readonly count: number };

export type ErasureValues = {
  readonly isErasure: boolean;
  /** What became of what Garde itself holds. */
  readonly ownHoldings: readonly Row[];
  /** What of the person stays, why and until when. */
  readonly stays: readonly Row[];
  /** Places that neither the org nor Garde reaches, as the charter names them. */
  readonly elsewhere: readonly { readonly what: string; readonly until: string }[];
  readonly isSearched: boolean;
  /** How the search afterwards ended. */
  readonly searchState: string;
  readonly searchFound: readonly Row[];
  readonly searchNotExamined: readonly { readonly what: string; readonly why: string; readonly count: string }[];
};

type ErasureInput = {
  readonly language: Language;
  readonly issuedOn: string;
  readonly terms: Pick<PlanTerms, 'erasure'>;
  readonly holdings?: HoldingsAfterwards;
  readonly search?: SearchAfterwards;
  readonly say: (key: string) => string;
};

/** What an erasure leaves in some form; what goes is told by the steps that were done. */
const STAYING: readonly ErasureDecision[] = ['archive', 'anonymise', 'redact', 'unlink', 'keep', 'leave', 'cannot'];

const itemRow = ({ terms, say, language }: ErasureInput, item: ErasureTerms['items'][number]): Row => {
  const { object, decision, code, law, until, count } = item;
  const why = [say(`erasure.code.${code}`), law === null ? '' : (terms.erasure?.laws[law]?.[language] ?? law)];
  const rest = decision === 'anonymise' ? terms.erasure?.stays?.[object]?.[language] : undefined;
  const named = rest === undefined ? '' : `${say('erasure.stays')} ${rest}`;
  const told = [say(`erasure.decision.${decision}`), ...why, named, until ?? ''].filter((part) => part !== '');
  return { what: object, detail: told.join('; '), count };
};

const stayingRows = (input: ErasureInput): readonly Row[] =>
  (input.terms.erasure?.items ?? [])
    .filter(({ decision }) => STAYING.includes(decision))
    .map((item) => itemRow(input, item));

const holdingRows = ({ holdings = [], say, language }: ErasureInput): readonly Row[] =>
  holdings.map(({ kind, outcome, count, until }) => ({
    what: HOLDINGS[kind].content[language],
    detail: [say(`erasure.holding.${outcome}`), until ?? ''].filter((part) => part !== '').join('; '),
    count,
  }));

/** The last backup made before the erasure is kept so many days from the day of the run. */
const elsewhere = ({ terms, say, language, issuedOn }: ErasureInput): ErasureValues['elsewhere'] =>
  (terms.erasure?.elsewhere ?? []).map(({ what, until, keptDays }) => ({
    what: what[language],
    until: until ?? (keptDays === undefined ? say('until.unknown') : addDays(issuedOn as LocalDate, keptDays)),
  }));

const nameRows = ({ search, say }: ErasureInput): readonly Row[] =>
  (search?.names ?? []).map(({ object, outcome, count }) => ({
    what: object,
    detail: say(`erasure.names.${outcome}`),
    count,
  }));

const searchParts = (
  input: ErasureInput,
): Pick<ErasureValues, 'isSearched' | 'searchState' | 'searchFound' | 'searchNotExamined'> => {
  const { search, say } = input;
  if (search === undefined) return { isSearched: false, searchState: '', searchFound: [], searchNotExamined: [] };
  const state = [say(`erasure.search.${search.state}`), search.code ?? ''].filter((part) => part !== '').join(': ');
  return {
    ...{ isSearched: true, searchState: state },
    searchFound: [...nameRows(input), ...search.found.map((item) => itemRow(input, item))],
    searchNotExamined: search.notExamined.map(({ place, object, reason, count, format }) => ({
      what: [say(`erasure.place.${place}`), object, format ?? ''].filter((part) => part !== '').join(' '),
      why: say(`erasure.notExamined.${reason}`),
      count: count === null ? '' : String(count),
    })),
  };
};

/** What a certificate says of an erasure beside what was done. */
export const erasureParts = (input: ErasureInput): ErasureValues => ({
  isErasure: input.terms.erasure !== undefined,
  ownHoldings: holdingRows(input),
  stays: stayingRows(input),
  elsewhere: elsewhere(input),
  ...searchParts(input),
});

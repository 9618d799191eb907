import type { AppliedPlan, ApplyOrder } from '../app/planning.ts';
import type { SearchAfterwards } from '../evidence/erasureParts.ts';
import type { RunFlags } from './planFlags.ts';

/** How a run ended, in numbers; names and values of records are in none of them. */
export type RunResult = {
  readonly state: string;
  readonly stopCause: string | null;
  readonly stopCode: string | null;
  readonly stepsDone: number;
  readonly stepsLeftAsChanged: number;
  readonly stepsRefused: number;
  readonly peopleDone: number;
  readonly peopleLeft: number;
  readonly notDone: readonly { readonly code: string; readonly count: number }[];
  readonly callsPredicted: number;
  readonly callsUsed: number;
  readonly callBudget: number;
  /** Calls by what they were for; `object` null where several objects share them. */
  readonly callsBy: readonly { readonly purpose: string; readonly object: string | null; readonly calls: number }[];
  /** Milliseconds between last check and deletion: what the platform leaves open. */
  readonly windowMedian: number;
  readonly windowLongest: number;
  readonly ledgerSize: number | null;
  readonly ledgerRoot: string | null;
  readonly runRecordId: string;
  /** Null while the run can be resumed. */
  readonly certificatePath: string | null;
  /** Of an erasure done whole: `listed`, `recipients-missing`, `needles-gone`; null for other plans. */
  readonly suppression: string | null;
  /** Statistics whose totals differ from the plan, counted again in the org; null for plans that tell none. */
  readonly totalsDiffering: readonly string[] | null;
  /** Of an erasure done whole: what the search afterwards found; null for other plans. */
  readonly search: SearchAfterwards | null;
};

export const toRunResult = ({
  summary,
  checkpoint,
  runRecordId,
  certificatePath,
  suppression,
  totals,
  search,
}: AppliedPlan): RunResult => ({
  state: summary.state,
  stopCause: summary.stopCause,
  stopCode: summary.stopCode,
  stepsDone: summary.counts.done + summary.counts['already-done'],
  stepsLeftAsChanged: summary.counts.changed + summary.counts['put-back'],
  stepsRefused: summary.counts.refused,
  peopleDone: summary.persons.done,
  peopleLeft: summary.persons.changed + summary.persons.refused + summary.persons.left,
  notDone: summary.notDone,
  callsPredicted: summary.calls.predicted,
  callsUsed: summary.calls.used,
  callBudget: summary.calls.budget,
  callsBy: summary.calls.by ?? [],
  windowMedian: summary.window.median,
  windowLongest: summary.window.longest,
  ledgerSize: checkpoint?.size ?? null,
  ledgerRoot: checkpoint?.root ?? null,
  runRecordId,
  certificatePath: certificatePath ?? null,
  suppression: suppression ?? null,
  totalsDiffering: totals ?? null,
  search: search ?? null,
});

/** What the flags of `plan apply` and `plan resume` order. */
export const toApplyOrder = (flags: RunFlags): ApplyOrder => ({
  planPath: flags.plan,
  budgetShare: flags['budget-percent'] / 100,
  upTo: flags['up-to'],
  language: flags.language,
  outputDir: flags['output-dir'],
  ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
  ...(flags.window === undefined ? {} : { window: flags.window }),
  ...(flags.approval === undefined ? {} : { approvalPaths: flags.approval }),
  ...(flags['org-name'] === undefined ? {} : { orgName: flags['org-name'] }),
});

/** Exit codes of the official CLI: 0 done, 68 partly done, 69 goes on later, 1 stopped. */
export const exitCodeOf = (state: string): number => {
  const codes: Readonly<Record<string, number>> = { done: 0, 'partly-done': 68, paused: 69 };
  return codes[state] ?? 1;
};

/** Figures that are words of a closed set. */
const WORDS = new Set(['state', 'suppression']);

type Row = { readonly what: string; readonly value: string | number };

/** What the search afterwards found, by what becomes of it. */
const searchRows = ({ search }: RunResult, text: (key: string) => string): readonly Row[] => {
  if (search === null) return [];
  const late = search.names.filter(({ outcome }) => outcome === 'not-yet').reduce((sum, { count }) => sum + count, 0);
  const found = search.found.reduce((sum, { count }) => sum + count, 0);
  return [
    {
      what: text('run.figure.search'),
      value: [text(`word.search.${search.state}`), search.code ?? ''].join(' ').trim(),
    },
    { what: text('run.figure.searchFound'), value: found },
    { what: text('run.figure.searchNotExamined'), value: search.notExamined.length },
    { what: text('run.figure.namesNotYet'), value: late },
  ];
};

const totalsRows = ({ totalsDiffering }: RunResult, text: (key: string) => string): readonly Row[] => {
  if (totalsDiffering === null) return [];
  const word = text(`word.totals.${totalsDiffering.length === 0 ? 'equal' : 'differ'}`);
  return [{ what: text('run.figure.totals'), value: [word, ...totalsDiffering].join(' ') }];
};

/** The figures of a run as rows of a table. */
export const runRows = (result: RunResult, text: (key: string) => string): Row[] => [
  ...Object.entries(result).flatMap(([what, value]): readonly Row[] => {
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    return [{ what: text(`run.figure.${what}`), value: WORDS.has(what) ? text(`word.${what}.${value}`) : value }];
  }),
  ...totalsRows(result, text),
  ...searchRows(result, text),
];

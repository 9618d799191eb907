import type { MatchedFile } from '../app/matching.ts';
import type { FileMatch } from '../matching/matchFile.ts';
import type { ReadColumn } from '../matching/read/columns.ts';
import type { MatchSummary } from '../matching/results/summary.ts';

export type MatchColumnResult = {
  readonly name: string;
  readonly role: string;
  readonly by: 'map' | 'guess' | 'pack';
  readonly confidence: number;
  /** Why, in English. */
  readonly reasons: readonly string[];
  /** What it was nearly taken for. */
  readonly instead: string | null;
};

export type MatchTableResult = {
  readonly name: string;
  readonly rows: number;
  readonly format: 'csv' | 'xlsx' | 'parquet' | 'org';
  readonly encoding: string | null;
  readonly delimiter: string | null;
  /** True when records have no id of their own and are numbered from 1. */
  readonly numbered: boolean;
  readonly notes: readonly string[];
  readonly columns: readonly MatchColumnResult[];
};

export type MatchFigures = {
  readonly rows: number;
  readonly pairs: number;
  readonly auto: number;
  readonly review: number;
  readonly persons: number;
  readonly householdLinks: number;
  readonly organisations: number;
  readonly clusters: number;
  readonly rowsInClusters: number;
  readonly households: number;
  /** Estimates of the model with 95 % intervals, of 0 to 1. */
  readonly precision: MatchSummary['precision'];
  readonly recall: MatchSummary['recall'];
  /** Probabilities that begin the zones. */
  readonly reviewFrom: number;
  readonly autoFrom: number;
  readonly unmatchable: number;
  readonly excluded: number;
  /** Pairs that people had decided about. */
  readonly decided: number;
  readonly caps: readonly { readonly what: string; readonly count: number }[];
  readonly largest: readonly { readonly cluster: string; readonly size: number }[];
};

const toColumn = ({ name, role, by, confidence, reasons, instead }: ReadColumn): MatchColumnResult => ({
  ...{ name, role, by, confidence },
  reasons: reasons.map(({ en }) => en),
  instead: instead ?? null,
});

export const toTables = (inputs: MatchedFile['inputs']): readonly MatchTableResult[] =>
  inputs.map(({ table, rows, columns, dialect, isNumbered }) => ({
    ...{ name: table.name, rows, format: dialect?.format ?? 'org', encoding: dialect?.encoding ?? null },
    ...{ delimiter: dialect?.delimiter ?? null, numbered: isNumbered, notes: dialect?.notes ?? [] },
    columns: columns.map(toColumn),
  }));

export const toFigures = ({ summary, decided }: Pick<FileMatch, 'summary' | 'decided'>): MatchFigures => {
  const { byZone, byLink, review, auto, ...rest } = summary;
  return {
    ...rest,
    ...{ auto: byZone.auto, review: byZone.review },
    ...{ persons: byLink.person, householdLinks: byLink.household, organisations: byLink.organisation },
    ...{ reviewFrom: review, autoFrom: auto, decided },
  };
};

/** What a front door shows with; a command is one. */
export type Shown = {
  readonly table: (rows: readonly Readonly<Record<string, unknown>>[], title: string) => void;
  readonly log: (text: string) => void;
  readonly text: (key: string, values?: readonly (string | number)[]) => string;
};

const FIGURES = [
  'clusters',
  'rowsInClusters',
  'auto',
  'review',
  'households',
  'unmatchable',
  'excluded',
  'decided',
] as const;

/** Percent with two decimals, cut: nothing is told surer than it is. */
const share = (value: number): number => Math.floor(value * 10_000) / 100;

/** How tables were understood: one table of columns each. */
export const showTables = (inputs: MatchedFile['inputs'], language: 'en' | 'fr', shown: Shown): void => {
  for (const { table, rows, columns, dialect, isNumbered } of inputs) {
    const title =
      dialect === undefined
        ? shown.text('match.table.org', [table.name, rows])
        : shown.text('match.table.file', [table.name, rows, dialect.format, dialect.encoding]);
    shown.table(
      columns.map(({ name, role, by, confidence, reasons }) => ({
        ...{ column: name, holds: role, knownBy: by },
        sure: by === 'guess' ? `${Math.round(confidence * 100)} %` : null,
        because: by === 'guess' ? reasons.map((reason) => reason[language]).join('; ') : null,
      })),
      title,
    );
    if (isNumbered) shown.log(shown.text('match.numbered', [table.name]));
    for (const note of dialect?.notes ?? []) shown.log(shown.text('match.note', [table.name, note]));
  }
};

/** The numbers of a run. */
export const showFigures = (figures: MatchFigures, shown: Shown): void => {
  shown.table(
    FIGURES.map((what) => ({ what: shown.text(`match.figure.${what}`), count: figures[what] })),
    shown.text('match.figures', [figures.rows]),
  );
  const { precision, recall } = figures;
  shown.log(shown.text('match.precision', [share(precision.value), share(precision.low), share(precision.high)]));
  shown.log(shown.text('match.recall', [share(recall.value), share(recall.low), share(recall.high)]));
  for (const { what, count } of figures.caps) shown.log(shown.text('match.cap', [what, count]));
};

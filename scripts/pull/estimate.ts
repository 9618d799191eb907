import type { Org } from '../org/port.ts';
import { readPullRules } from './wantedRows.ts';
import type { Selection } from './wantedRows.ts';

const ROWS_PER_PAGE = 2_000;
const BULK_FROM = 10_000;
/** Making, asking after, reading and deleting a Bulk job. */
const CALLS_PER_JOB = 6;
const METADATA_CALLS = 12;

export type PullEstimate = {
  readonly describes: number;
  /** Objects whose rows come along, with the platform's approximate counts; null where it counts none. */
  readonly rows: readonly { readonly object: string; readonly approximately: number | null }[];
  /** API calls, rounded up; those of a plan's cascade are known only by following it. */
  readonly calls: number;
  readonly cascadeIncluded: boolean;
};

const pagesOf = (rows: number): number =>
  rows >= BULK_FROM ? CALLS_PER_JOB + Math.ceil(rows / 50_000) : Math.max(1, Math.ceil(rows / ROWS_PER_PAGE));

/** What a pull would read and cost, without reading a record. */
export const estimatePull = async (
  org: Pick<Org, 'describeGlobal' | 'approximateCounts'>,
  selection: Selection,
): Promise<PullEstimate> => {
  const all = await org.describeGlobal();
  const leftOut = new Set(readPullRules().leftOut.flatMap(({ objects }) => objects));
  const chosen = {
    nothing: () => [],
    records: () => [],
    objects: () => (selection.kind === 'objects' ? selection.objects : []),
    all: () => all.filter(({ name, queryable }) => queryable && !leftOut.has(name)).map(({ name }) => name),
  }[selection.kind]();
  const counts = chosen.length === 0 ? new Map<string, number>() : await org.approximateCounts(chosen);
  const perPlan = new Map<string, number>();
  if (selection.kind === 'records')
    for (const { object } of selection.records) perPlan.set(object, (perPlan.get(object) ?? 0) + 1);
  const rows = [
    ...chosen.map((object) => ({ object, approximately: counts.get(object) ?? null })),
    ...[...perPlan].map(([object, approximately]) => ({ object, approximately })),
  ];
  const reading = rows.reduce((sum, { approximately }) => sum + pagesOf(approximately ?? 0), 0);
  return {
    describes: all.length,
    rows,
    calls: 2 + all.length + METADATA_CALLS + reading,
    cascadeIncluded: selection.kind !== 'records',
  };
};

import type { ErasureItem, ErasureTerms } from '../../model/erasure.ts';
import { ARCHIVE } from '../../model/archive.ts';
import { countItems } from '../../plan/file/erasureItems.ts';
import type { ResidualFinding } from '../../subject/residual/contract.ts';
import { archivedFor, tracesOf, type Trace } from './contract.ts';

type Known = ReadonlyMap<string, ErasureItem>;

type End = Pick<ErasureItem, 'decision' | 'code' | 'law' | 'until'>;

const left = (code: string): End => ({ decision: 'leave', code, law: null, until: null });

/** What the erasure decided about the record; undefined where it decided nothing. */
const decided = ({ own, deleted }: Trace, item: ErasureItem | undefined): End | undefined => {
  if (item?.decision === 'keep') return { decision: 'keep', code: item.code, law: item.law, until: item.until };
  if (own && item !== undefined && item.law !== null)
    return { decision: 'keep', code: 'kept-by-law', law: item.law, until: item.until };
  const isToGo = item?.decision === 'delete' || item?.decision === 'archive';
  return own || (isToGo && !deleted) ? left('not-erased') : undefined;
};

const undecided = ({ verdict, deleted }: Trace): string => {
  if (verdict === 'possible') return 'maybe-namesake';
  if (verdict === 'shared') return 'household-mark';
  return deleted ? 'found-in-bin' : 'found-after';
};

const endOf = (trace: Trace, known: Known): End =>
  trace.object === ARCHIVE
    ? { decision: 'keep', code: 'archived', ...archivedFor([...known.values()]) }
    : (decided(trace, known.get(trace.id)) ?? left(undecided(trace)));

/** What a scan found, in numbers and with what keeps it, before anybody planned anything about it. */
export const sumTraces = (
  findings: readonly ResidualFinding[],
  items: readonly ErasureItem[],
): ErasureTerms['items'] => {
  const known: Known = new Map(items.map((item) => [item.id, item]));
  return countItems(
    tracesOf(findings).map((trace) => ({
      ...{ object: trace.object, id: trace.id, path: [], fields: [], because: [] },
      ...endOf(trace, known),
    })),
  );
};

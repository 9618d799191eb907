import type { ErasureItem, ErasureTerms } from '../../model/erasure.ts';
import { ARCHIVE } from '../../model/archive.ts';
import { countItems } from '../../plan/file/erasureItems.ts';
import type { ResidualFinding } from '../../subject/residual/contract.ts';
import { archivedFor, tracesOf, type Trace } from './contract.ts';

type Known = ReadonlyMap<string, ErasureItem>;

const endOf = (trace: Trace, known: Known): Pick<ErasureItem, 'decision' | 'code' | 'law' | 'until'> => {
  const nothing = { law: null, until: null };
  const item = known.get(trace.id);
  if (item?.decision === 'keep') return { decision: 'keep', code: item.code, law: item.law, until: item.until };
  if (trace.object === ARCHIVE) return { decision: 'keep', code: 'archived', ...archivedFor([...known.values()]) };
  if (trace.own && item !== undefined && item.law !== null)
    return { decision: 'keep', code: 'kept-by-law', law: item.law, until: item.until };
  if (trace.own) return { decision: 'leave', code: 'not-erased', ...nothing };
  if (trace.verdict === 'possible') return { decision: 'leave', code: 'maybe-namesake', ...nothing };
  if (trace.verdict === 'shared') return { decision: 'leave', code: 'household-mark', ...nothing };
  return { decision: 'leave', code: trace.deleted ? 'found-in-bin' : 'found-after', ...nothing };
};

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

import type { Org } from '../../org/port.ts';
import { likeAnchors, searches } from './anchors.ts';
import { FILE_OBJECTS } from './scanFiles.ts';
import { candidates, type ScanInput } from './scanResidual.ts';
import { LIKE_CONDITIONS, readingCalls } from './scanRows.ts';

/** Texts of an object, where nobody described it yet. */
const USUAL_TEXTS = 20;

/**
 * API calls that a scan will make at most: one describe an object, its rows read or asked for, searches, files. From counts
 * alone, so that foretelling costs a call or two; never more than the scan's budget.
 */
export const foreseeScan = async (
  { needles, knowledge, technical, budget }: Pick<ScanInput, 'needles' | 'knowledge' | 'technical' | 'budget'>,
  org: Pick<Org, 'describeGlobal' | 'approximateCounts' | 'calls'>,
): Promise<number> => {
  const before = org.calls();
  const names = candidates(await org.describeGlobal(), technical);
  const counts = await org.approximateCounts(names);
  const prepared = org.calls() - before + names.length;
  const asked = Math.ceil((USUAL_TEXTS * likeAnchors(needles, knowledge).length) / LIKE_CONDITIONS);
  let rows = 0;
  let calls = prepared + searches(needles, knowledge).length;
  for (const count of names.map((name) => counts.get(name) ?? 0).sort((a, b) => a - b)) {
    const isRead = rows + count <= budget.rows;
    rows += isRead ? count : 0;
    calls += isRead ? readingCalls(count) : asked;
  }
  const files = FILE_OBJECTS.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);
  return Math.min(calls + Math.min(files, budget.files), budget.calls);
};

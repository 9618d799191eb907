import { ARCHIVE } from '../model/archive.ts';
import type { ApplyResult } from '../plan/apply/applyPlan.ts';
import { readErasureItems } from '../plan/file/erasureItems.ts';
import { openPlan } from '../plan/file/openPlan.ts';
import { readSteps } from '../plan/file/planStore.ts';
import {
  forgetInHoldings,
  type ErasedPerson,
  type HoldingVisit,
  type VisitMemory,
} from '../requests/erase/ownHoldings.ts';
import type { Ports } from './ports.ts';

const erasedPerson = (planPath: string, vault: Ports['vault']): ErasedPerson | undefined => {
  const { header, store } = openPlan(planPath, vault);
  try {
    const { erasure, orgId } = header.terms;
    if (erasure === undefined) return undefined;
    const items = readErasureItems(store, erasure).filter(({ decision }) => decision !== 'leave');
    const ids = new Set(items.map(({ id }) => id));
    const keptKeys = new Set<string>();
    for (const { step } of readSteps(store)) {
      for (const id of step.precondition.goesWith) ids.add(id);
      if (step.operation === 'create' && step.object === ARCHIVE) keptKeys.add(step.subject);
    }
    const own = { snapshot: header.snapshotHolding, needles: header.needlesHolding };
    const subjects = items.filter(({ path }) => path.length === 0).map(({ id }) => id);
    return { orgId, ids, subjects, keptKeys, own };
  } finally {
    store.close();
  }
};

/**
 * After the run of an erasure that was done whole: what this machine holds of the person is visited like any object.
 * Undefined for other plans, and while something of the erasure is not done. Doing it again changes nothing.
 */
export const finishErasure = (
  planPath: string,
  { vault }: Pick<Ports, 'vault'>,
  { summary, header }: Pick<ApplyResult, 'summary' | 'header'>,
  memory?: VisitMemory,
): readonly HoldingVisit[] | undefined => {
  if (header.terms.kind !== 'erasure' || summary.state !== 'done') return undefined;
  const person = erasedPerson(planPath, vault);
  return person === undefined ? undefined : forgetInHoldings(vault, person, memory);
};

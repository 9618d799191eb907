import type { Org } from '../../org/port.ts';
import { readDecisions } from '../publish/readDecisions.ts';
import type { NamedDecision } from './pairDecisions.ts';

const GROUP = 'GardeDuplicateGroup__c';

/** What people decided in the org; nothing where the package is not deployed. */
export const orgDecisions = async (org: Org): Promise<readonly NamedDecision[]> => {
  if ((await org.describe(GROUP)) === undefined) return [];
  const decisions: NamedDecision[] = [];
  for await (const { a, b, decision, at } of readDecisions(org))
    decisions.push({ a: { id: a.id, table: a.object }, b: { id: b.id, table: b.object }, decision, at });
  return decisions;
};

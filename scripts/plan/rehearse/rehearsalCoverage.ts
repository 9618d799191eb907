import { OrgError } from '../../org/orgProblems.ts';
import type { Org } from '../../org/port.ts';
import type { NotCovered } from './rehearsalRecord.ts';

/**
 * Metadata that acts when records change and that no rehearsal on a twin runs, in the order of docs/TWIN.md: Apex,
 * flows and processes, workflow, managed packages.
 */
const ACTING_TYPES = ['ApexTrigger', 'ApexClass', 'Flow', 'WorkflowRule', 'InstalledPackage'] as const;
const NAMES_SHOWN = 20;

const isRefusal = (error: unknown): boolean =>
  error instanceof OrgError &&
  ['NotEmulated', 'RequestRefused', 'FeatureMissing', 'PermissionMissing', 'PlaceNotFound', 'UnknownOrgError'].includes(
    error.name,
  );

const listed = async (org: Pick<Org, 'listMetadata'>, what: string): Promise<NotCovered> => {
  try {
    const names = [...(await org.listMetadata(what))].sort();
    return { what, count: names.length, names: names.slice(0, NAMES_SHOWN) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { what, count: null, names: [] };
  }
};

/**
 * What acts in this org and not in a rehearsal, from the org's own metadata list. A type the org lists nothing of is left
 * out; one it does not list at all has no count: hidden is not absent. API calls: one per type.
 */
export const actingMetadata = async (org: Pick<Org, 'listMetadata'>): Promise<readonly NotCovered[]> => {
  const found: NotCovered[] = [];
  for (const type of ACTING_TYPES) found.push(await listed(org, type));
  return found.filter((one) => one.count !== 0);
};

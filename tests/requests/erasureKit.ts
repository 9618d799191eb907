import { loadDetectors } from '../../scripts/app/detectors.ts';
import { loadErasureRules } from '../../scripts/app/eraseRequest.ts';
import { needlesOf } from '../../scripts/app/personNeedles.ts';
import { readSpellingKnowledge } from '../../scripts/app/spellingKnowledge.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { Org } from '../../scripts/org/port.ts';
import { applyPlan, type ApplyResult } from '../../scripts/plan/apply/applyPlan.ts';
import type { CreateGuard } from '../../scripts/plan/apply/guard.ts';
import { createErasureGuard } from '../../scripts/requests/erase/erasureGuard.ts';
import type { ErasureInput, ErasureResult } from '../../scripts/requests/erase/erasurePorts.ts';
import { planErasure } from '../../scripts/requests/erase/planErasure.ts';
import { applyInput, applyPorts } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';
import { createOne, prepareOrg } from './needles.ts';

/** An org with people to forget, and how to plan and apply that as the product does. */
export type ErasureKit = {
  readonly at: TestOrg;
  readonly org: Org;
  readonly home: ReturnType<typeof temporaryVault>;
  readonly base: Omit<ErasureInput, 'person' | 'requestKey'>;
  plan(person: string, over?: Partial<ErasureInput>): Promise<ErasureResult>;
  /** The same as another sees the org. */
  planAs(org: Org, person: string): Promise<ErasureResult>;
  guard(): CreateGuard;
  applyIt(path: string, over?: Partial<Parameters<typeof applyPlan>[1]>): Promise<ApplyResult>;
  /** A household of somebody else, which a person may join. */
  household(name: string): Promise<{ readonly household: RecordId; readonly spouse: RecordId }>;
  close(): Promise<void>;
};

/** A permission that only an administrator gives by hand (Delete From Field History). */
const mayDeleteHistory = async (at: TestOrg): Promise<void> => {
  const AssigneeId = at.twin.users['admin']!.userId;
  const set = { Name: 'ByHand', Label: 'By hand', PermissionsViewAllData: true, PermissionsDeleteFieldHistory: true };
  const PermissionSetId = await createOne(at.admin, 'PermissionSet', set);
  await createOne(at.admin, 'PermissionSetAssignment', { AssigneeId, PermissionSetId });
};

export const openErasureKit = async (
  shape: 'npsp' | 'bare',
  options: Parameters<typeof openTestOrg>[1] = {},
): Promise<ErasureKit> => {
  const at = await openTestOrg(shape, options);
  await mayDeleteHistory(at);
  const org = await prepareOrg(at.twin, 'admin');
  const home = temporaryVault(`erasure-${shape}`, START);
  const detectors = await loadDetectors();
  const knowledge = await readSpellingKnowledge();
  const { charter, packs } = at.law;
  const { fieldNames, technical } = detectors;
  const base: ErasureKit['base'] = {
    ...{ includeMatchingEmail: false, charter, packs, fieldNames, technical, folder: home.folder },
    ...{ use: applyInput(at, '').use, rules: await loadErasureRules() },
  };
  const guard = () => createErasureGuard({ ...at.law, ...detectors }, { org, vault: home.vault, now: at.clock.now });
  const context = { country: charter.controller.country, knowledge };
  const ports = { org, vault: home.vault, clock: at.clock };
  return {
    ...{ at, org, home, base, guard },
    plan: (person, over = {}) =>
      planErasure(
        { ...base, person, ...over },
        { ...ports, needlesOf: (gathered) => needlesOf(gathered, context, org), knowledge },
      ),
    planAs: (as, person) => planErasure({ ...base, person }, { ...ports, org: as }),
    applyIt: (path, over = {}) =>
      applyPlan(applyInput(at, path), { ...applyPorts(at, home), org, createGuard: guard(), ...over }),
    household: async (name) => {
      const type = shape === 'npsp' ? { npe01__SYSTEM_AccountType__c: 'Household Account' } : {};
      const account = await createOne(org, 'Account', { Name: name, ...type });
      const spouse = await createOne(org, 'Contact', { FirstName: 'Alix', LastName: 'Vautrin', AccountId: account });
      return { household: account, spouse };
    },
    close: async () => {
      await at.close();
      home.remove();
    },
  };
};

import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createVault } from '../../scripts/vault/createVault.ts';
import type { Vault } from '../../scripts/vault/port.ts';
import { seededRandom } from '../plan/temporaryVault.ts';
import { START, type TestOrg } from '../plan/testOrg.ts';

/** An org, a vault and an approved plan, kept as they stood: each run of the plan begins from the very same ones. */
export type FrozenPlan = {
  readonly planPath: string;
  /** The org's last change before any run. */
  readonly begunAt: number;
  /** Puts org, clock and vault back; the vault is a new one on the same folder. */
  thaw(): Promise<{ readonly vault: Vault; readonly folder: string }>;
};

/** Takes `<folder>/vault` and the twin as they are now; nothing may be open in the vault. */
export const freezePlan = async (at: TestOrg, folder: string, planPath: string): Promise<FrozenPlan> => {
  const [live, kept] = [join(folder, 'vault'), join(folder, `kept-${String(at.twin.engine.journalEnd())}`)];
  if (!existsSync(live)) throw new Error('the vault is not in the folder');
  cpSync(live, kept, { recursive: true });
  const { id } = await at.twin.snapshots.take();
  const begunAt = at.twin.engine.journalEnd();
  let thawed = 0;
  return {
    planPath,
    begunAt,
    thaw: async () => {
      at.twin.faults.clear();
      at.setTime(START);
      await at.twin.snapshots.restore(id);
      rmSync(live, { recursive: true, force: true });
      cpSync(kept, live, { recursive: true });
      thawed += 1;
      const random = seededRandom(`thawed ${String(thawed)}`);
      return { folder, vault: createVault({ dataDir: live, now: at.clock.now, random }) };
    },
  };
};

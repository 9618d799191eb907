import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import { GardeError } from '../../scripts/kernel/result.ts';
import { readPlanHeader } from '../../scripts/plan/file/openPlan.ts';
import { sizeKey } from '../../scripts/evidence/ledgerRecords.ts';
import { noteSigner, signCheckpoint, type NoteKey } from '../../scripts/evidence/signedNote.ts';
import { ledgerName, ledgerSigner } from '../../scripts/plan/prove/runLedger.ts';
import { oneSitting } from '../soak/drive.ts';
import { freezePlan, type FrozenPlan } from '../soak/frozenPlan.ts';
import { addRecipients, makeMixedPlan, standingGuard } from '../soak/mixedPlan.ts';
import { applyInput, applyPorts, approve } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { openTestOrg, type TestOrg } from './testOrg.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let frozen: FrozenPlan;
let opened: { readonly vault: Awaited<ReturnType<FrozenPlan['thaw']>>['vault'] };
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('refusals', at.clock.now());
  const path = await makeMixedPlan(at, home, { people: 2 });
  await approve(at, path);
  frozen = await freezePlan(at, home.folder, path);
});
afterAll(async () => {
  await at.close();
  home.remove();
});
beforeEach(async () => {
  opened = await frozen.thaw();
});

const sit = (ledgerKeys: readonly NoteKey[] = []) =>
  oneSitting(applyInput(at, frozen.planPath, { ledgerKeys }), applyPorts(at, opened, { createGuard: standingGuard }));

const refusalOf = async (work: Promise<unknown>): Promise<GardeError> => {
  const error: unknown = await work.then(
    () => undefined,
    (one: unknown) => one,
  );
  if (error instanceof GardeError) return error;
  throw new Error('nothing was refused');
};

describe('a plan that does not fit', () => {
  const refusedWithRemedy = async (work: () => Promise<unknown>, remedy: RegExp): Promise<string> => {
    const held = opened.vault.holdings(at.twin.orgId).length;
    const refusal = await refusalOf(work());
    for (const { actions } of refusal.problems) expect(actions.length).toBeGreaterThan(0);
    expect(refusal.problems[0]?.actions.join(' ')).toMatch(remedy);
    expect(at.twin.engine.journalEnd()).toBe(frozen.begunAt);
    expect(opened.vault.holdings(at.twin.orgId)).toHaveLength(held);
    return refusal.name;
  };
  const sitWith = (planPath: string, org = at.admin) =>
    oneSitting(applyInput(at, planPath), applyPorts(at, opened, { createGuard: standingGuard, org }));

  it('is refused in another org, with what to do, and changes nothing', async () => {
    const other = { ...(await at.admin.identity()), orgId: '00D000000000009EAA' as RecordId };
    const org = { ...at.admin, identity: () => Promise.resolve(other) };
    expect(await refusedWithRemedy(() => sitWith(frozen.planPath, org), /--target-org/)).toBe('PlanForOtherOrg');
  });

  it('is refused past its expiry, with what to do, and changes nothing', async () => {
    const now = at.clock.now();
    at.setTime(readPlanHeader(frozen.planPath).terms.expiresAt);
    expect(await refusedWithRemedy(() => sitWith(frozen.planPath), /Plan again/)).toBe('PlanExpired');
    at.setTime(now);
  });

  it('is refused when somebody edited it, with what to do, and changes nothing', async () => {
    const header = readPlanHeader(frozen.planPath);
    const edited = join(home.folder, 'edited.json');
    const later = '2030-01-01T00:00:00.000Z';
    writeFileSync(edited, JSON.stringify({ ...header, terms: { ...header.terms, expiresAt: later } }));
    expect(await refusedWithRemedy(() => sitWith(edited), /not edited by hand/)).toBe('PlanAltered');
  });
});

describe('a plan that archives', () => {
  it('is refused as long as too few recipients can restore the key, and changes nothing', async () => {
    const held = opened.vault.holdings(at.twin.orgId).length;
    const refusal = await refusalOf(sit());
    expect(refusal.name).toBe('RecipientsMissing');
    expect(refusal.problems[0]?.actions.join(' ')).toContain('garde keys add-recipient');
    expect(at.twin.engine.journalEnd()).toBe(frozen.begunAt);
    expect(opened.vault.holdings(at.twin.orgId)).toHaveLength(held);
    await addRecipients(at, home.folder);
    expect((await sit()).summary.state).toBe('done');
  });
});

describe('a ledger that somebody forked', () => {
  it('takes no further run: nothing is begun that could not be written down', async () => {
    await addRecipients(at, home.folder);
    // a head whose record says another root than its note, which this machine signed
    const own = ledgerSigner(opened.vault, at.twin.orgId);
    const root = Buffer.alloc(32, 9);
    const checkpoint = { origin: own.name, size: 1, root, peaks: [root] };
    const [forged] = await at.admin.create('GardeCheckpoint__c', [
      {
        ...{ TreeSizeKey__c: '0', TreeSize__c: 1, PreviousTreeSize__c: 0, RootHash__c: '0'.repeat(64) },
        ...{ Origin__c: own.name, NoteText__c: signCheckpoint(checkpoint, own) },
      },
    ]);
    expect(forged).toMatchObject({ success: true });
    const before = at.twin.engine.journalEnd();
    const refusal = await refusalOf(sit());
    expect(refusal.name).toBe('LedgerBroken');
    expect(refusal.problems[0]?.actions.join(' ')).toContain('garde ledger verify');
    expect(at.twin.engine.journalEnd()).toBe(before);
    await at.admin.delete([forged!.id!]);
  });

  it('takes none after a right-looking checkpoint of a key that nobody vouches for, until the charter names it', async () => {
    await addRecipients(at, home.folder);
    const foreign = noteSigner(ledgerName(at.twin.orgId), Buffer.alloc(32, 7));
    const root = Buffer.alloc(32, 9);
    const row = {
      ...{ TreeSizeKey__c: sizeKey(0), TreeSize__c: 1, PreviousTreeSize__c: 0, RootHash__c: root.toString('hex') },
      Origin__c: foreign.name,
    };
    const checkpoint = { origin: foreign.name, size: 1, root, peaks: [root] };
    const made = await at.admin.create('GardeCheckpoint__c', [
      { ...row, NoteText__c: signCheckpoint(checkpoint, foreign) },
    ]);
    expect(made).toMatchObject([{ success: true }]);
    const before = at.twin.engine.journalEnd();
    const refusal = await refusalOf(sit());
    expect(refusal.name).toBe('LedgerSignerUnknown');
    expect(refusal.problems[0]?.actions.join(' ')).toContain('ledger.keys');
    expect(at.twin.engine.journalEnd()).toBe(before);
    const ended = await sit([foreign]);
    expect(ended).toMatchObject({ summary: { state: 'done' }, checkpoint: { previousSize: 1 } });
  });

  it('goes on after the fork is gone', async () => {
    await addRecipients(at, home.folder);
    expect((await sit()).summary.state).toBe('done');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import type { Org } from '../../scripts/org/port.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { createRetentionGuard } from '../../scripts/retention/retentionGuard.ts';
import { makePlan } from './cycle.ts';
import { seededRandom, temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from './testOrg.ts';

let at: TestOrg;
const home = temporaryVault('describes', START);
beforeAll(async () => {
  at = await openTestOrg();
  at.load('Contact', [oldContact('Ancienne')]);
});
afterAll(async () => {
  await at.close();
  home.remove();
});

describe('a rehearsal without the org’s own describes', () => {
  it('is refused, with every object that is not described, before a twin is opened', async () => {
    const { path } = await makePlan(at, home);
    const hiding: Org = {
      ...at.admin,
      describe: (name) => (['Contact', 'Case'].includes(name) ? Promise.resolve(undefined) : at.admin.describe(name)),
    };
    let opened = 0;
    const rehearsal = rehearsePlan(path, {
      ...{ org: hiding, vault: home.vault, clock: at.clock, random: seededRandom('rehearsal') },
      createGuard: createRetentionGuard(at.law, at.clock.now),
      openRehearsal: (content) => {
        opened += 1;
        return openRehearsalTwin(content);
      },
    });
    await expect(rehearsal).rejects.toMatchObject({
      name: 'RehearsalWithoutDescribe',
      problems: [{ subject: 'Case' }, { subject: 'Contact' }],
    });
    expect(opened).toBe(0);
  });
});

import { describe, expect, it } from '@jest/globals';
import { createClock } from '../../../scripts/twin/clock.ts';
import type { Session } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';

describe('the clock of a twin', () => {
  it('runs with its source, stands still, runs faster, and goes on from where it is', () => {
    let source = 1_000;
    const clock = createClock(() => source);
    source += 500;
    expect(clock.now()).toBe(1_500);
    clock.run(0);
    source += 500;
    expect(clock.now()).toBe(1_500);
    clock.run(60);
    source += 10;
    expect(clock.now()).toBe(2_100);
    clock.run(1);
    source += 1;
    expect(clock.now()).toBe(2_101);
    clock.set(50_000);
    source += 1;
    expect(clock.now()).toBe(50_001);
    clock.advance(-1);
    expect(clock.now()).toBe(50_000);
  });

  it('tells who listens that it was moved, until they leave', () => {
    const clock = createClock(() => 0);
    let moved = 0;
    const leave = clock.onMove(() => (moved += 1));
    clock.advance(1);
    clock.run(2);
    leave();
    clock.set(5);
    expect(moved).toBe(2);
  });

  it('empties the recycle bin when its days are over', async () => {
    const twin = await startTwin({ shape: 'bare', port: 0, production: true, now: () => Date.UTC(2026, 2, 1) });
    const { userId, username } = twin.users['admin']!;
    const session: Session = { orgId: twin.orgId, userId, username, apiVersion: 66 };
    const options = { allOrNone: true };
    const [made] = twin.engine.insert(session, 'Account', [{ Name: 'Passagère' }], options);
    twin.engine.delete(session, [made!.id!], options);
    const inBin = (): number =>
      twin.engine.query(session, `SELECT Id FROM Account WHERE Id = '${made!.id!}'`, { includeDeleted: true })
        .totalSize;
    twin.clock.advance(14 * 86_400_000);
    expect(inBin()).toBe(1);
    twin.clock.advance(2 * 86_400_000);
    expect(inBin()).toBe(0);
    await twin.close();
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectTwin } from '../../../scripts/app/connectTwin.ts';
import type { PlanStep } from '../../../scripts/model/plan.ts';
import { createOrg } from '../../../scripts/org/createOrg.ts';
import type { Org } from '../../../scripts/org/port.ts';
import type { FaultInput } from '../../../scripts/twin/faults/faultPlan.ts';
import { RunHalt } from '../../../scripts/plan/apply/runHalt.ts';
import { temporaryVault } from '../temporaryVault.ts';
import { openTestOrg, type TestOrg } from '../testOrg.ts';
import { openCalls, step, type CallRun } from './callKit.ts';

/*
 * One fault of the org per reaction class: what the executor does, what stands in the journal, what the org holds after.
 * Where the class ends the run, the fault is taken away and the same run goes on.
 */

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let run: CallRun | undefined;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('reactions', at.clock.now());
});
beforeEach(() => {
  at.twin.faults.clear();
  run?.close();
  run = undefined;
});
afterAll(async () => {
  run?.close();
  await at.close();
  home.remove();
});

const people = (count: number): readonly string[] =>
  at.load(
    'Contact',
    Array.from({ length: count }, () => ({ LastName: 'Petit' })),
  );
const deletion = (subject: string): PlanStep => step({ key: subject, subject, operation: 'delete', object: 'Contact' });
const deletions = async (count: number): Promise<{ readonly ids: readonly string[]; readonly run: CallRun }> => {
  const ids = people(count);
  run = await openCalls(at, home, ids.map(deletion));
  return { ids, run };
};
const living = (ids: readonly string[]): Promise<number> =>
  at.admin.count(`SELECT COUNT() FROM Contact WHERE Id IN ('${ids.join("','")}')`);
const fault = (given: FaultInput): void => void at.twin.faults.add(given);
const onDelete = { route: 'partner SOAP', operation: 'delete' };
const hits = (): number => at.twin.faults.hits().length;
const haltOf = async (work: Promise<unknown>): Promise<readonly (string | null)[]> => {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof RunHalt)) throw new Error('the run was not ended', { cause: error });
  return [error.state, error.stopCause, error.code];
};
const all = (ids: readonly string[], outcome: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...ids].sort().map((id) => [id, outcome]));

describe('retry-after-wait', () => {
  it('waits longer each time and calls the same steps again', async () => {
    const { ids, run } = await deletions(3);
    fault({ kind: 'error', code: 'CONCURRENT_PER_ORG_LONG_TXN', match: onDelete, when: { times: 2 } });
    await run.call('delete');
    expect(run.waits).toEqual([1000, 2000]);
    expect([run.outcomes(), await living(ids)]).toEqual([all(ids, 'done'), 0]);
  });

  it('pauses the run when it does not pass, and goes on later', async () => {
    const { ids, run } = await deletions(2);
    fault({ kind: 'error', code: 'CONCURRENT_PER_ORG_LONG_TXN', match: onDelete });
    expect(await haltOf(run.call('delete'))).toEqual(['paused', 'org-unavailable', 'CONCURRENT_PER_ORG_LONG_TXN']);
    expect([run.outcomes(), await living(ids)]).toEqual([{}, 2]);
    at.twin.faults.clear();
    await run.call('delete');
    expect([run.outcomes(), await living(ids)]).toEqual([all(ids, 'done'), 0]);
  });
});

describe('smaller-batches', () => {
  it('takes half as many of the locked rows, and only those', async () => {
    const { ids, run } = await deletions(12);
    const locked = ids.slice(0, 4);
    fault({ kind: 'rows', code: 'UNABLE_TO_LOCK_ROW', match: { ids: locked }, when: { times: 6 } });
    await run.call('delete');
    expect(run.waits.length).toBeGreaterThanOrEqual(2);
    expect([run.outcomes(), await living(ids)]).toEqual([all(ids, 'done'), 0]);
  });

  it('pauses when somebody holds a row for good, with everything else done', async () => {
    const { ids, run } = await deletions(5);
    fault({ kind: 'rows', code: 'UNABLE_TO_LOCK_ROW', match: { ids: [ids[0]!] } });
    expect(await haltOf(run.call('delete'))).toEqual(['paused', 'org-unavailable', 'UNABLE_TO_LOCK_ROW']);
    expect(run.outcomes()).toEqual(all(ids.slice(1), 'done'));
  });
});

describe('settle-then-repeat', () => {
  it('asks after a lost answer and sends only what has not taken effect', async () => {
    const { ids, run } = await deletions(3);
    fault({ kind: 'reset', moment: 'after', match: onDelete, when: { times: 1 } });
    await run.call('delete');
    expect([run.outcomes(), await living(ids), hits()]).toEqual([all(ids, 'done settled'), 0, 1]);
  });

  it('sends again what a gateway never passed on', async () => {
    const { ids, run } = await deletions(3);
    fault({ kind: 'error', code: 'SERVER_UNAVAILABLE', status: 503, match: onDelete, when: { times: 1 } });
    await run.call('delete');
    expect([run.outcomes(), await living(ids)]).toEqual([all(ids, 'done'), 0]);
  });
});

describe('stop-and-resume', () => {
  it.each(['REQUEST_LIMIT_EXCEEDED', 'STORAGE_LIMIT_EXCEEDED', 'ORG_IN_MAINTENANCE'])(
    'pauses at %s with nothing done, and goes on later',
    async (code) => {
      const { ids, run } = await deletions(2);
      fault({ kind: 'error', code, match: onDelete });
      expect(await haltOf(run.call('delete'))).toEqual(['paused', 'org-unavailable', code]);
      expect([run.outcomes(), await living(ids), run.waits]).toEqual([{}, 2, []]);
      at.twin.faults.clear();
      await run.call('delete');
      expect(await living(ids)).toBe(0);
    },
  );
});

describe('already-done', () => {
  it('believes it only when the org shows the wanted end', async () => {
    const { ids, run } = await deletions(2);
    await at.admin.delete([ids[0] as never]);
    fault({ kind: 'rows', code: 'ENTITY_IS_DELETED', match: { ids: [ids[1]!] } });
    await run.call('delete');
    expect(run.outcomes()).toEqual({
      [ids[0]!]: 'already-done ENTITY_IS_DELETED',
      [ids[1]!]: 'refused ENTITY_IS_DELETED',
    });
  });

  it('takes a row that has left the recycle bin for purged, and one that lies there for refused', async () => {
    const ids = people(3);
    await at.admin.delete(ids as never);
    await at.admin.emptyRecycleBin([ids[0] as never]);
    const purge = (subject: string): PlanStep => step({ key: subject, subject, operation: 'purge', object: 'Contact' });
    run = await openCalls(at, home, ids.map(purge));
    fault({ kind: 'rows', code: 'INVALID_ID_FIELD', match: { operation: 'emptyRecycleBin', ids: [ids[1]!] } });
    await run.call('purge');
    expect(run.outcomes()).toEqual({
      [ids[0]!]: 'already-done INVALID_ID_FIELD',
      [ids[1]!]: 'refused INVALID_ID_FIELD',
      [ids[2]!]: 'done',
    });
  });

  it('says of a change to a deleted record that nothing was changed', async () => {
    const [subject] = people(1);
    const change = { key: 'u', subject: subject!, operation: 'update', object: 'Contact' } as const;
    run = await openCalls(at, home, [step({ ...change, payload: { values: { Description: 'x' } } })]);
    await at.admin.delete([subject as never]);
    await run.call('update');
    expect(run.outcomes()).toEqual({ u: 'refused ENTITY_IS_DELETED' });
  });
});

describe('decide-again', () => {
  it('leaves the step as changed when the org is no longer as it was read', async () => {
    const { ids, run } = await deletions(2);
    fault({ kind: 'rows', code: 'INVALID_CROSS_REFERENCE_KEY', match: { ids: [ids[0]!] } });
    await run.call('delete');
    expect(run.outcomes()).toEqual({ [ids[0]!]: 'changed INVALID_CROSS_REFERENCE_KEY', [ids[1]!]: 'done' });
  });

  it('calls rows one by one when the whole call was refused because of one', async () => {
    const { ids, run } = await deletions(3);
    fault({ kind: 'error', code: 'INVALID_CROSS_REFERENCE_KEY', match: onDelete, when: { times: 2 } });
    await run.call('delete');
    expect(Object.values(run.outcomes()).sort()).toEqual(['changed INVALID_CROSS_REFERENCE_KEY', 'done', 'done']);
    expect(await living(ids)).toBe(1);
  });
});

describe('leave-and-report', () => {
  it('leaves what the org protects and does the others', async () => {
    const { ids, run } = await deletions(2);
    at.load('Case', [{ ContactId: ids[0]!, Status: 'New', Origin: 'Web' }]);
    await run.call('delete');
    expect(run.outcomes()).toEqual({ [ids[0]!]: 'refused DELETE_FAILED', [ids[1]!]: 'done' });
    expect(await living(ids)).toBe(1);
  });
});

describe('ask-human', () => {
  it('leaves and names the row that a rule of the org refuses', async () => {
    const { ids, run } = await deletions(2);
    fault({ kind: 'rows', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', match: { ids: [ids[1]!] } });
    await run.call('delete');
    expect(run.outcomes()).toEqual({ [ids[0]!]: 'done', [ids[1]!]: 'refused FIELD_CUSTOM_VALIDATION_EXCEPTION' });
  });

  it('pauses the run when a whole call is not allowed, and goes on once it is', async () => {
    const { ids, run } = await deletions(2);
    fault({ kind: 'error', code: 'API_DISABLED_FOR_ORG', match: onDelete });
    expect(await haltOf(run.call('delete'))).toEqual(['paused', 'ask-human', 'API_DISABLED_FOR_ORG']);
    expect(run.outcomes()).toEqual({});
    at.twin.faults.clear();
    await run.call('delete');
    expect(await living(ids)).toBe(0);
  });
});

describe('stop', () => {
  it.each(['UNKNOWN_EXCEPTION', 'MALFORMED_ID', 'NEVER_HEARD_OF_IT'])(
    'stops the run at %s of one row, with the answers of the others kept',
    async (code) => {
      const { ids, run } = await deletions(3);
      fault({ kind: 'rows', code, match: { ids: [ids[1]!] } });
      expect(await haltOf(run.call('delete'))).toEqual(['stopped', 'unknown-error', code]);
      expect(Object.values(run.outcomes()).sort()).toEqual(['done', 'done', `refused ${code}`]);
    },
  );

  it('asks the org about every step before it stops at an unknown error of a whole call', async () => {
    const { ids, run } = await deletions(3);
    fault({ kind: 'error', code: 'NEVER_HEARD_OF_IT', status: 500, match: onDelete });
    expect(await haltOf(run.call('delete'))).toEqual(['stopped', 'unknown-error', 'NEVER_HEARD_OF_IT']);
    expect([run.outcomes(), run.journal.pending(), await living(ids)]).toEqual([{}, [], 3]);
  });
});

/** The administrator with a login that can be renewed: last in this file, since the token the others use ends here. */
const renewable = async (): Promise<Org> => {
  const connection = await connectTwin(at.twin, 'admin');
  const { username, password } = at.twin.users['admin']!;
  connection.refreshAuth = async () => {
    const answer = await fetch(`${at.twin.instanceUrl}/services/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'password', username, password: password!, client_id: 'any' }).toString(),
    });
    const { access_token: token } = (await answer.json()) as { access_token?: string };
    if (token === undefined) throw new Error('no session to be had');
    connection.accessToken = token;
  };
  return createOrg(connection, { sleep: () => Promise.resolve(), chance: () => 0 });
};

describe('refresh-session', () => {
  it('takes a new session and goes on as if nothing had been', async () => {
    const ids = people(2);
    const org = await renewable();
    run = await openCalls(at, home, ids.map(deletion), { org });
    fault({ kind: 'sessionExpiry', match: onDelete, when: { times: 1 } });
    await run.call('delete');
    expect([run.outcomes(), hits()]).toEqual([all(ids, 'done'), 1]);
  });

  it('pauses the run when there is none to be had, and goes on after a login', async () => {
    const ids = people(2);
    const org = await renewable();
    // the token that connecting gave ended with the test before
    await org.limits();
    run = await openCalls(at, home, ids.map(deletion), { org });
    fault({ kind: 'sessionExpiry', refreshable: false, match: onDelete });
    expect((await haltOf(run.call('delete'))).slice(0, 2)).toEqual(['paused', 'org-unavailable']);
    expect(run.outcomes()).toEqual({});
    at.twin.faults.clear();
    await run.settle();
    await run.call('delete');
    expect(run.outcomes()).toEqual(all(ids, 'done'));
  });
});

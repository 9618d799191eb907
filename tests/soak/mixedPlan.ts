import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { Operation, PlanStep, StepPayload } from '../../scripts/model/plan.ts';
import type { CreateGuard, StepsOfPerson, Verdict } from '../../scripts/plan/apply/guard.ts';
import { OPERATION_DEFINITIONS } from '../../scripts/plan/operations/registry.ts';
import { VALUE_SALT, valueDigest } from '../../scripts/plan/operations/values.ts';
import type { PlannedPerson } from '../../scripts/plan/file/planStore.ts';
import { stepsExpiry, writePlan } from '../../scripts/plan/file/writePlan.ts';
import { openKeys } from '../../scripts/vault/keys.ts';
import type { Vault } from '../../scripts/vault/port.ts';
import { applyInput, ORG_NAME } from '../plan/cycle.ts';
import { exampleFrame, recordId } from '../plan/examplePlan.ts';
import { oldContact, type TestOrg } from '../plan/testOrg.ts';

const DIGEST = 'ab'.repeat(32);
const EXPIRES = '2026-11-28T00:00:00.000Z';
const RULE = 'mixed';

/** What a step of each operation is about, for the n-th person. */
type Person = {
  readonly n: number;
  readonly contact: string;
  readonly twin: string;
  readonly oldTask: string;
  readonly binnedCase: string;
  readonly history: string;
  readonly letter: string;
  readonly file: string;
};

type StepParts = Pick<PlanStep, 'wave' | 'object' | 'recordId' | 'settle' | 'inverse'> & {
  readonly payload?: StepPayload;
  readonly values?: Readonly<Record<string, string | null>>;
  readonly ifUnmodified?: true;
  readonly dependsOn?: readonly string[];
};

const keyOf = (person: Person, operation: Operation): string => `${person.contact}/${operation}`;
const made = (person: Person, operation: Operation): string => `new:${keyOf(person, operation)}`;

const gift = (n: number) => ({ Name: `Don ${String(n)}`, StageName: 'Pledged', CloseDate: '2026-12-24' });

/** One step of every operation the executor knows. A new operation has to be given one. */
const STEPS: Readonly<Record<Operation, (person: Person) => StepParts>> = {
  sealLocal: ({ contact }) => ({
    ...{ wave: 0, object: 'Contact', recordId: contact, settle: 'local-holding', inverse: 'none' },
    payload: { seal: { kind: 'archive', expiresAt: '2027-01-01T00:00:00.000Z' } },
  }),
  send: ({ contact, letter }) => ({
    ...{ wave: 0, object: 'Contact', recordId: contact, settle: 'channel-log', inverse: 'none' },
    payload: { letter: { channel: 'outbox', template: 'notice', holding: letter } },
  }),
  create: (person) => ({
    ...{ wave: 1, object: 'Task', recordId: made(person, 'create'), settle: 'run-mark', inverse: 'delete' },
    payload: { values: { WhoId: person.contact, Subject: `Rappel ${String(person.n % 2)}`, Status: 'Not Started' } },
  }),
  upsert: (person) => ({
    ...{ wave: 1, object: 'Opportunity', recordId: made(person, 'upsert'), settle: 'external-id', inverse: 'delete' },
    payload: {
      values: { ...gift(person.n), npsp__CommitmentId__c: `P-${String(person.n)}` },
      externalId: { field: 'npsp__CommitmentId__c', value: `P-${String(person.n)}` },
    },
  }),
  uploadFile: (person) => ({
    ...{ wave: 1, object: 'Contact', recordId: person.contact, settle: 'file-version', inverse: 'none' },
    payload: { file: { holding: person.file, title: 'Courrier', fileName: 'courrier.txt', linkTo: person.contact } },
  }),
  update: (person) => ({
    ...{ wave: 2, object: 'Contact', recordId: person.contact, settle: 'record-values', inverse: 'none' },
    payload: { values: { Description: null, Department: `Suivi ${String(person.n)}` } },
    values: { Description: 'Aime les chats', Department: null },
    ...(person.n % 2 === 0 ? {} : { ifUnmodified: true as const }),
  }),
  undelete: (person) => ({
    ...{ wave: 2, object: 'Case', recordId: person.binnedCase, settle: 'record-state', inverse: 'none' },
  }),
  merge: (person) => ({
    ...{ wave: 3, object: 'Contact', recordId: person.contact, settle: 'merge-state', inverse: 'none' },
    payload: { losers: [person.twin], values: { Title: 'Mx' } },
  }),
  deleteHistory: (person) => ({
    ...{ wave: 3, object: 'ContactHistory', recordId: person.contact, settle: 'history-rows', inverse: 'none' },
    payload: { historyIds: [person.history] },
  }),
  delete: (person) => ({
    ...{ wave: 4, object: 'Task', recordId: person.oldTask, settle: 'record-state', inverse: 'undelete' },
  }),
  purge: (person) => ({
    ...{ wave: 5, object: 'Task', recordId: person.oldTask, settle: 'record-state', inverse: 'none' },
    dependsOn: [keyOf(person, 'delete')],
  }),
};

export const MIXED_OPERATIONS = Object.keys(OPERATION_DEFINITIONS) as readonly Operation[];

const stepOf = (person: Person, operation: Operation, salt: Uint8Array): PlanStep => {
  const { values, ifUnmodified, dependsOn = [], ...parts } = STEPS[operation](person);
  const place = { object: parts.object, recordId: parts.recordId };
  const digests = Object.entries(values ?? {}).map(([field, value]) => [
    field,
    valueDigest(salt, { ...place, field }, value),
  ]);
  return {
    ...parts,
    ...{ key: keyOf(person, operation), subject: person.contact, operation, rule: RULE, dependsOn: [...dependsOn] },
    reason: { code: 'no-contact', facts: {} },
    precondition: {
      decision: DIGEST,
      goesWith: [],
      ...(values === undefined ? {} : { values: Object.fromEntries(digests) as Record<string, string> }),
      ...(ifUnmodified === undefined ? {} : { ifUnmodified }),
    },
  };
};

const plannedPerson = (person: Person, operations: readonly Operation[], salt: Uint8Array): PlannedPerson => {
  const steps = operations.map((operation) => stepOf(person, operation, salt));
  return {
    decision: {
      ...{ subject: person.contact, object: 'Contact', rule: RULE, verdict: 'due', until: null, effects: [] },
      reason: { code: 'no-contact', facts: {} },
    },
    steps: steps.toSorted((a, b) => a.wave - b.wave),
  };
};

const sealedText = async (vault: Vault, orgId: string, kind: 'letter-outbox' | 'archive', fileName: string) =>
  (await vault.seal(kind, orgId, Buffer.from(`${kind} ${fileName}`), { expiresAt: EXPIRES, fileName })).id;

const people = async (at: TestOrg, vault: Vault, count: number): Promise<readonly Person[]> => {
  const { orgId } = at.twin;
  const all = Array.from({ length: count }, (_, n) => n);
  const contacts = at.load(
    'Contact',
    all.map((n) => oldContact(`Mix${String(n).padStart(2, '0')}`, { Description: 'Aime les chats' })),
  );
  const twins = at.load(
    'Contact',
    all.map((n) => oldContact(`Mix${String(n).padStart(2, '0')} bis`)),
  );
  const tasks = at.load(
    'Task',
    all.map((n) => ({ WhoId: contacts[n]!, Subject: 'Ancien', Status: 'Completed' })),
  );
  at.load(
    'Task',
    all.map((n) => ({ WhoId: twins[n]!, Subject: 'De l’autre', Status: 'Completed' })),
  );
  const cases = at.load(
    'Case',
    all.map((n) => ({ ContactId: contacts[n]!, Status: 'Closed', Origin: 'Web', Subject: `Dossier ${String(n)}` })),
  );
  await at.admin.delete(cases as readonly RecordId[]);
  const history = all.map((n) => recordId('017', 500_000 + n));
  at.twin.engine.adminLoad(
    'ContactHistory',
    all.map((n) => ({
      Id: history[n]!,
      ContactId: contacts[n]!,
      Field: 'Phone',
      CreatedDate: '2020-01-01T00:00:00.000Z',
    })),
  );
  const letter = await sealedText(vault, orgId, 'letter-outbox', 'original');
  const file = await sealedText(vault, orgId, 'archive', 'bytes');
  return all.map((n) => ({
    ...{ n, letter, file, contact: contacts[n]!, twin: twins[n]!, history: history[n]! },
    ...{ oldTask: tasks[n]!, binnedCase: cases[n]! },
  }));
};

/** Delete From Field History is given by hand: no permission set of the package may bring it. */
const allowHistory = async (at: TestOrg): Promise<void> => {
  const set = { Name: 'ByHand', Label: 'By hand', PermissionsViewAllData: true, PermissionsDeleteFieldHistory: true };
  const [made] = await at.admin.create('PermissionSet', [set]);
  if (made?.id === undefined || made.id === null) throw new Error('no permission set was made');
  const AssigneeId = at.twin.users['admin']!.userId;
  await at.admin.create('PermissionSetAssignment', [{ AssigneeId, PermissionSetId: made.id }]);
};

/** Two people who can restore the org's key: without them nothing may be archived. */
export const addRecipients = async (at: TestOrg, folder: string): Promise<void> => {
  const keys = openKeys({ dataDir: join(folder, 'vault'), now: at.clock.now, random: (n) => randomBytes(n) });
  for (let i = 0; i < 2; i += 1) {
    await keys.addRecipient(at.twin.orgId, await identityToRecipient(await generateX25519Identity()));
  }
};

/** A plan with one step of each of these operations for each of so many people; returns its path. */
export const makeMixedPlan = async (
  at: TestOrg,
  home: { readonly vault: Vault; readonly folder: string },
  plan: { readonly people: number; readonly operations?: readonly Operation[] },
): Promise<string> => {
  const { vault, folder } = home;
  const { orgId } = at.twin;
  const identity = await at.admin.identity();
  await allowHistory(at);
  const { use } = applyInput(at, '');
  const frame = exampleFrame({
    ...{ orgId, orgName: ORG_NAME, userId: identity.userId, expiresAt: EXPIRES },
    ...{ charterDigest: use.charterDigest, packs: { ...use.packs }, ruleSets: { ...use.ruleSets }, asOf: '2026-11-20' },
    snapshot: { from: at.clock.now(), to: at.clock.now() },
  });
  const sealed = vault.createStore('plan-steps', orgId, stepsExpiry(EXPIRES));
  const copy = vault.createStore('snapshot', orgId, EXPIRES);
  copy.store.flush();
  copy.store.close();
  const salt = vault.deriveKey(orgId, VALUE_SALT);
  const planned = await people(at, vault, plan.people);
  const { path } = writePlan(vault, {
    ...{ frame, sealed, folder, createdAt: at.clock.now(), snapshotHolding: copy.holding.id },
    people: planned.map((person) => plannedPerson(person, plan.operations ?? MIXED_OPERATIONS, salt)),
    calls: () => 500,
  });
  sealed.store.close();
  return path;
};

const STANDS: Verdict = { stands: true };
const standing = (people: readonly StepsOfPerson[]): ReadonlyMap<string, Verdict> =>
  new Map(people.map(({ subject }) => [subject, STANDS]));

/** For plans whose decisions were made by hand: they stand, whatever the org says. */
export const standingGuard: CreateGuard = () =>
  Promise.resolve({
    check: (asked) =>
      Promise.resolve({
        verdicts: standing(asked),
        memory: '{}',
        afterDeletion: () => Promise.resolve(standing(asked)),
      }),
    checkDeleted: (asked) => Promise.resolve(standing(asked)),
  });

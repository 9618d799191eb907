import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connectTwin, openTwinAs } from '../../scripts/app/connectTwin.ts';
import { rehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import { canonicalJson } from '../../scripts/kernel/canonicalJson.ts';
import { sha256Hex } from '../../scripts/kernel/hash.ts';
import type { PlanStep } from '../../scripts/model/plan.ts';
import type { Org } from '../../scripts/org/port.ts';
import { createSchemaSource } from '../../scripts/org/wholeDescribes.ts';
import { applyPlan } from '../../scripts/plan/apply/applyPlan.ts';
import type { CreateGuard } from '../../scripts/plan/apply/guard.ts';
import { rehearsePlan, type RehearsalResult } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { stepsExpiry, writePlan } from '../../scripts/plan/file/writePlan.ts';
import { createRetentionGuard } from '../../scripts/retention/retentionGuard.ts';
import { takeSnapshot } from '../../scripts/snapshot/takeSnapshot.ts';
import { applyInput, applyPorts, approve, livingContacts, makePlan } from './cycle.ts';
import { exampleFrame } from './examplePlan.ts';
import { seededRandom, temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from './testOrg.ts';

/** How a planted difference was found: by the rehearsal, by its refusal, or by the first tier of the run. */
type Found = { readonly planted: string; readonly by: string; readonly as: string };
const table: Found[] = [];

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
const PEOPLE = 12;

const begin = async (): Promise<readonly string[]> => {
  at = await openTestOrg();
  home = temporaryVault('planted', START);
  return at.load(
    'Contact',
    Array.from({ length: PEOPLE }, (_, i) => oldContact(`Ancien${String(i).padStart(2, '0')}`)),
  );
};
afterEach(async () => {
  await at.close();
  home.remove();
});

const deploy = async (files: Readonly<Record<string, string>>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'garde-planted-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `<?xml version="1.0" encoding="UTF-8"?>\n${content}`);
  }
  const report = await at.admin.deployFolder(folder, { checkOnly: false });
  rmSync(folder, { recursive: true });
  expect(report.failures).toEqual([]);
};
const XMLNS = 'xmlns="http://soap.sforce.com/2006/04/metadata"';
const onContact = (kind: 'fields' | 'validationRules', name: string, content: string): Record<string, string> => {
  const [tag, ending] = kind === 'fields' ? ['CustomField', 'field'] : ['ValidationRule', 'validationRule'];
  return {
    [`main/default/objects/Contact/${kind}/${name}.${ending}-meta.xml`]: `<${tag} ${XMLNS}><fullName>${name}</fullName>${content}</${tag}>`,
  };
};

const standing: CreateGuard = () => {
  const stand = (people: readonly { readonly subject: string }[]) =>
    new Map(people.map(({ subject }) => [subject, { stands: true as const }]));
  return Promise.resolve({
    check: (people) =>
      Promise.resolve({ verdicts: stand(people), memory: '{}', afterDeletion: () => Promise.resolve(stand(people)) }),
    checkDeleted: (people) => Promise.resolve(stand(people)),
  });
};

/** A plan that writes values into contacts, made from a copy of them. */
const updatePlan = async (ids: readonly string[], values: Readonly<Record<string, string>>): Promise<string> => {
  const { orgId, orgName, userId } = await at.admin.identity();
  const expiresAt = '2026-11-27T00:00:00.000Z';
  const ports = { org: at.admin, vault: home.vault, clock: at.clock };
  const wants = [{ object: 'Contact', fields: 'all' as const }];
  const snapshot = await takeSnapshot({ wants, expiresAt: stepsExpiry(expiresAt) }, ports);
  snapshot.store.close();
  const sealed = home.vault.createStore('plan-steps', orgId, stepsExpiry(expiresAt));
  const reason = { code: 'test', facts: {} };
  const step = (subject: string): PlanStep => ({
    ...{ key: `${subject}/update`, subject, wave: 0, operation: 'update', object: 'Contact', recordId: subject },
    ...{ rule: 'by-hand', reason, payload: { values }, settle: 'record-values', inverse: 'none', dependsOn: [] },
    precondition: { decision: sha256Hex(canonicalJson(subject)), goesWith: [] },
  });
  const people = ids.map((subject) => ({
    decision: {
      ...{ subject, object: 'Contact', rule: 'by-hand', verdict: 'due' as const, reason, until: null, effects: [] },
    },
    steps: [step(subject)],
  }));
  const { use } = applyInput(at, '');
  const frame = exampleFrame({
    ...{ orgId, orgName, userId, ...use, asOf: START.slice(0, 10), expiresAt },
    snapshot: { from: START, to: START },
  });
  const { path } = writePlan(home.vault, {
    ...{ frame, people, sealed, calls: () => 0, folder: home.folder, createdAt: START },
    snapshotHolding: snapshot.holding.id,
  });
  sealed.store.close();
  return path;
};

const guardOf = (): CreateGuard => createRetentionGuard(at.law, at.clock.now);

const rehearse = async (path: string, createGuard = guardOf(), org: Org = at.admin): Promise<RehearsalResult> =>
  rehearsePlan(path, {
    ...{ org, vault: home.vault, clock: at.clock, random: seededRandom('rehearsal'), createGuard },
    openRehearsal: rehearsalTwin(createSchemaSource(await connectTwin(at.twin, 'admin'))),
  });

const keysOf = ({ differences }: RehearsalResult): readonly string[] => differences.map(({ key }) => key);
const found = (planted: string, by: string, as: readonly string[], expected: readonly string[]): void => {
  table.push({ planted, by, as: as.join(', ') });
  expect(as).toEqual(expected);
};
const refusedUpdate = (code: string): readonly string[] => ['did-not-happen.Contact.update', `step-not-done.*.${code}`];
/** The first tier of a real run, as the given org carries it. */
const firstTier = async (path: string, org: Org = at.admin, createGuard = guardOf()): Promise<readonly string[]> => {
  await approve(at, path);
  const ports = applyPorts(at, home, { org, createGuard });
  const { summary } = await applyPlan(applyInput(at, path, { upTo: 'first-twenty' }), ports);
  const codes = summary.notDone.map(({ code }) => code);
  const isFinding = summary.stopCause !== null && summary.stopCause !== 'tier-reached';
  return isFinding ? [summary.stopCode ?? summary.stopCause, ...codes] : codes;
};

const lookup = (object: string, deleteConstraint: string): string =>
  `<CustomObject ${XMLNS}><deploymentStatus>Deployed</deploymentStatus><label>${object}</label><pluralLabel>${object}s</pluralLabel>
   <nameField><label>Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel>
   <fields><fullName>Person__c</fullName><label>Person</label><type>Lookup</type><referenceTo>Contact</referenceTo>
   <relationshipName>${object}s</relationshipName><deleteConstraint>${deleteConstraint}</deleteConstraint></fields></CustomObject>`;

describe('ten planted differences between the plan’s copy and the org', () => {
  it('0. nothing planted: nothing is found, neither by the rehearsal nor by the first tier', async () => {
    const ids = await begin();
    const { path } = await makePlan(at, home);
    const rehearsal = await rehearse(path);
    expect(rehearsal.differences).toEqual([]);
    expect(rehearsal.state.open).toEqual([]);
    expect(rehearsal.effects).toContainEqual({
      ...{ object: 'Contact', change: 'delete', cause: 'direct', field: null, predicted: PEOPLE, actual: PEOPLE },
    });
    const updates = await updatePlan(ids, { Description: 'anonymisé' });
    const second = await rehearse(updates, standing);
    expect(second.differences).toEqual([]);
    expect(second.effects).toContainEqual({
      ...{ object: 'Contact', change: 'update', cause: 'direct', field: 'Description' },
      ...{ predicted: PEOPLE, actual: PEOPLE },
    });
    expect(await firstTier(path)).toEqual([]);
  });

  it('1. an extra flow that deletes somebody else', async () => {
    const ids = await begin();
    const bystander = at.load('Contact', [{ LastName: 'Bystander', CreatedDate: '2026-11-01T00:00:00.000Z' }])[0]!;
    const { path } = await makePlan(at, home);
    await deploy({
      'main/default/flows/Clean_Up.flow-meta.xml': `<Flow ${XMLNS}><apiVersion>66.0</apiVersion><label>Clean Up</label>
        <processType>AutoLaunchedFlow</processType><status>Draft</status><start><locationX>0</locationX><locationY>0</locationY></start></Flow>`,
    });
    const { notCovered, differences } = await rehearse(path);
    expect(notCovered.find(({ what }) => what === 'Flow')?.names).toEqual(['Clean_Up']);
    expect(differences).toEqual([]);
    const { twin } = at;
    // the twin runs no flow: another client's delete right after ours stands for it
    twin.faults.add({
      ...{ kind: 'secondClient', moment: 'after', as: 'admin', when: { times: 1 } },
      match: { operation: 'delete' },
      writes: [{ operation: 'delete', ids: [bystander] }],
    });
    expect(ids).toHaveLength(PEOPLE);
    found('extra flow', 'first line of the rehearsal names it; first tier', await firstTier(path), [
      'MORE_ROWS_GONE Contact',
    ]);
  });

  it('2. a validation rule that refuses what the plan writes', async () => {
    const ids = await begin();
    const path = await updatePlan(ids, { Description: 'anonymisé' });
    await deploy(
      onContact(
        'validationRules',
        'No_Anonymous',
        `<active>true</active><errorConditionFormula>Description = 'anonymisé'</errorConditionFormula><errorMessage>No</errorMessage>`,
      ),
    );
    found(
      'validation rule',
      'rehearsal',
      keysOf(await rehearse(path, standing)),
      refusedUpdate('FIELD_CUSTOM_VALIDATION_EXCEPTION'),
    );
  });

  it('3. a restricting lookup to people, with rows', async () => {
    const ids = await begin();
    const { path } = await makePlan(at, home);
    await deploy({
      'main/default/objects/Contract_File__c/Contract_File__c.object-meta.xml': lookup('Contract_File', 'Restrict'),
    });
    await grant(['Contract_File__c']);
    await at.admin.create('Contract_File__c', [{ Name: 'C1', Person__c: ids[0] }]);
    const expected = [
      'did-not-happen.Contact.delete',
      'did-not-happen.Contact.purge',
      'step-not-done.*.new-related-row',
    ];
    found('restricting lookup', 'rehearsal', keysOf(await rehearse(path)), expected);
  });

  it('4. a trigger-like side effect: another record goes with each deletion', async () => {
    await begin();
    const bystander = at.load('Contact', [{ LastName: 'Bystander', CreatedDate: '2026-11-01T00:00:00.000Z' }])[0]!;
    const { path } = await makePlan(at, home);
    const triggered: Org = {
      ...at.admin,
      delete: async (ids) => {
        const outcomes = await at.admin.delete(ids);
        await at.admin.delete([bystander as RecordId]);
        return outcomes;
      },
    };
    found('trigger-like side effect', 'first tier', await firstTier(path, triggered), ['MORE_ROWS_GONE Contact']);
  });

  it('5. a child that the plan’s copy has not', async () => {
    const ids = await begin();
    await deploy({ 'main/default/objects/Badge__c/Badge__c.object-meta.xml': lookup('Badge', 'Cascade') });
    await grant(['Badge__c']);
    await at.admin.create('Badge__c', [{ Name: 'B1', Person__c: ids[0] }]);
    const { path } = await makePlan(at, home);
    found('missing child', 'rehearsal', keysOf(await rehearse(path)), ['not-predicted.Badge__c.cascade']);
  });

  it('6. other rights: the user who runs may no longer delete', async () => {
    await begin();
    const { path } = await makePlan(at, home);
    const faults = at.twin.faults;
    faults.add({
      ...{
        kind: 'rows',
        code: 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
        match: { operation: 'delete', object: 'Contact' },
      },
    });
    expect(keysOf(await rehearse(path))).toEqual([]);
    found('other rights', 'first tier', await firstTier(path), ['INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY']);
    expect(await livingContacts(at)).toHaveLength(PEOPLE);
  });

  it('7. a required field that the rows have not', async () => {
    const ids = await begin();
    const path = await updatePlan(ids, { Description: 'anonymisé' });
    await deploy(
      onContact(
        'validationRules',
        'Member_Number_Needed',
        `<active>true</active><errorConditionFormula>ISBLANK(Department)</errorConditionFormula><errorMessage>Needed</errorMessage>`,
      ),
    );
    found(
      'field made required',
      'rehearsal',
      keysOf(await rehearse(path, standing)),
      refusedUpdate('FIELD_CUSTOM_VALIDATION_EXCEPTION'),
    );
  });

  it('8. a picklist that no longer has the value the plan writes', async () => {
    const ids = await begin();
    const picklist = (values: readonly string[]): Record<string, string> =>
      onContact(
        'fields',
        'Standing__c',
        `<label>Standing</label><type>Picklist</type><valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted>
         ${values.map((value) => `<value><fullName>${value}</fullName><default>false</default><label>${value}</label></value>`).join('')}
         </valueSetDefinition></valueSet>`,
      );
    await deploy(picklist(['member', 'former']));
    await grant([], ['Contact.Standing__c']);
    const path = await updatePlan(ids, { Standing__c: 'former' });
    expect(keysOf(await rehearse(path, standing))).toEqual([]);
    await deploy(picklist(['member', 'left']));
    const expected = refusedUpdate('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
    found('changed picklist', 'rehearsal', keysOf(await rehearse(path, standing)), expected);
  });

  it('9. an object that is hidden from the user by now', async () => {
    await begin();
    const { path } = await makePlan(at, home);
    const hiding: Org = {
      ...at.admin,
      describe: (name) => (name === 'Case' ? Promise.resolve(undefined) : at.admin.describe(name)),
    };
    const refused = await rehearse(path, guardOf(), hiding).then(
      () => [],
      (error: unknown) => [(error as Error).name],
    );
    found('hidden object', 'rehearsal refused', refused, ['RehearsalWithoutDescribe']);
  });

  it('10. records handed over to owners whose records the runner does not see', async () => {
    await begin();
    const { path } = await makePlan(at, home);
    const without = (soql: string): string =>
      /FROM Contact\b/.test(soql) ? soql.replace(/\sWHERE\s/, " WHERE LastName != 'Ancien03' AND ") : soql;
    const blind: Org = {
      ...at.admin,
      query: (soql, options) => at.admin.query(without(soql), options),
      queryMany: (queries, options) => at.admin.queryMany(queries.map(without), options),
    };
    found('ownership changed', 'first tier', await firstTier(path, blind), ['record-gone']);
    expect(await livingContacts(at)).toContain('Ancien03');
    const wide = Math.max(...table.map(({ planted }) => planted.length));
    process.stdout.write(`${table.map(({ planted, by, as }) => `${planted.padEnd(wide)}  ${by}: ${as}`).join('\n')}\n`);
    expect(table).toHaveLength(10);
  });
});

/** Lets the administrator see new objects and fields, as Setup would ask. */
const grant = async (objects: readonly string[], fields: readonly string[] = []): Promise<void> => {
  const object = (name: string): string =>
    `<objectPermissions><allowCreate>true</allowCreate><allowDelete>true</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead>
     <modifyAllRecords>true</modifyAllRecords><object>${name}</object><viewAllRecords>true</viewAllRecords></objectPermissions>`;
  const field = (name: string): string =>
    `<fieldPermissions><editable>true</editable><field>${name}</field><readable>true</readable></fieldPermissions>`;
  const shown = [...fields, ...objects.map((name) => `${name}.Person__c`)];
  await deploy({
    'main/default/permissionsets/Planted.permissionset-meta.xml': `<PermissionSet ${XMLNS}>${shown.map(field).join('')}<label>Planted</label>${objects.map(object).join('')}</PermissionSet>`,
  });
  const admin = at.twin.users['admin']!.userId;
  for await (const row of at.admin.query("SELECT Id FROM PermissionSet WHERE Name = 'Planted'"))
    await at.admin.create('PermissionSetAssignment', [{ AssigneeId: admin, PermissionSetId: row['Id'] }]);
  at = { ...at, admin: await openTwinAs(at.twin, 'admin') };
};

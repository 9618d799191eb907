import { GardeError } from '../../kernel/result.ts';
import { soqlString } from '../../kernel/soql.ts';
import type { PlanHeader } from '../../model/plan.ts';
import type { Org, OrgRow } from '../../org/port.ts';
import { insistOnRow, type Wait } from '../apply/ownRecords.ts';

/** As GardePlan__c.Status__c says it. */
export type PlanStatus = 'planned' | 'rehearsed' | 'approved' | 'running' | 'done' | 'partly-done' | 'stopped';

const versions = (of: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(of).map(([name, version]) => `${name} ${version}`);

const due = ({ terms }: PlanHeader): number =>
  terms.reasons.reduce((sum, one) => sum + (one.verdict === 'due' ? one.count : 0), 0);

/** As GardePlan__c.Kind__c says it. */
const KINDS: Readonly<Record<PlanHeader['terms']['kind'], string>> = {
  retention: 'purge',
  undo: 'undo',
  erasure: 'erase',
};

/** The plan's record as its header says it must be: counts and keys. */
export const planRow = (header: PlanHeader, approvals: number): OrgRow => {
  const { terms, digest } = header;
  const cascades = terms.effects.reduce((sum, one) => sum + (one.effect === 'cascade' ? one.count : 0), 0);
  const deletions = terms.stepCounts.reduce((sum, one) => sum + (one.operation === 'delete' ? one.count : 0), 0);
  return {
    PlanDigest__c: digest,
    Kind__c: KINDS[terms.kind],
    RuleKeys__c: terms.rules.map((rule) => rule.key).join(', '),
    PeopleCount__c: due(header),
    HeldCount__c: terms.considered - due(header),
    StepCount__c: terms.steps,
    RecordCount__c: terms.kind === 'undo' ? terms.steps : deletions + cascades,
    IrreversibleCount__c: Math.round(terms.irreversible * terms.steps),
    Completeness__c: terms.completeness.state,
    HiddenCount__c: terms.completeness.hidden.length,
    SnapshotAt__c: terms.snapshot.from,
    ExpiresAt__c: terms.expiresAt,
    CharterVersion__c: terms.charterDigest,
    PackVersions__c: [...versions(terms.packs), ...versions(terms.ruleSets)].join(', ').slice(0, 255),
    ToolVersion__c: terms.toolVersion,
    PlannedBy__c: terms.userId,
    ApprovalsNeededCount__c: approvals,
  };
};

const recordOf = async (org: Org, digest: string): Promise<string | undefined> => {
  for await (const row of org.query(`SELECT Id FROM GardePlan__c WHERE PlanDigest__c = ${soqlString(digest)}`)) {
    return typeof row['Id'] === 'string' ? row['Id'] : undefined;
  }
  return undefined;
};

/**
 * Shows a plan's header to the people of the org as GardePlan__c: counts and keys, no names. Asked for, since planning
 * itself writes nothing. Returns the record's id. Error: PlanRecordRefused.
 */
export const publishPlan = async (
  org: Org,
  header: PlanHeader,
  state: { readonly status: PlanStatus; readonly approvals: number; readonly mustRehearse?: boolean },
  wait?: Wait,
): Promise<string> => {
  const isNew = { ...planRow(header, state.approvals), IsRehearsalRequired__c: state.mustRehearse ?? false };
  let known: string | undefined;
  // a creation whose answer was lost is asked for before it is made again
  const outcome = await insistOnRow(async () => {
    known = await recordOf(org, header.digest);
    return known === undefined
      ? org.create('GardePlan__c', [{ ...isNew, Status__c: state.status }])
      : org.update('GardePlan__c', [{ Id: known, Status__c: state.status }]);
  }, wait);
  const id = known ?? outcome?.id;
  if (outcome?.success === true && typeof id === 'string') return id;
  throw new GardeError([
    {
      code: 'PlanRecordRefused',
      subject: ['GardePlan__c', ...(outcome?.errors.flatMap((error) => error.fields) ?? [])].join('.'),
      message: `The org refused the plan’s record (${outcome?.errors.map((error) => error.code).join(', ') ?? ''}).`,
      actions: ['Deploy the package and assign the permission set GardeAdmin: `garde deploy --assign`.'],
    },
  ]);
};

import { parseRecordId, type RecordId } from '../kernel/recordId.ts';
import { GardeError } from '../kernel/result.ts';
import { inChunks, soqlString } from '../kernel/soql.ts';
import type { PlanDecision } from '../model/plan.ts';
import type { ReportProgress } from '../model/progress.ts';
import { subjectReference } from '../model/subjectReference.ts';
import type { Org, OrgRow, WriteOutcome } from '../org/port.ts';

const OBJECT = 'GardeStanding__c';
const KEY = 'SubjectKey__c';
const LONGEST = 2000;
const ROWS_A_CALL = 200;

/** One decision in words, in each language of the package. */
export type Explain = (decision: PlanDecision) => { readonly en: string; readonly fr: string };

export type StandingsInput = {
  readonly planDigest: string;
  /** The day the plan decides for. */
  readonly asOf: string;
  readonly decisions: Iterable<PlanDecision>;
  readonly explain: Explain;
};

export type Standings = {
  readonly written: number;
  /** Rows of people whom this plan no longer considers. */
  readonly removed: number;
};

const rowOf = (decision: PlanDecision, { planDigest, asOf, explain }: StandingsInput): OrgRow => {
  const { en, fr } = explain(decision);
  return {
    ...subjectReference(decision.object, decision.subject),
    Verdict__c: decision.verdict,
    ReasonCode__c: decision.reason.code,
    Explanation__c: en.slice(0, LONGEST),
    ExplanationFr__c: fr.slice(0, LONGEST),
    RuleKey__c: decision.rule,
    UntilDate__c: decision.until,
    DecidedDate__c: asOf,
    PlanDigest__c: planDigest,
  };
};

const refusal = (codes: Iterable<string>): GardeError =>
  new GardeError([
    {
      code: 'StandingsNotPublished',
      subject: OBJECT,
      message: `The org refused to record why people are kept: ${[...new Set(codes)].sort().join(', ')}.`,
      actions: ['Deploy the package and assign the permission set GardeAdmin, or plan without --publish-people.'],
    },
  ]);

function* rowsOf(input: StandingsInput, count: { rows: number }, tell: ReportProgress): Iterable<OrgRow> {
  for (const decision of input.decisions) {
    count.rows += 1;
    if (count.rows % 1000 === 0) tell({ stage: 'retention.publish-people', done: count.rows });
    yield rowOf(decision, input);
  }
}

const refusedCodes = (outcomes: readonly WriteOutcome[]): readonly string[] =>
  outcomes.flatMap((outcome) => outcome.errors.map(({ code }) => code));

/** Rows that earlier plans left: they hold no decision of this one. */
const removeOthers = async (org: Org, planDigest: string): Promise<number> => {
  const ids: RecordId[] = [];
  const soql = `SELECT Id FROM ${OBJECT} WHERE PlanDigest__c != ${soqlString(planDigest)}`;
  for await (const row of org.query(soql)) {
    const id = typeof row['Id'] === 'string' ? parseRecordId(row['Id']) : undefined;
    if (id !== undefined) ids.push(id);
  }
  const refused: string[] = [];
  for (const chunk of inChunks(ids, ROWS_A_CALL)) refused.push(...refusedCodes(await org.delete(chunk)));
  if (refused.length > 0) throw refusal(refused);
  return ids.length;
};

/**
 * Records what a plan decided about each person it considered in `GardeStanding__c`, one row a person, for the panel
 * *why do we still hold this*; rows of earlier plans go. Derived rows only: written again by the next plan. Bulk API 2.0,
 * 2 KB of storage a row. Error: StandingsNotPublished.
 */
export const publishStandings = async (
  org: Org,
  input: StandingsInput,
  tell: ReportProgress = () => undefined,
): Promise<Standings> => {
  const described = await org.describe(OBJECT);
  if (described?.createable !== true) throw refusal(['INSUFFICIENT_ACCESS']);
  const count = { rows: 0 };
  const refused = new Set<string>();
  const outcomes = org.bulkLoad(OBJECT, 'upsert', rowsOf(input, count, tell), { externalIdField: KEY });
  for await (const outcome of outcomes) for (const code of refusedCodes([outcome])) refused.add(code);
  if (refused.size > 0) throw refusal(refused);
  return { written: count.rows, removed: await removeOthers(org, input.planDigest) };
};

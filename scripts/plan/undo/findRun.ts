import { parseRecordId } from '../../kernel/recordId.ts';
import { GardeError } from '../../kernel/result.ts';
import { soqlString } from '../../kernel/soql.ts';
import type { PlanHeader } from '../../model/plan.ts';
import type { Org } from '../../org/port.ts';
import type { Vault } from '../../vault/port.ts';
import { openPlan, openPlanOf, readPlanHeader, type OpenPlan } from '../file/openPlan.ts';
import { knownRuns, type KnownRun } from './earlierRuns.ts';

export type RunToUndo = {
  readonly runKey: string;
  readonly finished: string;
  readonly header: PlanHeader;
  /** Open; the caller closes its store. */
  readonly plan: OpenPlan;
};

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

const notFound = (subject: string): GardeError =>
  refuse(
    'RunNotFound',
    subject,
    'No run of this plan was begun on this machine, or its journal expired.',
    'Undo on the machine that ran the plan, within the undo period.',
  );

/** The key of a run that is named by its record in the org. */
const keyOfRecord = async (org: Org, text: string): Promise<string> => {
  const id = parseRecordId(text);
  if (id === undefined) return text;
  for await (const row of org.query(`SELECT RunKey__c FROM GardeRun__c WHERE Id = ${soqlString(id)}`)) {
    if (typeof row['RunKey__c'] === 'string') return row['RunKey__c'];
  }
  throw notFound(text);
};

const finishedRun = (run: KnownRun): string => {
  if (run.finished !== undefined) return run.finished;
  throw refuse(
    'RunUnfinished',
    run.planDigest.slice(0, 8),
    'A run of this plan was begun and did not end: only what has ended is undone.',
    'Run `garde plan resume`; after the plan’s expiry it ends what was begun and begins nothing new.',
  );
};

const openKnown = (
  run: KnownRun,
  vault: Pick<Vault, 'openStore' | 'deriveKey' | 'holdings'>,
  planPath: string | undefined,
): OpenPlan => {
  if (planPath !== undefined) return openPlan(planPath, vault);
  if (run.header !== undefined) return openPlanOf(run.header, vault);
  throw refuse(
    'RunWithoutPlan',
    run.runKey,
    'The journal of this run does not hold the header of its plan.',
    'Give the plan itself: --plan plan-….json.',
  );
};

/** A run is undone once it is known what it did; an undo is not undone. */
const refuseUndo = ({ terms, digest }: PlanHeader): void => {
  if (terms.kind !== 'undo') return;
  throw refuse(
    'UndoOfUndo',
    digest.slice(0, 8),
    'This run was itself an undo.',
    'Plan again what is to be done: a new plan decides on the org as it is now.',
  );
};

/**
 * The finished run that is to be undone, with its plan opened and verified. Errors: RunNotFound, RunUnfinished,
 * RunWithoutPlan, UndoOfUndo, those of openPlan.
 */
export const findRun = async (
  named: { readonly run?: string; readonly planPath?: string },
  ports: { readonly org: Org; readonly vault: Pick<Vault, 'openStore' | 'deriveKey' | 'holdings' | 'lock'> },
): Promise<RunToUndo> => {
  const { org, vault } = ports;
  const { orgId } = await org.identity();
  const header = named.planPath === undefined ? undefined : readPlanHeader(named.planPath);
  if (header !== undefined && header.terms.orgId !== orgId) {
    throw refuse(
      'PlanForOtherOrg',
      header.digest.slice(0, 8),
      'This plan was made for another org.',
      'Use --target-org with the org it was made for.',
    );
  }
  if (header !== undefined) refuseUndo(header);
  const key = named.run === undefined ? undefined : await keyOfRecord(org, named.run);
  const run = knownRuns(vault, orgId).find(
    (one) => (key === undefined || one.runKey === key) && (header === undefined || one.planDigest === header.digest),
  );
  if (run === undefined) throw notFound(key ?? header?.digest.slice(0, 8) ?? 'run');
  if (run.header !== undefined) refuseUndo(run.header);
  const finished = finishedRun(run);
  const plan = openKnown(run, vault, named.planPath);
  return { runKey: run.runKey, finished, header: plan.header, plan };
};

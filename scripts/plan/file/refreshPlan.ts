import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { GardeError } from '../../kernel/result.ts';
import { soqlString } from '../../kernel/soql.ts';
import type { PlanHeader } from '../../model/plan.ts';
import type { Org } from '../../org/port.ts';
import type { Vault } from '../../vault/port.ts';
import { diffPlans, type PlanDiff } from './diffPlans.ts';
import { findJournal } from '../apply/journal.ts';
import { openPlan } from './openPlan.ts';
import type { NewPlan } from './writePlan.ts';

export type RefreshInput = {
  readonly planPath: string;
  /** Folder for the new plan's readable header. */
  readonly folder: string;
  /** Rows of people shown at most. */
  readonly limit: number;
};

export type RefreshPorts = {
  readonly org: Pick<Org, 'query' | 'update'>;
  readonly vault: Vault;
  /** Plans by these rules into this folder. */
  readonly plan: (only: readonly string[], folder: string) => Promise<NewPlan>;
  /** Shows the new plan to the people of the org, where the old one was shown. */
  readonly publish: (header: PlanHeader) => Promise<unknown>;
};

export type Refresh = {
  readonly diff: PlanDiff;
  /** Writes the new plan and gives up the old one: its sealed steps and copy of the org are removed. */
  keep(): Promise<{ readonly path: string; readonly wasPublished: boolean }>;
  /** Forgets the new plan; the old one stays as it was. */
  discard(): void;
};

const refuse = (header: PlanHeader, code: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject: header.digest.slice(0, 8), message, actions: [action] }]);

/** A plan that a run has begun or ended is evidence, not a draft. */
const assertNotBegun = (vault: Vault, header: PlanHeader): void => {
  const journal = findJournal(vault, header.terms.orgId, header.digest);
  if (journal === undefined) return;
  const isDone = journal.get('finished') !== undefined;
  journal.close();
  throw isDone
    ? refuse(header, 'PlanAlreadyApplied', 'This plan was carried out already.', 'Plan again: `garde retention plan`.')
    : refuse(header, 'RunUnfinished', 'A run of this plan was begun and did not end.', 'Run `garde plan resume`.');
};

/** Opens the old plan to prove it before anything is asked of the org. */
const oldPlan = (planPath: string, vault: Vault): PlanHeader => {
  const { header, store } = openPlan(planPath, vault);
  store.close();
  if (header.terms.kind !== 'retention') {
    throw refuse(
      header,
      'PlanNotRefreshable',
      'Only plans made by retention rules can be made again; what an undo plan brings back is told by its run.',
      'Run `garde plan undo` again.',
    );
  }
  assertNotBegun(vault, header);
  return header;
};

/** The old plan's record in the org, where it was published. Error: PlanRecordRefused. */
const supersede = async (org: RefreshPorts['org'], header: PlanHeader): Promise<boolean> => {
  for await (const row of org.query(`SELECT Id FROM GardePlan__c WHERE PlanDigest__c = ${soqlString(header.digest)}`)) {
    const [outcome] = await org.update('GardePlan__c', [{ Id: row['Id'] ?? null, Status__c: 'superseded' }]);
    if (outcome?.success === true) return true;
    throw refuse(
      header,
      'PlanRecordRefused',
      'The org refused to mark the old plan as superseded.',
      'Deploy the package again and assign the permission set GardeAdmin: `garde deploy --assign`.',
    );
  }
  return false;
};

/**
 * Plans again by the rules of an earlier plan and compares the two. Nothing of the new plan stays unless `keep` is
 * called. Errors: those of openPlan and of planning, PlanNotRefreshable, PlanAlreadyApplied, RunUnfinished.
 */
export const refreshPlan = async (input: RefreshInput, ports: RefreshPorts): Promise<Refresh> => {
  const { vault, org } = ports;
  const old = oldPlan(input.planPath, vault);
  const draft = mkdtempSync(join(tmpdir(), 'garde-refresh-'));
  let fresh: NewPlan | undefined;
  const forget = (header: PlanHeader): void => {
    for (const holding of [header.holding, header.snapshotHolding]) vault.remove(holding);
  };
  const discard = (): void => {
    rmSync(draft, { recursive: true, force: true });
    if (fresh !== undefined) forget(fresh.header);
  };
  try {
    const rules = old.terms.rules.map((rule) => rule.key);
    const made = await ports.plan(rules, draft);
    fresh = made;
    const diff = diffPlans({ beforePath: input.planPath, afterPath: made.path, limit: input.limit }, { vault });
    const keep = async (): ReturnType<Refresh['keep']> => {
      mkdirSync(resolve(input.folder), { recursive: true });
      const path = join(resolve(input.folder), basename(made.path));
      copyFileSync(made.path, path);
      rmSync(draft, { recursive: true, force: true });
      const wasPublished = await supersede(org, old);
      if (wasPublished) await ports.publish(made.header);
      if (old.digest !== made.header.digest) forget(old);
      return { path, wasPublished };
    };
    return { diff, keep, discard };
  } catch (error) {
    discard();
    throw error;
  }
};

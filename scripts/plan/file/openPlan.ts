import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { GardeError, type Problem } from '../../kernel/result.ts';
import { PLAN_VERSION, planHeader, type PlanHeader } from '../../model/plan.ts';
import type { EncryptedStore, Vault } from '../../vault/port.ts';
import { startDigest } from './planDigest.ts';
import { readInto } from './planStore.ts';

const refuse = (code: string, subject: string, message: string, ...actions: string[]): GardeError =>
  new GardeError([{ code, subject, message, actions }]);

const unreadable = (path: string, problems: readonly Problem[]): GardeError =>
  new GardeError(
    problems.length > 0
      ? problems
      : [
          {
            code: 'PlanUnreadable',
            subject: path,
            message: 'This file is not a plan.',
            actions: ['Give the plan-….json that `garde retention plan` wrote.'],
          },
        ],
  );

/** As much of a plan as every version of Garde has written. */
const versioned = z.looseObject({ garde: z.literal('plan'), terms: z.looseObject({ planVersion: z.int() }) });

const fromOtherVersion = (path: string, version: number): GardeError =>
  refuse(
    'PlanFromOtherVersion',
    path,
    `This plan is written in version ${version} of the format; this Garde reads version ${PLAN_VERSION}.`,
    'Plan again with this Garde, or carry the plan out with the one that made it.',
  );

/** The readable header of a plan. Errors: PlanFromOtherVersion, PlanUnreadable with every wrong field. */
export const readPlanHeader = (path: string): PlanHeader => {
  if (!existsSync(path)) throw unreadable(path, []);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw unreadable(path, []);
  }
  const version = versioned.safeParse(content).data?.terms.planVersion;
  if (version !== undefined && version !== PLAN_VERSION) throw fromOtherVersion(path, version);
  const read = planHeader.safeParse(content);
  if (read.success) return read.data;
  throw unreadable(
    path,
    read.error.issues.map((issue) => ({
      code: 'PlanUnreadable',
      subject: `${path}: ${issue.path.join('.')}`,
      message: `The plan’s ${issue.path.join('.') || 'content'} is not as a plan has it: ${issue.message}`,
      actions: ['Plan again: a plan is not edited by hand.'],
    })),
  );
};

const altered = (header: PlanHeader): GardeError =>
  refuse(
    'PlanAltered',
    header.digest.slice(0, 8),
    'Steps or terms of this plan are not those its digest was taken of: somebody changed them.',
    'Plan again; a plan is not edited by hand.',
  );

const isStoreError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && /^(?:SQLITE|Z)_/.test(String(error.code));

/** Compares every step, every decision and the terms with the digest. Error: PlanAltered. */
const verifyDigest = (header: PlanHeader, store: EncryptedStore, planSalt: Uint8Array): void => {
  const digest = startDigest(planSalt);
  let isWhole = false;
  try {
    isWhole = readInto(store, digest);
  } catch (error) {
    // a table is gone, a block is no block, or the engine says that the file itself is damaged
    if (!isStoreError(error)) throw error;
  }
  if (!isWhole || digest.finish(header.terms) !== header.digest) throw altered(header);
};

export type OpenPlan = { readonly header: PlanHeader; readonly store: EncryptedStore };

/**
 * Opens a plan's sealed steps and proves that nothing in it was changed. Errors: PlanUnreadable, PlanAltered,
 * PlanStepsGone, the vault's.
 */
export const openPlan = (path: string, vault: Pick<Vault, 'openStore' | 'deriveKey' | 'holdings'>): OpenPlan =>
  openPlanOf(readPlanHeader(path), vault);

/** The same for a header that was kept elsewhere, as a run's journal does. Errors: PlanAltered, PlanStepsGone, the vault's. */
export const openPlanOf = (
  header: PlanHeader,
  vault: Pick<Vault, 'openStore' | 'deriveKey' | 'holdings'>,
): OpenPlan => {
  const { orgId } = header.terms;
  const holding = vault.holdings(orgId).find((one) => one.id === header.holding);
  if (holding?.kind !== 'plan-steps') {
    throw refuse(
      'PlanStepsGone',
      header.digest.slice(0, 8),
      'The sealed steps of this plan are not on this machine: they expired, or the plan was made elsewhere.',
      'Run the command on the machine that planned, or plan again.',
    );
  }
  const store = vault.openStore(holding.id);
  try {
    verifyDigest(header, store, vault.deriveKey(orgId, 'plan-salt'));
  } catch (error) {
    store.close();
    throw error;
  }
  return { header, store };
};

export type PlanUse = {
  readonly orgId: string;
  readonly userId: string;
  readonly now: string;
  readonly toolVersion: string;
  readonly charterDigest: string;
  readonly packs: Readonly<Record<string, string>>;
  readonly ruleSets: Readonly<Record<string, string>>;
};

const versionsDiffer = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].some((key) => a[key] !== b[key]);

/** What a plan is bound to, against how things stand now: every difference at once, each with its remedy. */
export const planProblems = ({ terms, digest }: PlanHeader, use: PlanUse): readonly Problem[] => {
  const subject = digest.slice(0, 8);
  const again = 'Plan again from the org as it is now.';
  const checks: readonly (readonly [boolean, string, string, string])[] = [
    [
      terms.orgId !== use.orgId,
      'PlanForOtherOrg',
      'This plan was made for another org.',
      'Use --target-org with the org it was made for.',
    ],
    [
      terms.userId !== use.userId,
      'PlanForOtherUser',
      'This plan was made by another user, who may see other records.',
      'Log in as the user who planned, or plan again.',
    ],
    [
      terms.expiresAt <= use.now,
      'PlanExpired',
      'This plan is past its expiry: the org may have changed too much.',
      again,
    ],
    [terms.toolVersion !== use.toolVersion, 'PlanByOtherVersion', 'Another version of Garde made this plan.', again],
    [
      terms.charterDigest !== use.charterDigest,
      'PlanByOtherCharter',
      'The charter changed since this plan was made.',
      again,
    ],
    [
      versionsDiffer(terms.packs, use.packs) || versionsDiffer(terms.ruleSets, use.ruleSets),
      'PlanByOtherRules',
      'Packs or rule sets changed since this plan was made.',
      again,
    ],
  ];
  return checks.flatMap(([applies, code, message, action]) =>
    applies ? [{ code, subject, message, actions: [action] }] : [],
  );
};

/** Throws all `planProblems` as one error. */
export const assertPlanFits = (header: PlanHeader, use: PlanUse): void => {
  const problems = planProblems(header, use);
  if (problems.length > 0) throw new GardeError(problems);
};

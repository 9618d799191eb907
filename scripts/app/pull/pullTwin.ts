import type { Connection } from '@salesforce/core';
import { GardeError } from '../../kernel/result.ts';
import type { ReportProgress } from '../../model/progress.ts';
import { createSchemaSource } from '../../org/wholeDescribes.ts';
import { openPlan } from '../../plan/file/openPlan.ts';
import { readSteps } from '../../plan/file/planStore.ts';
import { estimatePull } from '../../pull/estimate.ts';
import type { PullEstimate } from '../../pull/estimate.ts';
import { pullOrg } from '../../pull/pullOrg.ts';
import type { PullResult } from '../../pull/pullOrg.ts';
import type { Selection } from '../../pull/wantedRows.ts';
import type { Vault } from '../../vault/port.ts';
import type { Ports } from '../ports.ts';
import { runningTwin } from '../twinControl.ts';
import { startPulled } from './startPulled.ts';
import type { StartedPulled } from './startPulled.ts';

export type PullOrder = {
  readonly planPath?: string;
  readonly objects?: readonly string[];
  /** A SOQL condition on the rows of `objects`. */
  readonly where?: string;
  readonly all: boolean;
  readonly reason?: string;
  /** Days the vault keeps what was pulled; 0 = in memory only. */
  readonly keepDays: number;
  readonly port: number;
  readonly attached: boolean;
  readonly dataDir: string;
};

export type PulledResult = { readonly pull: PullResult; readonly twin: StartedPulled };

const DAY = 86_400_000;

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

/** Records of the plan's steps, read from its sealed store each time they are asked for. */
const recordsOf = (planPath: string, vault: Vault): Iterable<{ readonly object: string; readonly id: string }> => ({
  *[Symbol.iterator]() {
    const { store } = openPlan(planPath, vault);
    try {
      for (const { step } of readSteps(store)) yield { object: step.object, id: step.recordId };
    } finally {
      store.close();
    }
  },
});

/** SOQL conditions stay inside their parentheses: a text that closes them would say something else than it shows. */
const checkWhere = (where: string): string => {
  const bare = where.replace(/'(?:\\.|[^'\\])*'/gs, '');
  let depth = 0;
  for (const character of bare) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth < 0 || character === "'") break;
  }
  if (depth === 0 && where.trim() !== '' && !bare.includes("'")) return where;
  throw refuse(
    'PullConditionUnreadable',
    '--where',
    'The condition has a quote or a parenthesis too many or too few.',
    'Give a condition as it stands behind WHERE in SOQL.',
  );
};

const selectionOf = (order: PullOrder, vault: Vault): Selection => {
  if (order.all) {
    if ((order.reason ?? '').trim() !== '') return { kind: 'all' };
    throw refuse(
      'PullReasonMissing',
      '--reason',
      'Everything is pulled only for a reason that somebody can be held to.',
      'Say why with --reason, or pull what a plan needs with --plan.',
    );
  }
  if (order.planPath !== undefined) return { kind: 'records', records: recordsOf(order.planPath, vault) };
  if (order.objects === undefined) return { kind: 'nothing' };
  const where = order.where === undefined ? {} : { where: checkWhere(order.where) };
  return { kind: 'objects', objects: order.objects, ...where };
};

/** `garde twin pull --dry-run`: what would be read and what it costs; nothing is read but names and counts. */
export const estimateTwinPull = (order: PullOrder, ports: Ports): Promise<PullEstimate> =>
  estimatePull(ports.org, selectionOf(order, ports.vault));

/**
 * `garde twin pull`: the org's describes, metadata and chosen rows into a twin in a process of its own. Errors: those of
 * the pull, TwinAlreadyRunning, PulledTwinNotStarted.
 */
export const pullTwin = async (
  order: PullOrder,
  ports: Ports & { readonly connection: Connection },
  tell: ReportProgress,
): Promise<PulledResult> => {
  if ((await runningTwin(order.dataDir)) !== undefined)
    throw refuse(
      'TwinAlreadyRunning',
      'twin',
      'A twin is running already, and only one can.',
      'Stop it with `sf garde twin stop`, then pull again.',
    );
  const selection = selectionOf(order, ports.vault);
  const days = Math.max(1, order.keepDays);
  const expiresAt = new Date(Date.parse(ports.clock.now()) + days * DAY).toISOString();
  const schema = createSchemaSource(ports.connection);
  const why = order.reason === undefined ? {} : { reason: order.reason };
  const pull = await pullOrg({ selection, expiresAt, ...why }, { ...ports, schema }, tell);
  tell({ stage: 'pull.load' });
  const { dataDir, port, attached } = order;
  try {
    const twin = await startPulled({
      ...{ dataDir, port, attached },
      holdingId: pull.holdingId,
      keep: order.keepDays > 0,
    });
    return { pull, twin };
  } catch (error) {
    if (order.keepDays === 0) ports.vault.remove(pull.holdingId);
    throw error;
  }
};

/** A twin from what an earlier pull left in the vault: the org is not asked. */
export const startFromHolding = async (
  order: Pick<PullOrder, 'dataDir' | 'port' | 'attached'>,
  holdingId: string,
): Promise<StartedPulled> => startPulled({ ...order, holdingId, keep: true });

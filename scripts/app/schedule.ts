import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Connection } from '@salesforce/core';
import { parse } from 'yaml';
import { z } from 'zod';
import { GardeError } from '../kernel/result.ts';
import type { ReportProgress } from '../model/progress.ts';
import { parseRunWindow } from '../plan/apply/runWindow.ts';
import { nextAct, NO_STATE, plannedOn, type Act, type ScheduleState } from '../schedule/nextAct.ts';
import { hostedRunners, printSchedule, type ScheduleOrder } from '../schedule/printSchedule.ts';
import { WEEKDAYS, type ScheduleFile, type Timetable, type Weekday } from '../schedule/schedule.ts';
import { readProductText } from './configFiles.ts';
import { loadLaw } from './loadLaw.ts';
import { runApply, runRehearsal, runRetentionPlan } from './planning.ts';
import type { Ports } from './ports.ts';

const state = z.strictObject({
  plan: z.string().nullable(),
  phase: z.enum(['none', 'planned', 'rehearsed', 'begun', 'ended']),
  expiresAt: z.string().nullable(),
  plannedOn: z.string().nullable(),
});

const unreadable = (path: string): GardeError =>
  new GardeError([
    {
      code: 'ScheduleStateUnreadable',
      subject: path,
      message: 'What the schedule remembers cannot be read.',
      actions: ['Look at the plans beside it, then remove this file: the next planning day makes a new plan.'],
    },
  ]);

const readState = async (path: string): Promise<ScheduleState> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NO_STATE;
    throw error;
  }
  try {
    return state.parse(JSON.parse(text));
  } catch {
    throw unreadable(path);
  }
};

const writeState = async (path: string, next: ScheduleState): Promise<void> => {
  await writeFile(`${path}.new`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
};

export type ScheduledOrder = {
  readonly charterPath: string;
  readonly plansDir: string;
  /** Hours in which the org is worked on: `22:00-05:00`; any hour when left out. */
  readonly windowText?: string;
  /** Days on which a new plan is made; any day when left out. */
  readonly planOn?: readonly Weekday[];
  readonly orgName?: string;
  readonly language: 'en' | 'fr';
};

export type ScheduledResult = {
  readonly act: Act;
  /** How it ended: a state of the run, or `waiting` for an approval, or the code of what a person must settle. */
  readonly outcome: string;
  readonly planPath: string | null;
  /** 0 done or nothing to do, 68 partly done, 69 goes on later, 1 stopped. */
  readonly exitCode: number;
};

type Done = { readonly state: ScheduleState; readonly outcome: string; readonly exitCode: number };

const EXIT_CODES: Readonly<Record<string, number>> = { done: 0, 'partly-done': 68, paused: 69 };

/** What the run's own refusals mean to a schedule; every other problem is an error that somebody must see. */
const WAITS = new Set(['ApprovalMissing']);
const ENDS = new Set(['PlanAlreadyApplied', 'PlanRefused', 'PlanExpired']);
const LATER = new Set(['RunLocked', 'RunInUse']);

type Work = {
  readonly order: ScheduledOrder;
  readonly timetable: Timetable;
  readonly ports: Ports & { readonly connection: Connection };
  readonly tell: ReportProgress;
  readonly now: string;
};

const plan = async ({ order, timetable, ports, tell, now }: Work): Promise<Done> => {
  const { charterPath, plansDir } = order;
  const planned = await runRetentionPlan(
    { charterPath, only: [], outputDir: plansDir, publish: true, publishPeople: false },
    ports,
    tell,
  );
  const { expiresAt, steps } = planned.header.terms;
  const phase = steps > 0 ? 'planned' : 'ended';
  return {
    state: { plan: planned.path, phase, expiresAt, plannedOn: plannedOn(timetable, now) },
    outcome: phase === 'planned' ? 'planned' : 'nothing-due',
    exitCode: 0,
  };
};

const rehearse = async ({ order, ports, tell }: Work, before: ScheduleState): Promise<Done> => {
  const { charterPath } = order;
  const rehearsal = await runRehearsal({ charterPath, planPath: before.plan ?? '' }, ports, tell);
  const isOpen = rehearsal.state.open.length > 0;
  return {
    state: { ...before, phase: 'rehearsed' },
    outcome: isOpen ? 'RehearsalDiffers' : 'waiting',
    exitCode: isOpen ? 1 : 0,
  };
};

const carryOut = async (verb: 'apply' | 'resume', work: Work, before: ScheduleState): Promise<Done> => {
  const { charterPath, language, plansDir, orgName, windowText } = work.order;
  try {
    const applied = await runApply(
      verb,
      {
        ...{ charterPath, language, planPath: before.plan ?? '', budgetShare: 0.2, upTo: 'rest', outputDir: plansDir },
        ...(windowText === undefined ? {} : { window: windowText }),
        ...(orgName === undefined ? {} : { orgName }),
      },
      work.ports,
      work.tell,
    );
    const { state: ended } = applied.summary;
    return {
      state: { ...before, phase: ended === 'paused' ? 'begun' : 'ended' },
      outcome: ended,
      exitCode: EXIT_CODES[ended] ?? 1,
    };
  } catch (error) {
    return refusedRun(error, before);
  }
};

const refusedRun = (error: unknown, before: ScheduleState): Done => {
  if (!(error instanceof GardeError)) throw error;
  const { name } = error;
  if (WAITS.has(name)) return { state: before, outcome: 'waiting', exitCode: 0 };
  if (LATER.has(name)) return { state: before, outcome: name, exitCode: 69 };
  if (name === 'RunUnfinished') return { state: { ...before, phase: 'begun' }, outcome: 'paused', exitCode: 69 };
  if (ENDS.has(name)) return { state: { ...before, phase: 'ended' }, outcome: name, exitCode: 0 };
  throw error;
};

const carryOn = async (act: Act, work: Work, before: ScheduleState): Promise<Done> => {
  if (act === 'plan') return plan(work);
  if (act === 'rehearse') return rehearse(work, before);
  if (act === 'apply' || act === 'resume') return carryOut(act, work, before);
  return { state: before, outcome: act, exitCode: 0 };
};

/** After planning the rehearsal follows at once: the approver then has both in the morning. */
const followUp = (act: Act, { state: after }: Done): Act | undefined =>
  act === 'plan' && after.phase === 'planned' ? 'rehearse' : undefined;

const timetableOf = ({ windowText, planOn }: ScheduledOrder, timeZone: string): Timetable => ({
  window: windowText === undefined ? undefined : parseRunWindow(windowText),
  timeZone,
  planOn: planOn ?? WEEKDAYS,
});

/**
 * `garde retention run`: what is due now of plan, rehearse, apply and resume; outside the window nothing, not even a call
 * to the org. Nothing is begun without the approvals that the charter asks for.
 */
export const runScheduled = async (
  order: ScheduledOrder,
  openPorts: () => Promise<Ports & { readonly connection: Connection }>,
  clock: Ports['clock'],
  tell: ReportProgress,
): Promise<ScheduledResult> => {
  const { charter } = await loadLaw({ charterPath: order.charterPath, starterAllowed: false });
  const timetable = timetableOf(order, charter.controller.timeZone);
  await mkdir(order.plansDir, { recursive: true, mode: 0o700 });
  const path = join(resolve(order.plansDir), 'schedule.json');
  const before = await readState(path);
  const now = clock.now();
  const act = nextAct(before, timetable, now);
  if (act === 'outside-window' || act === 'nothing-to-do') {
    return { act, outcome: act, planPath: before.plan, exitCode: 0 };
  }
  const work: Work = { order, timetable, now, tell, ports: await openPorts() };
  let done = await carryOn(act, work, before);
  await writeState(path, done.state);
  const next = followUp(act, done);
  if (next !== undefined) {
    done = await carryOn(next, work, done.state);
    await writeState(path, done.state);
  }
  return { act, outcome: done.outcome, planPath: done.state.plan, exitCode: done.exitCode };
};

export type PrintOrder = Omit<ScheduleOrder, 'timeZone' | 'window'>;

/** `garde schedule print`: definitions for a scheduler, with the charter's time zone. Nothing is installed. */
export const runSchedulePrint = async (order: PrintOrder): Promise<readonly ScheduleFile[]> => {
  const { charter } = await loadLaw({ charterPath: order.charterPath, starterAllowed: false });
  const { text } = await readProductText('config/schedule/hosted-runners.yml');
  const window = parseRunWindow(order.windowText);
  const full = { ...order, window, timeZone: charter.controller.timeZone };
  return printSchedule(full, hostedRunners.parse(parse(text)));
};

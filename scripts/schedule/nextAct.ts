import { localDateOf } from '../kernel/legalPeriod.ts';
import { isInWindow } from '../plan/apply/runWindow.ts';
import { WEEKDAYS, type Timetable, type Weekday } from './schedule.ts';

/** What a schedule remembers between two starts; paths and phases only. */
export type ScheduleState = {
  /** Where the plan under way lies; null when there is none. */
  readonly plan: string | null;
  readonly phase: 'none' | 'planned' | 'rehearsed' | 'begun' | 'ended';
  /** ISO instant until which the plan may be begun. */
  readonly expiresAt: string | null;
  /** Local date of the last planning. */
  readonly plannedOn: string | null;
};

export const NO_STATE: ScheduleState = { plan: null, phase: 'none', expiresAt: null, plannedOn: null };

/** What is to be done at this start. `apply` waits for approvals by itself: without them nothing is begun. */
export type Act = 'outside-window' | 'nothing-to-do' | 'plan' | 'rehearse' | 'apply' | 'resume';

const weekdayOf = (instant: string, timeZone: string): Weekday => {
  const name = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short' }).format(new Date(instant)).toLowerCase();
  return WEEKDAYS.find((day) => day === name) ?? 'mon';
};

/** The night belongs to the day on which its window opened; without a window, the day is the calendar's. */
const planningDay = (
  { window, timeZone }: Timetable,
  now: string,
): { readonly date: string; readonly day: Weekday } => {
  const isOvernight = window !== undefined && window.from > window.to;
  const opened = isOvernight ? new Date(Date.parse(now) - window.to * 60_000).toISOString() : now;
  const date = localDateOf(opened, timeZone);
  return { date, day: weekdayOf(opened, timeZone) };
};

/** Pure: state, timetable and instant decide. A run that was begun is ended even when its plan expired. */
export const nextAct = (state: ScheduleState, timetable: Timetable, now: string): Act => {
  const { window, timeZone } = timetable;
  if (window !== undefined && !isInWindow(window, now, timeZone)) return 'outside-window';
  if (state.phase === 'begun') return 'resume';
  const isLive = state.expiresAt !== null && Date.parse(state.expiresAt) > Date.parse(now);
  if (state.phase === 'planned' && isLive) return 'rehearse';
  if (state.phase === 'rehearsed' && isLive) return 'apply';
  const { date, day } = planningDay(timetable, now);
  return timetable.planOn.includes(day) && state.plannedOn !== date ? 'plan' : 'nothing-to-do';
};

/** Local date under which a planning at this instant is remembered. */
export const plannedOn = (timetable: Timetable, now: string): string => planningDay(timetable, now).date;

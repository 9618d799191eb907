import { describe, expect, it } from '@jest/globals';
import { parseRunWindow } from '../../scripts/plan/apply/runWindow.ts';
import { nextAct, NO_STATE, plannedOn, type ScheduleState } from '../../scripts/schedule/nextAct.ts';
import type { Timetable } from '../../scripts/schedule/schedule.ts';

const nights: Timetable = { window: parseRunWindow('22:00-05:00'), timeZone: 'Europe/Paris', planOn: ['mon'] };
/** 2026-11-23 is a Monday; Paris is one hour ahead of UTC. */
const MONDAY_NIGHT = '2026-11-23T22:15:00.000Z';
const TUESDAY_EARLY = '2026-11-24T01:15:00.000Z';
const TUESDAY_NIGHT = '2026-11-24T22:15:00.000Z';
const planned = (over: Partial<ScheduleState> = {}): ScheduleState => ({
  ...{ plan: 'plan.json', phase: 'planned', expiresAt: '2026-11-30T00:00:00.000Z', plannedOn: '2026-11-23' },
  ...over,
});

describe('what a schedule does next', () => {
  it('is nothing outside the window, whatever waits', () => {
    for (const state of [NO_STATE, planned(), planned({ phase: 'begun' })]) {
      expect(nextAct(state, nights, '2026-11-23T12:00:00.000Z')).toBe('outside-window');
    }
  });

  it('is a plan on the planning day, once; the night belongs to the day it began on', () => {
    expect(nextAct(NO_STATE, nights, MONDAY_NIGHT)).toBe('plan');
    expect(nextAct(NO_STATE, nights, TUESDAY_EARLY)).toBe('plan');
    expect(nextAct(NO_STATE, nights, TUESDAY_NIGHT)).toBe('nothing-to-do');
    expect(plannedOn(nights, TUESDAY_EARLY)).toBe('2026-11-23');
    const ended = planned({ phase: 'ended' });
    expect(nextAct(ended, nights, TUESDAY_EARLY)).toBe('nothing-to-do');
    expect(nextAct({ ...ended, plannedOn: '2026-11-16' }, nights, TUESDAY_EARLY)).toBe('plan');
  });

  it('is the rehearsal, then the plan itself, while it has not expired', () => {
    expect(nextAct(planned(), nights, TUESDAY_NIGHT)).toBe('rehearse');
    expect(nextAct(planned({ phase: 'rehearsed' }), nights, TUESDAY_NIGHT)).toBe('apply');
    expect(nextAct(planned({ phase: 'rehearsed' }), nights, '2026-12-01T22:15:00.000Z')).toBe('nothing-to-do');
    expect(nextAct(planned({ phase: 'rehearsed' }), nights, '2026-11-30T22:15:00.000Z')).toBe('plan');
  });

  it('is to end what was begun, even when the plan expired meanwhile', () => {
    expect(nextAct(planned({ phase: 'begun' }), nights, '2026-12-08T22:15:00.000Z')).toBe('resume');
  });

  it('is a plan at any hour, once a day of the calendar, where no window is named', () => {
    const always = { ...nights, window: undefined };
    expect(nextAct(NO_STATE, always, '2026-11-23T12:00:00.000Z')).toBe('plan');
    expect(plannedOn(always, '2026-11-22T23:30:00.000Z')).toBe('2026-11-23');
    expect(nextAct(planned({ phase: 'ended' }), always, MONDAY_NIGHT)).toBe('nothing-to-do');
  });

  it('keeps to the zone’s own summer time', () => {
    const before = { ...nights, window: parseRunWindow('22:00-23:00') };
    expect(nextAct(NO_STATE, before, '2026-07-06T20:15:00.000Z')).toBe('plan');
    expect(nextAct(NO_STATE, before, '2026-07-06T21:15:00.000Z')).toBe('outside-window');
  });
});

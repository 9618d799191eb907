import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPace } from '../../scripts/plan/apply/runPace.ts';
import { isInWindow, parseRunWindow } from '../../scripts/plan/apply/runWindow.ts';

const PARIS = 'Europe/Paris';

describe('a run window', () => {
  it('opens and closes in the controller’s time zone, over midnight too', () => {
    const night = parseRunWindow('22:00-06:00');
    // Paris is at UTC+1 in November
    expect(isInWindow(night, '2026-11-20T20:59:00Z', PARIS)).toBe(false);
    expect(isInWindow(night, '2026-11-20T21:00:00Z', PARIS)).toBe(true);
    expect(isInWindow(night, '2026-11-21T04:59:00Z', PARIS)).toBe(true);
    expect(isInWindow(night, '2026-11-21T05:00:00Z', PARIS)).toBe(false);
  });

  it('keeps its hours when the clocks change', () => {
    const night = parseRunWindow('22:00-06:00');
    expect(isInWindow(night, '2026-07-20T20:00:00Z', PARIS)).toBe(true);
    expect(isInWindow(night, '2026-07-20T19:59:00Z', PARIS)).toBe(false);
  });

  it('and the window of the other hours share no minute and leave none out', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(minute, minute, minute, (from, to, at) => {
        fc.pre(from !== to);
        const instant = new Date(Date.UTC(2026, 0, 5, 0, at)).toISOString();
        expect(isInWindow({ from, to }, instant, 'UTC')).not.toBe(isInWindow({ from: to, to: from }, instant, 'UTC'));
      }),
    );
  });

  it.each(['', '22-6', '24:00-06:00', '22:00-22:00', '22:60-23:00'])('%p is refused', (text) => {
    expect(() => parseRunWindow(text)).toThrow(expect.objectContaining({ name: 'RunWindowUnreadable' }));
  });
});

describe('progress', () => {
  it('tells how long the rest takes by the speed so far', () => {
    let now = Date.parse('2026-11-20T09:00:00Z');
    const pace = createPace(1000, 100, () => new Date(now).toISOString());
    expect(pace.after(0)).toEqual({ done: 100, total: 1000 });
    now += 60_000;
    expect(pace.after(300)).toEqual({ done: 400, total: 1000, secondsLeft: 120 });
    now += 60_000;
    expect(pace.after(600)).toEqual({ done: 1000, total: 1000, secondsLeft: 0 });
  });
});

import { GardeError } from '../../kernel/result.ts';

/** Hours in which a run may begin something, in minutes of the day; an end before the start is of the next day. */
export type RunWindow = { readonly from: number; readonly to: number };

const WINDOW = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;

/** Reads `22:00-06:00`. Error: RunWindowUnreadable. */
export const parseRunWindow = (text: string): RunWindow => {
  const [, fromHour, fromMinute, toHour, toMinute] = WINDOW.exec(text) ?? [];
  const minutes = (hour?: string, minute?: string): number => Number(hour) * 60 + Number(minute);
  const window = { from: minutes(fromHour, fromMinute), to: minutes(toHour, toMinute) };
  if (Number.isFinite(window.from) && Number.isFinite(window.to) && window.from !== window.to) return window;
  throw new GardeError([
    {
      code: 'RunWindowUnreadable',
      subject: text.slice(0, 40),
      message: 'This is no window of the day.',
      actions: ['Give begin and end in the controller’s time zone: 22:00-06:00.'],
    },
  ]);
};

/** Minute of the day of an instant in a time zone; daylight saving is the zone's own. */
const minuteOfDay = (instant: string, timeZone: string): number => {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const parts = format.formatToParts(new Date(instant));
  const part = (type: 'hour' | 'minute'): number => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return part('hour') * 60 + part('minute');
};

/** Whether the window is open at an instant: its first minute belongs to it, its last does not. */
export const isInWindow = ({ from, to }: RunWindow, instant: string, timeZone: string): boolean => {
  const at = minuteOfDay(instant, timeZone);
  return from < to ? at >= from && at < to : at >= from || at < to;
};

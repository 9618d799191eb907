import type { Plan } from '../plan.ts';
import { ownerSlots } from '../values/fillOwners.ts';

/** Columns that blocks fill: how many rows have the same mailbox, the same number. */
export const USES_SLOTS = ['email:uses', 'phone:uses'] as const;

/** Which kinds of lines a row has (compare/phoneKinds.ts). */
export const PHONE_KINDS_SLOT = 'phone:kinds';

/** What reading needs and no comparison looks at. */
const PASSING = new Set(['full', 'country']);

/** What nearly every pair is asked for: with the marks it fits into one line of the processor's cache for the usual table. */
const FIRST = [
  'birthDate',
  'given',
  'family',
  'organisation',
  'sex',
  'email',
  'email:user',
  'email:letters',
  'email:head',
  'phone',
  'phone:high',
  'postcode',
  'postcode:area',
  'city',
  'street',
];

/** `email0:user` → `email:user` */
const rank = (slot: string): number => {
  const at = FIRST.indexOf(slot.replace(/\d(?=:|$)/, ''));
  return at < 0 ? FIRST.length : at;
};

/** Where the columns of a run lie in a row's record; `marks` is a number of the record's own (scan/facts.ts). */
export type RecordLayout = {
  readonly stride: number;
  readonly marks: number;
  readonly columns: readonly string[];
  /** Position by column; -1 for one that the run has not. */
  slot(name: string): number;
  /** Positions of all values that a row may have of a field. */
  slots(field: string, suffix?: string): Int32Array;
};

/** Numbers in a line of the processor's cache. */
const LINE = 16;

/** One record a row: all that comparisons look at of it side by side, since the rows of a pair lie anywhere. */
export const recordLayout = (plan: Plan): RecordLayout => {
  const phones = (plan.width['phone'] ?? 0) > 0 ? [PHONE_KINDS_SLOT] : [];
  const uses = USES_SLOTS.filter((slot) => (plan.width[slot.split(':')[0] ?? ''] ?? 0) > 0);
  const all = [...plan.slots.filter((slot) => !PASSING.has(slot)), ...ownerSlots(plan), ...uses, ...phones];
  const columns = all.map((slot, i) => ({ slot, i })).sort((a, b) => rank(a.slot) - rank(b.slot) || a.i - b.i);
  const positions = new Map(columns.map(({ slot }, i) => [slot, i + 1]));
  const slot = (name: string): number => positions.get(name) ?? -1;
  const slots = (field: string, suffix = ''): Int32Array => {
    const width = plan.width[field] ?? 0;
    const found = Array.from(
      { length: width },
      (_, i) => positions.get(`${field}${i}${suffix}`) ?? slot(field + suffix),
    );
    return Int32Array.from(found.filter((at) => at >= 0));
  };
  const stride = Math.ceil((columns.length + 1) / LINE) * LINE;
  return { stride, marks: 0, columns: columns.map((one) => one.slot), slot, slots };
};

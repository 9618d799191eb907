import { EvaluationError } from '../errors.ts';
import {
  addMonths,
  checkedInstant,
  dateOf,
  dayOfYear,
  isoWeek,
  parseDate,
  parseDateTime,
  parseTime,
  timeOfDay,
} from '../dates.ts';
import { Decimal, integerOf } from '../numbers.ts';
import { dayIn } from '../../soql/zone.ts';
import type { FormulaType, Value } from '../types.ts';
import { instantOf, numberOf, textOf } from '../values.ts';
import type { FunctionSpecification, FunctionTable, Parameter } from './specification.ts';

/** Source of all: https://help.salesforce.com/s/articleView?id=platform.customize_functions.htm (Date and Time Functions). */

const count = (value: number): Decimal => new Decimal(value);

const part = (parameter: Parameter, read: (instant: number) => number): FunctionSpecification => ({
  parameters: [parameter],
  result: 'Number',
  run: ([value]) => count(read(instantOf(value))),
});

const ofDate = (read: (date: Date) => number): FunctionSpecification =>
  part('Date', (instant) => read(new Date(instant)));

const dayLike = ['Date', 'DateTime'] as const;

const dateValue: FunctionSpecification = {
  parameters: [['DateTime', 'Text', 'Date']],
  result: 'Date',
  run: ([value], { environment }, [type]) => {
    if (type === 'Text') return value === '' ? null : parseDate(textOf(value));
    if (type === 'Date') return instantOf(value);
    return parseDate(dayIn(checkedInstant(instantOf(value)), environment.zone));
  },
};

const dateTimeValue: FunctionSpecification = {
  parameters: [['DateTime', 'Text', 'Date']],
  result: 'DateTime',
  run: ([value], _frame, [type]) => {
    if (type !== 'Text') return instantOf(value);
    return value === '' ? null : parseDateTime(textOf(value));
  },
};

const timeValue: FunctionSpecification = {
  parameters: [['Text', 'DateTime', 'Time']],
  result: 'Time',
  run: ([value], _frame, [type]) => {
    if (type === 'Time') return instantOf(value);
    if (type === 'DateTime') return timeOfDay(instantOf(value));
    return value === '' ? null : parseTime(textOf(value));
  },
};

const two = (value: number): string => String(value).padStart(2, '0');

/** `[days:]HH:MM:SS` of whole seconds. */
const durationText = (seconds: number, withDays: boolean): string => {
  const days = withDays ? Math.floor(seconds / 86_400) : 0;
  const rest = seconds - days * 86_400;
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(two).join(':');
  return withDays ? `${days}:${clock}` : clock;
};

const duration = (args: readonly Value[], types: readonly FormulaType[]): Value => {
  const [first, second] = args;
  if (types[0] === 'Number') {
    const seconds = numberOf(first).abs().trunc();
    if (seconds.greaterThan(Number.MAX_SAFE_INTEGER)) throw new EvaluationError('#Too Big!');
    return durationText(seconds.toNumber(), second === true);
  }
  const seconds = Math.floor(Math.abs(instantOf(first) - instantOf(second)) / 1000);
  return durationText(seconds, types[0] === 'DateTime');
};

/** Seconds, with days or without; or two times, or two date-times. */
const durationOf: FunctionSpecification['parametersOf'] = ([first]) =>
  first === 'Time' || first === 'DateTime'
    ? { parameters: [first, first] }
    : { parameters: [['Number', 'Time', 'DateTime'], 'Boolean'], optional: 1 };

const unixTimestamp: FunctionSpecification = {
  parameters: [['Date', 'DateTime', 'Time']],
  result: 'Number',
  run: ([value]) => count(Math.floor(instantOf(value) / 1000)),
};

export const dateTimeFunctions: FunctionTable = {
  DATE: {
    parameters: ['Number', 'Number', 'Number'],
    result: 'Date',
    run: (args) => {
      const [year, month, day] = args.map((value) => integerOf(numberOf(value)));
      return dateOf(year ?? 0, month ?? 0, day ?? 0);
    },
  },
  DATEVALUE: dateValue,
  DATETIMEVALUE: dateTimeValue,
  TIMEVALUE: timeValue,
  YEAR: ofDate((date) => date.getUTCFullYear()),
  MONTH: ofDate((date) => date.getUTCMonth() + 1),
  DAY: ofDate((date) => date.getUTCDate()),
  WEEKDAY: part(dayLike, (instant) => new Date(instant).getUTCDay() + 1),
  DAYOFYEAR: part(dayLike, dayOfYear),
  ISOWEEK: part(dayLike, (instant) => isoWeek(instant).week),
  ISOYEAR: part(dayLike, (instant) => isoWeek(instant).year),
  HOUR: part('Time', (time) => Math.floor(time / 3_600_000)),
  MINUTE: part('Time', (time) => Math.floor(time / 60_000) % 60),
  SECOND: part('Time', (time) => Math.floor(time / 1000) % 60),
  MILLISECOND: part('Time', (time) => time % 1000),
  ADDMONTHS: {
    parameters: [dayLike, 'Number'],
    result: ([type]) => type ?? 'Date',
    run: ([value, months]) => addMonths(instantOf(value), integerOf(numberOf(months))),
  },
  NOW: { parameters: [], result: 'DateTime', run: (_args, { environment }) => secondsOnly(environment.now) },
  TODAY: {
    parameters: [],
    result: 'Date',
    run: (_args, { environment }) => parseDate(dayIn(environment.now, environment.zone)),
  },
  TIMENOW: { parameters: [], result: 'Time', run: (_args, { environment }) => timeOfDay(environment.now) },
  UNIXTIMESTAMP: unixTimestamp,
  FROMUNIXTIME: {
    parameters: ['Number'],
    result: 'DateTime',
    run: ([seconds]) => checkedInstant(numberOf(seconds).times(1000).trunc().toNumber()),
  },
  FORMATDURATION: {
    parameters: [],
    parametersOf: durationOf,
    result: 'Text',
    run: (args, _frame, types) => duration(args, types),
  },
};

const secondsOnly = (instant: number): number => Math.floor(instant / 1000) * 1000;

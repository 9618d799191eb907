import { Decimal as Base } from 'decimal.js';
import { EvaluationError } from '../errors.ts';
import { checked, Decimal, fromDouble, roundTo, wholeNumbers, zero } from '../numbers.ts';
import type { Value } from '../types.ts';
import { locationOf, numberOf, textOf } from '../values.ts';
import type { FunctionSpecification, FunctionTable } from './specification.ts';

/** Source of all: https://help.salesforce.com/s/articleView?id=platform.customize_functions.htm (Math Functions). */

const unary = (compute: (value: Decimal) => Decimal): FunctionSpecification => ({
  parameters: ['Number'],
  result: 'Number',
  run: ([value]) => compute(numberOf(value)),
});

/** Computed in double precision, as the platform does. */
const double = (compute: (value: number) => number): FunctionSpecification =>
  unary((value) => fromDouble(compute(value.toNumber())));

const rounding = (mode: Base.Rounding, optional: number): FunctionSpecification => ({
  parameters: ['Number', 'Number'],
  optional,
  result: 'Number',
  run: ([value, digits]) => roundTo(numberOf(value), digits === undefined ? zero : numberOf(digits), mode),
});

/** ROUND(23, 5): to the nearest multiple. */
const multiples: FunctionSpecification = {
  parameters: ['Number', 'Number'],
  result: 'Number',
  run: ([value, factor]) => {
    const step = numberOf(factor);
    if (step.isZero()) return zero;
    return checked(numberOf(value).dividedBy(step).toDecimalPlaces(0).times(step));
  },
};

const extreme = (pick: (one: Decimal, other: Decimal) => boolean): FunctionSpecification => ({
  parameters: ['Number'],
  repeats: true,
  result: 'Number',
  run: (args) => args.map(numberOf).reduce((best, value) => (pick(value, best) ? value : best)),
});

const earthRadius = { km: 6371.009, mi: 3958.761 } as const;
const radians = (degrees: Decimal): number => (degrees.toNumber() * Math.PI) / 180;

/** Great-circle distance by the haversine formula. Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_distance.htm */
const distance = (args: readonly Value[]): Value => {
  const [from, to] = [locationOf(args[0]), locationOf(args[1])];
  const unit = textOf(args[2]).toLowerCase();
  if (unit !== 'mi' && unit !== 'km') throw new EvaluationError('the unit of DISTANCE is mi or km');
  const latitudes = [radians(from.latitude), radians(to.latitude)] as const;
  const height = Math.sin((latitudes[1] - latitudes[0]) / 2) ** 2;
  const width = Math.sin((radians(to.longitude) - radians(from.longitude)) / 2) ** 2;
  const part = height + Math.cos(latitudes[0]) * Math.cos(latitudes[1]) * width;
  return fromDouble(2 * earthRadius[unit] * Math.asin(Math.min(1, Math.sqrt(part))));
};

const geolocation = ([latitude, longitude]: readonly Value[]): Value => {
  if (latitude === null && longitude === null) return null;
  const [north, east] = [numberOf(latitude), numberOf(longitude)];
  if (north.abs().greaterThan(90) || east.abs().greaterThan(180)) throw new EvaluationError('no such location');
  return { latitude: north, longitude: east };
};

export const mathFunctions: FunctionTable = {
  ABS: unary((value) => value.abs()),
  SQRT: double(Math.sqrt),
  EXP: double(Math.exp),
  LN: double(Math.log),
  LOG: double((value) => Math.log(value) / Math.LN10),
  SIN: double(Math.sin),
  COS: double(Math.cos),
  TAN: double(Math.tan),
  ASIN: double(Math.asin),
  ACOS: double(Math.acos),
  ATAN: double(Math.atan),
  ATAN2: {
    parameters: ['Number', 'Number'],
    result: 'Number',
    takesBlanks: true,
    run: ([y, x]) => fromDouble(Math.atan2(numberOf(y).toNumber(), numberOf(x).toNumber())),
  },
  PI: { parameters: [], result: 'Number', run: () => new Decimal(Math.PI) },
  FLOOR: unary(wholeNumbers.FLOOR),
  CEILING: unary(wholeNumbers.CEILING),
  MFLOOR: unary(wholeNumbers.MFLOOR),
  MCEILING: unary(wholeNumbers.MCEILING),
  INT: unary(wholeNumbers.MFLOOR),
  ROUND: rounding(Base.ROUND_HALF_UP, 0),
  TRUNC: rounding(Base.ROUND_DOWN, 1),
  MROUND: multiples,
  MOD: {
    parameters: ['Number', 'Number'],
    result: 'Number',
    run: ([value, divisor]) => {
      if (numberOf(divisor).isZero()) throw new EvaluationError('Division by zero');
      return numberOf(value).modulo(numberOf(divisor));
    },
    fields: ([value, divisor]) =>
      numberOf(divisor).isZero() ? numberOf(value) : numberOf(value).modulo(numberOf(divisor)),
  },
  MAX: extreme((value, best) => value.greaterThan(best)),
  MIN: extreme((value, best) => value.lessThan(best)),
  GEOLOCATION: {
    parameters: ['Number', 'Number'],
    result: 'Location',
    takesBlanks: true,
    run: geolocation,
  },
  DISTANCE: { parameters: ['Location', 'Location', 'Text'], result: 'Number', run: distance },
};

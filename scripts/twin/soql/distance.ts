import type { DatabaseSync } from 'node:sqlite';
import { quote } from '../engine/tables.ts';
import type { Target } from './conditionScope.ts';
import { defineField } from '../schema/defineField.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import { unquote } from './literals.ts';
import type { Scope } from './scope.ts';
import { malformed } from './soqlErrors.ts';
import type { FunctionCall } from './syntax.ts';

/** Mean radius of the earth, by unit of the statement. */
const radius: Readonly<Record<string, number>> = { km: 6371.0088, mi: 3958.7613 };

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

type Place = { readonly latitude: number; readonly longitude: number };

const haversine = (a: Place, b: Place): number => {
  const half = (x: number, y: number): number => Math.sin(radians(y - x) / 2) ** 2;
  const squared =
    half(a.latitude, b.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
  return 2 * Math.asin(Math.min(1, Math.sqrt(squared)));
};

/** SQL function `soql_distance(latitude, longitude, latitude, longitude, radius)`: along the earth's surface. */
export const addDistanceFunction = (database: DatabaseSync): void => {
  database.function('soql_distance', { deterministic: true, varargs: true }, (...given: readonly unknown[]) => {
    const [latitude, longitude, toLatitude, toLongitude, size] = given;
    const numbers = [latitude, longitude, toLatitude, toLongitude, size].map((value) =>
      typeof value === 'number' ? value : Number.NaN,
    );
    if (numbers.some((value) => Number.isNaN(value))) return null;
    const [a = 0, b = 0, c = 0, d = 0, scale = 0] = numbers;
    return haversine({ latitude: a, longitude: b }, { latitude: c, longitude: d }) * scale;
  });
};

type Part = { readonly latitude: string; readonly longitude: string };

const refuse = (fn: FunctionCall): Error =>
  malformed(`DISTANCE needs a location field or GEOLOCATION(latitude, longitude) twice and 'mi' or 'km': ${fn.text}`);

const partOf = (scope: Scope, compound: FieldDefinition, word: string): string => {
  const field = scope.root.object.fields.find(
    (candidate) =>
      candidate.compoundFieldName === compound.name && candidate.name.toLowerCase().replace(/__s$/, '').endsWith(word),
  );
  return field === undefined ? 'NULL' : `${scope.root.alias}.${quote(field.name)}`;
};

const placeOf = (scope: Scope, fn: FunctionCall, parameter: FunctionCall['parameters'][number] | undefined): Part => {
  if (parameter?.kind === 'function' && parameter.name === 'GEOLOCATION') {
    const [latitude, longitude] = parameter.parameters.map((one) =>
      one.kind === 'literal' && one.type === 'number' ? scope.binder.bind(Number(one.text)) : undefined,
    );
    if (latitude === undefined || longitude === undefined) throw refuse(fn);
    return { latitude, longitude };
  }
  if (parameter?.kind !== 'path') throw refuse(fn);
  const field = scope.field(scope.root, parameter.text, parameter);
  if (field.type !== 'location' && field.type !== 'address') throw refuse(fn);
  return { latitude: partOf(scope, field, 'latitude'), longitude: partOf(scope, field, 'longitude') };
};

/**
 * `DISTANCE(Location__c, GEOLOCATION(37.7, -122.4), 'mi')`.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_geolocate.htm
 */
export const distanceValue = (scope: Scope, fn: FunctionCall): Target => {
  const [from, to, unit] = fn.parameters;
  const size =
    unit?.kind === 'literal' && unit.type === 'string' ? radius[unquote(unit.text).toLowerCase()] : undefined;
  if (size === undefined) throw refuse(fn);
  const a = placeOf(scope, fn, from);
  const b = placeOf(scope, fn, to);
  return {
    sql: `soql_distance(${a.latitude}, ${a.longitude}, ${b.latitude}, ${b.longitude}, ${scope.binder.bind(size)})`,
    field: defineField({ name: fn.text, type: 'double' }),
    text: fn.text,
    at: fn.at,
  };
};

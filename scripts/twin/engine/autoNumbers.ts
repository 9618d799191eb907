import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import type { RowStore } from './rowStore.ts';
import { quote } from './tables.ts';

const counterPattern = /\{(0+)\}/;

const format = (pattern: string, count: number, now: Date): string =>
  pattern
    .replace(counterPattern, (_match, zeros: string) => String(count).padStart(zeros.length, '0'))
    .replace(/\{YYYY\}/g, String(now.getUTCFullYear()))
    .replace(/\{YY\}/g, String(now.getUTCFullYear()).slice(2))
    .replace(/\{MM\}/g, String(now.getUTCMonth() + 1).padStart(2, '0'))
    .replace(/\{DD\}/g, String(now.getUTCDate()).padStart(2, '0'));

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Matches what the format produces, with the counter as its only group. */
const reader = (pattern: string): RegExp => {
  const [before = '', , after = ''] = pattern.split(/\{(0+)\}/);
  const dates = (part: string): string => escapeRegExp(part).replace(/\\\{(?:YYYY|YY|MM|DD)\\\}/g, '\\d+');
  return new RegExp(`^${dates(before)}(\\d+)${dates(after)}$`);
};

/** The highest number in use, so that loaded rows are counted on from. */
const highest = (store: RowStore, object: ObjectDefinition, field: FieldDefinition): number => {
  const pattern = reader(field.autoNumberFormat ?? '{0}');
  const table = store.tableFor(object.name);
  let most = 0;
  for (const row of store.statement(`SELECT ${quote(field.name)} AS v FROM ${table.sql}`).all()) {
    const match = pattern.exec(String(row['v']));
    if (match !== null) most = Math.max(most, Number(match[1]));
  }
  return most;
};

export type AutoNumbers = (object: ObjectDefinition, field: FieldDefinition) => string;

/**
 * Numbers are handed out once and never again, not even after a rollback.
 * @param counters the last number by `Object.Field`, kept outside the store; a copy of the org begins with a copy.
 */
export const createAutoNumbers = (
  store: RowStore,
  clock: { now(): number },
  counters = new Map<string, number>(),
): AutoNumbers => {
  return (object, field) => {
    const key = `${object.name}.${field.name}`;
    const count = (counters.get(key) ?? highest(store, object, field)) + 1;
    counters.set(key, count);
    return format(field.autoNumberFormat ?? '{0}', count, new Date(clock.now()));
  };
};

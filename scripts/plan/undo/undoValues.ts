import type { Values } from './beforeImages.ts';
import type { DoneStep } from './contract.ts';
import { fieldOf, holds, type Undoing } from './undoing.ts';

type Value = Values[string];

/** A field that shall hold `to` again where it still holds `wrote`. */
export type FieldBack = { readonly field: string; readonly wrote: Value; readonly to: Value };

export type RecordBack = {
  readonly object: string;
  /** The record's id before the run. */
  readonly id: string;
  readonly fields: readonly FieldBack[];
  readonly phase: number;
  readonly dependsOn?: readonly string[];
  readonly part: string;
  /** The record was out of everybody's reach until now: no value of somebody else's can be there. */
  readonly isOurs?: boolean;
};

type Work = {
  readonly done: DoneStep;
  readonly at: RecordBack;
  /** What is so again, in the run's own ids. */
  readonly back: Record<string, Value>;
  /** What is written for it. */
  readonly write: Record<string, Value>;
  readonly dependsOn: string[];
};

/** A record may be there under another id since an earlier undo. */
const placeNow = (undoing: Undoing, value: Value): Value =>
  typeof value === 'string' ? (undoing.state.movedTo(value) ?? value) : value;

const isNow = (undoing: Undoing, now: Value | undefined, value: Value): boolean =>
  holds(now, value) || holds(now, placeNow(undoing, value));

/** What is written so that a field holds `to` again; undefined when that cannot be now. */
const written = (undoing: Undoing, work: Work, { field, to }: FieldBack): Value | undefined => {
  const isLookup = fieldOf(undoing.state, work.at.object, field)?.type === 'reference';
  if (!isLookup || typeof to !== 'string') return to;
  const target = undoing.target(to);
  if (target.kind === 'id') return target.id;
  if (target.kind !== 'new') return undefined;
  work.dependsOn.push(target.key);
  return `new:${target.key}`;
};

/** Compare-and-set as far as planning can tell: a field that no longer holds what the run wrote stays and is named. */
const judgeField = (undoing: Undoing, work: Work, back: FieldBack): void => {
  const { done, at } = work;
  const { field, wrote, to } = back;
  const now = undoing.row(at.object, at.id).values[field];
  if (isNow(undoing, now, to)) return;
  if (fieldOf(undoing.state, at.object, field)?.updateable !== true) undoing.leave(done, 'not-writable', field, at);
  else if (!isNow(undoing, now, wrote)) undoing.leave(done, 'edited-since', field, at);
  // the record it pointed to was there for a part of the run only
  else if (typeof to === 'string' && undoing.isPassing(to)) work.back[field] = to;
  else {
    const value = written(undoing, work, back);
    if (value === undefined) undoing.leave(done, 'parent-gone', field, at);
    else [work.back[field], work.write[field]] = [to, value];
  }
};

/** A lookup to a record to come stays in the open: the executor orders steps by it. */
const isToCome = (value: Value | undefined): boolean => typeof value === 'string' && value.startsWith('new:');

const only = (values: Readonly<Record<string, Value>>, meets: (value: Value, field: string) => boolean): Values =>
  Object.fromEntries(Object.entries(values).filter(([field, value]) => meets(value, field)));

const writeStep = (undoing: Undoing, { done, at, write, dependsOn }: Work): string => {
  const held = undoing.held(at.object, at.id);
  const own = undoing.nameOf(at.id);
  if (isToCome(own)) dependsOn.push(own.slice('new:'.length));
  const before = Object.fromEntries(Object.keys(write).map((field) => [field, held[field] ?? null]));
  return undoing.add(done, {
    ...{ part: at.part, operation: 'update', object: at.object, recordId: own, phase: at.phase },
    ...{ settle: 'record-values', inverse: 'none', dependsOn: [...(at.dependsOn ?? []), ...dependsOn] },
    seal: only(write, (value) => !isToCome(value)),
    payload: { values: only(write, isToCome) },
    // as it was read: what the org gives back right before the call is compared with it
    expects: at.isOurs === true ? {} : only(before, (value) => !isToCome(value)),
  });
};

/** Brings values back; one step for the record, or none. Its key, when there is one. */
export const bringBack = (undoing: Undoing, done: DoneStep, at: RecordBack): string | undefined => {
  if (undoing.state.described(at.object) === undefined) {
    undoing.leave(done, 'not-seen', null, at);
    return undefined;
  }
  if (undoing.row(at.object, at.id).place !== 'live') {
    undoing.leave(done, 'record-gone', null, at);
    return undefined;
  }
  const all: Work = { done, at, back: {}, write: {}, dependsOn: [] };
  for (const back of at.fields) judgeField(undoing, all, back);
  const held = undoing.held(at.object, at.id);
  const write = undoing.isPassing(at.id) ? {} : only(all.write, (value, field) => !holds(held[field], value));
  const key = Object.keys(write).length === 0 ? undefined : writeStep(undoing, { ...all, write });
  undoing.change(at, all.back, write);
  return key;
};

/** What an update wrote, back to what was there before. */
export const undoUpdate = (undoing: Undoing, done: DoneStep): void => {
  const { step, wrote, before, made } = done;
  if (before.state !== 'open') {
    undoing.leave(done, before.state === 'forgotten' ? 'forgotten' : 'no-before-image');
    return;
  }
  const values = before.image.values ?? {};
  const fields = Object.entries(wrote).flatMap(([field, value]): readonly FieldBack[] => {
    if (Object.hasOwn(values, field)) return [{ field, wrote: value, to: values[field] ?? null }];
    undoing.leave(done, 'no-before-image', field);
    return [];
  });
  bringBack(undoing, done, {
    ...{ object: step.object, id: made ?? step.recordId, fields, phase: 50, part: 'values' },
  });
};

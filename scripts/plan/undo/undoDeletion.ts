import type { BeforeImage, Values } from './beforeImages.ts';
import type { DoneStep } from './contract.ts';
import { bringBack } from './undoValues.ts';
import { fieldOf, type Undoing } from './undoing.ts';

type Value = Values[string];
type ImageRow = NonNullable<BeforeImage['rows']>[number];
type Link = NonNullable<BeforeImage['links']>[number];

/** Recreated rows stand one phase below what they point to; the last phases fill in what could not be there before. */
const RECREATE = 2;
const REFILL = 60;

type Writable = {
  readonly seal: Record<string, Value>;
  readonly open: Record<string, Value>;
  readonly later: readonly { readonly field: string; readonly to: string }[];
  readonly dependsOn: readonly string[];
};

/** Values of a row that the org lets be written, lookups pointing to what is there now. */
const writableValues = (undoing: Undoing, done: DoneStep, row: ImageRow): Writable => {
  const seal: Record<string, Value> = {};
  const open: Record<string, Value> = {};
  const later: { field: string; to: string }[] = [];
  const dependsOn: string[] = [];
  for (const [field, value] of Object.entries(row.values)) {
    const described = fieldOf(undoing.state, row.object, field);
    if (value === null || described?.createable !== true) continue;
    if (described.type !== 'reference' || typeof value !== 'string') {
      seal[field] = value;
      continue;
    }
    const target = undoing.target(value);
    if (target.kind === 'gone') undoing.leave(done, 'parent-gone', field, row);
    else if (target.kind === 'later') later.push({ field, to: value });
    else if (target.kind === 'id') seal[field] = target.id;
    else {
      open[field] = `new:${target.key}`;
      dependsOn.push(target.key);
    }
  }
  return { seal, open, later, dependsOn };
};

type Refill = { readonly row: ImageRow; readonly field: string; readonly to: string };

const recreateOne = (undoing: Undoing, done: DoneStep, row: ImageRow, phase: number): readonly Refill[] => {
  const { seal, open, later, dependsOn } = writableValues(undoing, done, row);
  const key = undoing.add(done, {
    ...{ part: row.id, operation: 'create', object: row.object, phase, payload: { values: open }, seal, dependsOn },
    ...{ recordId: `new:undo/${done.step.key}/${row.id}`, settle: 'run-mark', inverse: 'delete' },
  });
  const written = { ...row.values, ...Object.fromEntries(later.map(({ field }) => [field, null])) };
  undoing.comesBack(row.id, row.object, written, { key, written: { ...seal, ...open } });
  return later.map((one) => ({ row, ...one }));
};

/** Rows in an order in which each stands after the rows it points to, as far as there is one. */
const parentsFirst = (rows: readonly ImageRow[]): readonly ImageRow[] => {
  const left = new Map(rows.map((row) => [row.id, row]));
  const ordered: ImageRow[] = [];
  while (left.size > 0) {
    const free = [...left.values()].filter(
      (row) =>
        !Object.values(row.values).some((value) => typeof value === 'string' && value !== row.id && left.has(value)),
    );
    // a circle: begin with any, the others' lookups to it are filled in later
    const next = free.length > 0 ? free : [...left.values()].slice(0, 1);
    for (const row of next) left.delete(row.id);
    ordered.push(...next);
  }
  return ordered;
};

/** Makes rows again that the bin no longer has, and fills in the lookups that point in a circle. */
export const recreate = (undoing: Undoing, done: DoneStep, rows: readonly ImageRow[]): void => {
  const open = rows.filter((row) => undoing.row(row.object, row.id).place !== 'live');
  undoing.willRecreate(open.map((row) => row.id));
  const refills = parentsFirst(open).flatMap((row, i) =>
    recreateOne(undoing, done, row, RECREATE + Math.min(i, REFILL)),
  );
  for (const { row, field, to } of refills)
    bringBack(undoing, done, {
      ...{ object: row.object, id: row.id, fields: [{ field, wrote: null, to }] },
      ...{ phase: RECREATE + REFILL + 1, part: `${row.id}/${field}` },
    });
};

/** Lookups of other records that the step emptied or moved, where nobody has filled them since. */
export const relink = (
  undoing: Undoing,
  done: DoneStep,
  links: readonly Link[],
  use: { readonly held: Value; readonly dependsOn: readonly string[] },
): void => {
  for (const { object, id, field, was } of links)
    bringBack(undoing, done, {
      ...{ object, id, fields: [{ field, wrote: use.held, to: was }], dependsOn: use.dependsOn },
      ...{ phase: RECREATE + REFILL + 2, part: `${id}/${field}` },
    });
};

/** Lookups of a record that an earlier undo recreated, which could not point anywhere then. */
const fillRecreated = (undoing: Undoing, done: DoneStep, row: ImageRow): void => {
  const now = undoing.row(row.object, row.id).values;
  const fields = Object.entries(row.values).flatMap(([field, to]) =>
    fieldOf(undoing.state, row.object, field)?.type === 'reference' && to !== null && (now[field] ?? null) === null
      ? [{ field, wrote: null, to }]
      : [],
  );
  bringBack(undoing, done, { object: row.object, id: row.id, fields, phase: REFILL, part: `${row.id}/again` });
};

const imageRows = ({ step, before }: DoneStep): readonly ImageRow[] => {
  if (before.state !== 'open' || before.image.values === undefined) return [];
  return [{ object: step.object, id: step.recordId, values: before.image.values }, ...(before.image.rows ?? [])];
};

const linksOf = ({ before }: DoneStep): readonly Link[] => (before.state === 'open' ? (before.image.links ?? []) : []);

/** Lookups of a row from the bin whose record is there again under another id: the platform does not know of it. */
const followMoved = (undoing: Undoing, done: DoneStep, key: string): void => {
  const { object, recordId: id } = done.step;
  const { values } = undoing.row(object, id);
  const fields = Object.entries({ ...values, ...imageRows(done)[0]?.values }).flatMap(([field, to]) => {
    if (typeof to !== 'string' || fieldOf(undoing.state, object, field)?.type !== 'reference') return [];
    const target = undoing.target(to);
    return target.kind === 'new' || (target.kind === 'id' && target.id !== to) ? [{ field, wrote: null, to }] : [];
  });
  if (fields.length === 0) return;
  const emptied = Object.fromEntries(fields.map(({ field }) => [field, null]));
  undoing.change({ object, id }, emptied, emptied);
  bringBack(undoing, done, {
    ...{ object, id, fields, phase: REFILL, part: `${id}/moved`, dependsOn: [key], isOurs: true },
  });
};

const fromBin = (undoing: Undoing, done: DoneStep): void => {
  const { object, recordId } = done.step;
  const key = undoing.add(done, {
    ...{ part: 'bin', operation: 'undelete', object, recordId, phase: 1 },
    ...{ settle: 'record-state', inverse: 'delete' },
  });
  undoing.comesBack(recordId, object, {});
  const rows = imageRows(done).slice(1);
  for (const row of rows)
    if (undoing.row(row.object, row.id).place === 'bin') undoing.comesBack(row.id, row.object, {});
  recreate(undoing, done, rows);
  followMoved(undoing, done, key);
  relink(undoing, done, linksOf(done), { held: null, dependsOn: [key] });
};

const fromImage = (undoing: Undoing, done: DoneStep): void => {
  const { before, step } = done;
  const rows = imageRows(done);
  if (before.state !== 'open' || rows.length === 0 || step.inverse !== 'recreate') {
    undoing.leave(done, before.state === 'forgotten' ? 'forgotten' : 'bin-emptied');
    return;
  }
  recreate(undoing, done, rows);
  relink(undoing, done, linksOf(done), { held: null, dependsOn: [] });
};

/** Its links count as filled while it was there; nothing is written for them. */
const passBy = (undoing: Undoing, done: DoneStep): void => {
  const { object, recordId } = done.step;
  undoing.comesBack(recordId, object, imageRows(done)[0]?.values ?? {});
  relink(undoing, done, linksOf(done), { held: null, dependsOn: [] });
};

/** A deleted record: back from the bin, or made again from its image when the bin no longer has it. */
export const undoDelete = (undoing: Undoing, done: DoneStep): void => {
  const { object, recordId } = done.step;
  if (undoing.state.described(object) === undefined) {
    undoing.leave(done, 'not-seen');
    return;
  }
  if (undoing.isPassing(recordId)) {
    passBy(undoing, done);
    return;
  }
  if (undoing.state.movedTo(recordId) !== undefined) {
    for (const row of imageRows(done))
      if (undoing.row(row.object, row.id).place === 'live') fillRecreated(undoing, done, row);
    relink(undoing, done, linksOf(done), { held: null, dependsOn: [] });
    return;
  }
  const { place } = undoing.row(object, recordId);
  if (place === 'bin') fromBin(undoing, done);
  else if (place === 'gone') fromImage(undoing, done);
};

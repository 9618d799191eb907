import { nameOf, type PlannedOperation } from '../../disposal/contract.ts';
import { endOfPeriod, localDateOf } from '../../kernel/legalPeriod.ts';
import { ARCHIVE } from '../../model/archive.ts';
import { isHistoryObject } from '../../model/discoverPaths.ts';
import type { ErasureItem } from '../../model/erasure.ts';
import type { OrgRow } from '../../org/port.ts';
import { rowText } from '../../subject/rowText.ts';
import { FILE_OBJECTS, MIRRORING } from '../../subject/residual/scanFiles.ts';
import { archivedFor, type Trace, type TraceFacts } from './contract.ts';
import { historyOperations, operationOf, taking } from './traceOperations.ts';
import { namesOthers } from './namesOthers.ts';
import { redactFields, writtenBy, type FieldEnd } from './redactFields.ts';

export type DecidedTraces = {
  readonly items: readonly ErasureItem[];
  readonly operations: readonly PlannedOperation[];
};

type Deciding = Pick<ErasureItem, 'decision' | 'code'> & Partial<Pick<ErasureItem, 'law' | 'until' | 'fields'>>;

const itemOf = (
  trace: Pick<Trace, 'object' | 'fields'>,
  deciding: Deciding,
  { object, id }: Pick<Trace, 'object' | 'id'>,
): ErasureItem => {
  const { decision, code, law = null, until = null, fields = [] } = deciding;
  // a path of its own: no record of somebody else is ever taken for the person's
  const path = trace.fields.map((field) => `${trace.object}.${field}`);
  return { object, id, path, decision, code, law, until, fields: [...fields], because: [] };
};

const stays = (trace: Trace, deciding: Deciding): DecidedTraces => ({
  items: [itemOf(trace, { fields: [...trace.fields], ...deciding }, trace)],
  operations: [],
});

/** What the erasure decided about the person's own record, and what keeps it. */
const ownRecord = (trace: Trace, { known }: TraceFacts): DecidedTraces => {
  const item = known.get(trace.id);
  if (item === undefined || item.law === null) return stays(trace, { decision: 'leave', code: 'not-erased' });
  const { law, until } = item;
  return stays(trace, { decision: 'keep', code: 'kept-by-law', law, until });
};

const textsOf = (row: OrgRow): string =>
  Object.values(row)
    .filter((value) => typeof value === 'string')
    .join('\n');

const inBin = (trace: Trace, row: OrgRow, facts: TraceFacts): DecidedTraces => {
  const bin = facts.describes.get(trace.object)?.undeletable === true;
  const changed = rowText(row, 'SystemModstamp');
  const until = changed === '' ? null : endOfPeriod(localDateOf(changed, 'UTC'), facts.rules.bin.keep);
  if (!bin) return stays(trace, { decision: 'cannot', code: 'deleted-already' });
  const isOthers = facts.people.has(trace.id) || namesOthers(textsOf(row), facts);
  if (isOthers) return stays(trace, { decision: 'leave', code: 'bin-of-others', until });
  const { object, id } = trace;
  return {
    items: [itemOf(trace, { decision: 'delete', code: 'in-bin' }, trace)],
    operations: [operationOf({ operation: 'purge', object, id })],
  };
};

const ofFile = (trace: Trace, facts: TraceFacts): DecidedTraces => {
  const file = facts.files.get(trace.id);
  if (file === undefined) return stays(trace, { decision: 'cannot', code: 'org-refuses' });
  if (file.others) return stays(trace, { decision: 'leave', code: 'file-of-others' });
  if (file.severalVersions) return stays(trace, { decision: 'leave', code: 'file-version' });
  const { object, id, expects } = file;
  if (facts.hanging.get(id)?.isBound === true) return stays(trace, { decision: 'leave', code: 'others-hang-on-it' });
  return {
    items: [itemOf(trace, { decision: 'delete', code: 'about-person-alone' }, { object, id })],
    operations: taking({ object, id, expects }, facts),
  };
};

/** A record that holds nobody else's mark goes whole, as it was read, unless something forbids it. */
const whole = (trace: Trace, row: OrgRow, facts: TraceFacts, code: string): DecidedTraces => {
  const { object, id, fields } = trace;
  if (facts.hanging.get(id)?.isBound === true) return stays(trace, { decision: 'leave', code: 'others-hang-on-it' });
  const filterable = facts.describes.get(object)?.fields ?? [];
  const expects = Object.fromEntries(
    fields
      .filter((name) => filterable.some((field) => field.name === name))
      .map((name) => [name, rowText(row, name) === '' ? null : rowText(row, name)]),
  );
  return {
    items: [itemOf(trace, { decision: 'delete', code }, trace)],
    operations: taking({ object, id, expects }, facts),
  };
};

const unchangeable = (trace: Trace, row: OrgRow, facts: TraceFacts): DecidedTraces => {
  const isAlone = !facts.people.has(trace.id) && !namesOthers(textsOf(row), facts);
  return isAlone && facts.describes.get(trace.object)?.deletable === true
    ? whole(trace, row, facts, 'about-person-alone')
    : stays(trace, { decision: 'cannot', code: 'org-refuses' });
};

const byCode = (ends: readonly FieldEnd[]): readonly Deciding[] => {
  const groups = new Map<string, Deciding & { readonly fields: string[] }>();
  for (const end of ends) {
    if (!('kept' in end)) continue;
    const known = groups.get(`${end.kept} ${end.code}`);
    if (known === undefined)
      groups.set(`${end.kept} ${end.code}`, { decision: end.kept, code: end.code, fields: [end.field] });
    else known.fields.push(end.field);
  }
  return [...groups.values()];
};

const passages = (trace: Trace, row: OrgRow, facts: TraceFacts): DecidedTraces => {
  const ends = redactFields(trace, row, facts);
  const { values, expects } = writtenBy(ends);
  const fields = Object.keys(values).sort();
  const left = byCode(ends).map((deciding) => itemOf(trace, deciding, trace));
  if (fields.length === 0) return { items: left, operations: [] };
  const { object, id } = trace;
  const change = operationOf({ ...{ operation: 'update', object, id, part: 'passage' }, payload: { values }, expects });
  const since = new Date(rowText(row, 'SystemModstamp') || facts.readAt).toISOString();
  const history = historyOperations({ object, id, fields, by: nameOf(change), since }, facts);
  const lasting = history.isLasting
    ? [itemOf(trace, { decision: 'cannot', code: 'history-stays', fields }, trace)]
    : [];
  return {
    items: [itemOf(trace, { decision: 'redact', code: 'passage', fields }, trace), ...left, ...lasting],
    operations: [change, ...history.operations],
  };
};

/** A document is called as its latest version is: that changes first, and the document whether or not the org does so itself. */
const mirrored = (trace: Trace, row: OrgRow, facts: TraceFacts): DecidedTraces => {
  const isGoing = [...facts.files.values()].some(
    ({ id, others, severalVersions }) => id === trace.id && !others && !severalVersions,
  );
  if (isGoing) return { items: [], operations: [] };
  const { items, operations } = passages(trace, row, facts);
  return { items, operations: operations.map((one) => ({ ...one, expects: {}, wave: 1 })) };
};

const ofHistory = (trace: Trace, facts: TraceFacts): DecidedTraces => {
  const { object, parent, id } = trace;
  if (facts.describes.get(object)?.deletable !== true || parent === undefined)
    return stays(trace, { decision: 'cannot', code: 'history-stays' });
  return {
    items: [itemOf(trace, { decision: 'delete', code: 'history' }, trace)],
    operations: [
      operationOf({ ...{ operation: 'deleteHistory', object, id: parent, part: id }, payload: { historyIds: [id] } }),
    ],
  };
};

const isFile = ({ object, places }: Trace): boolean =>
  FILE_OBJECTS.some((name) => name === object) && places.includes('file');

const ofRow = (trace: Trace, facts: TraceFacts): DecidedTraces => {
  const row = facts.rows.get(trace.id);
  if (row === undefined) return stays(trace, { decision: 'leave', code: 'changed-since' });
  if (trace.deleted) return inBin(trace, row, facts);
  const described = facts.describes.get(trace.object);
  if (facts.strays.has(trace.object))
    return namesOthers(textsOf(row), facts)
      ? stays(trace, { decision: 'leave', code: 'names-others' })
      : whole(trace, row, facts, 'stray-copy');
  if (MIRRORING.has(trace.object)) return mirrored(trace, row, facts);
  const isFixed = facts.rules.unchangeable.some(({ object }) => object === trace.object);
  return isFixed || described?.updateable !== true ? unchangeable(trace, row, facts) : passages(trace, row, facts);
};

const decided = (trace: Trace, facts: TraceFacts): DecidedTraces => {
  if (trace.own) return ownRecord(trace, facts);
  if (trace.verdict === 'possible') return stays(trace, { decision: 'leave', code: 'maybe-namesake' });
  if (trace.verdict === 'shared') return stays(trace, { decision: 'leave', code: 'household-mark' });
  if (trace.object === ARCHIVE)
    return stays(trace, { decision: 'keep', code: 'archived', ...archivedFor([...facts.known.values()]) });
  if (facts.namesakes.has(trace.id)) return stays(trace, { decision: 'leave', code: 'namesake-record' });
  if (isHistoryObject(trace.object)) return ofHistory(trace, facts);
  return isFile(trace) && !trace.deleted ? ofFile(trace, facts) : ofRow(trace, facts);
};

/**
 * What becomes of each trace, and the operations that this asks of the org; pure. A passage is taken out of somebody else's
 * text, with the value that was seen as its precondition; a copy, file or post about the person alone goes; what may be
 * a namesake's, a household's or names others is left for somebody to decide; what nobody can change is named.
 */
export const decideTraces = (facts: TraceFacts): DecidedTraces => {
  const all = facts.traces.map((trace) => decided(trace, facts));
  const operations = new Map(all.flatMap((one) => one.operations).map((one) => [nameOf(one), one]));
  const items = new Map(all.flatMap((one) => one.items).map((one) => [JSON.stringify(one), one]));
  return { items: [...items.values()], operations: [...operations.values()] };
};

import { z } from 'zod';
import { parseRecordId } from '../kernel/recordId.ts';
import type { RecordId } from '../kernel/recordId.ts';
import type { Channel } from './channel.ts';
import { COLLECTION_LIMIT } from './collections.ts';
import { cleanCode, fieldNamesOf, readAs } from './orgProblems.ts';
import type { MergeOutcome, MergeTask, OrgRow, WriteOutcome } from './port.ts';
import { soapCall, xmlElement, xmlText } from './soap.ts';

/** "You cannot mix more than ten object types in one call": chunks of a request by key prefix. */
const TYPES_LIMIT = 10;

const asList = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === '') return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
};

const soapError = z.object({ statusCode: z.unknown(), fields: z.unknown() }).partial();
const soapOutcome = z
  .object({ id: z.string().optional(), success: z.string(), errors: z.unknown() })
  .partial({ errors: true });

const outcomeOf = (result: unknown, id: RecordId | null): WriteOutcome => {
  const read = readAs(soapOutcome, result, 'SOAP result');
  return {
    id: parseRecordId(read.id ?? '') ?? id,
    success: read.success === 'true',
    created: false,
    errors: asList(read.errors).map((error) => {
      const { statusCode, fields } = readAs(soapError, error, 'SOAP error');
      return { code: cleanCode(statusCode), fields: fieldNamesOf(asList(fields)) };
    }),
  };
};

/** Ids in calls of at most 200 ids and ten object types; ids of one type stand together. */
const callsOf = (ids: readonly RecordId[]): readonly (readonly RecordId[])[] => {
  const calls: RecordId[][] = [];
  let types = new Set<string>();
  for (const id of [...new Set(ids)].sort()) {
    const call = calls.at(-1);
    const prefix = id.slice(0, 3);
    const fits =
      call !== undefined && call.length < COLLECTION_LIMIT && (types.has(prefix) || types.size < TYPES_LIMIT);
    if (fits) call.push(id);
    else {
      calls.push([id]);
      types = new Set();
    }
    types.add(prefix);
  }
  return calls;
};

const onIds = async (
  channel: Channel,
  method: 'delete' | 'undelete' | 'emptyRecycleBin',
  ids: readonly RecordId[],
): Promise<readonly WriteOutcome[]> => {
  const found = new Map<RecordId, WriteOutcome>();
  for (const call of callsOf(ids)) {
    const content = call.map((id) => xmlElement('ids', id)).join('');
    const results = await soapCall(channel, 'partner', method, content);
    call.forEach((id, i) => found.set(id, { ...outcomeOf(results[i], id), id }));
  }
  return ids.map((id) => found.get(id) ?? { id, success: false, created: false, errors: [] });
};

/** To the recycle bin; SOAP, since only there history rows may be deleted too. */
export const deleteIds = (channel: Channel, ids: readonly RecordId[]): Promise<readonly WriteOutcome[]> =>
  onIds(channel, 'delete', ids);
export const undeleteIds = (channel: Channel, ids: readonly RecordId[]): Promise<readonly WriteOutcome[]> =>
  onIds(channel, 'undelete', ids);
export const purgeIds = (channel: Channel, ids: readonly RecordId[]): Promise<readonly WriteOutcome[]> =>
  onIds(channel, 'emptyRecycleBin', ids);

const isSet = (entry: readonly [string, OrgRow[string]]): entry is [string, string | number | boolean] =>
  ['string', 'number', 'boolean'].includes(typeof entry[1]) && entry[1] !== '';

const masterXml = ({ object, masterId, masterFields }: MergeTask): string => {
  const values = Object.entries(masterFields);
  const cleared = values.filter(([, value]) => value === null || value === '');
  const set = values.filter(isSet);
  return [
    xmlElement('so:type', xmlText(object)),
    ...cleared.map(([name]) => xmlElement('so:fieldsToNull', xmlText(name))),
    xmlElement('so:Id', masterId),
    ...set.map(([name, value]) => xmlElement(`so:${name}`, xmlText(String(value)))),
  ].join('');
};

const ids = (value: unknown): readonly RecordId[] =>
  asList(value).flatMap((text) => (typeof text === 'string' ? (parseRecordId(text) ?? []) : []));

const mergeRequest = (task: MergeTask): string => {
  const master = `<masterRecord xmlns:so="urn:sobject.partner.soap.sforce.com">${masterXml(task)}</masterRecord>`;
  const losers = task.loserIds.map((id) => xmlElement('recordToMergeIds', id)).join('');
  return xmlElement('request', master + losers);
};

const mergeOutcome = (task: MergeTask, result: unknown): MergeOutcome => {
  const lists = readAs(
    z.object({ mergedRecordIds: z.unknown(), updatedRelatedIds: z.unknown() }).partial(),
    result,
    'merge',
  );
  return {
    ...outcomeOf(result, task.masterId),
    mergedRecordIds: ids(lists.mergedRecordIds),
    updatedRelatedIds: ids(lists.updatedRelatedIds),
  };
};

/**
 * Merges one or two records into a master; the platform re-parents what hangs off them. Each request of the call is a
 * transaction of its own, at most 200 a call
 * (https://developer.salesforce.com/docs/platform/salesforce-app-limits-cheatsheet/guide/salesforce-app-limits-platform-apicalls.html).
 */
export const mergeRecords = async (channel: Channel, tasks: readonly MergeTask[]): Promise<readonly MergeOutcome[]> => {
  if (tasks.length > COLLECTION_LIMIT) throw new RangeError('a merge call takes 200 requests');
  const results = await soapCall(channel, 'partner', 'merge', tasks.map(mergeRequest).join(''));
  return tasks.map((task, at) => mergeOutcome(task, results[at]));
};

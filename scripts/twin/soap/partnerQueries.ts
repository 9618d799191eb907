import { TwinError } from '../contract.ts';
import type { Page } from '../rest/cursors.ts';
import { batchSizeOf } from '../rest/query.ts';
import { earliestDeletion, latestCovered, replicationRange } from '../rest/replication.ts';
import type { ReplicationRange } from '../rest/replication.ts';
import type { SoapCall } from './envelope.ts';
import type { SoapInput, SoapOperation } from './operation.ts';
import { atMost, canonical } from './partnerObjects.ts';
import { recordXml } from './partnerRows.ts';
import { childText, childTexts, children, elements, raw } from './xml.ts';
import type { Xml } from './xml.ts';

const IDS_PER_RETRIEVE = 2_000;

const pageXml = (page: Page): Xml => {
  const records = page.rows.map((row) => `<records xsi:type="sf:sObject">${recordXml(row).xml}</records>`).join('');
  const done = page.locator === undefined;
  const before = elements({ done, queryLocator: page.locator ?? null }).xml;
  return elements({ result: raw(`${before}${records}${elements({ size: page.totalSize }).xml}`) });
};

const batchSize = (call: SoapCall): number =>
  batchSizeOf(`batchSize=${childText(children(call.headers, 'QueryOptions')[0], 'batchSize') ?? '2000'}`);

export const query =
  (includeDeleted: boolean): SoapOperation =>
  ({ call, session, context }) => {
    const { engine, cursors } = context.org;
    const cursor = engine.query(session, childText(call.input, 'queryString') ?? '', { includeDeleted });
    return pageXml(cursors.open(session, cursor.rows, cursor.totalSize, batchSize(call)));
  };

export const queryMore: SoapOperation = ({ call, session, context }) =>
  pageXml(context.org.cursors.more(session, childText(call.input, 'queryLocator') ?? ''));

export const retrieve: SoapOperation = ({ call, session, context }) => {
  const { engine } = context.org;
  const object = canonical(engine, session, childText(call.input, 'sObjectType') ?? '');
  const fields = (childText(call.input, 'fieldList') ?? '').split(',').map((field) => field.trim());
  const found = atMost(childTexts(call.input, 'ids'), IDS_PER_RETRIEVE).map((id) => {
    try {
      return `<result xsi:type="sf:sObject">${recordXml(engine.retrieve(session, object, id, fields)).xml}</result>`;
    } catch (error) {
      if (error instanceof TwinError && error.status === 404) return '<result xsi:nil="true"/>';
      throw error;
    }
  });
  return raw(found.join(''));
};

/** https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_search.htm */
export const search: SoapOperation = ({ call, session, context }) => {
  const rows = context.org.engine.search(session, childText(call.input, 'searchString') ?? '');
  const records = rows.map((row) => raw(`<record xsi:type="sf:sObject">${recordXml(row).xml}</record>`));
  return elements({ result: elements({ queryId: '', searchRecords: records }) });
};

const replicated = (input: SoapInput): { readonly object: string; readonly range: ReplicationRange } => {
  const { call, session, context } = input;
  const object = canonical(context.org.engine, session, childText(call.input, 'sObjectType') ?? '');
  const given = { start: childText(call.input, 'startDate'), end: childText(call.input, 'endDate') };
  return { object, range: replicationRange(given, context.clock.now()) };
};

export const getDeleted: SoapOperation = (input) => {
  const { object, range } = replicated(input);
  const rows = input.context.org.engine.getDeleted(input.session, object, range.from, range.to);
  return elements({
    result: elements({
      deletedRecords: rows.map(({ id, deletedDate }) => elements({ deletedDate, id })),
      earliestDateAvailable: earliestDeletion(input.context),
      latestDateCovered: latestCovered(input.context, range),
    }),
  });
};

export const getUpdated: SoapOperation = (input) => {
  const { object, range } = replicated(input);
  const ids = input.context.org.engine.getUpdated(input.session, object, range.from, range.to);
  return elements({ result: elements({ ids: [...ids], latestDateCovered: latestCovered(input.context, range) }) });
};

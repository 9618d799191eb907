import { TwinError } from '../contract.ts';
import type { DataEngine, InputRow, MergeRequest, RowResult, SaveOptions, Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { allOrNothing } from '../rest/collections.ts';
import type { Route } from '../router.ts';
import { answerSoap } from './operation.ts';
import type { SoapOperation, SoapService } from './operation.ts';
import { describeGlobal, describeSObject, describeSObjects } from './partnerDescribe.ts';
import { atMost, canonical, headerFlag } from './partnerObjects.ts';
import { getDeleted, getUpdated, query, queryMore, retrieve, search } from './partnerQueries.ts';
import { mergeResultXml, saveResultXml, sObjectInput, sObjectInputs } from './partnerRows.ts';
import type { SObjectInput } from './partnerRows.ts';
import { invalidateSessions, login, logout } from './partnerSession.ts';
import { truncated } from './truncation.ts';
import { userInfoXml } from './userInfo.ts';
import { childText, childTexts, children, elements } from './xml.ts';
import type { Xml } from './xml.ts';

const resultList = (results: readonly RowResult[], withCreated = false): Xml =>
  elements({ result: results.map((result) => saveResultXml(result, withCreated)) });

type Verb = 'insert' | 'update' | 'upsert';

const runs = (records: readonly SObjectInput[]): readonly (readonly SObjectInput[])[] => {
  const lists: SObjectInput[][] = [];
  for (const record of records) {
    const last = lists.at(-1);
    if (last?.[0]?.type === record.type) last.push(record);
    else lists.push([record]);
  }
  return lists;
};

const save =
  (verb: Verb): SoapOperation =>
  ({ call, session, context }) => {
    const { engine } = context.org;
    const records = atMost(sObjectInputs(call.input, 'sObjects'));
    const key = verb === 'upsert' ? childText(call.input, 'externalIDFieldName') : undefined;
    const duplicates = headerFlag(call, 'DuplicateRuleHeader', 'allowSave');
    const cut = headerFlag(call, 'AllowFieldTruncationHeader', 'allowFieldTruncation');
    const results = allOrNothing(engine, headerFlag(call, 'AllOrNoneHeader', 'allOrNone'), (allOrNone) => {
      const options: SaveOptions = {
        allOrNone,
        ...(key === undefined ? {} : { externalIdField: key }),
        ...(duplicates ? { allowDuplicates: true } : {}),
        ...(headerFlag(call, 'DuplicateRuleHeader', 'includeRecordDetails') ? { includeRecordDetails: true } : {}),
        ...(headerFlag(call, 'DuplicateRuleHeader', 'runAsCurrentUser') ? { duplicatesAsUser: true } : {}),
      };
      return runs(records).flatMap((list) => {
        const object = canonical(engine, session, list[0]?.type ?? '');
        const rows = list.map(({ row }) => row);
        return engine[verb](session, object, cut ? truncated(engine.describe(session, object), rows) : rows, options);
      });
    });
    return resultList(results, verb === 'upsert');
  };

type ById = (engine: DataEngine, session: Session, ids: readonly string[], allOrNone: boolean) => readonly RowResult[];

const byIds =
  (work: ById): SoapOperation =>
  ({ call, session, context }) => {
    const ids = atMost(childTexts(call.input, 'ids'));
    const { engine } = context.org;
    const allOrNone = headerFlag(call, 'AllOrNoneHeader', 'allOrNone');
    return resultList(allOrNothing(engine, allOrNone, (all) => work(engine, session, ids, all)));
  };

const withoutId = (row: InputRow): InputRow =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name.toLowerCase() !== 'id'));

const mergeRequest = (node: unknown, engine: DataEngine, session: Session): MergeRequest => {
  const master = sObjectInput(children(node, 'masterRecord')[0]);
  const masterId = master.row['Id'];
  if (typeof masterId !== 'string') throw new TwinError('MISSING_ARGUMENT', 'masterRecord has no Id');
  const loserIds = childTexts(node, 'recordToMergeIds');
  return { object: canonical(engine, session, master.type), masterId, masterFields: withoutId(master.row), loserIds };
};

const merge: SoapOperation = ({ call, session, context }) => {
  const { engine } = context.org;
  // The schema's name is `request`; jsforce sends `mergeRequests`.
  const nodes = [...children(call.input, 'request'), ...children(call.input, 'mergeRequests')];
  const results = atMost(nodes).map((node) => engine.merge(session, mergeRequest(node, engine, session)));
  return elements({ result: results.map(mergeResultXml) });
};

/** Partner API (`/services/Soap/u`): rows of any object by name. */
export const partnerService: SoapService = {
  namespace: 'urn:partner.soap.sforce.com',
  address: 'u',
  limits: true,
  open: { login },
  operations: {
    logout,
    invalidateSessions,
    getUserInfo: ({ session, context }) => elements({ result: userInfoXml(session, context) }),
    getServerTimestamp: ({ context }) => elements({ result: elements({ timestamp: context.clock.iso() }) }),
    describeGlobal,
    describeSObject,
    describeSObjects,
    query: query(false),
    queryAll: query(true),
    queryMore,
    retrieve,
    search,
    create: save('insert'),
    update: save('update'),
    upsert: save('upsert'),
    delete: byIds((engine, session, ids, allOrNone) => engine.delete(session, ids, { allOrNone })),
    undelete: byIds((engine, session, ids, allOrNone) => engine.undelete(session, ids, { allOrNone })),
    emptyRecycleBin: byIds((engine, session, ids) => engine.emptyRecycleBin(session, ids)),
    merge,
    getDeleted,
    getUpdated,
  },
};

const partnerRoute = (name: string, path: string): Route => ({
  name,
  method: 'POST',
  path,
  auth: 'soap',
  body: 'text',
  handle: (exchange, context: TwinContext) => answerSoap(partnerService, exchange, context),
});

export const partnerRoutes: readonly Route[] = [
  partnerRoute('partner SOAP', '/services/Soap/u/:version'),
  partnerRoute('partner SOAP of the org', '/services/Soap/u/:version/:org'),
];

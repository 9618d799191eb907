import { TwinError } from '../contract.ts';
import type { DataEngine, InputRow, MergeRequest, RowResult, SaveOptions, Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { allOrNothing } from '../rest/collections.ts';
import type { Page } from '../rest/cursors.ts';
import { batchSizeOf } from '../rest/query.ts';
import type { Route } from '../router.ts';
import { answerSoap } from './operation.ts';
import type { OpenOperation, SoapInput, SoapOperation, SoapService } from './operation.ts';
import { mergeResultXml, recordXml, saveResultXml, sObjectInputs, sObjectInput } from './partnerRows.ts';
import type { SObjectInput } from './partnerRows.ts';
import { userInfoXml } from './userInfo.ts';
import { childText, childTexts, children, elements, raw } from './xml.ts';
import type { SoapCall } from './envelope.ts';
import type { Xml } from './xml.ts';

const ROWS_PER_CALL = 200;
const LAST_LOGIN_VERSION = 64;

const headerFlag = (call: SoapCall, header: string, flag: string): boolean =>
  childText(children(call.headers, header)[0], flag) === 'true';

const atMost = <T>(rows: readonly T[], what: string): readonly T[] => {
  if (rows.length > ROWS_PER_CALL) {
    throw new TwinError(
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${ROWS_PER_CALL} records into this call (${what})`,
    );
  }
  return rows;
};

const resultList = (results: readonly RowResult[], withCreated = false): Xml =>
  elements({ result: results.map((result) => saveResultXml(result, withCreated)) });

const canonical = (engine: DataEngine, session: Session, type: string): string => {
  const object = engine.canonicalObject(session, type);
  if (object === undefined) throw new TwinError('INVALID_TYPE', `sObject type '${type}' is not supported.`);
  return object;
};

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
    const records = atMost(sObjectInputs(call.input, 'sObjects'), verb);
    const key = verb === 'upsert' ? childText(call.input, 'externalIDFieldName') : undefined;
    const duplicates = headerFlag(call, 'DuplicateRuleHeader', 'allowSave');
    const results = allOrNothing(engine, headerFlag(call, 'AllOrNoneHeader', 'allOrNone'), (allOrNone) => {
      const options: SaveOptions = {
        allOrNone,
        ...(key === undefined ? {} : { externalIdField: key }),
        ...(duplicates ? { allowDuplicates: true } : {}),
      };
      return runs(records).flatMap((list) => {
        const object = canonical(engine, session, list[0]?.type ?? '');
        return engine[verb](
          session,
          object,
          list.map(({ row }) => row),
          options,
        );
      });
    });
    return resultList(results, verb === 'upsert');
  };

type ById = (engine: DataEngine, session: Session, ids: readonly string[], allOrNone: boolean) => readonly RowResult[];

const byIds =
  (what: string, work: ById): SoapOperation =>
  ({ call, session, context }) => {
    const ids = atMost(childTexts(call.input, 'ids'), what);
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
  const results = atMost(nodes, 'merge').map((node) => engine.merge(session, mergeRequest(node, engine, session)));
  return elements({ result: results.map(mergeResultXml) });
};

const pageXml = (page: Page): Xml => {
  const records = page.rows.map((row) => `<records xsi:type="sf:sObject">${recordXml(row).xml}</records>`).join('');
  const done = page.locator === undefined;
  const before = elements({ done, queryLocator: page.locator ?? null }).xml;
  return elements({ result: raw(`${before}${records}${elements({ size: page.totalSize }).xml}`) });
};

const batchSize = (call: SoapCall): number =>
  batchSizeOf(`batchSize=${childText(children(call.headers, 'QueryOptions')[0], 'batchSize') ?? '2000'}`);

const query =
  (includeDeleted: boolean): SoapOperation =>
  ({ call, session, context }) => {
    const { engine, cursors } = context.org;
    const cursor = engine.query(session, childText(call.input, 'queryString') ?? '', { includeDeleted });
    return pageXml(cursors.open(session, cursor.rows, cursor.totalSize, batchSize(call)));
  };

const queryMore: SoapOperation = ({ call, session, context }) =>
  pageXml(context.org.cursors.more(session, childText(call.input, 'queryLocator') ?? ''));

const retrieve: SoapOperation = ({ call, session, context }) => {
  const { engine } = context.org;
  const object = canonical(engine, session, childText(call.input, 'sObjectType') ?? '');
  const fields = (childText(call.input, 'fieldList') ?? '').split(',').map((field) => field.trim());
  const found = childTexts(call.input, 'ids').map((id) => {
    try {
      return `<result xsi:type="sf:sObject">${recordXml(engine.retrieve(session, object, id, fields)).xml}</result>`;
    } catch (error) {
      if (error instanceof TwinError && error.status === 404) return '<result xsi:nil="true"/>';
      throw error;
    }
  });
  return raw(found.join(''));
};

const range = ({ call }: SoapInput): { readonly from: string; readonly to: string } => {
  const instant = (name: string): string => {
    const time = Date.parse(childText(call.input, name) ?? '');
    if (Number.isNaN(time)) throw new TwinError('INVALID_REPLICATION_DATE', `${name} must be a date-time`);
    return new Date(time).toISOString();
  };
  return { from: instant('startDate'), to: instant('endDate') };
};

const getDeleted: SoapOperation = (input) => {
  const { engine } = input.context.org;
  const { from, to } = range(input);
  const object = canonical(engine, input.session, childText(input.call.input, 'sObjectType') ?? '');
  const rows = engine.getDeleted(input.session, object, from, to);
  return elements({
    result: elements({
      deletedRecords: rows.map(({ id, deletedDate }) => elements({ deletedDate, id })),
      earliestDateAvailable: new Date(input.context.clock.now() - 15 * 86_400_000).toISOString(),
      latestDateCovered: to,
    }),
  });
};

const getUpdated: SoapOperation = (input) => {
  const { engine } = input.context.org;
  const { from, to } = range(input);
  const object = canonical(engine, input.session, childText(input.call.input, 'sObjectType') ?? '');
  const ids = engine.getUpdated(input.session, object, from, to);
  return elements({ result: elements({ ids: [...ids], latestDateCovered: to }) });
};

const login: OpenOperation = (call, context, apiVersion) => {
  if (apiVersion > LAST_LOGIN_VERSION) {
    throw new TwinError(
      'UNSUPPORTED_API_VERSION',
      `SOAP API login() is not available from API version ${LAST_LOGIN_VERSION + 1}.0 on; use OAuth`,
    );
  }
  const username = childText(call.input, 'username') ?? '';
  const user = context.org.engine.findUser(username);
  if (user?.isActive !== true || !context.sessions.isPassword(user.username, childText(call.input, 'password') ?? '')) {
    throw new TwinError('INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
  }
  const session = { orgId: context.org.orgId, userId: user.id, username: user.username, apiVersion };
  const address = (letter: string): string =>
    `${context.instanceUrl}/services/Soap/${letter}/${apiVersion}.0/${session.orgId}`;
  return elements({
    result: elements({
      metadataServerUrl: address('m'),
      passwordExpired: false,
      sandbox: false,
      serverUrl: address('u'),
      sessionId: context.sessions.credentials(user.username).accessToken,
      userId: user.id,
      userInfo: userInfoXml(session, context),
    }),
  });
};

const logout: SoapOperation = ({ call, context }) => {
  context.sessions.revoke(call.sessionId ?? '');
  return raw('');
};

/** Partner API (`/services/Soap/u`): rows of any object by name. */
export const partnerService: SoapService = {
  namespace: 'urn:partner.soap.sforce.com',
  address: 'u',
  open: { login },
  operations: {
    logout,
    getUserInfo: ({ session, context }) => elements({ result: userInfoXml(session, context) }),
    getServerTimestamp: ({ context }) => elements({ result: elements({ timestamp: context.clock.iso() }) }),
    query: query(false),
    queryAll: query(true),
    queryMore,
    retrieve,
    create: save('insert'),
    update: save('update'),
    upsert: save('upsert'),
    delete: byIds('delete', (engine, session, ids, allOrNone) => engine.delete(session, ids, { allOrNone })),
    undelete: byIds('undelete', (engine, session, ids, allOrNone) => engine.undelete(session, ids, { allOrNone })),
    emptyRecycleBin: byIds('emptyRecycleBin', (engine, session, ids) => engine.emptyRecycleBin(session, ids)),
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

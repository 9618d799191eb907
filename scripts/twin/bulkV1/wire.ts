import { TwinError } from '../contract.ts';
import { parseJson } from '../http/body.ts';
import { isObject } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { children, elements, parseXml, textOf } from '../soap/xml.ts';
import type { Xml, XmlValue } from '../soap/xml.ts';

export const NAMESPACE = 'http://www.force.com/2009/06/asyncapi/dataload';
const XML_TYPE = { 'Content-Type': 'application/xml' };

type Values = Readonly<Record<string, string | number | boolean | undefined>>;

/** JSON is answered to who sends or wants it, XML to everybody else. */
export const wantsJson = (exchange: Pick<Exchange, 'header'>): boolean => {
  const sent = exchange.header('content-type') ?? '';
  const accepted = exchange.header('accept') ?? '';
  return (
    /^application\/json/i.test(sent) ||
    (!/^(?:application|text)\/xml/i.test(sent) && /^application\/json/i.test(accepted))
  );
};

const document = (root: string, body: Xml): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="${NAMESPACE}">${body.xml}</${root}>`;

export const xmlAnswer = (status: number, root: string, body: Xml): Answer => ({
  status,
  headers: XML_TYPE,
  content: document(root, body),
});

/** One info element (`jobInfo`, `batchInfo`), without namespace prefix: clients read it by its bare name. */
export const infoAnswer = (exchange: Exchange, root: string, values: Values, status = 200): Answer =>
  wantsJson(exchange) ? { status, json: values } : xmlAnswer(status, root, elements(values));

/** A list of them (`batchInfoList` of `batchInfo`). */
export const listAnswer = (exchange: Exchange, root: string, name: string, all: readonly Values[]): Answer => {
  if (wantsJson(exchange)) return { status: 200, json: { [name]: all } };
  const list: readonly XmlValue[] = all.map((values) => elements(values));
  return xmlAnswer(200, root, elements({ [name]: list }));
};

/** Codes of this API for those of the others. Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/asynch-api-reference-errors.html */
const CODES: Readonly<Record<string, string>> = {
  INVALID_SESSION_ID: 'InvalidSessionId',
  FEATURENOTENABLED: 'FeatureNotEnabled',
  INVALIDENTITY: 'InvalidEntity',
  INVALIDJOB: 'InvalidJob',
  INVALIDJOBSTATE: 'InvalidJobState',
  CLIENTINPUTERROR: 'ClientInputError',
  REQUEST_ENTITY_TOO_LARGE: 'ClientInputError',
  MALFORMED_REQUEST: 'InvalidXML',
  JSON_PARSER_ERROR: 'InvalidJson',
  REQUEST_LIMIT_EXCEEDED: 'ExceededQuota',
};

/** `<error>` with code and message, HTTP 400 as this API answers nearly everything; refusals by name keep their 501. */
export const errorAnswer = (exchange: Pick<Exchange, 'header'>, error: TwinError): Answer => {
  const exceptionCode = CODES[error.errorCode] ?? error.errorCode;
  const values = { exceptionCode, exceptionMessage: error.message };
  const status = error.status >= 500 ? error.status : 400;
  return wantsJson(exchange) ? { status, json: values } : xmlAnswer(status, 'error', elements(values));
};

const isText = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** The fields of a `jobInfo`, as XML or JSON sent it. Throws InvalidXML or InvalidJson. */
export const readJobInfo = (exchange: Exchange): ReadonlyMap<string, string> => {
  const text = typeof exchange.body === 'string' ? exchange.body : '';
  const isJson = /^application\/json/i.test(exchange.header('content-type') ?? '');
  const given = isJson ? parseJson(text) : children(parseXml(text.trim()), 'jobInfo')[0];
  if (!isObject(given)) throw new TwinError(isJson ? 'InvalidJson' : 'InvalidXML', 'A jobInfo is expected.');
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    const one = isJson ? value : textOf(value);
    if (!name.startsWith('@') && name !== '#text' && isText(one)) fields.set(name, String(one).trim());
  }
  return fields;
};

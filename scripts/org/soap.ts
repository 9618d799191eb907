import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { Channel } from './channel.ts';
import { OrgError, readAs } from './orgProblems.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
// XML 1.0 has no way to write most control characters, not even escaped
const UNWRITABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** Text as XML content. */
export const xmlText = (text: string): string =>
  text.replace(UNWRITABLE, '').replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

/** One element; `content` is XML already. */
export const xmlElement = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const APIS = {
  partner: { path: 'u', namespace: 'urn:partner.soap.sforce.com' },
  metadata: { path: 'm', namespace: 'http://soap.sforce.com/2006/04/metadata' },
} as const;

const parser = new XMLParser({ ignoreAttributes: true, removeNSPrefix: true, parseTagValue: false, trimValues: true });

const envelope = z.object({ Envelope: z.object({ Body: z.record(z.string(), z.unknown()) }) });
const answer = z.object({ result: z.union([z.array(z.unknown()), z.unknown()]).optional() });

const SUCCESSES = /^(?:<result><id>[A-Za-z0-9]{15,18}<\/id><success>true<\/success><\/result>)+$/;

/**
 * The results of a call of which every row succeeded: ids alone, with which a run spends most of its answers. Undefined
 * for any other answer, which is parsed as XML: a tree of two hundred results costs twenty times as much.
 */
const plainSuccesses = (xml: string, method: string): readonly unknown[] | undefined => {
  const [start, end] = [xml.indexOf(`<${method}Response>`), xml.indexOf(`</${method}Response>`)];
  const results = start < 0 ? '' : xml.slice(start + method.length + 10, end);
  if (!SUCCESSES.test(results)) return undefined;
  return results
    .split('<id>')
    .slice(1)
    .map((text) => ({ id: text.slice(0, text.indexOf('<')), success: 'true' }));
};

/** Several `<result>` elements are a list, one is itself, none is nothing: always a list here. */
const resultsOf = (xml: string, method: string): readonly unknown[] => {
  const body = readAs(envelope, parser.parse(xml), method).Envelope.Body[`${method}Response`];
  if (body === '' || body === undefined) return [];
  const { result } = readAs(answer, body, method);
  if (result === undefined) return [];
  return Array.isArray(result) ? (result as readonly unknown[]) : [result];
};

const envelopeOf = (namespace: string, session: string, body: string): string =>
  '<?xml version="1.0" encoding="UTF-8"?>' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
  `<soapenv:Header xmlns="${namespace}"><SessionHeader><sessionId>${xmlText(session)}</sessionId></SessionHeader>` +
  `</soapenv:Header><soapenv:Body xmlns="${namespace}">${body}</soapenv:Body></soapenv:Envelope>`;

/**
 * Calls a SOAP method: what REST cannot do (undelete, emptyRecycleBin, merge, deleting history) or lists (metadata).
 * jsforce's own SOAP is not used: its merge names the parameter otherwise than the WSDL.
 * Returns the `<result>` elements, values as text.
 */
export const soapCall = async (
  channel: Channel,
  api: keyof typeof APIS,
  method: string,
  content: string,
): Promise<readonly unknown[]> => {
  const { path, namespace } = APIS[api];
  const repeatable = api === 'metadata';
  const call = async (): Promise<string> => {
    const session = channel.connection.accessToken ?? '';
    const sent = await channel.send({
      method: 'POST',
      path: `/services/Soap/${path}/${channel.connection.getApiVersion()}`,
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
      body: envelopeOf(namespace, session, xmlElement(method, content)),
      repeatable,
    });
    return sent.text();
  };
  try {
    const xml = await call();
    return plainSuccesses(xml, method) ?? resultsOf(xml, method);
  } catch (error) {
    // the session travels in the body, so that a new one needs a new body; a refused session did nothing
    if (!(error instanceof OrgError) || error.name !== 'SessionExpired') throw error;
    await channel.renewSession();
    return resultsOf(await call(), method);
  }
};

import { TwinError } from '../contract.ts';
import type { Answer } from '../http/exchange.ts';
import { isObject } from '../http/exchange.ts';
import { faultDetail } from './faults.ts';
import { child, childText, children, escapeXml, parseXml } from './xml.ts';
import type { Xml } from './xml.ts';

export type SoapCall = {
  readonly operation: string;
  /** The operation's element. */
  readonly input: unknown;
  readonly headers: unknown;
  readonly sessionId: string | undefined;
};

/** The single operation of an envelope. Throws MALFORMED_REQUEST. */
export const readEnvelope = (text: string): SoapCall => {
  const envelope = child(parseXml(text), 'Envelope');
  const body = children(envelope, 'Body')[0];
  const operation = isObject(body)
    ? Object.keys(body).find((name) => !name.startsWith('@') && name !== '#text')
    : undefined;
  if (operation === undefined) throw new TwinError('MALFORMED_REQUEST', 'The envelope has no operation.');
  const headers = children(envelope, 'Header')[0];
  return {
    operation,
    input: children(body, operation)[0],
    headers,
    sessionId: childText(children(headers, 'SessionHeader')[0], 'sessionId'),
  };
};

const XML_TYPE = { 'Content-Type': 'text/xml;charset=UTF-8' };

type Parts = { readonly header?: string; readonly body: string; readonly prefixed?: string };

const envelope = (namespace: string, { header, body, prefixed }: Parts): string =>
  '<?xml version="1.0" encoding="UTF-8"?>' +
  `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="${namespace}" ` +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ' +
  `xmlns:sf="${prefixed ?? 'urn:sobject.partner.soap.sforce.com'}">${header === undefined ? '' : `<soapenv:Header>${header}</soapenv:Header>`}` +
  `<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

export const soapAnswer = (namespace: string, operation: string, body: Xml, header?: Xml): Answer => ({
  status: 200,
  headers: XML_TYPE,
  content: envelope(namespace, {
    ...(header === undefined ? {} : { header: header.xml }),
    body: `<${operation}Response>${body.xml}</${operation}Response>`,
  }),
});

/** HTTP 500 with `<faultcode>sf:CODE</faultcode>`; clients refresh their session on INVALID_SESSION_ID. */
export const faultAnswer = (error: TwinError): Answer => {
  const text = error.errorCode === 'NOT_EMULATED' ? error.message : `${error.errorCode}: ${error.message}`;
  return {
    status: error.status === 403 && error.errorCode === 'FORBIDDEN' ? 403 : 500,
    headers: XML_TYPE,
    content: envelope('urn:partner.soap.sforce.com', {
      prefixed: 'urn:fault.partner.soap.sforce.com',
      body:
        `<soapenv:Fault><faultcode>sf:${error.errorCode}</faultcode>` +
        `<faultstring>${escapeXml(text)}</faultstring>${faultDetail(error)}</soapenv:Fault>`,
    }),
  };
};

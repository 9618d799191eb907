import { TwinError } from '../contract.ts';
import type { Answer } from '../http/exchange.ts';
import { isObject } from '../http/exchange.ts';
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

const envelope = (namespace: string, body: string): string =>
  '<?xml version="1.0" encoding="UTF-8"?>' +
  `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="${namespace}" ` +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ' +
  `xmlns:sf="urn:sobject.partner.soap.sforce.com"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

export const soapAnswer = (namespace: string, operation: string, body: Xml): Answer => ({
  status: 200,
  headers: XML_TYPE,
  content: envelope(namespace, `<${operation}Response>${body.xml}</${operation}Response>`),
});

/** HTTP 500 with `<faultcode>sf:CODE</faultcode>`; clients refresh their session on INVALID_SESSION_ID. */
export const faultAnswer = (error: TwinError): Answer => {
  const text = error.errorCode === 'NOT_EMULATED' ? error.message : `${error.errorCode}: ${error.message}`;
  return {
    status: error.status === 403 && error.errorCode === 'FORBIDDEN' ? 403 : 500,
    headers: XML_TYPE,
    content: envelope(
      'urn:fault.partner.soap.sforce.com',
      `<soapenv:Fault><faultcode>sf:${error.errorCode}</faultcode><faultstring>${escapeXml(text)}</faultstring>` +
        `<detail><sf:fault xsi:type="sf:UnexpectedErrorFault"><sf:exceptionCode>${error.errorCode}</sf:exceptionCode>` +
        `<sf:exceptionMessage>${escapeXml(error.message)}</sf:exceptionMessage></sf:fault></detail></soapenv:Fault>`,
    ),
  };
};

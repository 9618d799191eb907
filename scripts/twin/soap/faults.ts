import type { TwinError } from '../contract.ts';
import { escapeXml } from './xml.ts';

/** The fault of the partner WSDL for an exception code; those of queries tell row and column. */
const FAULTS: Readonly<Record<string, { readonly fault: string; readonly query?: true }>> = {
  INVALID_TYPE: { fault: 'InvalidSObjectFault', query: true },
  INVALID_FIELD: { fault: 'InvalidFieldFault', query: true },
  MALFORMED_QUERY: { fault: 'MalformedQueryFault', query: true },
  MALFORMED_SEARCH: { fault: 'MalformedSearchFault', query: true },
  INVALID_QUERY_LOCATOR: { fault: 'InvalidQueryLocatorFault' },
  INVALID_LOGIN: { fault: 'LoginFault' },
  MALFORMED_ID: { fault: 'InvalidIdFault' },
  INVALID_ID_FIELD: { fault: 'InvalidIdFault' },
};

const place = (message: string): string => {
  const [, row = '-1', column = '-1'] = /ERROR at Row:(\d+):Column:(\d+)/.exec(message) ?? [];
  return `<sf:row>${row}</sf:row><sf:column>${column}</sf:column>`;
};

/** The detail of a partner fault: an element of the WSDL's fault namespace, which the prefix `sf` names. */
export const faultDetail = (error: TwinError): string => {
  const { fault, query } = FAULTS[error.errorCode] ?? { fault: 'UnexpectedErrorFault' };
  return (
    `<detail><sf:${fault} xsi:type="sf:${fault}"><sf:exceptionCode>${error.errorCode}</sf:exceptionCode>` +
    `<sf:exceptionMessage>${escapeXml(error.message)}</sf:exceptionMessage>` +
    `${query === true ? place(error.message) : ''}</sf:${fault}></detail>`
  );
};

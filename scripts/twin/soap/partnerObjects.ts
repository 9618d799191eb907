import { TwinError } from '../contract.ts';
import type { DataEngine, Session } from '../contract.ts';
import { children, childText } from './xml.ts';
import type { SoapCall } from './envelope.ts';

/** The canonical name of an object the user sees. Throws INVALID_TYPE. */
export const canonical = (engine: DataEngine, session: Session, type: string): string => {
  const object = engine.canonicalObject(session, type);
  if (object === undefined) throw new TwinError('INVALID_TYPE', `sObject type '${type}' is not supported.`);
  return object;
};

/** A flag of a SOAP header, off when absent. */
export const headerFlag = (call: SoapCall, header: string, flag: string): boolean =>
  childText(children(call.headers, header)[0], flag) === 'true';

/** Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_create.htm */
const ROWS_PER_CALL = 200;

/** Throws EXCEEDED_ID_LIMIT. */
export const atMost = <T>(rows: readonly T[], limit = ROWS_PER_CALL): readonly T[] => {
  if (rows.length <= limit) return rows;
  throw new TwinError(
    'EXCEEDED_ID_LIMIT',
    `record limit reached. cannot submit more than ${limit} records into this call`,
  );
};

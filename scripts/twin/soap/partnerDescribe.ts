import { TwinError } from '../contract.ts';
import type { Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import type { SoapOperation } from './operation.ts';
import { canonical } from './partnerObjects.ts';
import { typed } from './partnerTypes.ts';
import { childText, childTexts, elements } from './xml.ts';
import type { Xml } from './xml.ts';

const TYPES_PER_CALL = 100;

type Described = Readonly<Record<string, unknown>>;

const withIds = (described: Described): Described => ({ ...described, idEnabled: described['retrieveable'] === true });

const soapFields = (fields: unknown): readonly Described[] =>
  (Array.isArray(fields) ? (fields as readonly Described[]) : []).map((field) => ({
    ...field,
    // a picklist without values answers none; REST has an empty list
    defaultValue: field['defaultValue'] ?? undefined,
  }));

const describeOne = (context: TwinContext, session: Session, type: string): Xml => {
  const described = context.org.engine.describe(session, canonical(context.org.engine, session, type));
  const page = (name: string): string => {
    const path = (described['urls'] as Readonly<Record<string, string>>)[name];
    return path === undefined ? '' : `${context.instanceUrl}${path}`;
  };
  return typed('DescribeSObjectResult', {
    ...withIds(described),
    fields: soapFields(described['fields']),
    urlDetail: page('uiDetailTemplate'),
    urlEdit: page('uiEditTemplate'),
    urlNew: page('uiNewRecord'),
  });
};

/** https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_describesobject.htm */
export const describeSObject: SoapOperation = ({ call, session, context }) =>
  elements({ result: describeOne(context, session, childText(call.input, 'sObjectType') ?? '') });

export const describeSObjects: SoapOperation = ({ call, session, context }) => {
  const types = childTexts(call.input, 'sObjectType');
  if (types.length > TYPES_PER_CALL) {
    throw new TwinError('EXCEEDED_MAX_TYPES_LIMIT', `cannot describe more than ${TYPES_PER_CALL} types in one call`);
  }
  return elements({ result: types.map((type) => describeOne(context, session, type)) });
};

export const describeGlobal: SoapOperation = ({ session, context }) => {
  const sobjects = context.org.engine.describeGlobal(session).map(withIds);
  return elements({ result: typed('DescribeGlobalResult', { encoding: 'UTF-8', maxBatchSize: 200, sobjects }) });
};

import { notEmulated } from '../contract.ts';
import type { Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { sessionOfToken } from '../signIn.ts';
import { readEnvelope, soapAnswer } from './envelope.ts';
import type { SoapCall } from './envelope.ts';
import { elements } from './xml.ts';
import type { Xml } from './xml.ts';

export type SoapInput = {
  readonly call: SoapCall;
  readonly session: Session;
  readonly context: TwinContext;
};

export type SoapOperation = (input: SoapInput) => Xml | Promise<Xml>;

/** An operation that asks before there is a session. */
export type OpenOperation = (call: SoapCall, context: TwinContext, apiVersion: number) => Xml;

export type SoapService = {
  readonly namespace: string;
  readonly address: string;
  /** Answers tell how much of the daily requests is used. */
  readonly limits?: true;
  readonly open: Readonly<Record<string, OpenOperation>>;
  readonly operations: Readonly<Record<string, SoapOperation>>;
};

const usage = (session: Session, context: TwinContext): Xml => {
  const { Max, Remaining } = context.org.engine.requestUsage(session);
  const limitInfo = elements({ current: Max - Remaining, limit: Max, type: 'API REQUESTS' });
  return elements({ LimitInfoHeader: elements({ limitInfo }) });
};

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** Finds the operation of an envelope, checks its session, counts it and answers; others are refused by name. */
export const answerSoap = async (service: SoapService, exchange: Exchange, context: TwinContext): Promise<Answer> => {
  const call = readEnvelope(exchange.body as string);
  const open = own(service.open, call.operation);
  if (open !== undefined) {
    return soapAnswer(service.namespace, call.operation, open(call, context, exchange.apiVersion));
  }
  const operation = own(service.operations, call.operation);
  if (operation === undefined) throw notEmulated(`SOAP ${service.address} ${call.operation.slice(0, 80)}`);
  const session = sessionOfToken(context, call.sessionId ?? exchange.token ?? '', exchange.apiVersion);
  context.org.engine.countRequest(session);
  const body = await operation({ call, session, context });
  return soapAnswer(
    service.namespace,
    call.operation,
    body,
    service.limits === true ? usage(session, context) : undefined,
  );
};

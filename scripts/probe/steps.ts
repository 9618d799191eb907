import { parseRecordId } from '../kernel/recordId.ts';
import type { Exchanges, RawAnswer, RawRequest } from '../org/exchanges.ts';
import { bodyFrom } from './cassette.ts';
import type { Exchange } from './cassette.ts';
import { shortenDescribe } from './describeKept.ts';
import type { ProbeStep, StepOf } from './probeFile.ts';

/** What running steps needs and gathers. */
export type Running = {
  readonly exchanges: Exchanges;
  readonly apiVersion: string;
  readonly hide: (text: string) => string;
  /** Ids by the names that steps gave them. */
  readonly ids: Map<string, string>;
  /** Every record that was made, in order. */
  readonly created: Set<string>;
  readonly record: (exchange: Exchange) => void;
  readonly wait: (milliseconds: number) => Promise<void>;
};

/** A step needs an id that no earlier step got. */
export class MissingId extends Error {
  constructor(name: string) {
    super(`no step got ${name}`);
    this.name = 'MissingId';
  }
}

const VARIABLE = /\$\{(\w+)\}/g;

const filled = (running: Running, text: string): string =>
  text.replace(VARIABLE, (_, name: string) => {
    const id = running.ids.get(name);
    if (id === undefined) throw new MissingId(name);
    return id;
  });

/** Recorded addresses are readable: what stands behind `q=` is sent encoded. */
export const encodedPath = (path: string): string => {
  const [before, after] = path.split('?q=');
  return after === undefined ? encodeURI(path) : `${before ?? ''}?q=${encodeURIComponent(after)}`;
};

type Sent = { readonly answer: RawAnswer; readonly request: RawRequest };

const send = async (running: Running, request: RawRequest): Promise<Sent> => ({
  answer: await running.exchanges.send({ ...request, path: encodedPath(request.path) }),
  request,
});

const exchangeOf = (running: Running, name: string, { request, answer }: Sent): Exchange => {
  const { method, path, headers } = request;
  const sentBody = bodyFrom(running.hide(request.body ?? ''));
  const cameBody = bodyFrom(running.hide(answer.body));
  return {
    name,
    request: {
      method,
      path: running.hide(path),
      ...(headers === undefined ? {} : { headers }),
      ...(sentBody === undefined ? {} : { body: sentBody }),
    },
    answer: { status: answer.status, ...(cameBody === undefined ? {} : { body: cameBody }) },
  };
};

type Rows = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Rows =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Ids of records in the answer of a write, in order: one record's, a collection's, a composite's. */
export const idsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(idsIn);
  if (!isRecord(value)) return [];
  const { id } = value;
  const own = typeof id === 'string' && value['success'] !== false ? parseRecordId(id) : undefined;
  return [
    ...(own === undefined ? [] : [own]),
    ...Object.values(value)
      .filter((one) => typeof one === 'object')
      .flatMap(idsIn),
  ];
};

const versioned = (running: Running, path: string): string =>
  path.startsWith('/services/') ? path : `/services/data/v${running.apiVersion}${path}`;

const keepIds = (running: Running, step: StepOf<'rest'>, answer: RawAnswer): void => {
  if (step.method === 'GET' || answer.status >= 300) return;
  const ids = idsIn(bodyFrom(answer.body));
  if (step.method === 'POST') for (const id of ids) running.created.add(id);
  (step.as ?? []).forEach((name, index) => {
    const id = ids[index];
    if (id !== undefined) running.ids.set(name, id);
  });
};

const runRest = async (running: Running, step: StepOf<'rest'>): Promise<void> => {
  const body = step.body === undefined ? undefined : filled(running, JSON.stringify(step.body));
  const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...step.headers };
  const sent = await send(running, {
    method: step.method,
    path: versioned(running, filled(running, step.path)),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
  });
  keepIds(running, step, sent.answer);
  const kept = sent.answer.status === 200 ? step.describe : undefined;
  const answer = kept === undefined ? sent.answer : { ...sent.answer, body: shortenDescribe(sent.answer.body, kept) };
  const exchange = exchangeOf(running, step.name, { ...sent, answer });
  const shown = Object.fromEntries(
    (step.headersKept ?? []).map((name) => [
      name,
      running.hide((sent.answer.headers[name.toLowerCase()] ?? '').replace(/\d+/g, '{{number}}')),
    ]),
  );
  running.record({
    ...exchange,
    ...(step.given === true ? { given: true as const } : {}),
    ...(kept === undefined ? {} : { kept }),
    answer: { ...exchange.answer, ...(Object.keys(shown).length === 0 ? {} : { headers: shown }) },
  });
};

const runQuery = async (running: Running, step: StepOf<'query'>): Promise<void> => {
  const resource = step.all === true ? '/queryAll' : '/query';
  const path = versioned(running, `${resource}?q=${filled(running, step.soql)}`);
  running.record(exchangeOf(running, step.name, await send(running, { method: 'GET', path })));
};

/** A partner SOAP request; `{{session}}` is filled in where it leaves. */
export const soapRequest = (apiVersion: string, xml: string): RawRequest => ({
  method: 'POST',
  path: `/services/Soap/u/${apiVersion}`,
  headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""', accept: 'text/xml' },
  body:
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" ' +
    'xmlns:ens="urn:sobject.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    '<soapenv:Header><SessionHeader><sessionId>{{session}}</sessionId></SessionHeader></soapenv:Header>' +
    `<soapenv:Body>${xml}</soapenv:Body></soapenv:Envelope>`,
});

const runSoap = async (running: Running, step: StepOf<'soap'>): Promise<void> => {
  const sent = await send(running, soapRequest(running.apiVersion, filled(running, step.xml)));
  running.record(exchangeOf(running, step.name, sent));
};

const ENDED = new Set(['JobComplete', 'Failed', 'Aborted']);

/** The state of a Bulk job in an answer; undefined when it has none. */
export const jobStateIn = (answer: RawAnswer): string | undefined => {
  const body = bodyFrom(answer.body);
  return isRecord(body) && typeof body['state'] === 'string' ? body['state'] : undefined;
};

const jobEnd = async (running: Running, path: string): Promise<Sent> => {
  for (let asked = 0; asked < 120; asked += 1) {
    const sent = await send(running, { method: 'GET', path });
    if (sent.answer.status !== 200 || ENDED.has(jobStateIn(sent.answer) ?? '')) return sent;
    await running.wait(500);
  }
  throw new Error('the Bulk job did not end in a minute');
};

/** How long it took, and when, says nothing. */
const TOLD_OF_JOB = ['object', 'operation', 'state', 'numberRecordsProcessed', 'numberRecordsFailed'];

const jobExchange = (exchange: Exchange): Exchange => {
  const { body } = exchange.answer;
  if (!isRecord(body)) return exchange;
  const told = Object.fromEntries(Object.entries(body).filter(([key]) => TOLD_OF_JOB.includes(key)));
  return { ...exchange, answer: { ...exchange.answer, body: told }, compare: 'subset' };
};

const trackRows = (running: Running, csv: string): void => {
  for (const line of csv.split('\n')) {
    const id = parseRecordId(/^"?([A-Za-z0-9]{18})"?,/.exec(line)?.[1] ?? '');
    if (id !== undefined) running.created.add(id);
  }
};

const runBulk = async (running: Running, step: StepOf<'bulk'>): Promise<void> => {
  const json = { 'content-type': 'application/json' };
  const given = (name: string, sent: Sent): void =>
    running.record({ ...exchangeOf(running, `${step.name}: ${name}`, sent), given: true });
  const order = { object: step.object, operation: step.operation, contentType: 'CSV', lineEnding: 'LF' };
  const jobs = versioned(running, '/jobs/ingest');
  const made = await send(running, { method: 'POST', path: jobs, headers: json, body: JSON.stringify(order) });
  given('job', made);
  const job = isRecord(bodyFrom(made.answer.body)) ? (bodyFrom(made.answer.body) as Rows)['id'] : undefined;
  if (typeof job !== 'string') throw new MissingId(`${step.name}: job`);
  const path = `${jobs}/${job}`;
  const csv = `${step.csv.map((line) => filled(running, line)).join('\n')}\n`;
  given(
    'rows',
    await send(running, { method: 'PUT', path: `${path}/batches`, headers: { 'content-type': 'text/csv' }, body: csv }),
  );
  const close = JSON.stringify({ state: 'UploadComplete' });
  given('close', await send(running, { method: 'PATCH', path, headers: json, body: close }));
  running.record(jobExchange(exchangeOf(running, `${step.name}: ended`, await jobEnd(running, path))));
  for (const results of ['successfulResults', 'failedResults']) {
    const sent = await send(running, { method: 'GET', path: `${path}/${results}`, headers: { accept: 'text/csv' } });
    if (step.operation === 'insert' && results === 'successfulResults') trackRows(running, sent.answer.body);
    running.record(exchangeOf(running, `${step.name}: ${results}`, sent));
  }
};

/** Runs one step and records what was asked and answered. Errors: MissingId, the transport's. */
export const runStep = (running: Running, step: ProbeStep): Promise<void> => {
  switch (step.do) {
    case 'rest':
      return runRest(running, step);
    case 'query':
      return runQuery(running, step);
    case 'soap':
      return runSoap(running, step);
    case 'bulk':
      return runBulk(running, step);
  }
};

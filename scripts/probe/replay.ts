import type { Exchanges, RawAnswer, RawRequest } from '../org/exchanges.ts';
import { bodyText } from './cassette.ts';
import type { Cassette, Exchange } from './cassette.ts';
import { compareAnswer } from './compare.ts';
import type { Difference } from './compare.ts';
import { Bindings } from './placeholders.ts';
import { encodedPath, jobStateIn } from './steps.ts';

export type ReplayedExchange = {
  readonly name: string;
  /** None: the answer is as recorded. */
  readonly differences: readonly Difference[];
};

export type ReplayPorts = {
  readonly exchanges: Exchanges;
  /** What is known before the first answer: `instance`, `orgId`, `userId`, `username`. */
  readonly given: Readonly<Record<string, string>>;
  readonly wait: (milliseconds: number) => Promise<void>;
};

const requestOf = ({ request }: Exchange, bindings: Bindings): RawRequest => {
  const body = bodyText(request.body);
  return {
    method: request.method,
    path: encodedPath(bindings.fill(request.path)),
    ...(request.headers === undefined ? {} : { headers: request.headers }),
    ...(body === undefined ? {} : { body: bindings.fill(body) }),
  };
};

const isUnderWay = (answer: RawAnswer): boolean =>
  ['UploadComplete', 'InProgress', 'Queued'].includes(jobStateIn(answer) ?? '');

/** A recorded end of a job is waited for: how long it took says nothing. */
const answerTo = async (exchange: Exchange, request: RawRequest, ports: ReplayPorts): Promise<RawAnswer> => {
  let answer = await ports.exchanges.send(request);
  const isEnd = exchange.name.endsWith(': ended');
  for (let asked = 0; isEnd && isUnderWay(answer) && asked < 200; asked += 1) {
    await ports.wait(25);
    answer = await ports.exchanges.send(request);
  }
  return answer;
};

/** Asks an org what a cassette was asked, in order, and compares the answers; ids are bound where they are first seen. */
export const replay = async (cassette: Cassette, ports: ReplayPorts): Promise<readonly ReplayedExchange[]> => {
  const bindings = new Bindings({ ...ports.given, session: '{{session}}' });
  const results: ReplayedExchange[] = [];
  for (const exchange of cassette.exchanges) {
    const answer = await answerTo(exchange, requestOf(exchange, bindings), ports);
    results.push({ name: exchange.name, differences: compareAnswer(exchange, answer, bindings) });
  }
  return results;
};

import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TWIN_NODE, twinEnvironment } from '../../scripts/app/twinNode.ts';

export type Reply = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
  readonly text: string;
};

export type ServerProcess = {
  readonly url: string;
  readonly token: string;
  readonly admin: string;
  /** What the process said of itself. */
  readonly info: Readonly<Record<string, unknown>>;
  /** Sends one request; `onData` takes the body instead of keeping it as text. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** Ends the process; answers the bytes it held at most. */
  end(): Promise<number>;
};

export type CallOptions = {
  readonly body?: string | AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onData?: (chunk: Buffer) => void;
};

const send = async (agent: Agent, url: URL, method: string, options: CallOptions): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers: options.headers }, (response) => {
      let bytes = 0;
      let text = '';
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (options.onData === undefined) text += chunk.toString();
        else options.onData(chunk);
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text }));
    });
    sent.on('error', reject);
    void write(sent, options.body).catch(reject);
  });

const write = async (sent: ReturnType<typeof request>, body: CallOptions['body']): Promise<void> => {
  if (typeof body !== 'object') {
    sent.end(body);
    return;
  }
  for await (const chunk of body) {
    if (!sent.write(chunk)) await new Promise((resolve) => sent.once('drain', resolve));
  }
  sent.end();
};

/** Starts `tests/bench/<name>.ts` in a process of its own. */
export const startServerProcess = async (
  name: 'twinServer' | 'plainServer' | 'executorServer',
): Promise<ServerProcess> => {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [...TWIN_NODE, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: twinEnvironment(process.env),
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${name} ended`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  const info = await next();
  const agent = new Agent({ keepAlive: true });
  const url = String(info['url']);
  return {
    url,
    token: String(info['token']),
    admin: String(info['admin']),
    info,
    call: (method, path, options = {}) => send(agent, new URL(path, url), method, options),
    end: async () => {
      agent.destroy();
      child.stdin.end();
      const { memory } = await next();
      return Number(memory);
    },
  };
};

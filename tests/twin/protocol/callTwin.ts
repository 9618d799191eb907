import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { Twin } from '../../../scripts/twin/contract.ts';

export type Reply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

export type Call = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

/** A raw request: any Host and Origin, which fetch would not let through. */
export const callTwin = (twin: Twin, path: string, call: Call = {}): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(twin.instanceUrl);
    const sent = request({ hostname, port, path, method: call.method ?? 'GET', headers: call.headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(call.body);
  });

export const bearerOf = (twin: Twin, role = 'admin'): { readonly authorization: string } => ({
  authorization: `Bearer ${twin.users[role]!.accessToken}`,
});

export const jsonOf = (reply: Reply): unknown => JSON.parse(reply.text) as unknown;

/** A JSON call of the newest version; `path` below `/services/data/v66.0`. */
export const rest = async (
  twin: Twin,
  method: string,
  path: string,
  options: {
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    readonly role?: string;
  } = {},
): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: unknown }> => {
  const reply = await callTwin(twin, `/services/data/v66.0${path}`, {
    method,
    headers: { ...bearerOf(twin, options.role), 'content-type': 'application/json', ...options.headers },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  return { status: reply.status, headers: reply.headers, body: reply.text === '' ? undefined : jsonOf(reply) };
};

import type { Connection } from '@salesforce/core';
import { namedOrgError } from './orgProblems.ts';

export type RawRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From `/services/`. `{{session}}` in the body stands for the session, which SOAP wants inside. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type RawAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/**
 * Requests and answers as they are, refusals too. Answers quote names and values: for orgs with invented records only,
 * which is why the port to an org (`Org`) has nothing of the kind.
 */
export type Exchanges = {
  send(request: RawRequest): Promise<RawAnswer>;
  calls(): number;
};

const SESSION = '{{session}}';

const headersOf = (response: Response): Readonly<Record<string, string>> =>
  Object.fromEntries([...response.headers].map(([name, value]) => [name.toLowerCase(), value]));

/** Nothing is repeated and nothing is translated; OrgUnreachable when there is no answer. */
export const createExchanges = (connection: Connection): Exchanges => {
  let calls = 0;
  return {
    calls: () => calls,
    send: async ({ method, path, headers, body }) => {
      const session = connection.accessToken ?? '';
      calls += 1;
      try {
        const response = await fetch(new URL(path, connection.instanceUrl), {
          method,
          headers: { accept: 'application/json', ...headers, authorization: `Bearer ${session}` },
          redirect: 'manual',
          ...(body === undefined ? {} : { body: body.replaceAll(SESSION, session) }),
        });
        return { status: response.status, headers: headersOf(response), body: await response.text() };
      } catch {
        // whatever the transport says, there is no answer to record
        throw namedOrgError('OrgUnreachable', 'stop-and-resume');
      }
    },
  };
};

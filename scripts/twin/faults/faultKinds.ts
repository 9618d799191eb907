import type { FaultKind } from './faultPlan.ts';

/** What each kind of fault is matched against and does, for docs/TWIN.md. */
export const faultKinds: Readonly<
  Record<FaultKind, { readonly hits: 'requests' | 'rows' | 'jobs'; readonly does: string }>
> = {
  latency: { hits: 'requests', does: '`milliseconds`, and up to `jitter` more, before the request is processed' },
  error: {
    hits: 'requests',
    does: '`code` (any StatusCode or ExceptionCode) instead of processing; `status`, `message`, `retryAfterSeconds` as wanted',
  },
  reset: {
    hits: 'requests',
    does: 'a closed connection: `moment` `before` processing, or `after` the commit with the answer lost',
  },
  truncate: {
    hits: 'requests',
    does: 'the first `share` of the answer under its whole length, then a closed connection',
  },
  sessionExpiry: {
    hits: 'requests',
    does: 'the access token is over; with `refreshable: false` the user stays out until the fault is removed',
  },
  secondClient: {
    hits: 'requests',
    does: '`writes` of another user (`as`: role or username) `before` or `after` the request; no fault hits them',
  },
  rows: {
    hits: 'rows',
    does: '`code` for the rows hit, in single calls, collections, composite, SOAP and Bulk; with all-or-none the others are undone',
  },
  jobFailure: {
    hits: 'jobs',
    does: 'the Bulk job or deployment ends Failed with `message`; of a Bulk job after `afterRows` rows, the others unprocessed',
  },
  slow: {
    hits: 'jobs',
    does: 'the job stays InProgress for `polls` looks, `seconds` of the org’s clock, or until the fault is removed',
  },
};

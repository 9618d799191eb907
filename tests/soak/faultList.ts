import type { FaultInput } from '../../scripts/twin/faults/faultPlan.ts';

/** What else happens to the org, once, when so many requests of the run were made. */
export type Event = 'restart' | 'two hours later' | 'plan expires';

/** Something that goes wrong in a run, drawn by seed, and how the run may end the sitting it happens in. */
export type SoakFault = {
  readonly name: string;
  readonly faults: (chance: () => number) => readonly FaultInput[];
  readonly event?: Event;
  /** Whether steps may end otherwise than without it: the org refused rows, or time ran out. */
  readonly changesEnd?: true;
};

const upTo = (chance: () => number, n: number): number => 1 + Math.floor(chance() * n);
const seedOf = (chance: () => number): number => Math.floor(chance() * 1_000_000);
const DELETE = { method: 'DELETE' } as const;
const POST = { method: 'POST' } as const;
const PATCH = { method: 'PATCH' } as const;

/** Writes of every kind: REST by method, SOAP and Bulk by POST, PUT and PATCH. */
const onWrites = (fault: (match: object) => FaultInput): readonly FaultInput[] =>
  [DELETE, POST, PATCH].map((match) => fault(match));

/** People's objects: rows of Garde's own are written one at a time, and whole calls fail them. */
const OBJECTS = ['Contact', 'Case', 'Individual', 'Task', 'Opportunity'];

const rows =
  (code: string): SoakFault['faults'] =>
  (chance) =>
    OBJECTS.map((object) => ({
      ...{ kind: 'rows', code, match: { object } },
      when: { probability: 0.4, seed: seedOf(chance), times: upTo(chance, 6) },
    }));

const whole =
  (code: string, status?: number): SoakFault['faults'] =>
  (chance) =>
    onWrites((match) => ({
      ...{ kind: 'error', code, match, when: { after: upTo(chance, 12) - 1, times: upTo(chance, 2) } },
      ...(status === undefined ? {} : { status }),
    }));

const often =
  (fault: object, probability: number, times: number): SoakFault['faults'] =>
  (chance) => [{ ...fault, when: { probability, seed: seedOf(chance), times } } as FaultInput];

const OUTAGE: FaultInput = { kind: 'error', code: 'SERVER_UNAVAILABLE', status: 503 };

export const SOAK_FAULTS: readonly SoakFault[] = [
  { name: 'latency everywhere', faults: () => [{ kind: 'latency', milliseconds: 3, jitter: 12 }] },
  {
    name: 'latency of writes',
    faults: () => onWrites((match) => ({ kind: 'latency', match, milliseconds: 20, jitter: 40 })),
  },
  { name: '503 now and then', faults: often(OUTAGE, 0.1, 12) },
  { name: '503 of writes', faults: whole('SERVER_UNAVAILABLE', 503) },
  { name: '503 with Retry-After', faults: often({ ...OUTAGE, retryAfterSeconds: 1 }, 0.2, 2) },
  { name: 'a long outage', faults: (chance) => [{ ...OUTAGE, when: { after: upTo(chance, 60), times: 25 } }] },
  {
    name: 'reset before a write',
    faults: (chance) =>
      onWrites((match) => ({ kind: 'reset', moment: 'before', match, when: { nth: upTo(chance, 12) } })),
  },
  {
    name: 'reset after a write',
    faults: (chance) =>
      onWrites((match) => ({ kind: 'reset', moment: 'after', match, when: { nth: upTo(chance, 12) } })),
  },
  {
    name: 'resets after every third write',
    faults: () => onWrites((match) => ({ kind: 'reset', moment: 'after', match, when: { every: 3, times: 6 } })),
  },
  { name: 'resets before, anywhere', faults: often({ kind: 'reset', moment: 'before' }, 0.05, 8) },
  { name: 'resets after, anywhere', faults: often({ kind: 'reset', moment: 'after' }, 0.05, 8) },
  {
    name: 'answers of writes cut off',
    faults: (chance) =>
      onWrites((match) => ({ kind: 'truncate', match, share: chance() * 0.9, when: { nth: upTo(chance, 12) } })),
  },
  { name: 'answers cut off, anywhere', faults: often({ kind: 'truncate', share: 0.5 }, 0.05, 6) },
  { name: 'locked rows', faults: rows('UNABLE_TO_LOCK_ROW') },
  {
    name: 'every other row locked',
    faults: () =>
      OBJECTS.map((object) => ({
        kind: 'rows',
        code: 'UNABLE_TO_LOCK_ROW',
        match: { object },
        when: { every: 2, times: 20 },
      })),
  },
  {
    name: 'rows of our own records locked',
    faults: (chance) =>
      ['GardeRun__c', 'GardePlan__c', 'GardeCheckpoint__c'].map((object) => ({
        kind: 'rows',
        code: 'UNABLE_TO_LOCK_ROW',
        match: { object },
        when: { nth: upTo(chance, 3) },
      })),
  },
  { name: 'a whole call locked out', faults: whole('UNABLE_TO_LOCK_ROW') },
  {
    name: 'quota used up',
    faults: (chance) => [
      { kind: 'error', code: 'REQUEST_LIMIT_EXCEEDED', when: { after: upTo(chance, 50), times: 3 } },
    ],
  },
  { name: 'too many requests at once', faults: whole('TOO_MANY_APEX_REQUESTS', 503) },
  {
    name: 'session over, comes back',
    faults: (chance) => [{ kind: 'sessionExpiry', when: { nth: upTo(chance, 40) } }],
  },
  {
    name: 'session over on a write',
    faults: (chance) => onWrites((match) => ({ kind: 'sessionExpiry', match, when: { nth: upTo(chance, 12) } })),
  },
  {
    name: 'user locked out',
    faults: (chance) => [{ kind: 'sessionExpiry', refreshable: false, when: { nth: upTo(chance, 40) } }],
  },
  { name: 'a job fails at once', faults: () => [{ kind: 'jobFailure', match: { job: 'ingest' }, when: { times: 2 } }] },
  {
    name: 'a job fails half way',
    faults: () => [{ kind: 'jobFailure', match: { job: 'ingest' }, afterRows: 2, when: { times: 2 } }],
  },
  { name: 'slow jobs', faults: (chance) => [{ kind: 'slow', polls: upTo(chance, 5) }] },
  { name: 'a job that does not move', faults: () => [{ kind: 'slow', match: { job: 'ingest' }, when: { times: 1 } }] },
  { name: 'rows gone already', faults: rows('ENTITY_IS_DELETED'), changesEnd: true },
  { name: 'rows refused', faults: rows('DELETE_FAILED'), changesEnd: true },
  { name: 'rows without access', faults: rows('INSUFFICIENT_ACCESS_OR_READONLY'), changesEnd: true },
  { name: 'rows refused by a rule', faults: rows('FIELD_CUSTOM_VALIDATION_EXCEPTION'), changesEnd: true },
  { name: 'the org does not know', faults: rows('UNKNOWN_EXCEPTION'), changesEnd: true },
  { name: 'a code nobody decided about', faults: rows('SOMETHING_ALTOGETHER_NEW'), changesEnd: true },
  { name: 'an internal error of a call', faults: whole('UNKNOWN_EXCEPTION', 500), changesEnd: true },
  { name: 'the org is restarted', faults: () => [], event: 'restart' },
  { name: 'time jumps', faults: () => [], event: 'two hours later' },
  { name: 'the plan expires under way', faults: () => [], event: 'plan expires', changesEnd: true },
];

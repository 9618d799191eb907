import type { DataEngine, Twin, TwinOptions } from './contract.ts';
import { serveTwin } from './serveTwin.ts';

const users = Object.fromEntries(['admin', 'officer', 'loader'].map((role, i) => [role, { username: `${role}@x.example`, userId: `005Gd000000000${i + 1}AAA` }]));
const engine = {
  findUser: (username: string) => { const u = Object.values(users).find((x) => x.username === username); return u && { id: u.userId, username, isActive: true }; },
  countRequest: () => undefined,
  limits: () => ({ DailyApiRequests: { Max: 100000, Remaining: 99999 } }),
  retrieve: () => ({ attributes: { type: 'User' }, Name: 'x' }),
  canonicalObject: (_s: unknown, o: string) => o,
  insert: () => [{ id: '001Gd0000000001AAA', success: true, created: true, errors: [] }],
  journal: () => [], describeGlobal: () => [], recordCounts: () => ({}), close: () => undefined,
} as unknown as DataEngine;
export const startTwin = (options: TwinOptions): Promise<Twin> =>
  serveTwin(options, () => ({ orgId: '00DGd0000000001EAA', name: 'x', engine, users, schema: { fieldType: () => undefined }, describeMetadata: () => ({}), objectInfo: () => ({}), picklistValues: () => ({}), notRehearsed: () => [] }));

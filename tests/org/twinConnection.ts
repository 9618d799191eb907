import type { Connection } from '@salesforce/core';
import { connectTwin } from '../../scripts/app/connectTwin.ts';
import { createOrg } from '../../scripts/org/createOrg.ts';
import type { Timing } from '../../scripts/org/patience.ts';
import type { Org } from '../../scripts/org/port.ts';
import type { Twin } from '../../scripts/twin/contract.ts';

/** A connection as a twin's user. */
export const connectionTo = async (twin: Twin, role: string): Promise<Connection> => connectTwin(twin, role);

/** The org port as a twin's user. */
export const orgAs = async (twin: Twin, role: string, timing?: Timing): Promise<Org> =>
  createOrg(await connectionTo(twin, role), timing);

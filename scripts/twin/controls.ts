import type { Clock } from './clock.ts';
import type { Twin } from './contract.ts';
import type { Faults } from './faults/faultBoard.ts';
import type { Snapshots } from './snapshots.ts';

/** A twin as the program that started it holds it: its time, what goes wrong, copies of it. */
export type ControlledTwin = Twin & {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly snapshots: Snapshots;
  /**
   * The org as it stands, served a second time at an address, with tokens and an admin token of its own; ids, the
   * org's id and its clock's position are the same. Closed with the twin it was cloned from, if not before.
   */
  clone(options?: { readonly port?: number }): Promise<ControlledTwin>;
};

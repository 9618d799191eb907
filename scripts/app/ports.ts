import { randomBytes } from 'node:crypto';
import type { Connection } from '@salesforce/core';
import type { Clock, Random } from '../kernel/clock.ts';
import { createOrg } from '../org/createOrg.ts';
import type { Org } from '../org/port.ts';
import { createVault } from '../vault/createVault.ts';
import type { Vault } from '../vault/port.ts';
import { processPassphrase } from './passphrase.ts';

/** Everything a use case may touch, built here and nowhere else. */
export type Ports = {
  readonly org: Org;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
};

export const systemClock: Clock = { now: () => new Date().toISOString() };
export const systemRandom: Random = (bytes) => randomBytes(bytes);

/** The vault in `dataDir`; what expired is swept before anything else happens (DESIGN: holdings). */
export const openVault = (dataDir: string, clock: Clock = systemClock): Promise<Vault> =>
  new Promise((resolve) => {
    const passphrase = processPassphrase();
    const vault = createVault({
      dataDir,
      random: systemRandom,
      now: clock.now,
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    vault.sweep(clock.now());
    resolve(vault);
  });

export const openPorts = async (input: {
  readonly connection: Connection;
  readonly dataDir: string;
}): Promise<Ports> => ({
  org: createOrg(input.connection),
  vault: await openVault(input.dataDir),
  clock: systemClock,
  random: systemRandom,
});

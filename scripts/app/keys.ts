import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GardeError } from '../kernel/result.ts';
import { openKeys } from '../vault/keys.ts';
import type { CopyKey, Keys, KeyStatus, RestoreCheck } from '../vault/keysPort.ts';
import type { Holding } from '../vault/port.ts';
import { createVault } from '../vault/createVault.ts';
import { processPassphrase, readPassphrase } from './passphrase.ts';
import { reservePassphraseFile } from './passphraseFile.ts';
import { systemClock, systemRandom } from './ports.ts';

const options = (dataDir: string) => {
  const passphrase = processPassphrase();
  return {
    ...{ dataDir, now: systemClock.now, random: systemRandom },
    ...(passphrase === undefined ? {} : { passphrase }),
  };
};

/** The keyrings of this user's vault. */
export const keysOf = (dataDir: string): Keys => openKeys(options(dataDir));

/** Which org a command about keys means when it is not told: the only one there is. GardeErrors `OrgNotNamed`. */
export const orgOf = (keys: Keys, orgId: string | undefined): string => {
  if (orgId !== undefined) return orgId;
  const [only, another] = keys.orgs();
  if (only !== undefined && another === undefined) return only;
  throw new GardeError([
    {
      code: 'OrgNotNamed',
      subject: '--org-id',
      message:
        only === undefined ? 'Nothing is kept of any org yet.' : 'Several orgs are kept here, and none was named.',
      actions: ['Name the org with --target-org or --org-id; `sf garde keys status` lists them.'],
    },
  ]);
};

/** The status of one org's keyring, or of all. */
export const keyStatuses = (dataDir: string, orgId: string | undefined): readonly KeyStatus[] => {
  const keys = keysOf(dataDir);
  return (orgId === undefined ? keys.orgs() : [orgId]).map((one) => keys.status(one));
};

const DAY = 86_400_000;

/** `keys handover`: the passphrase goes to a file when one is named, else it is returned to be shown once. */
export const handOver = async (
  dataDir: string,
  order: {
    readonly orgId: string | undefined;
    readonly to?: string;
    readonly path: string;
    readonly days: number;
    readonly passphraseFile?: string;
  },
): Promise<{
  readonly orgId: string;
  readonly path: string;
  readonly expiresAt: string;
  readonly passphrase?: string;
}> => {
  const keys = keysOf(dataDir);
  const orgId = orgOf(keys, order.orgId);
  const expiresAt = new Date(Date.parse(systemClock.now()) + order.days * DAY).toISOString();
  const file = order.passphraseFile === undefined ? undefined : await reservePassphraseFile(order.passphraseFile);
  try {
    const to = order.to === undefined ? {} : { to: order.to };
    const made = await keys.handover(orgId, { path: order.path, expiresAt, ...to });
    if (file === undefined) return { orgId, expiresAt, ...made };
    await file.write(made.passphrase ?? '');
    return { orgId, expiresAt, path: made.path };
  } catch (error) {
    await file?.discard();
    throw error;
  }
};

/** A passphrase from a file a flag names, with the same care as that of the environment. */
export const passphraseIn = (file: string): string => {
  const passphrase = readPassphrase({ environment: { GARDE_PASSPHRASE_FILE: file } });
  if (passphrase === undefined) throw new RangeError('a file name is not empty');
  return passphrase;
};

/** `keys restore`: from a copy and what opens it. */
export const restoreKeyring = (
  dataDir: string,
  copy: string,
  key: { readonly identityFile?: string; readonly passphraseFile?: string },
): Promise<RestoreCheck> => {
  const opener: CopyKey =
    key.identityFile === undefined
      ? { passphrase: passphraseIn(key.passphraseFile ?? '') }
      : { identityFile: key.identityFile };
  return keysOf(dataDir).restore(copy, opener);
};

/** What lies beside the vault in the data folder: the twin's state, which has no personal data. */
const BESIDE = ['twin.json', 'twin.json.new'];

const vaultAt = (dataDir: string) => createVault({ dataDir, now: systemClock.now, random: systemRandom });

/** `garde holdings`: needs no passphrase, since it opens nothing. */
export const listHoldings = (dataDir: string, orgId: string | undefined) => {
  const vault = vaultAt(dataDir);
  return { holdings: vault.inspect(orgId), strays: vault.strays(BESIDE) };
};

/** Removes holdings; those that are not there are an error before the first goes. GardeErrors `HoldingGone`, `HoldingInUse`. */
export const forgetHoldings = (dataDir: string, ids: readonly string[]): readonly Holding[] => {
  const vault = vaultAt(dataDir);
  const listed = vault.holdings();
  const unknown = ids.filter((id) => !listed.some((holding) => holding.id === id));
  if (unknown.length > 0) {
    throw new GardeError(
      unknown.map((id) => ({
        code: 'HoldingUnknown',
        subject: id,
        message: 'No holding has this id; nothing was removed.',
        actions: ['Take ids from the list of `sf garde holdings`.'],
      })),
    );
  }
  for (const id of ids) vault.remove(id);
  return listed.filter(({ id }) => ids.includes(id));
};

/** Removes what expired, before a command does anything else; returns what a running process still uses. */
export const sweepHoldings = (dataDir: string): readonly Holding[] => {
  if (!existsSync(join(dataDir, 'orgs'))) return [];
  const left: Holding[] = [];
  vaultAt(dataDir).sweep(systemClock.now(), (holding) => left.push(holding));
  return left;
};

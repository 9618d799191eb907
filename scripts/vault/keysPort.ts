import type { HoldingKind } from '../model/holdings.ts';
import type { RotationOptions, RotationResult } from './rotation.ts';

export type RecipientStatus = {
  readonly recipient: string;
  readonly addedAt: string;
  readonly testedAt: string | null;
  /** Whether its sealed copy of the org key is in place. */
  readonly copy: boolean;
};

export type KeyStatus = {
  readonly orgId: string;
  /** `locked`: the keyring needs a passphrase. `missing`: it is not there, and what it opens stays closed. */
  readonly state: 'open' | 'locked' | 'missing' | 'unfinished-rotation';
  /** Of the org key, never the key; null unless it is open. */
  readonly fingerprint: string | null;
  readonly madeAt: string | null;
  readonly sealedByPassphrase: boolean | null;
  readonly recipients: readonly RecipientStatus[];
  readonly lastRestoreTest: string | null;
  /** What only this key opens. */
  readonly holdings: readonly { readonly kind: HoldingKind; readonly count: number }[];
  /** Paths that others than the owner may read; null on Windows, where modes say nothing. */
  readonly exposed: readonly string[] | null;
};

export type RestoreCheck = {
  readonly orgId: string;
  readonly opened: number;
  /** Ids of holdings that the recovered key does not open. */
  readonly closed: readonly string[];
};

export type CopyKey = { readonly identityFile: string } | { readonly passphrase: string };

/** The keyrings of a vault: who can restore them, and their renewal. */
export type Keys = {
  /** Org ids with anything in the vault. */
  orgs(): readonly string[];
  status(orgId: string): KeyStatus;
  /** Gives an age public key a copy of the org key. GardeErrors `RecipientNotValid`, `RecipientKnown`. */
  addRecipient(orgId: string, recipient: string): Promise<{ readonly path: string; readonly recipients: number }>;
  rotate(orgId: string, options?: RotationOptions): Promise<RotationResult>;
  /** Seals the keyring for another machine, to an age public key or to a one-time passphrase that is told once. */
  handover(
    orgId: string,
    options: { readonly to?: string; readonly path: string; readonly expiresAt: string },
  ): Promise<{ readonly path: string; readonly passphrase?: string }>;
  /** Opens a recipient's copy with its identity, and with what is in it the canary and the key of every holding. */
  testRestore(
    orgId: string,
    options: { readonly identityFile: string; readonly copy?: string },
  ): Promise<RestoreCheck & { readonly recipient: string }>;
  /** Puts a lost keyring back from a copy or a handover. GardeErrors `KeyringThere`, `RecoveryCopyOld`. */
  restore(copy: string, key: CopyKey): Promise<RestoreCheck>;
};

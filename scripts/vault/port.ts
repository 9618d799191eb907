import type { HoldingKind } from '../model/holdings.ts';

/** What a sealed thing is, as model/holdings lists it; a writer of an unlisted kind is refused. */
export type { HoldingKind };

export type Holding = {
  readonly id: string;
  readonly kind: HoldingKind;
  readonly orgId: string;
  /** Absolute path of the sealed file or encrypted store. */
  readonly path: string;
  readonly createdAt: string;
  /** ISO instant; swept at the start of every command after it. */
  readonly expiresAt: string;
  /** Which key opens it: a fingerprint, never the key. */
  readonly keyFingerprint: string;
};

/** A table of typed columns inside an encrypted store. */
export type StoreTable = {
  readonly name: string;
  readonly columns: Readonly<Record<string, 'text' | 'integer' | 'real'>>;
};
export type StoreValue = string | number | null;

/** An encrypted SQL store (libsql, key from the org's keyring, temp store in memory, mode 0600 in a 0700 folder). */
export type EncryptedStore = {
  create(table: StoreTable): void;
  /** Inserts in one transaction per 10,000 rows; returns how many. */
  insert(table: string, columns: readonly string[], rows: Iterable<readonly StoreValue[]>): number;
  /** Reads lazily; parameters are bound. */
  read(sql: string, parameters?: readonly StoreValue[]): Iterable<Readonly<Record<string, StoreValue>>>;
  run(sql: string, parameters?: readonly StoreValue[]): void;
  /** Makes everything written so far durable (fsync). */
  flush(): void;
  close(): void;
};

/**
 * The vault: alone opens files with personal data. One keyring per org in the user's data directory (0600), sealed by a
 * passphrase when one is given.
 */
export type Vault = {
  /** A new encrypted store, listed in holdings. */
  createStore(
    kind: HoldingKind,
    orgId: string,
    expiresAt: string,
  ): { readonly holding: Holding; readonly store: EncryptedStore };
  openStore(holdingId: string): EncryptedStore;
  /** Keeps a holding for this process until it ends or calls the returned function; undefined when another has it. */
  lock(holdingId: string): (() => void) | undefined;
  /** Seals bytes to the org key (age). */
  seal(
    kind: HoldingKind,
    orgId: string,
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    options: { readonly expiresAt: string; readonly fileName: string },
  ): Promise<Holding>;
  /** Seals to a fresh one-time passphrase (age scrypt) at a path the user chose; the passphrase is returned once and kept nowhere. */
  sealForRecipient(
    kind: HoldingKind,
    orgId: string,
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    options: { readonly expiresAt: string; readonly path: string },
  ): Promise<{ readonly holding: Holding; readonly passphrase: string }>;
  open(holdingId: string): Promise<Uint8Array>;
  holdings(orgId?: string): readonly Holding[];
  remove(holdingId: string): void;
  /** Removes what expired; returns what went. */
  sweep(now: string): readonly Holding[];
  /** 32 bytes derived for one use (`plan-salt`, `leaf-salt`), stable for the org's keyring. */
  deriveKey(orgId: string, use: string): Uint8Array;
};

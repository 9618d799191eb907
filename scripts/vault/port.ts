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
  /** Why it is kept, where somebody had to say. */
  readonly reason?: string | undefined;
};

/** A holding and what is at its place. */
export type HoldingReport = Holding & {
  /** `gone`: nothing is there any more. `replaced`: another file is, which is none of Garde's. */
  readonly state: 'kept' | 'expired' | 'in-use' | 'gone' | 'replaced';
  readonly bytes: number;
  /** Whether others than the owner may read it; never on Windows, where modes say nothing. */
  readonly exposed: boolean;
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

/** Takes bytes one after the other; `close` makes them durable, or removes all of it where they are not whole. */
export type PageWriter = { write(bytes: Uint8Array): void; close(isWhole: boolean): void };

/** A sealed file read by place, page by page; each page is authenticated at its place. */
export type SealedPages = {
  readonly pages: number;
  /** Bytes of a page; what was written is filled up with zeros to the last one's end. */
  readonly pageBytes: number;
  /** GardeError `SealedPageDamaged`. */
  read(page: number): Uint8Array;
  close(): void;
};

/**
 * The vault: alone opens files with personal data. One keyring per org in the user's data directory (0600), sealed by a
 * passphrase when one is given.
 */
export type Vault = {
  /**
   * A new encrypted store, listed in holdings. One that is temporary is removed by whoever makes it as soon as it was
   * used: nothing in it is made durable or overwritten, its key is destroyed with it.
   */
  createStore(
    kind: HoldingKind,
    orgId: string,
    expiresAt: string,
    options?: { readonly reason?: string; readonly isTemporary?: boolean },
  ): { readonly holding: Holding; readonly store: EncryptedStore };
  openStore(holdingId: string): EncryptedStore;
  /** A new file of sealed pages under a key of its own, written once from front to end. */
  createPages(
    kind: HoldingKind,
    orgId: string,
    expiresAt: string,
  ): { readonly holding: Holding; readonly writer: PageWriter };
  openPages(holdingId: string): SealedPages;
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
  /** Opens a file that `sealForRecipient` made, here or elsewhere. GardeErrors `SealedFileClosed`, `SealedFileMissing`. */
  openFromSender(path: string, passphrase: string): Promise<Uint8Array>;
  holdings(orgId?: string): readonly Holding[];
  /** The holdings, each with what is at its place. */
  inspect(orgId?: string): readonly HoldingReport[];
  /** Files in the data folder that nothing lists, which should be none; `beside` names what lies there by right. */
  strays(beside: readonly string[]): readonly string[];
  /** Removes a holding, if it is there. GardeError `HoldingInUse` while another process uses it. */
  remove(holdingId: string): void;
  /** Removes what expired and returns what went; what a running process uses is left and told. */
  sweep(now: string, leave?: (holding: Holding) => void): readonly Holding[];
  /** 32 bytes derived for one use (`plan-salt`, `leaf-salt`), stable for the org's keyring. */
  deriveKey(orgId: string, use: string): Uint8Array;
  /**
   * Seals bytes under the key of one data subject (a record id of 15 or 18 characters), made on first use. The text holds
   * no personal data in the clear; it is durable as soon as the store or file it is put into was flushed.
   */
  sealForSubject(orgId: string, subject: string, bytes: Uint8Array): string;
  /** GardeErrors `SubjectForgotten` (its key is gone, for good), `SealedValueDamaged`. */
  openForSubject(orgId: string, subject: string, sealed: string): Uint8Array;
  /**
   * 32 bytes for one use, made of the data subject's own random key and of nothing about them: the same as long as the
   * key is there, and gone with it. The key is made on first use.
   */
  deriveForSubject(orgId: string, subject: string, use: string): Uint8Array;
  /** Destroys the key of a data subject: what was sealed under it opens nowhere any more. False when there was none. */
  forgetSubject(orgId: string, subject: string): boolean;
  /** The same for many at once; how many keys went. */
  forgetSubjects(orgId: string, subjects: Iterable<string>): number;
  /** How many of these data subjects have a key. */
  knownSubjects(orgId: string, subjects: Iterable<string>): number;
  /** Makes the keys of many data subjects at once and durably: much faster than one by one. */
  prepareSubjects(orgId: string, subjects: Iterable<string>): void;
  /**
   * Lets pass only an org whose key this many recipients can restore: what lasts long (archive, long undo, suppression)
   * asks before it keeps anything. GardeError `RecipientsMissing`.
   */
  requireRecipients(orgId: string, count: number): void;
};

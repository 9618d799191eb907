import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseRecordId } from '../kernel/recordId.ts';
import { GardeError } from '../kernel/result.ts';
import type { HoldingsList } from './holdingsList.ts';
import { createKeyring, newKeyring, readKeyring, writeKeyring, type Keyring, type Secrets } from './keyring.ts';
import { makePrivateFolder, replacePrivateFile } from './privateFiles.ts';
import { waitForProcessLock } from './processLock.ts';
import { openBox, sealBox, type RandomBytes } from './secretBox.ts';

export type Keyrings = {
  /** The org's keyring as it is on disk now; made on first use. */
  of(orgId: string): Keyring;
  /** Whether a keyring file is there. */
  has(orgId: string): boolean;
  /** Replaces the keyring; only within `alone`. */
  put(keyring: Keyring): void;
  /** Runs work that changes keys or lists new ones, one process at a time. Not reentrant. */
  alone<T>(orgId: string, work: () => T): T;
  /** Seals a small thing under the org key. */
  wrap(orgId: string, label: string, plain: Uint8Array): string;
  /** Opens it; undefined when the org key does not. */
  unwrap(orgId: string, label: string, box: string): Buffer | undefined;
  /** What a recovery copy proves itself on. */
  readonly canary: {
    write(orgId: string): void;
    opensWith(orgId: string, secrets: Secrets): boolean;
  };
};

export type KeyringOptions = {
  readonly passphrase?: string;
  readonly now: () => string;
  readonly random: RandomBytes;
  readonly orgsFolder: string;
  readonly list: HoldingsList;
};

export const recoveryFolder = (orgsFolder: string, orgId: string): string => join(orgsFolder, orgId, 'recovery');

/** Opens what any of the org's keys sealed: while a rotation goes on there are two. */
export const unwrapWith = (secrets: Secrets, label: string, box: string): Buffer | undefined => {
  const bytes = Buffer.from(box, 'base64');
  return (
    openBox(secrets.master, label, bytes) ??
    (secrets.next === undefined ? undefined : openBox(secrets.next, label, bytes))
  );
};

const missing = (path: string, closed: number, copies: readonly string[]): GardeError =>
  new GardeError([
    {
      code: 'KeyringMissing',
      subject: path,
      message: `The keyring of this org is missing: ${String(closed)} of its holdings stay closed.`,
      actions:
        copies.length > 0
          ? [
              `Restore it with \`sf garde keys restore\` from one of the ${String(copies.length)} recovery copies in the folder \`recovery\` beside it; its recipient has the identity that opens it.`,
            ]
          : [
              'Restore it from your backup, or with `sf garde keys restore` from a handover.',
              'No recovery copy is here. Without any copy nobody can open them: move the folder of the org away to start over without what was kept.',
            ],
    },
  ]);

const canaryForm = z.strictObject({ gardeCanary: z.literal(1), box: z.base64() });
const CANARY = 'what a recovery copy must be able to open';

type Stamped = { readonly keyring: Keyring; readonly stamp: string };

/** Which version of a file is on disk. */
const stampOf = (path: string): string => {
  const { ino, mtimeNs, size } = statSync(path, { bigint: true });
  return `${String(ino)} ${String(mtimeNs)} ${String(size)}`;
};

type Shelf = KeyringOptions & { readonly known: Map<string, Stamped> };

const pathOf = ({ orgsFolder }: Shelf, orgId: string): string => {
  if (parseRecordId(orgId) !== orgId) throw new RangeError('an org id has 18 characters');
  return join(orgsFolder, orgId, 'keyring.json');
};

const make = (shelf: Shelf, path: string, orgId: string): void => {
  const { orgsFolder, list, random } = shelf;
  const folder = recoveryFolder(orgsFolder, orgId);
  const copies = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.age')) : [];
  const closed = list.all(orgId).filter(({ sealedKey }) => sealedKey !== undefined).length;
  if (closed + copies.length > 0) throw missing(path, closed, copies);
  makePrivateFolder(join(orgsFolder, orgId));
  if (createKeyring(newKeyring(path, orgId, shelf), random)) writeCanary(shelf, orgId);
};

const read = (shelf: Shelf, orgId: string): Keyring => {
  const path = pathOf(shelf, orgId);
  if (!existsSync(path)) make(shelf, path, orgId);
  const stamp = stampOf(path);
  const before = shelf.known.get(orgId);
  if (before?.stamp === stamp) return before.keyring;
  const keyring = readKeyring(path, orgId, shelf.passphrase);
  shelf.known.set(orgId, { keyring, stamp });
  return keyring;
};

const wrap = (shelf: Shelf, orgId: string, label: string, plain: Uint8Array): string => {
  const { master, next } = read(shelf, orgId).secrets;
  return sealBox(next ?? master, label, plain, shelf.random).toString('base64');
};

const canaryPath = ({ orgsFolder }: Shelf, orgId: string): string => join(orgsFolder, orgId, 'canary.json');

const writeCanary = (shelf: Shelf, orgId: string): void => {
  const box = wrap(shelf, orgId, `canary ${orgId}`, Buffer.from(CANARY));
  replacePrivateFile(canaryPath(shelf, orgId), JSON.stringify({ gardeCanary: 1, box }));
};

const canaryOpensWith = (shelf: Shelf, orgId: string, secrets: Secrets): boolean => {
  const path = canaryPath(shelf, orgId);
  if (!existsSync(path)) return false;
  const { box } = canaryForm.parse(JSON.parse(readFileSync(path, 'utf8')));
  return unwrapWith(secrets, `canary ${orgId}`, box)?.toString() === CANARY;
};

/** The keyrings of a vault, read again whenever another process changed one. */
export const openKeyrings = (options: KeyringOptions): Keyrings => {
  const shelf: Shelf = { ...options, known: new Map() };
  const { orgsFolder, random } = options;
  return {
    of: (orgId) => read(shelf, orgId),
    has: (orgId) => existsSync(pathOf(shelf, orgId)),
    put: (keyring) => {
      makePrivateFolder(join(orgsFolder, keyring.orgId));
      writeKeyring(keyring, random);
      shelf.known.set(keyring.orgId, { keyring, stamp: stampOf(keyring.path) });
    },
    alone: (orgId, work) => {
      makePrivateFolder(join(orgsFolder, orgId));
      const release = waitForProcessLock(`${pathOf(shelf, orgId)}.lock`);
      try {
        return work();
      } finally {
        release();
      }
    },
    wrap: (orgId, label, plain) => wrap(shelf, orgId, label, plain),
    unwrap: (orgId, label, box) => unwrapWith(read(shelf, orgId).secrets, label, box),
    canary: {
      write: (orgId) => {
        writeCanary(shelf, orgId);
      },
      opensWith: (orgId, secrets) => canaryOpensWith(shelf, orgId, secrets),
    },
  };
};

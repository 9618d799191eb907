import { basename, resolve } from 'node:path';
import type { HoldingEntry } from './holdingsList.ts';
import type { Vault } from './port.ts';
import { found, newEntry, publicPart, type Rooms } from './rooms.ts';
import {
  beginningOf,
  oneTimePassphrase,
  openSealed,
  openWithPassphrase,
  refuseTaken,
  sealToPassphrase,
  sealToSeed,
} from './sealedFiles.ts';
import { keyOf, listHolding } from './stores.ts';

/** Listed before it is written: a command that is killed in between leaves nothing that nobody knows of. */
const writeListed = async (rooms: Rooms, entry: HoldingEntry, write: () => Promise<void>): Promise<void> => {
  rooms.list.add(entry);
  try {
    await write();
  } catch (error) {
    rooms.list.drop(entry);
    throw error;
  }
};

/**
 * Writes and lists a file at a path that a person chose, sealed for somebody else: swept at its expiry, while it is still
 * there. GardeErrors `FileExists`, `UnlistedHolding`.
 */
export const writeNamedOutput = async (
  rooms: Rooms,
  of: Pick<HoldingEntry, 'kind' | 'orgId' | 'expiresAt' | 'keyFingerprint'> & { readonly path: string },
  write: (path: string) => Promise<void>,
): Promise<HoldingEntry> => {
  const path = resolve(of.path);
  refuseTaken(path);
  const entry = { ...newEntry(rooms, of.kind, of.orgId, of.expiresAt), path, keyFingerprint: of.keyFingerprint };
  await writeListed(rooms, entry, () => write(path));
  const listed = { ...entry, begins: beginningOf(path) };
  rooms.list.add(listed);
  return listed;
};

/** Sealed files: in the vault under a key of their own, or at the user's path for a recipient. */
export const openFiles = (
  rooms: Rooms,
  flushSubjects: (orgId: string) => void,
): Pick<Vault, 'seal' | 'sealForRecipient' | 'open' | 'openFromSender'> => ({
  seal: async (kind, orgId, bytes, { expiresAt, fileName }) => {
    flushSubjects(orgId);
    const made = listHolding(rooms, { kind, orgId, expiresAt }, (id) => ['sealed', `${id}-${basename(fileName)}.age`]);
    await writeListed(rooms, made.entry, () => sealToSeed(made.key, bytes, made.entry.path));
    return publicPart(made.entry);
  },
  sealForRecipient: async (kind, orgId, bytes, { expiresAt, path }) => {
    flushSubjects(orgId);
    const passphrase = oneTimePassphrase(rooms.random);
    const keyFingerprint = 'one-time-passphrase';
    const entry = await writeNamedOutput(rooms, { kind, orgId, expiresAt, path, keyFingerprint }, (at) =>
      sealToPassphrase(passphrase, bytes, at),
    );
    return { holding: publicPart(entry), passphrase };
  },
  open: async (holdingId) => {
    const entry = found(rooms, holdingId);
    return openSealed(keyOf(rooms, entry), entry.path);
  },
  openFromSender: (path, passphrase) => openWithPassphrase(resolve(path), passphrase),
});

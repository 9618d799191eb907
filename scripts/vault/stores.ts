import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openEncryptedStore } from './encryptedStore.ts';
import type { HoldingEntry } from './holdingsList.ts';
import type { EncryptedStore, HoldingKind } from './port.ts';
import { createPrivateFile } from './privateFiles.ts';
import { takeUse, type Release } from './processLock.ts';
import { fingerprint, found, gone, newEntry, orgFolder, refuse, type Rooms } from './rooms.ts';

export type NewHolding = { readonly entry: HoldingEntry; readonly key: Buffer };
type What = {
  readonly kind: HoldingKind;
  readonly orgId: string;
  readonly expiresAt: string;
  readonly reason?: string;
};

/**
 * Lists a new holding with a key of its own, sealed under the org's. Nothing is at its path yet: what is listed first is
 * never forgotten, however the process ends.
 */
export const listHolding = (
  rooms: Rooms,
  of: What,
  fileOf: (id: string) => readonly [room: string, file: string],
): NewHolding => {
  const head = newEntry(rooms, of.kind, of.orgId, of.expiresAt);
  const [room, file] = fileOf(head.id);
  const path = join(orgFolder(rooms, of.orgId, room), file);
  const why = of.reason === undefined ? {} : { reason: of.reason };
  const key = Buffer.from(rooms.random(32));
  // first use makes the keyring, which is not for others to wait on
  rooms.keyrings.of(of.orgId);
  return rooms.keyrings.alone(of.orgId, () => {
    const sealedKey = rooms.keyrings.wrap(of.orgId, `store ${head.id}`, key);
    const entry = { ...head, path, keyFingerprint: fingerprint(key), sealedKey, ...why };
    rooms.list.add(entry);
    return { entry, key };
  });
};

/** Lists a new encrypted store and makes its empty file. */
export const listStore = (rooms: Rooms, of: What): NewHolding => {
  const made = listHolding(rooms, of, (id) => ['stores', `${of.kind}-${id}.db`]);
  // The engine gives its log files the mode of the store's own file.
  createPrivateFile(made.entry.path, '');
  return made;
};

const keyIn = (rooms: Rooms, { orgId, id, sealedKey }: HoldingEntry): Buffer | undefined =>
  sealedKey === undefined
    ? rooms.keyrings.of(orgId).secrets.age
    : rooms.keyrings.unwrap(orgId, `store ${id}`, sealedKey);

/** The key of a listed holding. GardeErrors `HoldingKeyWrong`, `HoldingGone`. */
export const keyOf = (rooms: Rooms, entry: HoldingEntry): Buffer => {
  // a rotation may have ended between reading the entry and reading the keyring
  const key = keyIn(rooms, entry) ?? keyIn(rooms, found(rooms, entry.id));
  if (key !== undefined) return key;
  throw refuse(
    'HoldingKeyWrong',
    entry.id,
    'The keyring does not open this holding.',
    'Restore the keyring it was made with.',
  );
};

/** Says that a holding is in use until the returned function is called. GardeError `HoldingGone`. */
export const useHolding = (rooms: Rooms, { id, path }: HoldingEntry): Release => {
  const release = takeUse(`${path}.lock`);
  if (release === undefined || !existsSync(path)) {
    release?.();
    if (!existsSync(path)) rmSync(`${path}.lock`, { force: true });
    throw gone(id);
  }
  rooms.inUse.set(path, (rooms.inUse.get(path) ?? 0) + 1);
  let used = true;
  return () => {
    if (used) rooms.inUse.set(path, (rooms.inUse.get(path) ?? 1) - 1);
    used = false;
    release();
  };
};

/** Opens a store with its key; in use until it is closed. */
export const openStoreAt = (rooms: Rooms, entry: HoldingEntry, key: Buffer, isTemporary = false): EncryptedStore => {
  const release = useHolding(rooms, entry);
  try {
    const store = openEncryptedStore(entry.path, key, isTemporary);
    return {
      ...store,
      close: () => {
        store.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
};

import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { GardeError } from '../kernel/result.ts';
import { parseRecordId } from '../kernel/recordId.ts';
import { HOLDINGS } from '../model/holdings.ts';
import { openEncryptedStore } from './encryptedStore.ts';
import { openHoldingsList, type HoldingEntry, type HoldingsList } from './holdingsList.ts';
import { openKeyring, type Keyring } from './keyring.ts';
import type { Holding, HoldingKind, Vault } from './port.ts';
import { createPrivateFile, makePrivateFolder } from './privateFiles.ts';
import { takeProcessLock } from './processLock.ts';
import { oneTimePassphrase, openSealed, sealToOrg, sealToPassphrase } from './sealedFiles.ts';
import { deriveBytes, openBox, sealBox, type RandomBytes } from './secretBox.ts';

export type VaultOptions = {
  /** The user's own data folder; made with mode 0700. */
  readonly dataDir: string;
  /** Seals keyrings made from now on, and opens sealed ones. */
  readonly passphrase?: string;
  /** ISO instant. */
  readonly now: () => string;
  readonly random: RandomBytes;
};

type Rooms = VaultOptions & {
  readonly list: HoldingsList;
  readonly orgsFolder: string;
  readonly keyring: (orgId: string) => Keyring;
};

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

const fingerprint = (key: Uint8Array): string => createHash('sha256').update(key).digest('hex').slice(0, 16);

const newEntry = (rooms: Rooms, kind: HoldingKind, orgId: string, expiresAt: string): Omit<HoldingEntry, 'path'> => {
  if (!(kind in HOLDINGS)) {
    throw refuse(
      'UnlistedHolding',
      kind,
      'Nothing of this kind may be kept.',
      'List the kind in model/holdings first.',
    );
  }
  const id = Buffer.from(rooms.random(12)).toString('hex');
  return { id, kind, orgId, createdAt: rooms.now(), expiresAt, keyFingerprint: '' };
};

const found = (rooms: Rooms, holdingId: string): HoldingEntry => {
  const entry = rooms.list.find(holdingId);
  if (entry !== undefined && existsSync(entry.path)) return entry;
  throw refuse(
    'HoldingGone',
    holdingId,
    'What is asked for is no longer held: it expired, was removed, or was moved.',
    'Make it again.',
  );
};

const publicPart = (entry: HoldingEntry): Holding => {
  const { id, kind, orgId, path, createdAt, expiresAt, keyFingerprint } = entry;
  return { id, kind, orgId, path, createdAt, expiresAt, keyFingerprint };
};

const orgFolder = (rooms: Rooms, orgId: string, room: string): string => {
  const folder = join(rooms.orgsFolder, orgId, room);
  makePrivateFolder(folder);
  return folder;
};

const createStore =
  (rooms: Rooms): Vault['createStore'] =>
  (kind, orgId, expiresAt) => {
    const head = newEntry(rooms, kind, orgId, expiresAt);
    const key = rooms.random(32);
    const sealedKey = sealBox(rooms.keyring(orgId).master, `store ${head.id}`, key, rooms.random).toString('base64');
    const path = join(orgFolder(rooms, orgId, 'stores'), `${kind}-${head.id}.db`);
    const entry = { ...head, path, keyFingerprint: fingerprint(key), sealedKey };
    rooms.list.add(entry);
    // The engine gives its log files the mode of the store's own file.
    createPrivateFile(path, '');
    return { holding: publicPart(entry), store: openEncryptedStore(path, key) };
  };

const openStore =
  (rooms: Rooms): Vault['openStore'] =>
  (holdingId) => {
    const entry = found(rooms, holdingId);
    const key = openBox(
      rooms.keyring(entry.orgId).master,
      `store ${entry.id}`,
      Buffer.from(entry.sealedKey ?? '', 'base64'),
    );
    if (key === undefined) {
      throw refuse(
        'HoldingKeyWrong',
        holdingId,
        'The keyring does not open this holding.',
        'Restore the keyring it was made with.',
      );
    }
    return openEncryptedStore(entry.path, key);
  };

const seal =
  (rooms: Rooms): Vault['seal'] =>
  async (kind, orgId, bytes, options) => {
    const { age } = rooms.keyring(orgId);
    const head = newEntry(rooms, kind, orgId, options.expiresAt);
    const path = join(orgFolder(rooms, orgId, 'sealed'), `${head.id}-${basename(options.fileName)}.age`);
    await sealToOrg(age, bytes, path);
    const entry = { ...head, path, keyFingerprint: fingerprint(age) };
    rooms.list.add(entry);
    return publicPart(entry);
  };

const sealForRecipient =
  (rooms: Rooms): Vault['sealForRecipient'] =>
  async (kind, orgId, bytes, options) => {
    const entry = { ...newEntry(rooms, kind, orgId, options.expiresAt), path: resolve(options.path) };
    const passphrase = oneTimePassphrase(rooms.random);
    await sealToPassphrase(passphrase, bytes, entry.path);
    const listed = { ...entry, keyFingerprint: 'one-time-passphrase' };
    rooms.list.add(listed);
    return { holding: publicPart(listed), passphrase };
  };

const remove = (rooms: Rooms, entry: HoldingEntry): void => {
  for (const suffix of entry.sealedKey === undefined ? [''] : ['', '-wal', '-shm', '.lock']) {
    rmSync(entry.path + suffix, { force: true });
  }
  rooms.list.drop(entry);
};

/** The vault in a folder of the user's own. Errors: the keyring's, UnlistedHolding, HoldingGone, HoldingKeyWrong, FileExists. */
export const createVault = (options: VaultOptions): Vault => {
  makePrivateFolder(options.dataDir);
  const orgsFolder = join(options.dataDir, 'orgs');
  const keyrings = new Map<string, Keyring>();
  const keyring = (orgId: string): Keyring => {
    if (parseRecordId(orgId) !== orgId) throw new RangeError('an org id has 18 characters');
    const known = keyrings.get(orgId);
    if (known !== undefined) return known;
    makePrivateFolder(join(orgsFolder, orgId));
    const opened = openKeyring(join(orgsFolder, orgId, 'keyring.json'), orgId, options);
    keyrings.set(orgId, opened);
    return opened;
  };
  const rooms: Rooms = { ...options, orgsFolder, keyring, list: openHoldingsList(orgsFolder) };
  return {
    createStore: createStore(rooms),
    openStore: openStore(rooms),
    lock: (holdingId) => takeProcessLock(`${found(rooms, holdingId).path}.lock`),
    seal: seal(rooms),
    sealForRecipient: sealForRecipient(rooms),
    open: async (holdingId) => {
      const entry = found(rooms, holdingId);
      return openSealed(keyring(entry.orgId).age, entry.path);
    },
    holdings: (orgId) =>
      rooms.list
        .all()
        .filter((entry) => orgId === undefined || entry.orgId === orgId)
        .map(publicPart),
    remove: (holdingId) => {
      const entry = rooms.list.find(holdingId);
      if (entry !== undefined) remove(rooms, entry);
    },
    sweep: (now) => {
      const expired = rooms.list.all().filter((entry) => Date.parse(entry.expiresAt) <= Date.parse(now));
      for (const entry of expired) remove(rooms, entry);
      return expired.map(publicPart);
    },
    deriveKey: (orgId, use) => deriveBytes(keyring(orgId).master, use),
  };
};

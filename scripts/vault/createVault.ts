import { join } from 'node:path';
import { openFiles } from './files.ts';
import { openHoldingsList } from './holdingsList.ts';
import { findStrays, inspectHoldings, removeLeftovers } from './inspection.ts';
import { openKeyrings } from './keyrings.ts';
import { openPagesRoom } from './pages.ts';
import type { EncryptedStore, Vault } from './port.ts';
import { makePrivateFolder } from './privateFiles.ts';
import { takeProcessLock } from './processLock.ts';
import { requireRecipients } from './recovery.ts';
import { removeHolding } from './removal.ts';
import { found, publicPart, refuse, type Rooms } from './rooms.ts';
import { deriveBytes, type RandomBytes } from './secretBox.ts';
import { keyOf, listStore, openStoreAt } from './stores.ts';
import { openSubjects, type Subjects } from './subjects.ts';

export type VaultOptions = {
  /** The user's own data folder; made with mode 0700. */
  readonly dataDir: string;
  /** Seals keyrings made from now on, and opens sealed ones. */
  readonly passphrase?: string;
  /** ISO instant. */
  readonly now: () => string;
  readonly random: RandomBytes;
};

/** What the vault and its keys work on. */
export const openRooms = (options: VaultOptions): Rooms => {
  makePrivateFolder(options.dataDir);
  const orgsFolder = join(options.dataDir, 'orgs');
  const list = openHoldingsList(orgsFolder);
  const { now, random } = options;
  return { now, random, orgsFolder, list, keyrings: openKeyrings({ ...options, orgsFolder, list }), inUse: new Map() };
};

/** What was sealed under subjects' keys must not outlive a power cut that the keys do not: they are made durable first. */
const afterSubjects = (store: EncryptedStore, subjects: Subjects, orgId: string): EncryptedStore => ({
  ...store,
  flush: () => {
    subjects.flush(orgId);
    store.flush();
  },
});

const storeRoom = (rooms: Rooms, subjects: Subjects): Pick<Vault, 'createStore' | 'openStore'> => ({
  createStore: (kind, orgId, expiresAt, options = {}) => {
    const { isTemporary = false, ...why } = options;
    const { entry, key } = listStore(rooms, { kind, orgId, expiresAt, ...why });
    const store = openStoreAt(rooms, entry, key, isTemporary);
    return { holding: publicPart(entry), store: afterSubjects(store, subjects, orgId) };
  },
  openStore: (holdingId) => {
    const entry = found(rooms, holdingId);
    return afterSubjects(openStoreAt(rooms, entry, keyOf(rooms, entry)), subjects, entry.orgId);
  },
});

const removals = (rooms: Rooms, subjects: Subjects): Pick<Vault, 'remove' | 'sweep'> => ({
  remove: (holdingId) => {
    const entry = rooms.list.find(holdingId);
    if (entry === undefined) return;
    if (entry.kind === 'subject-keys') subjects.close(entry.orgId);
    if (removeHolding(rooms, entry, true)) return;
    throw refuse(
      'HoldingInUse',
      holdingId,
      'Another command works with this holding at the moment; it is kept.',
      'Let that command end, then remove it again.',
    );
  },
  sweep: (now, leave = () => undefined) => {
    removeLeftovers(rooms);
    const expired = rooms.list.all().filter((entry) => Date.parse(entry.expiresAt) <= Date.parse(now));
    const went = expired.filter((entry) => {
      const gone = removeHolding(rooms, entry, false);
      if (!gone) leave(publicPart(entry));
      return gone;
    });
    return went.map(publicPart);
  },
});

/**
 * The vault in a folder of the user's own. Errors: the keyring's, UnlistedHolding, HoldingGone, HoldingKeyWrong,
 * HoldingInUse, HoldingEntryUnreadable, FileExists, RecipientsMissing, VaultBusy.
 */
export const createVault = (options: VaultOptions): Vault => {
  const rooms = openRooms(options);
  const subjects = openSubjects(rooms);
  const { sealForSubject, openForSubject, deriveForSubject, prepareSubjects } = subjects;
  const { forgetSubject, forgetSubjects, knownSubjects } = subjects;
  return {
    ...{ sealForSubject, openForSubject, deriveForSubject, prepareSubjects },
    ...{ forgetSubject, forgetSubjects, knownSubjects },
    ...storeRoom(rooms, subjects),
    ...openPagesRoom(rooms),
    ...openFiles(rooms, (orgId) => {
      subjects.flush(orgId);
    }),
    ...removals(rooms, subjects),
    lock: (holdingId) => takeProcessLock(`${found(rooms, holdingId).path}.lock`),
    holdings: (orgId) => rooms.list.all(orgId).map(publicPart),
    inspect: (orgId) => inspectHoldings(rooms, orgId),
    strays: (beside) => findStrays(rooms, beside),
    deriveKey: (orgId, use) => deriveBytes(rooms.keyrings.of(orgId).secrets.root, use),
    requireRecipients: (orgId, count) => {
      requireRecipients(rooms, orgId, count);
    },
  };
};

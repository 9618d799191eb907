import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseRecordId } from '../kernel/recordId.ts';
import { openRooms, type VaultOptions } from './createVault.ts';
import { writeNamedOutput } from './files.ts';
import { keyStatus } from './keyStatus.ts';
import { sealerOf, type Secrets } from './keyring.ts';
import { unwrapWith } from './keyrings.ts';
import type { Keys, RestoreCheck } from './keysPort.ts';
import {
  checkRecipient,
  copyPath,
  openCopy,
  readIdentities,
  sealCopies,
  textOfCopy,
  writeCopies,
  type RecoveryCopy,
} from './recovery.ts';
import { refuse, type Rooms } from './rooms.ts';
import { rotateKey } from './rotation.ts';
import { oneTimePassphrase, sealToPassphrase, sealToRecipient } from './sealedFiles.ts';

const orgsOf = (rooms: Rooms): readonly string[] =>
  (existsSync(rooms.orgsFolder) ? readdirSync(rooms.orgsFolder) : []).filter((name) => parseRecordId(name) === name);

/** Tries recovered secrets on the key of every holding of the org. */
const tryOn = (rooms: Rooms, orgId: string, secrets: Secrets): RestoreCheck => {
  const closed = rooms.list
    .all(orgId)
    .filter(({ id, sealedKey }) => sealedKey !== undefined && !unwrapWith(secrets, `store ${id}`, sealedKey));
  const total = rooms.list.all(orgId).filter(({ sealedKey }) => sealedKey !== undefined).length;
  return { orgId, opened: total - closed.length, closed: closed.map(({ id }) => id) };
};

const busy = (orgId: string): Error =>
  refuse(
    'VaultBusy',
    orgId,
    'Another process of Garde changed the keys of this org meanwhile.',
    'Run the command again.',
  );

const addRecipient =
  (rooms: Rooms): Keys['addRecipient'] =>
  async (orgId, text) => {
    const recipient = checkRecipient(text);
    const keyring = rooms.keyrings.of(orgId);
    const { recipients } = keyring.secrets;
    if (recipients.some((one) => one.recipient === recipient)) {
      throw refuse(
        'RecipientKnown',
        recipient,
        'This recipient has a copy of the org key already.',
        'Add the key of somebody else: two copies that one identity opens are lost together.',
      );
    }
    const secrets = { ...keyring.secrets, recipients: [...recipients, { recipient, addedAt: rooms.now() }] };
    const copies = await sealCopies(rooms, orgId, secrets);
    rooms.keyrings.alone(orgId, () => {
      if (rooms.keyrings.of(orgId) !== keyring) throw busy(orgId);
      writeCopies(rooms, orgId, copies);
      rooms.keyrings.put({ ...keyring, secrets });
    });
    return { path: copyPath(rooms, orgId, recipient), recipients: secrets.recipients.length };
  };

const handover =
  (rooms: Rooms): Keys['handover'] =>
  async (orgId, { to, path, expiresAt }) => {
    const { secrets } = rooms.keyrings.of(orgId);
    const bytes = textOfCopy({ gardeRecovery: 1, orgId, madeAt: rooms.now(), expiresAt, secrets });
    const kind = 'keyring-handover';
    if (to !== undefined) {
      const recipient = checkRecipient(to);
      const of = { kind, orgId, expiresAt, path, keyFingerprint: recipient } as const;
      const listed = await writeNamedOutput(rooms, of, (at) => sealToRecipient(recipient, bytes, at));
      return { path: listed.path };
    }
    const passphrase = oneTimePassphrase(rooms.random);
    const of = { kind, orgId, expiresAt, path, keyFingerprint: 'one-time-passphrase' } as const;
    const listed = await writeNamedOutput(rooms, of, (at) => sealToPassphrase(passphrase, bytes, at));
    return { path: listed.path, passphrase };
  };

const noteTest = (rooms: Rooms, orgId: string, recipient: string): void => {
  rooms.keyrings.alone(orgId, () => {
    const keyring = rooms.keyrings.of(orgId);
    const recipients = keyring.secrets.recipients.map((one) =>
      one.recipient === recipient ? { ...one, testedAt: rooms.now() } : one,
    );
    rooms.keyrings.put({ ...keyring, secrets: { ...keyring.secrets, recipients } });
  });
};

const ownCopy = (
  rooms: Rooms,
  orgId: string,
  identities: Awaited<ReturnType<typeof readIdentities>>,
  copy: string | undefined,
): { readonly recipient: string; readonly path: string } => {
  const { recipients } = rooms.keyrings.of(orgId).secrets;
  const own = identities.find(({ recipient }) => recipients.some((one) => one.recipient === recipient));
  if (own !== undefined) return { recipient: own.recipient, path: copy ?? copyPath(rooms, orgId, own.recipient) };
  throw refuse(
    'RecipientUnknown',
    orgId,
    'No recipient of this org key has the given identity.',
    'Take the identity of a recipient that `sf garde keys status` lists, or add it with `sf garde keys add-recipient`.',
  );
};

const testRestore =
  (rooms: Rooms): Keys['testRestore'] =>
  async (orgId, { identityFile, copy }) => {
    const identities = await readIdentities(identityFile);
    const { recipient, path } = ownCopy(rooms, orgId, identities, copy);
    const recovered = await openCopy(path, { identities: identities.map(({ identity }) => identity) }, rooms.now());
    const check = tryOn(rooms, orgId, recovered.secrets);
    if (recovered.orgId !== orgId || !rooms.keyrings.canary.opensWith(orgId, recovered.secrets)) throw old(path);
    if (check.closed.length === 0) noteTest(rooms, orgId, recipient);
    return { ...check, recipient };
  };

const old = (path: string): Error =>
  refuse(
    'RecoveryCopyOld',
    path,
    'The copy opens, and the key in it opens nothing here: it was made before the key was renewed, or for another org.',
    'Take a later copy.',
  );

const putBack = (rooms: Rooms, passphrase: string | undefined, copy: RecoveryCopy, path: string): RestoreCheck => {
  const { orgId, secrets } = copy;
  if (rooms.keyrings.has(orgId)) {
    throw refuse(
      'KeyringThere',
      orgId,
      'A keyring of this org is here; it is not replaced.',
      'If it is damaged, move its file away, then restore again.',
    );
  }
  const check = tryOn(rooms, orgId, secrets);
  if (check.opened === 0 && check.closed.length > 0) throw old(path);
  const keyringPath = join(rooms.orgsFolder, orgId, 'keyring.json');
  const sealer = sealerOf(passphrase, rooms.random);
  rooms.keyrings.put({ orgId, path: keyringPath, createdAt: rooms.now(), secrets, sealer });
  if (!rooms.keyrings.canary.opensWith(orgId, secrets)) rooms.keyrings.canary.write(orgId);
  return check;
};

const restore =
  (rooms: Rooms, passphrase: string | undefined): Keys['restore'] =>
  async (path, key) => {
    const opener =
      'passphrase' in key
        ? key
        : { identities: (await readIdentities(key.identityFile)).map(({ identity }) => identity) };
    const copy = await openCopy(path, opener, rooms.now());
    return rooms.keyrings.alone(copy.orgId, () => putBack(rooms, passphrase, copy, path));
  };

/** The keys of a vault in a folder of the user's own; restored keyrings are sealed by the passphrase of the options. */
export const openKeys = (options: VaultOptions): Keys => {
  const rooms = openRooms(options);
  return {
    orgs: () => orgsOf(rooms),
    status: (orgId) => keyStatus(rooms, orgId),
    addRecipient: addRecipient(rooms),
    rotate: (orgId, rotation) => rotateKey(rooms, orgId, rotation),
    handover: handover(rooms),
    testRestore: testRestore(rooms),
    restore: restore(rooms, options.passphrase),
  };
};

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GardeError } from '../kernel/result.ts';
import type { HoldingKind } from '../model/holdings.ts';
import type { Keyring } from './keyring.ts';
import type { KeyStatus } from './keysPort.ts';
import { exposureOf } from './privateFiles.ts';
import { copyPath } from './recovery.ts';
import { fingerprint, type Rooms } from './rooms.ts';

const countByKind = (kinds: readonly HoldingKind[]): KeyStatus['holdings'] =>
  [...new Set(kinds)].sort().map((kind) => ({ kind, count: kinds.filter((one) => one === kind).length }));

/** Files and folders of an org that others than their owner may read; null on Windows. */
const exposedOf = (rooms: Rooms, orgId: string): readonly string[] | null => {
  if (process.platform === 'win32') return null;
  const folder = join(rooms.orgsFolder, orgId);
  const inside = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
    : [];
  return [dirname(rooms.orgsFolder), rooms.orgsFolder, folder, ...inside]
    .filter((path) => existsSync(path))
    .filter((path) => exposureOf(path) === 'exposed');
};

const recipientsOf = (rooms: Rooms, { orgId, secrets }: Keyring): KeyStatus['recipients'] =>
  secrets.recipients.map(({ recipient, addedAt, testedAt }) => ({
    recipient,
    addedAt,
    testedAt: testedAt ?? null,
    copy: existsSync(copyPath(rooms, orgId, recipient)),
  }));

const STATES: Readonly<Record<string, KeyStatus['state']>> = { KeyringLocked: 'locked', KeyringMissing: 'missing' };

const openKeyring = (rooms: Rooms, orgId: string): Keyring | KeyStatus['state'] => {
  // asking for a status makes no keyring
  if (!rooms.keyrings.has(orgId)) return 'missing';
  try {
    return rooms.keyrings.of(orgId);
  } catch (error) {
    const state = error instanceof GardeError ? STATES[error.name] : undefined;
    if (state === undefined) throw error;
    return state;
  }
};

/** What is known of an org's key; a keyring that needs a passphrase or is missing is a state, not an error. */
export const keyStatus = (rooms: Rooms, orgId: string): KeyStatus => {
  const kinds = rooms.list
    .all(orgId)
    .filter(({ sealedKey }) => sealedKey !== undefined)
    .map(({ kind }) => kind);
  const rest = { orgId, holdings: countByKind(kinds), exposed: exposedOf(rooms, orgId) };
  const opened = openKeyring(rooms, orgId);
  if (typeof opened === 'string') {
    const unknown = { fingerprint: null, madeAt: null, sealedByPassphrase: null, lastRestoreTest: null };
    return { ...rest, ...unknown, state: opened, recipients: [] };
  }
  const { secrets, sealer, createdAt } = opened;
  const recipients = recipientsOf(rooms, opened);
  const tests = recipients.flatMap(({ testedAt }) => (testedAt === null ? [] : [testedAt])).sort();
  const isUnfinished = secrets.next !== undefined || secrets.clearing === true;
  return {
    ...rest,
    state: isUnfinished ? 'unfinished-rotation' : 'open',
    fingerprint: fingerprint(secrets.master),
    madeAt: secrets.madeAt ?? createdAt,
    sealedByPassphrase: sealer !== undefined,
    recipients,
    lastRestoreTest: tests.at(-1) ?? null,
  };
};

import type { HoldingEntry } from './holdingsList.ts';
import { sealerOf, type Keyring, type Secrets } from './keyring.ts';
import { sealCopies, writeCopies, type SealedCopy } from './recovery.ts';
import { isInside, refuse, type Rooms } from './rooms.ts';
import { openBox, sealBox } from './secretBox.ts';

export type RotationOptions = {
  /** Recipients who get no copy of the new key. */
  readonly drop?: readonly string[];
  /** Seals the keyring from now on. */
  readonly newPassphrase?: string;
  /** Told at each boundary; a test that throws here stands for a process that is killed. */
  readonly at?: (boundary: string) => void;
};

export type RotationResult = {
  /** True when an interrupted rotation was brought to its end. */
  readonly resumed: boolean;
  /** Holdings whose key is now sealed under the new org key. */
  readonly rewrapped: number;
  /** Holdings that did not open with the old key either. */
  readonly closed: readonly string[];
};

type Prepared = {
  readonly keyring: Keyring;
  /** Old and new key, while holdings are re-sealed; undefined when that was done before. */
  readonly both?: { readonly secrets: Secrets; readonly next: Buffer; readonly copies: readonly SealedCopy[] };
  readonly only: Secrets;
  readonly copies: readonly SealedCopy[];
};

/** All that needs waiting is made before the lock is taken. */
const prepare = async (rooms: Rooms, orgId: string, options: RotationOptions): Promise<Prepared> => {
  const keyring = rooms.keyrings.of(orgId);
  const { clearing, next: begun, master, root, madeAt } = keyring.secrets;
  const recipients = keyring.secrets.recipients.filter(({ recipient }) => !(options.drop ?? []).includes(recipient));
  if (clearing === true) {
    const only = { master, root, madeAt, recipients };
    return { keyring, only, copies: await sealCopies(rooms, orgId, only) };
  }
  const next = begun ?? Buffer.from(rooms.random(32));
  const secrets = { ...keyring.secrets, next, recipients };
  const only = { master: next, root, madeAt: rooms.now(), recipients };
  const [copiesOfBoth, copies] = await Promise.all([sealCopies(rooms, orgId, secrets), sealCopies(rooms, orgId, only)]);
  return { keyring, both: { secrets, next, copies: copiesOfBoth }, only, copies };
};

/** The entry with its key under the new org key; undefined when it opens with neither. */
const rewrap = (rooms: Rooms, entry: HoldingEntry, secrets: Secrets, next: Buffer): HoldingEntry | undefined => {
  const label = `store ${entry.id}`;
  const box = Buffer.from(entry.sealedKey ?? '', 'base64');
  if (entry.sealedKey !== undefined && openBox(next, label, box) !== undefined) return entry;
  // files of the first form were sealed to one key for all
  const key = entry.sealedKey === undefined ? secrets.age : openBox(secrets.master, label, box);
  if (key === undefined) return undefined;
  return { ...entry, sealedKey: sealBox(next, label, key, rooms.random).toString('base64') };
};

const rewrapAll = (
  rooms: Rooms,
  orgId: string,
  both: NonNullable<Prepared['both']>,
  at: (boundary: string) => void,
): Omit<RotationResult, 'resumed'> => {
  const closed: string[] = [];
  let rewrapped = 0;
  for (const entry of rooms.list.all(orgId).filter((one) => isInside(rooms, one))) {
    const renewed = rewrap(rooms, entry, both.secrets, both.next);
    if (renewed === undefined) {
      closed.push(entry.id);
      continue;
    }
    if (renewed !== entry && rooms.list.find(entry.id) !== undefined) rooms.list.add(renewed);
    rewrapped += 1;
    at(`holding ${String(rewrapped)}`);
  }
  return { rewrapped, closed };
};

const carryOut = (rooms: Rooms, prepared: Prepared, options: RotationOptions): Omit<RotationResult, 'resumed'> => {
  const { keyring, both, only, copies } = prepared;
  const { orgId } = keyring;
  const at = options.at ?? (() => undefined);
  let done: Omit<RotationResult, 'resumed'> = { rewrapped: 0, closed: [] };
  if (both !== undefined) {
    // copies first: at no instant does a holding hang on a key that only the keyring has
    writeCopies(rooms, orgId, both.copies);
    at('copies of both keys');
    rooms.keyrings.put({ ...keyring, secrets: both.secrets });
    at('both keys in the keyring');
    done = rewrapAll(rooms, orgId, both, at);
    rooms.keyrings.canary.write(orgId);
    at('canary');
    rooms.keyrings.put({ ...keyring, secrets: { ...only, clearing: true } });
    at('old key gone from the keyring');
  }
  writeCopies(rooms, orgId, copies);
  at('old key gone from the copies');
  const sealer = options.newPassphrase === undefined ? keyring.sealer : sealerOf(options.newPassphrase, rooms.random);
  rooms.keyrings.put({ ...keyring, secrets: only, sealer });
  at('done');
  return done;
};

const ATTEMPTS = 3;

/**
 * Gives an org a new key: the keys of all its holdings are sealed under it, its recipients get new copies, the old key is
 * destroyed. Killed anywhere, everything still opens, and the next call brings it to its end. GardeErrors of the keyring,
 * `VaultBusy`.
 */
export const rotateKey = async (
  rooms: Rooms,
  orgId: string,
  options: RotationOptions = {},
): Promise<RotationResult> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const prepared = await prepare(rooms, orgId, options);
    const { clearing, next } = prepared.keyring.secrets;
    const done = rooms.keyrings.alone(orgId, () =>
      rooms.keyrings.of(orgId) === prepared.keyring ? carryOut(rooms, prepared, options) : undefined,
    );
    if (done !== undefined) return { resumed: clearing === true || next !== undefined, ...done };
  }
  throw refuse(
    'VaultBusy',
    orgId,
    'Another process of Garde works on the keys of this org and does not end.',
    'Let it end, or end it, then run the command again.',
  );
};

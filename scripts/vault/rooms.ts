import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GardeError } from '../kernel/result.ts';
import { HOLDINGS } from '../model/holdings.ts';
import type { HoldingEntry, HoldingsList } from './holdingsList.ts';
import type { Keyrings } from './keyrings.ts';
import type { Holding, HoldingKind } from './port.ts';
import { makePrivateFolder } from './privateFiles.ts';
import type { RandomBytes } from './secretBox.ts';

/** What the rooms of a vault share. */
export type Rooms = {
  /** ISO instant. */
  readonly now: () => string;
  readonly random: RandomBytes;
  readonly list: HoldingsList;
  readonly orgsFolder: string;
  readonly keyrings: Keyrings;
  /** How often this process has each holding open. */
  readonly inUse: Map<string, number>;
};

export const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

export const fingerprint = (key: Uint8Array): string => createHash('sha256').update(key).digest('hex').slice(0, 16);

/** The head of a new holding's entry. GardeError `UnlistedHolding` for a kind that model/holdings does not list. */
export const newEntry = (
  rooms: Rooms,
  kind: HoldingKind,
  orgId: string,
  expiresAt: string,
): Omit<HoldingEntry, 'path'> => {
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

export const gone = (holdingId: string): GardeError =>
  refuse(
    'HoldingGone',
    holdingId,
    'What is asked for is no longer held: it expired, was removed, or was moved.',
    'Make it again.',
  );

/** A holding that is listed and there. GardeError `HoldingGone`. */
export const found = (rooms: Rooms, holdingId: string): HoldingEntry => {
  const entry = rooms.list.find(holdingId);
  if (entry !== undefined && existsSync(entry.path)) return entry;
  throw gone(holdingId);
};

/** An entry without what only the vault may see. */
export const publicPart = (entry: HoldingEntry): Holding => {
  const { id, kind, orgId, path, createdAt, expiresAt, keyFingerprint, reason } = entry;
  const why = reason === undefined ? {} : { reason };
  return { id, kind, orgId, path, createdAt, expiresAt, keyFingerprint, ...why };
};

export const orgFolder = (rooms: Rooms, orgId: string, room: string): string => {
  const folder = join(rooms.orgsFolder, orgId, room);
  makePrivateFolder(folder);
  return folder;
};

/** Whether a holding lies in the vault, and not at a path that a person chose. */
export const isInside = (rooms: Rooms, { orgId, path }: HoldingEntry): boolean =>
  [join(rooms.orgsFolder, orgId, 'stores'), join(rooms.orgsFolder, orgId, 'sealed')].includes(dirname(path));

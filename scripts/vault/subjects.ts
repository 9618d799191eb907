import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HoldingEntry } from './holdingsList.ts';
import type { Vault } from './port.ts';
import { waitForProcessLock } from './processLock.ts';
import { orgFolder, type Rooms } from './rooms.ts';
import { keyOf, listStore, useHolding } from './stores.ts';
import type { Release } from './processLock.ts';
import { openSubjectKeys, type SubjectKeys } from './subjectKeys.ts';

/** Keys go one by one, when their person is forgotten: the store itself lasts as long as the org's keyring. */
const LASTS = '9999-12-31T23:59:59.999Z';

export type Subjects = Pick<
  Vault,
  | 'sealForSubject'
  | 'openForSubject'
  | 'deriveForSubject'
  | 'forgetSubject'
  | 'forgetSubjects'
  | 'knownSubjects'
  | 'prepareSubjects'
> & {
  /** Makes new keys durable before what was sealed under them. */
  flush(orgId: string): void;
  close(orgId: string): void;
};

type Opened = { readonly entry: HoldingEntry; readonly keys: SubjectKeys; readonly release: Release };

const listed = (rooms: Rooms, orgId: string): HoldingEntry | undefined =>
  rooms.list.all(orgId).find(({ kind }) => kind === 'subject-keys');

/** One store of an org, whichever of two processes comes first. */
const findOrMake = (rooms: Rooms, orgId: string): HoldingEntry => {
  const there = listed(rooms, orgId);
  if (there !== undefined) return there;
  const release = waitForProcessLock(join(orgFolder(rooms, orgId, 'stores'), 'subject-keys.lock'));
  try {
    return listed(rooms, orgId) ?? listStore(rooms, { kind: 'subject-keys', orgId, expiresAt: LASTS }).entry;
  } finally {
    release();
  }
};

/** The keys of data subjects, by org; each org's store is opened once. */
export const openSubjects = (rooms: Rooms): Subjects => {
  const opened = new Map<string, Opened>();
  const close = (orgId: string): void => {
    opened.get(orgId)?.keys.close();
    opened.get(orgId)?.release();
    opened.delete(orgId);
  };
  const keysOf = (orgId: string): SubjectKeys => {
    const known = opened.get(orgId);
    if (known !== undefined && existsSync(known.entry.path)) return known.keys;
    close(orgId);
    const entry = findOrMake(rooms, orgId);
    const release = useHolding(rooms, entry);
    const keys = openSubjectKeys(entry.path, keyOf(rooms, entry), rooms.random);
    opened.set(orgId, { entry, keys, release });
    return keys;
  };
  return {
    prepareSubjects: (orgId, subjects) => {
      keysOf(orgId).prepare(subjects);
    },
    sealForSubject: (orgId, subject, bytes) => keysOf(orgId).seal(subject, bytes),
    openForSubject: (orgId, subject, sealed) => keysOf(orgId).open(subject, sealed),
    deriveForSubject: (orgId, subject, use) => keysOf(orgId).derive(subject, use),
    forgetSubject: (orgId, subject) => keysOf(orgId).forget([subject]) === 1,
    forgetSubjects: (orgId, subjects) => keysOf(orgId).forget(subjects),
    knownSubjects: (orgId, subjects) => keysOf(orgId).known(subjects),
    flush: (orgId) => opened.get(orgId)?.keys.flush(),
    close,
  };
};

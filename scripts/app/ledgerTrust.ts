import { X509Certificate } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseWitnessKey } from '../evidence/cosignature.ts';
import type { NoteKey } from '../evidence/signedNote.ts';
import type { Timestamps } from '../evidence/stampCheckpoint.ts';
import type { TimestampAuthority } from '../evidence/timestampQuery.ts';
import { GardeError } from '../kernel/result.ts';
import type { Witnesses } from '../plan/prove/ledgerWitnesses.ts';
import type { Law } from './loadLaw.ts';

/** What the charter says about the ledger's witnesses and time-stamps, read from where it points. */
export type LedgerTrust = {
  readonly witnesses: Witnesses;
  readonly timestamps: Timestamps | undefined;
  /** Of other machines that may have signed, `name+hash+key`. */
  readonly keys: readonly string[];
};

type Refused = { readonly code: string; readonly subject: string; readonly cause?: unknown };

const refuse = ({ code, subject, cause }: Refused, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }], { cause });

const LONGEST_NOTE = 65_536;
const LONGEST_ANSWER = 262_144;
const PATIENCE_SECONDS = 30;

const keyOf = (text: string): NoteKey => {
  const key = parseWitnessKey(text);
  if (key !== undefined) return key;
  const action = 'Give it as `garde ledger witness` printed it: name+hash+key.';
  throw refuse(
    { code: 'WitnessKeyUnreadable', subject: text.slice(0, 80) },
    'This is not the verifier key of a witness.',
    action,
  );
};

const notesIn = async (folder: string): Promise<readonly string[]> => {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith('.note')).sort();
  } catch (error) {
    const action = 'Connect the folder, or correct ledger.witnesses in the charter.';
    throw refuse(
      { code: 'WitnessFolderUnreadable', subject: folder, cause: error },
      'A witness’s folder cannot be read.',
      action,
    );
  }
  const notes = names.map(async (name) => {
    const path = join(folder, name);
    return (await stat(path)).size > LONGEST_NOTE ? '' : readFile(path, 'utf8');
  });
  return Promise.all(notes);
};

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Certificates of a PEM file. Error: TimestampRootsUnreadable. */
const readRoots = async (path: string): Promise<readonly X509Certificate[]> => {
  const action = 'Put the authority’s root certificates there, as PEM.';
  try {
    const certificates = (await readFile(path, 'utf8')).match(PEM) ?? [];
    if (certificates.length > 0) return certificates.map((text) => new X509Certificate(text));
  } catch (error) {
    const message = 'The time-stamp authority’s certificates cannot be read.';
    throw refuse({ code: 'TimestampRootsUnreadable', subject: path, cause: error }, message, action);
  }
  throw refuse({ code: 'TimestampRootsUnreadable', subject: path }, 'This file holds no certificate in PEM.', action);
};

const readAtMost = async (response: Response, limit: number): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    length += part.value.length;
    if (length > limit) throw new RangeError('the answer is too long');
    parts.push(part.value);
  }
  return Buffer.concat(parts);
};

/** Asks over HTTP (RFC 3161, 3.4). The token is signed: plain http is as good, and most authorities offer nothing else. */
export const httpAuthority =
  (url: string): TimestampAuthority =>
  async (query) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: Buffer.from(query),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_SECONDS * 1000),
    });
    if (!response.ok) throw new Error(`the time-stamp authority answered ${response.status}`);
    return readAtMost(response, LONGEST_ANSWER);
  };

/** The authority that the charter names; undefined when it names none. Error: TimestampRootsUnreadable. */
export const readTimestamps = async ({ charter, charterPath }: Law): Promise<Timestamps | undefined> => {
  const settings = charter.ledger?.timestamps;
  if (settings === undefined) return undefined;
  const roots = await readRoots(resolve(dirname(charterPath ?? 'garde.yml'), settings.roots));
  return { ask: httpAuthority(settings.url), roots };
};

/** Errors: WitnessKeyUnreadable, WitnessFolderUnreadable, TimestampRootsUnreadable. */
export const readLedgerTrust = async (law: Law): Promise<LedgerTrust> => {
  const base = dirname(law.charterPath ?? 'garde.yml');
  const settings = law.charter.ledger?.witnesses ?? [];
  const keys = settings.map(({ key }) => keyOf(key));
  const notes = (await Promise.all(settings.map(({ folder }) => notesIn(resolve(base, folder))))).flat();
  return { witnesses: { keys, notes }, timestamps: await readTimestamps(law), keys: law.charter.ledger?.keys ?? [] };
};

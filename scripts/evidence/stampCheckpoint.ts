import type { X509Certificate } from 'node:crypto';
import type { Random } from '../kernel/clock.ts';
import type { Org } from '../org/port.ts';
import { DerFault } from './der.ts';
import type { CheckpointRow } from './ledgerRecords.ts';
import { noteParts } from './signedNote.ts';
import { timestampQuery, tokenOfReply, type TimestampAuthority } from './timestampQuery.ts';
import { verifyTimestamp, type TimestampFault } from './timestampToken.ts';

export type Timestamps = { readonly ask: TimestampAuthority; readonly roots: readonly X509Certificate[] };

/** How asking for a time-stamp ended. A checkpoint stands without one; it is asked for again later. */
export type Stamping =
  | { readonly state: 'stamped'; readonly at: string }
  | {
      readonly state: 'not-stamped';
      readonly why: TimestampFault | 'TimestampRefused' | 'TimestampAuthorityUnreachable';
    };

const askFor = async (
  text: string,
  { ask, roots }: Timestamps,
  random: Random,
): Promise<Stamping & { token?: Buffer }> => {
  const query = timestampQuery(text, random);
  let reply: Uint8Array;
  try {
    reply = await ask(query.bytes);
  } catch {
    // whatever the network says: the run is done and proved all the same
    return { state: 'not-stamped', why: 'TimestampAuthorityUnreachable' };
  }
  const token = readToken(reply);
  if (token === undefined) return { state: 'not-stamped', why: 'TimestampRefused' };
  const check = verifyTimestamp(token, text, { roots, nonce: query.nonce });
  return check.ok ? { state: 'stamped', at: check.at, token } : { state: 'not-stamped', why: check.fault };
};

const readToken = (reply: Uint8Array): Buffer | undefined => {
  try {
    return tokenOfReply(reply);
  } catch (error) {
    if (error instanceof DerFault || error instanceof RangeError) return undefined;
    throw error;
  }
};

/** Verifies the time-stamp that a checkpoint bears; undefined when it bears none. */
export const checkStamp = (
  row: Pick<CheckpointRow, 'NoteText__c' | 'TimestampToken__c'>,
  roots: readonly X509Certificate[],
): ReturnType<typeof verifyTimestamp> | undefined => {
  const parts = noteParts(row.NoteText__c ?? '');
  if (row.TimestampToken__c === null) return undefined;
  if (parts === undefined) return { ok: false, fault: 'TimestampOfSomethingElse' };
  return verifyTimestamp(Buffer.from(row.TimestampToken__c, 'base64'), parts.text, { roots });
};

/** Time-stamps the text of a checkpoint and keeps the token with it; only a token that verifies is kept. */
export const stampCheckpoint = async (
  org: Org,
  row: CheckpointRow,
  timestamps: Timestamps,
  random: Random,
): Promise<Stamping> => {
  const known = checkStamp(row, timestamps.roots);
  if (known?.ok === true) return { state: 'stamped', at: known.at };
  const parts = noteParts(row.NoteText__c ?? '');
  if (parts === undefined) return { state: 'not-stamped', why: 'TimestampOfSomethingElse' };
  const { token, ...stamping } = await askFor(parts.text, timestamps, random);
  if (token === undefined) return stamping;
  const [outcome] = await org.update('GardeCheckpoint__c', [
    { Id: row.Id, TimestampToken__c: token.toString('base64') },
  ]);
  return outcome?.success === true ? stamping : { state: 'not-stamped', why: 'TimestampRefused' };
};

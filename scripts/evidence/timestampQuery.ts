import type { Random } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import { der, derOid, expectTag, membersOf, readDer, sequenceOf, TAG } from './der.ts';

/** Time-stamp requests and answers of RFC 3161 (https://www.rfc-editor.org/rfc/rfc3161), over HTTP as in section 3.4. */
const SHA256 = '2.16.840.1.101.3.4.2.1';
const NULL = Buffer.of(0x05, 0x00);

export type TimestampQuery = {
  /** Content-Type application/timestamp-query. */
  readonly bytes: Buffer;
  /** Magnitude of the nonce that the answer must repeat. */
  readonly nonce: Buffer;
};

/** Sends a query to a time-stamp authority and returns its answer, application/timestamp-reply. */
export type TimestampAuthority = (query: Uint8Array) => Promise<Uint8Array>;

/** Asks for a time-stamp over a text: only its SHA-256 leaves the machine. */
export const timestampQuery = (text: string, random: Random): TimestampQuery => {
  const drawn = Buffer.from(random(16));
  // a positive integer in its shortest form: the first byte is neither 0 nor 128 and above
  const nonce = Buffer.concat([Buffer.of(((drawn[0] ?? 0) & 0x3f) | 0x40), drawn.subarray(1)]);
  const imprint = der(TAG.sequence, der(TAG.sequence, derOid(SHA256), NULL), der(TAG.octetString, sha256(text)));
  const version = der(TAG.integer, Buffer.of(1));
  const certificateWanted = der(TAG.boolean, Buffer.of(0xff));
  return { bytes: der(TAG.sequence, version, imprint, der(TAG.integer, nonce), certificateWanted), nonce };
};

/** The token of a granted answer; undefined when the authority refused. Error: DerFault. */
export const tokenOfReply = (reply: Uint8Array): Buffer | undefined => {
  const [status, token] = sequenceOf(readDer(reply), 'the answer');
  const [code] = sequenceOf(status, 'its status');
  const granted = [0, 1].includes(expectTag(code, TAG.integer, 'its status').content.readInt8());
  if (!granted || token === undefined) return undefined;
  membersOf(token);
  return token.whole;
};

import { createHmac, hash } from 'node:crypto';

/** SHA-256 of bytes or UTF-8 text. */
export const sha256 = (content: string | Uint8Array): Buffer => hash('sha256', content, 'buffer');

/** SHA-256 in lower-case hexadecimal, 64 characters. */
export const sha256Hex = (content: string | Uint8Array): string => hash('sha256', content, 'hex');

/** Bytes of SHA-256's blocks and of its digests. */
const BLOCK = 64;
const DIGEST = 32;
/** Characters of a content that certainly fit behind the first block, three bytes each. */
const MOST_CHARACTERS = 1_000;
const inner = Buffer.alloc(BLOCK + 3 * MOST_CHARACTERS);
const outer = Buffer.alloc(BLOCK + DIGEST);

/** HMAC (RFC 2104, section 2) of a short text by two hashes at once: an Hmac object each costs three times as much. */
const shortHmac = (key: Uint8Array, content: string): string => {
  inner.fill(0x36, 0, BLOCK);
  outer.fill(0x5c, 0, BLOCK);
  for (let i = 0; i < key.length; i += 1) {
    const byte = key[i] ?? 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  const end = BLOCK + inner.write(content, BLOCK);
  outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK, 'binary');
  return hash('sha256', outer, 'hex');
};

/**
 * A commitment that says nothing without its salt: HMAC-SHA-256 keyed by 32 random bytes. Erasing the salt makes the
 * commitment meaningless while a log that holds it still verifies.
 */
export const saltedCommitment = (salt: Uint8Array, content: string): string => {
  if (salt.length < 16) throw new RangeError('a salt has at least 16 bytes');
  return salt.length <= BLOCK && content.length <= MOST_CHARACTERS
    ? shortHmac(salt, content)
    : createHmac('sha256', salt).update(content).digest('hex');
};

import { createHmac, createSecretKey, hash } from 'node:crypto';

/** SHA-256 of bytes or UTF-8 text. */
export const sha256 = (content: string | Uint8Array): Buffer => hash('sha256', content, 'buffer');

/** SHA-256 in lower-case hexadecimal, 64 characters. */
export const sha256Hex = (content: string | Uint8Array): string => hash('sha256', content, 'hex');

/**
 * A commitment that says nothing without its salt: HMAC-SHA-256 keyed by 32 random bytes. Erasing the salt makes the
 * commitment meaningless while a log that holds it still verifies.
 */
export const saltedCommitment = (salt: Uint8Array, content: string): string => {
  if (salt.length < 16) throw new RangeError('a salt has at least 16 bytes');
  // a key object is several times faster than raw bytes
  return createHmac('sha256', createSecretKey(salt)).update(content).digest('hex');
};

import { createCipheriv, createDecipheriv, hkdfSync, scryptSync } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

export type RandomBytes = (bytes: number) => Uint8Array;

/** AES-256-GCM: nonce ‖ tag ‖ ciphertext. `label` is authenticated, so that a box cannot stand in for another. */
export const sealBox = (key: Uint8Array, label: string, plain: Uint8Array, random: RandomBytes): Buffer => {
  const nonce = random(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
};

/** The plain bytes; undefined when key, label or content do not fit. */
export const openBox = (key: Uint8Array, label: string, box: Uint8Array): Buffer | undefined => {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE))
    .setAAD(Buffer.from(label))
    .setAuthTag(box.subarray(NONCE, NONCE + TAG));
  try {
    return Buffer.concat([decipher.update(box.subarray(NONCE + TAG)), decipher.final()]);
  } catch {
    return undefined;
  }
};

/** 32 bytes for one use, HKDF-SHA-256 (RFC 5869). */
export const deriveBytes = (secret: Uint8Array, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'garde', use, 32));

export type PassphraseCost = { readonly n: number; readonly r: number; readonly p: number };

/** OWASP's first choice for scrypt. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
export const PASSPHRASE_COST: PassphraseCost = { n: 2 ** 17, r: 8, p: 1 };

export const keyOfPassphrase = (passphrase: string, salt: Uint8Array, cost: PassphraseCost): Buffer =>
  scryptSync(passphrase.normalize('NFKC'), salt, 32, {
    N: cost.n,
    r: cost.r,
    p: cost.p,
    maxmem: 256 * cost.n * cost.r,
  });

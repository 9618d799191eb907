import { createHash, createPrivateKey } from 'node:crypto';
import { closeSync, createWriteStream, existsSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import { GardeError } from '../kernel/result.ts';
import type { RandomBytes } from './secretBox.ts';

/** The web's CryptoKey, which Node and the browser libraries each declare in their own words. */
type AgeKey = Exclude<Parameters<typeof identityToRecipient>[0], string>;

const X25519_PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** An age X25519 identity from 32 secret bytes. */
const identityOf = (seed: Uint8Array): AgeKey =>
  createPrivateKey({ key: Buffer.concat([X25519_PKCS8, seed]), format: 'der', type: 'pkcs8' }).toCryptoKey(
    { name: 'X25519' },
    false,
    ['deriveBits'],
  ) as AgeKey;

const streamOf = (bytes: Uint8Array | AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  Readable.toWeb(
    bytes instanceof Uint8Array ? Readable.from([bytes]) : Readable.from(bytes),
  ) as ReadableStream<Uint8Array>;

const writeSealed = async (
  encrypter: Encrypter,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  path: string,
): Promise<void> => {
  const fresh = `${path}.part`;
  rmSync(fresh, { force: true });
  try {
    const sealed = await encrypter.encrypt(streamOf(bytes));
    const target = createWriteStream(fresh, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(Readable.fromWeb(sealed as unknown as NodeReadableStream<Uint8Array>), target);
    renameSync(fresh, path);
  } finally {
    rmSync(fresh, { force: true });
  }
};

/** Seals to an age key of our own: streamed, in place only when whole. */
export const sealToSeed = async (
  seed: Uint8Array,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  path: string,
): Promise<void> => {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identityOf(seed)));
  await writeSealed(encrypter, bytes, path);
};

/** Opens what `sealToSeed` made. */
export const openSealed = async (seed: Uint8Array, path: string): Promise<Uint8Array> => {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identityOf(seed));
  return decrypter.decrypt(new Uint8Array(await readFile(path)));
};

const notOpened = (path: string, isThere: boolean): GardeError =>
  new GardeError([
    isThere
      ? {
          code: 'SealedFileClosed',
          subject: path,
          message: 'The file does not open: it is damaged, or its passphrase is another one.',
          actions: ['Give the passphrase that was shown when this file was written; it is kept nowhere else.'],
        }
      : {
          code: 'SealedFileMissing',
          subject: path,
          message: 'There is no file at this path.',
          actions: ['Check the path of the sealed file.'],
        },
  ]);

/** Opens what `sealToPassphrase` made. GardeErrors `SealedFileClosed`, `SealedFileMissing`. */
export const openWithPassphrase = async (path: string, passphrase: string): Promise<Uint8Array> => {
  if (!existsSync(path)) throw notOpened(path, false);
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase.trim());
  const sealed = new Uint8Array(await readFile(path));
  return decrypter.decrypt(sealed).catch((error: unknown) => {
    throw new GardeError(notOpened(path, true).problems, { cause: error });
  });
};

/** 30 characters a person can read out (Crockford's base 32 without I, L, O, U): 150 bits. */
export const oneTimePassphrase = (random: RandomBytes): string => {
  const letters = [...random(30)].map((byte) => '0123456789abcdefghjkmnpqrstvwxyz'.charAt(byte % 32)).join('');
  return letters.match(/.{5}/g)?.join('-') ?? letters;
};

/** Work factor of age's scrypt: the passphrase has 150 random bits, stretching adds nothing but waiting. */
const SCRYPT_LOG_N = 14;

/** GardeError `FileExists`: a path chosen by a person is never overwritten. */
export const refuseTaken = (path: string): void => {
  if (!existsSync(path)) return;
  throw new GardeError([
    {
      code: 'FileExists',
      subject: path,
      message: 'A file is already at the chosen path.',
      actions: ['Choose another path, or move the file away.'],
    },
  ]);
};

/** Seals to a passphrase, readable by any `age` program. GardeError `FileExists`. */
export const sealToPassphrase = async (
  passphrase: string,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  path: string,
): Promise<void> => {
  refuseTaken(path);
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(SCRYPT_LOG_N);
  encrypter.setPassphrase(passphrase);
  await writeSealed(encrypter, bytes, path);
};

/** Seals to age recipients (`age1…`) at a path that a person chose. GardeError `FileExists`. */
export const sealToRecipient = async (recipient: string, bytes: Uint8Array, path: string): Promise<void> => {
  refuseTaken(path);
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  await writeSealed(encrypter, bytes, path);
};

const BEGINNING = 1024;

/** SHA-256 of a file's first kilobyte: an age file begins with fresh random bytes, so this tells it from any other. */
export const beginningOf = (path: string): string => {
  const bytes = Buffer.alloc(BEGINNING);
  const file = openSync(path, 'r');
  try {
    return createHash('sha256')
      .update(bytes.subarray(0, readSync(file, bytes)))
      .digest('hex');
  } finally {
    closeSync(file);
  }
};

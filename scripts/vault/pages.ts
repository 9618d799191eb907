import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import type { HoldingEntry } from './holdingsList.ts';
import type { PageWriter, SealedPages, Vault } from './port.ts';
import { createPrivateFile } from './privateFiles.ts';
import { removeHolding } from './removal.ts';
import { found, publicPart, refuse, type Rooms } from './rooms.ts';
import { keyOf, listHolding, useHolding } from './stores.ts';

/** Bytes of a page before it is sealed. */
export const PAGE_BYTES = 4096;
const TAG_BYTES = 16;
const SEALED_BYTES = PAGE_BYTES + TAG_BYTES;
const PAGES_AT_ONCE = 64;
const ALGORITHM = 'aes-256-gcm';

const nonce = Buffer.alloc(12);
/** Every file has a key of its own and is written once, front to end: a page's number is never used twice with a key. */
const nonceOf = (page: number): Buffer => {
  nonce.writeUInt32BE(page, 8);
  return nonce;
};

const sealInto = (target: Buffer, at: number, key: KeyObject, page: { number: number; bytes: Uint8Array }): void => {
  const cipher = createCipheriv(ALGORITHM, key, nonceOf(page.number));
  target.set(cipher.update(page.bytes), at);
  cipher.final();
  target.set(cipher.getAuthTag(), at + PAGE_BYTES);
};

const writeWhole = (file: number, bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
};

/** Gathers bytes into pages and writes many of them at once. */
const writerTo = (path: string, secret: Uint8Array, end: (isWhole: boolean) => void): PageWriter => {
  createPrivateFile(path, '');
  const file = openSync(path, 'r+');
  const key = createSecretKey(secret);
  const plain = Buffer.alloc(PAGES_AT_ONCE * PAGE_BYTES);
  const sealed = Buffer.alloc(PAGES_AT_ONCE * SEALED_BYTES);
  let used = 0;
  let pages = 0;
  const drain = (): void => {
    const full = Math.ceil(used / PAGE_BYTES);
    plain.fill(0, used, full * PAGE_BYTES);
    for (let i = 0; i < full; i += 1) {
      const bytes = plain.subarray(i * PAGE_BYTES, (i + 1) * PAGE_BYTES);
      sealInto(sealed, i * SEALED_BYTES, key, { number: pages + i, bytes });
    }
    writeWhole(file, sealed.subarray(0, full * SEALED_BYTES));
    pages += full;
    used = 0;
  };
  return {
    write: (bytes) => {
      for (let at = 0; at < bytes.length;) {
        const some = Math.min(bytes.length - at, plain.length - used);
        plain.set(bytes.subarray(at, at + some), used);
        used += some;
        at += some;
        if (used === plain.length) drain();
      }
    },
    close: (isWhole) => {
      try {
        if (isWhole) {
          drain();
          fsyncSync(file);
        }
      } finally {
        closeSync(file);
        end(isWhole);
      }
    },
  };
};

const damaged = (holdingId: string): Error =>
  refuse(
    'SealedPageDamaged',
    holdingId,
    'A page of this sealed file does not open: the file was damaged or changed.',
    'Make it again.',
  );

const readerOf = (entry: HoldingEntry, secret: Uint8Array, release: () => void): SealedPages => {
  const file = openSync(entry.path, 'r');
  const key = createSecretKey(secret);
  const pages = Math.floor(fstatSync(file).size / SEALED_BYTES);
  const sealed = Buffer.alloc(SEALED_BYTES);
  return {
    pages,
    pageBytes: PAGE_BYTES,
    read: (page) => {
      if (readSync(file, sealed, 0, SEALED_BYTES, page * SEALED_BYTES) < SEALED_BYTES) throw damaged(entry.id);
      const decipher = createDecipheriv(ALGORITHM, key, nonceOf(page));
      decipher.setAuthTag(sealed.subarray(PAGE_BYTES));
      const bytes = decipher.update(sealed.subarray(0, PAGE_BYTES));
      try {
        decipher.final();
      } catch {
        throw damaged(entry.id);
      }
      return bytes;
    },
    close: () => {
      closeSync(file);
      release();
    },
  };
};

/** Files of sealed pages, each under a key of its own. */
export const openPagesRoom = (rooms: Rooms): Pick<Vault, 'createPages' | 'openPages'> => ({
  createPages: (kind, orgId, expiresAt) => {
    const { entry, key } = listHolding(rooms, { kind, orgId, expiresAt }, (id) => ['stores', `${kind}-${id}.pages`]);
    const writer = writerTo(entry.path, key, (isWhole) => {
      if (!isWhole) removeHolding(rooms, entry, true);
    });
    return { holding: publicPart(entry), writer };
  },
  openPages: (holdingId) => {
    const entry = found(rooms, holdingId);
    const release = useHolding(rooms, entry);
    try {
      return readerOf(entry, keyOf(rooms, entry), release);
    } catch (error) {
      release();
      throw error;
    }
  },
});

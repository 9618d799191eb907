import { basename } from 'node:path';
import { open, type FileHandle } from 'node:fs/promises';
import { refuseFile } from './fileProblems.ts';

const PIECE = 16 << 20;
const AT_ONCE = 4;
/** A line that is longer is not a record. */
export const LONGEST_LINE = 16 << 20;

const LF = 10;
const CR = 13;

const openFile = async (path: string): Promise<FileHandle> => {
  try {
    return await open(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') throw refuseFile('FileNotFound', path);
    throw error;
  }
};

const allocate = (size: number, file: string): SharedArrayBuffer => {
  try {
    return new SharedArrayBuffer(size);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw refuseFile('FileTooLarge', file);
  }
};

const readPiece = async (handle: FileHandle, bytes: Uint8Array, from: number, to: number): Promise<number> => {
  let at = from;
  while (at < to) {
    const { bytesRead } = await handle.read(bytes, at, to - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return at - from;
};

/** A file that begins with a line of gigabytes is refused before the rest is read. */
const refuseEndlessLine = async (handle: FileHandle, size: number, file: string): Promise<void> => {
  if (size <= LONGEST_LINE) return;
  const head = Buffer.alloc(LONGEST_LINE);
  await readPiece(handle, head, 0, head.length);
  const isBinary = head.subarray(0, 4096).includes(0);
  if (!isBinary && !head.includes(LF) && !head.includes(CR)) throw refuseFile('LineTooLong', file, 'line 1');
};

/**
 * A whole file in shared memory, several pieces at a time. GardeErrors `FileNotFound`, `FileEmpty`, `FileTooLarge`,
 * `LineTooLong`.
 */
export const readShared = async (path: string): Promise<{ name: string; bytes: SharedArrayBuffer }> => {
  const name = basename(path);
  const handle = await openFile(path);
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw refuseFile('FileNotFound', path);
    if (status.size === 0) throw refuseFile('FileEmpty', name);
    const head = Buffer.alloc(4);
    await readPiece(handle, head, 0, Math.min(4, status.size));
    if (!isPacked(head)) await refuseEndlessLine(handle, status.size, name);
    const bytes = allocate(status.size, name);
    const view = new Uint8Array(bytes);
    let next = 0;
    const reader = async (): Promise<void> => {
      while (next < status.size) {
        const from = next;
        next = Math.min(status.size, from + PIECE);
        const got = await readPiece(handle, view, from, next);
        if (got < Math.min(PIECE, status.size - from)) throw refuseFile('FileDamaged', name);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, reader));
    return { name, bytes };
  } finally {
    await handle.close();
  }
};

const startsWith = (head: Uint8Array, bytes: readonly number[]): boolean => bytes.every((byte, i) => head[i] === byte);

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const PARQUET = [0x50, 0x41, 0x52, 0x31];
const OTHERS: readonly (readonly number[])[] = [
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x1f, 0x8b],
  [0x25, 0x50, 0x44, 0x46],
  [0x42, 0x5a, 0x68],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x50, 0x4b, 0x05, 0x06],
];

const isPacked = (head: Uint8Array): boolean => [ZIP, PARQUET, ...OTHERS].some((magic) => startsWith(head, magic));

/** What the first bytes say a file is. GardeError `FileFormatUnsupported`. */
export const formatOf = (bytes: Uint8Array, file: string): 'csv' | 'xlsx' | 'parquet' => {
  if (startsWith(bytes, ZIP)) return 'xlsx';
  if (startsWith(bytes, PARQUET)) return 'parquet';
  if (OTHERS.some((magic) => startsWith(bytes, magic))) throw refuseFile('FileFormatUnsupported', file);
  return 'csv';
};

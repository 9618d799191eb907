import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { TwinError } from './contract.ts';

export type ZipEntry = { readonly path: string; readonly content: Uint8Array };

/** The platform's own limits for a deployment. */
const ENTRIES = 10_000;
const UNPACKED_BYTES = 629_145_600;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const UTF8_NAMES = 0x0800;
/** 1 January 1980, the oldest DOS date: the same files make the same zip. */
const DOS_DATE = 0x0021;

const invalid = (why: string): TwinError => new TwinError('INVALID_ZIP_FILE', `The zip file cannot be read: ${why}`);

const endOfCentral = (zip: Buffer): number => {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 22 - 0xffff); at -= 1) {
    if (zip.readUInt32LE(at) === END) return at;
  }
  throw invalid('its end is missing');
};

type Central = {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
  readonly next: number;
};

const centralEntry = (zip: Buffer, at: number): Central => {
  if (at + 46 > zip.length || zip.readUInt32LE(at) !== CENTRAL) throw invalid('its directory is damaged');
  const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
  if ((zip.readUInt16LE(at + 8) & 1) !== 0) throw invalid('it is encrypted');
  return {
    path: zip
      .subarray(at + 46, nameEnd)
      .toString('utf8')
      .replaceAll('\\', '/'),
    method: zip.readUInt16LE(at + 10),
    crc: zip.readUInt32LE(at + 16),
    packed: zip.readUInt32LE(at + 20),
    size: zip.readUInt32LE(at + 24),
    offset: zip.readUInt32LE(at + 42),
    next: nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32),
  };
};

const unpack = (zip: Buffer, entry: Central): Uint8Array => {
  const { offset, path } = entry;
  if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== LOCAL) throw invalid(`the entry ${path} is damaged`);
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  const packed = zip.subarray(start, start + entry.packed);
  if (entry.method !== 0 && entry.method !== 8) throw invalid(`the entry ${path} is packed in an unknown way`);
  let bytes: Buffer = packed;
  if (entry.method === 8) {
    try {
      // One byte more than declared: a bomb that lies about its size stops here.
      bytes = inflateRawSync(packed, { maxOutputLength: entry.size + 1 });
    } catch {
      throw invalid(`the entry ${path} does not unpack to its declared size`);
    }
  }
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) throw invalid(`the entry ${path} fails its checksum`);
  return bytes;
};

const checkPath = (path: string): void => {
  if (path.startsWith('/') || path.split('/').includes('..') || path.includes('\0')) {
    throw invalid('it names a path outside itself');
  }
};

/** The files of a zip (stored or deflated). Throws INVALID_ZIP_FILE; limits are those of a deployment. */
export const readZip = (bytes: Uint8Array): readonly ZipEntry[] => {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (zip.length < 22) throw invalid('it is too short');
  const end = endOfCentral(zip);
  const count = zip.readUInt16LE(end + 10);
  if (count > ENTRIES) throw new TwinError('LIMIT_EXCEEDED', `A zip file holds at most ${ENTRIES} files.`);
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    const entry = centralEntry(zip, at);
    at = entry.next;
    total += entry.size;
    if (total > UNPACKED_BYTES)
      throw new TwinError('LIMIT_EXCEEDED', `A zip file holds at most ${UNPACKED_BYTES} bytes.`);
    checkPath(entry.path);
    if (!entry.path.endsWith('/')) entries.push({ path: entry.path, content: unpack(zip, entry) });
  }
  return entries;
};

const header = (
  signature: number,
  entry: { crc: number; packed: number; size: number; name: Buffer },
  method: number,
): Buffer => {
  const central = signature === CENTRAL;
  const bytes = Buffer.alloc(central ? 46 : 30);
  const shift = central ? 2 : 0;
  bytes.writeUInt32LE(signature, 0);
  if (central) bytes.writeUInt16LE(20, 4);
  bytes.writeUInt16LE(20, 4 + shift);
  bytes.writeUInt16LE(UTF8_NAMES, 6 + shift);
  bytes.writeUInt16LE(method, 8 + shift);
  bytes.writeUInt16LE(DOS_DATE, 12 + shift);
  bytes.writeUInt32LE(entry.crc, 14 + shift);
  bytes.writeUInt32LE(entry.packed, 18 + shift);
  bytes.writeUInt32LE(entry.size, 22 + shift);
  bytes.writeUInt16LE(entry.name.length, 26 + shift);
  return bytes;
};

/** A zip of the files, in the order given. The same files make the same bytes. */
export const writeZip = (files: readonly ZipEntry[]): Buffer => {
  const body: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, content } of files) {
    const name = Buffer.from(path, 'utf8');
    const deflated = deflateRawSync(content);
    const stored = deflated.length >= content.length;
    const data = stored ? Buffer.from(content) : deflated;
    const entry = { crc: crc32(content), packed: data.length, size: content.length, name };
    const central = header(CENTRAL, entry, stored ? 0 : 8);
    central.writeUInt32LE(offset, 42);
    const local = header(LOCAL, entry, stored ? 0 : 8);
    body.push(local, name, data);
    directory.push(central, name);
    offset += local.length + name.length + data.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...body, central, end]);
};

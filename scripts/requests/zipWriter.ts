import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

/** A file of the archive; `bytes` of one entry are in memory at a time. */
export type ZipEntry = { readonly name: string; readonly bytes: Uint8Array };

/** Without the ZIP64 extension an archive ends here (APPNOTE 6.3.10, 4.4.1.4): callers keep below. */
export const ZIP_BYTES_LIMIT = 0xffff_ffff;
export const ZIP_ENTRIES_LIMIT = 0xffff;

const deflate = promisify(deflateRaw);

const VERSION = 20;
/** Bit 11: names are UTF-8. */
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** Made on Unix: a regular file that its owner may read and write. */
const MADE_BY = (3 << 8) | VERSION;
const REGULAR_FILE = (0o100600 << 16) >>> 0;

type Listed = {
  readonly name: Buffer;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
};

/** MS-DOS date and time (two-second steps, from 1980) of an ISO instant, in UTC. */
const dosTime = (instant: string): { readonly time: number; readonly date: number } => {
  const at = new Date(instant);
  const year = Math.max(at.getUTCFullYear() - 1980, 0);
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: (year << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  };
};

/** Whether a name stays inside the folder it is unpacked in, on any system. */
export const isSafeZipName = (name: string): boolean =>
  name.length > 0 &&
  name.length <= 200 &&
  !/[\\:*?"<>|\p{Cc}]/u.test(name) &&
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[ .]$/.test(part));

const localHeader = (entry: Listed, stamp: ReturnType<typeof dosTime>): Buffer => {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(UTF8_NAMES, 6);
  header.writeUInt16LE(DEFLATED, 8);
  header.writeUInt16LE(stamp.time, 10);
  header.writeUInt16LE(stamp.date, 12);
  header.writeUInt32LE(entry.checksum, 14);
  header.writeUInt32LE(entry.packed, 18);
  header.writeUInt32LE(entry.size, 22);
  header.writeUInt16LE(entry.name.length, 26);
  return Buffer.concat([header, entry.name]);
};

const centralHeader = (entry: Listed, stamp: ReturnType<typeof dosTime>): Buffer => {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(MADE_BY, 4);
  header.writeUInt16LE(VERSION, 6);
  header.writeUInt16LE(UTF8_NAMES, 8);
  header.writeUInt16LE(DEFLATED, 10);
  header.writeUInt16LE(stamp.time, 12);
  header.writeUInt16LE(stamp.date, 14);
  header.writeUInt32LE(entry.checksum, 16);
  header.writeUInt32LE(entry.packed, 20);
  header.writeUInt32LE(entry.size, 24);
  header.writeUInt16LE(entry.name.length, 28);
  header.writeUInt32LE(REGULAR_FILE, 38);
  header.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([header, entry.name]);
};

const endOfDirectory = (entries: number, size: number, offset: number): Buffer => {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
};

const pack = async (entry: ZipEntry, offset: number): Promise<{ listed: Listed; packed: Buffer }> => {
  const packed = await deflate(entry.bytes);
  const name = Buffer.from(entry.name, 'utf8');
  const { length: size } = entry.bytes;
  return { listed: { name, checksum: crc32(entry.bytes), packed: packed.length, size, offset }, packed };
};

/**
 * A ZIP archive as a stream, one entry in memory at a time. RangeError for a name that could leave its folder or comes
 * twice (names are compared without case, as Windows and macOS do), and beyond the format's limits.
 */
export const writeZip = async function* (
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
  madeAt: string,
): AsyncGenerator<Uint8Array> {
  const stamp = dosTime(madeAt);
  const directory: Listed[] = [];
  const names = new Set<string>();
  let offset = 0;
  for await (const entry of entries) {
    if (!isSafeZipName(entry.name)) throw new RangeError('a name in an archive stays inside its folder');
    if (names.has(entry.name.toLowerCase())) throw new RangeError('a name comes once in an archive');
    names.add(entry.name.toLowerCase());
    const { listed, packed } = await pack(entry, offset);
    directory.push(listed);
    const header = localHeader(listed, stamp);
    offset += header.length + packed.length;
    if (offset > ZIP_BYTES_LIMIT || directory.length > ZIP_ENTRIES_LIMIT) {
      throw new RangeError('an archive without ZIP64 holds less than 4 GiB and 65,535 files');
    }
    yield header;
    yield packed;
  }
  const headers = directory.map((listed) => centralHeader(listed, stamp));
  yield* headers;
  const size = headers.reduce((sum, header) => sum + header.length, 0);
  yield endOfDirectory(directory.length, size, offset);
};

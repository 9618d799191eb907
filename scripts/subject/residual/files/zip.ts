import { inflateRawSync } from 'node:zlib';

export type ZipMember = { readonly name: string; readonly read: () => Uint8Array };

/** A member that unpacks to more than this is not read: archives may be made to fill a machine. */
export const MOST_MEMBER_BYTES = 200_000_000;
const MOST_MEMBERS = 20_000;

export class FileNotRead extends Error {
  readonly reason: 'format' | 'damaged' | 'encrypted' | 'bytes';
  constructor(reason: FileNotRead['reason']) {
    super(reason);
    this.name = 'FileNotRead';
    this.reason = reason;
  }
}

const END = 0x06054b50;
const MEMBER = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

const endOf = (bytes: Buffer): number => {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 65_557); at -= 1) {
    if (bytes.readUInt32LE(at) === END) return at;
  }
  throw new FileNotRead('damaged');
};

const contentOf = (bytes: Buffer, at: number): Uint8Array => {
  const [method, packed, size, offset] = [
    bytes.readUInt16LE(at + 10),
    bytes.readUInt32LE(at + 20),
    bytes.readUInt32LE(at + 24),
    bytes.readUInt32LE(at + 42),
  ];
  if ((bytes.readUInt16LE(at + 8) & 1) === 1) throw new FileNotRead('encrypted');
  if (size > MOST_MEMBER_BYTES) throw new FileNotRead('bytes');
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  const content = bytes.subarray(start, start + packed);
  if (method === STORED) return content;
  if (method !== DEFLATED) throw new FileNotRead('format');
  return inflateRawSync(content, { maxOutputLength: MOST_MEMBER_BYTES });
};

const orDamaged = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileNotRead) throw error;
    throw new FileNotRead('damaged');
  }
};

/**
 * Members of a ZIP archive by its central directory, unpacked when asked for (APPNOTE 6.3.10; no ZIP64, no encryption).
 * FileNotRead says why an archive or member is not.
 */
export const zipMembers = (content: Uint8Array): readonly ZipMember[] =>
  orDamaged(() => {
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const end = endOf(bytes);
    const count = bytes.readUInt16LE(end + 10);
    if (count > MOST_MEMBERS) throw new FileNotRead('bytes');
    const members: ZipMember[] = [];
    let at = bytes.readUInt32LE(end + 16);
    for (let i = 0; i < count; i += 1) {
      if (bytes.readUInt32LE(at) !== MEMBER) throw new FileNotRead('damaged');
      const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
      const place = at;
      members.push({
        name: bytes.toString('utf8', at + 46, at + 46 + (name ?? 0)),
        read: () => orDamaged(() => contentOf(bytes, place)),
      });
      at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
    }
    return members;
  });

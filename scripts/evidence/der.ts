/** One value of ASN.1 in DER (ITU-T X.690): as much as time-stamp tokens need. */
export type Der = { readonly tag: number; readonly content: Buffer; readonly whole: Buffer };

/** The bytes are not DER, or not the structure that was asked for; the message names the place, never a content. */
export class DerFault extends Error {}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  oid: 0x06,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
} as const;

const lengthAt = (bytes: Buffer, at: number): { readonly length: number; readonly start: number } => {
  const first = bytes[at + 1];
  if (first === undefined || ((bytes[at] ?? 0) & 0x1f) === 0x1f) throw new DerFault('cut, or a tag of several bytes');
  if (first < 0x80) return { length: first, start: at + 2 };
  const count = first - 0x80;
  if (count < 1 || count > 4 || at + 2 + count > bytes.length) throw new DerFault('a length that DER does not have');
  const length = bytes.readUIntBE(at + 2, count);
  const isShortest = length >= 0x80 && length >= 2 ** (8 * (count - 1));
  if (!isShortest) throw new DerFault('a length that is not the shortest');
  return { length, start: at + 2 + count };
};

const readAt = (bytes: Buffer, at: number): Der => {
  const { length, start } = lengthAt(bytes, at);
  if (start + length > bytes.length) throw new DerFault('cut');
  return {
    tag: bytes[at] ?? 0,
    content: bytes.subarray(start, start + length),
    whole: bytes.subarray(at, start + length),
  };
};

/** The one value that the bytes are. Error: DerFault. */
export const readDer = (bytes: Uint8Array): Der => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = readAt(buffer, 0);
  if (value.whole.length !== buffer.length) throw new DerFault('something follows the value');
  return value;
};

/** Members of a constructed value. */
export const membersOf = ({ tag, content }: Der): readonly Der[] => {
  if ((tag & 0x20) === 0) throw new DerFault('a primitive value where a constructed one belongs');
  const members: Der[] = [];
  for (let at = 0; at < content.length; at += members.at(-1)?.whole.length ?? 1) members.push(readAt(content, at));
  return members;
};

/** The value when it has the tag. */
export const expectTag = (value: Der | undefined, tag: number, what: string): Der => {
  if (value?.tag !== tag) throw new DerFault(`${what} is missing or of another type`);
  return value;
};

/** Members of a SEQUENCE. */
export const sequenceOf = (value: Der | undefined, what: string): readonly Der[] =>
  membersOf(expectTag(value, TAG.sequence, what));

/** An object identifier in dots. */
export const oidOf = (value: Der | undefined, what: string): string => {
  const { content } = expectTag(value, TAG.oid, what);
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const first = arcs.shift() ?? 0;
  const top = Math.min(Math.floor(first / 40), 2);
  return [top, first - top * 40, ...arcs].join('.');
};

/** A value of DER from its content. */
export const der = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const shortest = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.of(tag, 0x80 + shortest.length), shortest, content]);
};

export const derOid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 + (left % 128));
    return groups;
  });
  return der(TAG.oid, Buffer.from(bytes));
};

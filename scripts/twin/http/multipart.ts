import { TwinError } from '../contract.ts';

export type Part = {
  readonly name: string;
  readonly type: string;
  readonly fileName: string | undefined;
  readonly bytes: Buffer;
};

const malformed = (why: string): TwinError => new TwinError('INVALID_MULTIPART_REQUEST', why);

const boundaryOf = (contentType: string): string => {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const found = boundary?.[1] ?? boundary?.[2];
  if (found === undefined) throw malformed('The multipart boundary is missing.');
  return found;
};

const headersOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\r\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );

const partOf = (bytes: Buffer): Part => {
  const gap = bytes.indexOf('\r\n\r\n');
  if (gap < 0) throw malformed('A part has no headers.');
  const headers = headersOf(bytes.subarray(0, gap).toString('utf8'));
  const disposition = headers.get('content-disposition') ?? '';
  const name = /[;\s]name="([^"]*)"/i.exec(disposition)?.[1];
  if (name === undefined) throw malformed('A part has no name.');
  return {
    name,
    type: headers.get('content-type') ?? 'text/plain',
    fileName: /filename="([^"]*)"/i.exec(disposition)?.[1],
    bytes: bytes.subarray(gap + 4),
  };
};

/** The parts of a multipart/form-data body. Throws INVALID_MULTIPART_REQUEST. */
export const parseMultipart = (contentType: string, body: Buffer): readonly Part[] => {
  const delimiter = Buffer.from(`--${boundaryOf(contentType)}`);
  const parts: Part[] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0) {
    const start = at + delimiter.length;
    if (body.subarray(start, start + 2).toString('latin1') === '--') return parts;
    const next = body.indexOf(delimiter, start);
    if (next < 0) break;
    parts.push(partOf(body.subarray(start + 2, next - 2)));
    at = next;
  }
  throw malformed('The multipart body is not closed.');
};

export const requiredPart = (parts: readonly Part[], name: string): Part => {
  const part = parts.find((candidate) => candidate.name === name);
  if (part === undefined) throw malformed(`The part ${name} is missing.`);
  return part;
};

/** A parsed multipart request body. */
export class MultipartBody {
  readonly parts: readonly Part[];
  constructor(parts: readonly Part[]) {
    this.parts = parts;
  }
}

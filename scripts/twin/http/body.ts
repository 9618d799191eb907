import type { IncomingMessage } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { TwinError } from '../contract.ts';
import { jsonFault } from './jsonFault.ts';
import { parseWithText } from './jsonPlace.ts';

/** The largest request bodies, in bytes after decompression. */
export const BODY_LIMITS = {
  json: 52_428_800,
  /** A metadata zip of 39 MB as base64 inside an envelope. */
  soap: 67_108_864,
  /** 150 MB once the platform has turned it into base64. */
  upload: 117_964_800,
} as const;

const tooLarge = (limit: number): TwinError =>
  new TwinError('REQUEST_ENTITY_TOO_LARGE', `The request body exceeds ${limit} bytes.`, { status: 413 });

const counted = (limit: number): Transform => {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
};

const decoder = (request: IncomingMessage): Transform | undefined => {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return undefined;
  if (encoding === 'gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  throw new TwinError('UNSUPPORTED_MEDIA_TYPE', `Content-Encoding ${encoding} is not supported.`, { status: 415 });
};

/** The request body, decompressed, failing with REQUEST_ENTITY_TOO_LARGE past `limit` decompressed bytes. */
export const bodyStream = (request: IncomingMessage, limit: number): Readable => {
  const meter = counted(limit);
  const unpack = decoder(request);
  const forward = (error: Error): void => {
    meter.destroy(error);
  };
  request.on('error', forward);
  request.on('aborted', () => meter.destroy(new Error('The client went away.')));
  unpack?.on('error', () =>
    forward(new TwinError('MALFORMED_REQUEST', 'The compressed request body cannot be read.', { status: 400 })),
  );
  return unpack === undefined ? request.pipe(meter) : request.pipe(unpack).pipe(meter);
};

export const readBytes = async (stream: Readable): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

export const readText = async (request: IncomingMessage, limit: number): Promise<string> =>
  (await readBytes(bodyStream(request, limit))).toString('utf8');

/** JSON from text; undefined for an empty body. Throws JSON_PARSER_ERROR. */
export const parseJson = (text: string): unknown => {
  if (text.trim() === '') return undefined;
  try {
    return parseWithText(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new TwinError('JSON_PARSER_ERROR', jsonFault(text));
  }
};

import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Answer, Content } from './exchange.ts';

const isText = (value: Content): value is string | Uint8Array =>
  typeof value === 'string' || value instanceof Uint8Array;

/** Writes one answer; streamed content obeys the client's pace. */
export const send = async (response: ServerResponse, answer: Answer): Promise<void> => {
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.statusCode = answer.status;
  if (answer.json !== undefined) {
    response.setHeader('Content-Type', 'application/json;charset=UTF-8');
    response.end(JSON.stringify(answer.json));
    return;
  }
  if (answer.content === undefined) {
    response.end();
    return;
  }
  if (isText(answer.content)) response.end(answer.content);
  else await pipeline(Readable.from(answer.content), response);
};

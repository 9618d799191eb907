import type { Answer } from '../http/exchange.ts';

/** Long enough that what was written before a break has left the process. */
const FLUSH_MILLISECONDS = 25;

/** A wait that does not keep the process alive. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

class ConnectionCut extends Error {
  constructor() {
    super('cut on purpose');
    this.name = 'ConnectionCut';
  }
}

// A body that fails before its first byte: the server can only close the connection.
async function* nothing(): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  throw new ConnectionCut();
  yield new Uint8Array();
}

/** No byte of an answer: the client sees its connection closed. */
export const lostAnswer = (): Answer => ({ status: 200, content: nothing() });

const bytesOf = async (answer: Answer): Promise<Buffer> => {
  if (answer.json !== undefined) return Buffer.from(JSON.stringify(answer.json));
  const { content } = answer;
  if (content === undefined) return Buffer.alloc(0);
  if (typeof content === 'string') return Buffer.from(content);
  if (content instanceof Uint8Array) return Buffer.from(content);
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

async function* firstBytes(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, length);
  await pause(FLUSH_MILLISECONDS);
  throw new ConnectionCut();
}

/** The first `share` of the answer's bytes under its whole length, then a closed connection. */
export const cutAnswer = async (answer: Answer, share: number): Promise<Answer> => {
  const bytes = await bytesOf(answer);
  const type = answer.json === undefined ? {} : { 'Content-Type': 'application/json;charset=UTF-8' };
  return {
    status: answer.status,
    headers: { ...answer.headers, ...type, 'Content-Length': String(bytes.length) },
    content: firstBytes(bytes, Math.floor(bytes.length * share)),
  };
};

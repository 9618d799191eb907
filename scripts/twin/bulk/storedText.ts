import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';

const pack: (bytes: string | Uint8Array, options: typeof FAST_BLOCK) => Promise<Buffer> = promisify(zstdCompress);
const unpack: (bytes: Uint8Array, options: { readonly chunkSize: number }) => Promise<Buffer> =
  promisify(zstdDecompress);
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Blocks in few pieces: the other thread is asked once or twice, not for every 16 KB. */
const FAST_BLOCK = { ...FAST, chunkSize: 262_144 };

/** What is packed sooner than another thread would be asked. */
const SMALL = 16_384;

/** Bytes packed together: large enough to pack well, small enough to be held a few at a time. */
const BLOCK = 1_048_576;
/** A block is closed by the chunk that fills it. */
const LARGEST_BLOCK = BLOCK + 131_072;

/** A file kept packed in memory, block by block; packing and unpacking happen off the main thread. */
export type StoredText = {
  /** Unpacked bytes. */
  readonly size: number;
  /** Bytes held. */
  readonly held: number;
  readonly blocks: readonly Buffer[];
};

export const packedAtOnce = (bytes: string | Uint8Array): Buffer => zstdCompressSync(bytes, FAST);
export const unpackedAtOnce = (block: Uint8Array): Buffer => zstdDecompressSync(block);

export const packed = async (bytes: string | Uint8Array): Promise<Buffer> =>
  bytes.length < SMALL ? packedAtOnce(bytes) : pack(bytes, FAST_BLOCK);
/** So that one piece is known to be the last. */
const ROOM = 1_024;

/** @param size how many bytes it has unpacked: more are read in further pieces. */
export const unpacked = async (block: Uint8Array, size: number): Promise<Buffer> =>
  block.length < SMALL ? unpackedAtOnce(block) : unpack(block, { chunkSize: size + ROOM });

/** Reads a stream to its end, keeping it packed; no more than two blocks are held unpacked. */
export const storeText = async (chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<StoredText> => {
  const blocks: Buffer[] = [];
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  let size = 0;
  let packing: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    await packing;
    const block = Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
    packing = packed(block).then((done) => {
      blocks.push(done);
    });
  };
  for await (const chunk of chunks) {
    waiting.push(chunk);
    bytes += chunk.length;
    size += chunk.length;
    if (bytes >= BLOCK) await flush();
  }
  if (bytes > 0) await flush();
  await packing;
  return { size, held: blocks.reduce((sum, block) => sum + block.length, 0), blocks };
};

/** The file's bytes; the next block is unpacked while one is worked on. */
export const readText = async function* (stored: StoredText): AsyncGenerator<Buffer> {
  const [first] = stored.blocks;
  let next = first === undefined ? undefined : unpacked(first, LARGEST_BLOCK);
  for (let i = 1; next !== undefined; i += 1) {
    const bytes: Buffer = await next;
    const following = stored.blocks[i];
    next = following === undefined ? undefined : unpacked(following, LARGEST_BLOCK);
    yield bytes;
  }
};

import type { ByteSink, PageSource } from '../../../scripts/matching/lookup/contract.ts';

const PAGE_BYTES = 4096;

/** Pages in memory, as the vault gives them, without a seal. */
export const plainPages = (): {
  readonly sink: ByteSink;
  readonly source: () => PageSource;
  readonly pageBytes: number;
} => {
  const parts: Uint8Array[] = [];
  return {
    pageBytes: PAGE_BYTES,
    sink: { write: (bytes) => void parts.push(bytes.slice()) },
    source: () => {
      const all = Buffer.concat(parts);
      return {
        pages: all.length / PAGE_BYTES,
        pageBytes: PAGE_BYTES,
        read: (page) => new Uint8Array(all.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)),
      };
    },
  };
};

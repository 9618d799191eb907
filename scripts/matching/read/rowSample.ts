import { hashBytes } from './rowIds.ts';

const EDGE = 8;

/** A sample of rows that depends on their content alone, not on their order: those with the lowest hashes. */
export type RowSample = {
  readonly offer: (from: number, to: number) => void;
  /** Where the rows of the sample begin, by hash. */
  readonly starts: () => readonly number[];
};

type Offered = { readonly hash: number; readonly from: number; readonly to: number };

const byContent = (bytes: Uint8Array) => {
  return (a: Offered, b: Offered): number => {
    if (a.hash !== b.hash) return a.hash - b.hash;
    const length = Math.min(a.to - a.from, b.to - b.from);
    for (let i = 0; i < length; i += 1) {
      const apart = (bytes[a.from + i] ?? 0) - (bytes[b.from + i] ?? 0);
      if (apart !== 0) return apart;
    }
    return a.to - a.from - (b.to - b.from);
  };
};

/** Keeps `size` rows of any number, in memory for twice as many. */
export const createRowSample = (bytes: Uint8Array, size: number): RowSample => {
  let offered: Offered[] = [];
  let limit = 0xff_ff_ff_ff;
  const cut = (): void => {
    offered = offered.sort(byContent(bytes)).slice(0, size);
    if (offered.length === size) limit = offered.at(-1)?.hash ?? limit;
  };
  return {
    offer: (from, to) => {
      const middle = Math.min(to, from + EDGE);
      const hash = (hashBytes(bytes, from, middle) ^ hashBytes(bytes, Math.max(middle, to - EDGE), to)) >>> 0;
      if (hash > limit) return;
      offered.push({ hash, from, to });
      if (offered.length >= 2 * size) cut();
    },
    starts: () => {
      cut();
      return offered.map(({ from }) => from);
    },
  };
};

import { packedAtOnce, unpackedAtOnce } from './storedText.ts';

/** What became of one row of a load. */
export type Outcome =
  { readonly kind: 'created' | 'written'; readonly id: string } | { readonly kind: 'failed'; readonly error: string };

const CREATED = 67;
const WRITTEN = 85;
const FAILED = 69;
/** Mark and an 18-character id. */
const WIDTH = 19;
const FIRST_ROWS = 256;
/** Rows packed together: their ids follow each other, so that little is left of them. */
const ROWS_PER_BLOCK = 8_192;

/** Outcomes of a load in file order: 19 bytes for each of the last rows, the others packed; a text for each that failed. */
export class Outcomes {
  readonly #blocks: Buffer[] = [];
  #unpacked: { readonly block: number; readonly rows: Buffer } | undefined;
  /** Those that no block holds yet. */
  #rows = Buffer.alloc(FIRST_ROWS * WIDTH);
  #count = 0;
  readonly #errors = new Map<number, string>();
  readonly #texts = new Map<string, string>();

  get count(): number {
    return this.#count;
  }

  get failed(): number {
    return this.#errors.size;
  }

  #next(mark: number): number {
    const inBlock = this.#count % ROWS_PER_BLOCK;
    if (inBlock === 0 && this.#count > 0) this.#pack();
    if ((inBlock + 1) * WIDTH > this.#rows.length) {
      const larger = Buffer.alloc(this.#rows.length * 2);
      this.#rows.copy(larger);
      this.#rows = larger;
    }
    const at = inBlock * WIDTH;
    this.#rows[at] = mark;
    this.#count += 1;
    return at;
  }

  #pack(): void {
    this.#blocks.push(packedAtOnce(this.#rows));
    this.#rows = Buffer.alloc(this.#rows.length);
  }

  #blockOf(row: number): Buffer {
    const block = Math.floor(row / ROWS_PER_BLOCK);
    const held = this.#blocks[block];
    if (held === undefined) return this.#rows;
    // results are read in order
    if (this.#unpacked?.block !== block) this.#unpacked = { block, rows: unpackedAtOnce(held) };
    return this.#unpacked.rows;
  }

  saved(id: string, created: boolean): void {
    const at = this.#next(created ? CREATED : WRITTEN);
    this.#rows.write(id, at + 1, WIDTH - 1, 'latin1');
  }

  refused(error: string): void {
    this.#next(FAILED);
    // Many rows fail for the same reason: its text is held once.
    const known = this.#texts.get(error) ?? error;
    this.#texts.set(known, known);
    this.#errors.set(this.#count - 1, known);
  }

  /** Undefined for a row that was not processed. */
  at(row: number): Outcome | undefined {
    if (row >= this.#count) return undefined;
    const error = this.#errors.get(row);
    if (error !== undefined) return { kind: 'failed', error };
    const rows = this.#blockOf(row);
    const at = (row % ROWS_PER_BLOCK) * WIDTH;
    const kind = rows[at] === CREATED ? 'created' : 'written';
    return { kind, id: rows.toString('latin1', at + 1, at + WIDTH).replace(/\0+$/, '') };
  }
}

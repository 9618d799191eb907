import type { ByteSink, PageSource, Section } from './contract.ts';

/** What an index is made of, as bytes. */
export type Numbers = Int32Array | Uint32Array | Uint8Array;

export const bytesOf = (numbers: Numbers): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

const ALIGNED = 8;

/** Writes sections one after the other and tells where each lies. */
export class SectionWriter {
  at = 0;
  private readonly sink: ByteSink;

  constructor(sink: ByteSink) {
    this.sink = sink;
  }

  /** Zeros up to the next multiple of `unit` bytes. */
  align(unit = ALIGNED): void {
    const rest = this.at % unit;
    if (rest > 0) this.append(new Uint8Array(unit - rest));
  }

  append(bytes: Uint8Array): void {
    this.sink.write(bytes);
    this.at += bytes.length;
  }

  add(numbers: Numbers): Section {
    this.align();
    const section = { at: this.at, length: numbers.byteLength };
    this.append(bytesOf(numbers));
    return section;
  }
}

/** Pages that stay in memory when they were read. */
const PAGES_KEPT = 16_384;

/** Reads bytes by place; pages read last stay in memory. */
export class PageReader {
  readonly pageBytes: number;
  private readonly source: PageSource;
  private readonly kept = new Map<number, Uint8Array>();

  constructor(source: PageSource) {
    this.source = source;
    this.pageBytes = source.pageBytes;
  }

  /** A whole page; not to be written to. */
  page(number: number): Uint8Array {
    const known = this.kept.get(number);
    if (known !== undefined) {
      this.kept.delete(number);
      this.kept.set(number, known);
      return known;
    }
    const bytes = this.source.read(number);
    const [oldest] = this.kept.keys();
    if (this.kept.size >= PAGES_KEPT && oldest !== undefined) this.kept.delete(oldest);
    this.kept.set(number, bytes);
    return bytes;
  }

  /** A copy of its own, so that numbers can be read from it. */
  bytes({ at, length }: Section): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(length);
    const many = length > this.pageBytes * 2;
    for (let done = 0; done < length;) {
      const number = Math.floor((at + done) / this.pageBytes);
      const from = (at + done) % this.pageBytes;
      const some = Math.min(length - done, this.pageBytes - from);
      // what is read once for good does not push out what queries come back to
      const page = many ? this.source.read(number) : this.page(number);
      copy.set(page.subarray(from, from + some), done);
      done += some;
    }
    return copy;
  }

  ints(section: Section): Int32Array<ArrayBuffer> {
    return new Int32Array(this.bytes(section).buffer);
  }

  words(section: Section): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.bytes(section).buffer);
  }
}

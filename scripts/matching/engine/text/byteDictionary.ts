import { hashOf } from './fold.ts';

export type ByteSpan = { readonly from: number; readonly to: number };

/** Distinct byte strings as they leave a worker: value `i` (from 0) is `bytes[starts[i] .. starts[i + 1])`. */
export type DistinctTexts = {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly hashes: Uint32Array;
  /** How often each was added. */
  readonly uses: Int32Array;
};

/** Distinct byte strings numbered from 0 in the order they came: open addressing over one growing store. */
export class ByteDictionary {
  count = 0;
  bytes: Uint8Array;
  starts: Uint32Array;
  private hashes: Uint32Array;
  private uses: Int32Array;
  private slots: Int32Array;
  private used = 0;

  constructor(expected = 1024) {
    let size = 64;
    while (size < expected * 2) size *= 2;
    this.slots = new Int32Array(size);
    this.hashes = new Uint32Array(size / 2);
    this.uses = new Int32Array(size / 2);
    this.starts = new Uint32Array(size / 2 + 1);
    this.bytes = new Uint8Array(Math.max(1024, expected * 12));
  }

  /** The number of these bytes; `hash` is theirs (hashOf). Counts `times` uses. */
  add(source: Uint8Array, range: ByteSpan, hash: number, times = 1): number {
    const id = this.find(source, range, hash);
    this.uses[id] = (this.uses[id] ?? 0) + times;
    return id;
  }

  private find(source: Uint8Array, range: ByteSpan, hash: number): number {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const known = (this.slots[slot] ?? 0) - 1;
      if (known < 0) return this.insert(source, range, { hash, slot });
      if (this.hashes[known] === hash && this.equals(known, source, range)) return known;
      slot = (slot + 1) & mask;
    }
  }

  addText(text: string, times = 1): number {
    const source = Buffer.from(text, 'utf8');
    return this.add(source, { from: 0, to: source.length }, hashOf(source, 0, source.length), times);
  }

  text(id: number): string {
    return textAt(this, id);
  }

  distinct(): DistinctTexts {
    return {
      count: this.count,
      bytes: this.bytes.slice(0, this.used),
      starts: this.starts.slice(0, this.count + 1),
      hashes: this.hashes.slice(0, this.count),
      uses: this.uses.slice(0, this.count),
    };
  }

  private equals(known: number, source: Uint8Array, range: ByteSpan): boolean {
    const at = this.starts[known] ?? 0;
    const length = range.to - range.from;
    if ((this.starts[known + 1] ?? 0) - at !== length) return false;
    for (let i = 0; i < length; i += 1) if (this.bytes[at + i] !== source[range.from + i]) return false;
    return true;
  }

  private insert(source: Uint8Array, range: ByteSpan, place: { readonly hash: number; readonly slot: number }): number {
    const id = this.count;
    const length = range.to - range.from;
    if (this.used + length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.used + length));
      larger.set(this.bytes.subarray(0, this.used));
      this.bytes = larger;
    }
    for (let i = 0; i < length; i += 1) this.bytes[this.used + i] = source[range.from + i] ?? 0;
    this.used += length;
    this.slots[place.slot] = id + 1;
    this.hashes[id] = place.hash;
    this.count = id + 1;
    this.starts[id + 1] = this.used;
    if (this.count === this.hashes.length) this.grow();
    return id;
  }

  private grow(): void {
    const size = this.slots.length * 2;
    this.slots = new Int32Array(size);
    const hashes = new Uint32Array(size / 2);
    hashes.set(this.hashes);
    this.hashes = hashes;
    const uses = new Int32Array(size / 2);
    uses.set(this.uses);
    this.uses = uses;
    const starts = new Uint32Array(size / 2 + 1);
    starts.set(this.starts);
    this.starts = starts;
    for (let id = 0; id < this.count; id += 1) {
      let slot = (hashes[id] ?? 0) & (size - 1);
      while (this.slots[slot] !== 0) slot = (slot + 1) & (size - 1);
      this.slots[slot] = id + 1;
    }
  }
}

const decoder = new TextDecoder();

/** One value as text. */
export const textAt = (texts: { readonly bytes: Uint8Array; readonly starts: Uint32Array }, id: number): string => {
  const from = texts.starts[id] ?? 0;
  const to = texts.starts[id + 1] ?? 0;
  let text = '';
  for (let i = from; i < to; i += 1) {
    const byte = texts.bytes[i] ?? 0;
    if (byte >= 128) return decoder.decode(texts.bytes.slice(from, to));
    text += String.fromCharCode(byte);
  }
  return text;
};

import { comparisonsOf, dataOf, rarityIn } from '../compare/data.ts';
import { byteAt, intAt } from '../kernels/at.ts';
import { kept, need, type ThreadState } from '../threads/state.ts';
import { earliestRules } from './earlier.ts';
import { factFields, FactRoom } from './facts.ts';
import { guardsFor } from './guards.ts';
import { type Judge, makeJudge } from './judge.ts';
import { Verdicts } from './verdicts.ts';

const NO_RULE = 255;

/** Blocks `from .. to` of one rule. */
export type ScanItem = { readonly rule: number; readonly from: number; readonly to: number };

/** Pairs worth telling, in the order they were met. */
export type Scanned = {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly match: Float64Array;
  readonly household: Float64Array;
  readonly guards: Uint8Array;
  /** Pairs looked at, and those of them that facts did not settle. */
  readonly compared: number;
  readonly considered: number;
};

/** Growing columns of what was found. */
class Found {
  private readonly rows: number[] = [];
  private readonly scores: number[] = [];
  private readonly guards: number[] = [];

  add(a: number, b: number, { match, household, guards }: Judge['answer']): void {
    this.rows.push(Math.min(a, b), Math.max(a, b));
    this.scores.push(match, household);
    this.guards.push(guards);
  }

  considered = 0;

  done(compared: number): Scanned {
    const count = this.guards.length;
    const even = (values: readonly number[], i: number): number => values[2 * i] ?? 0;
    const odd = (values: readonly number[], i: number): number => values[2 * i + 1] ?? 0;
    const length = { length: count };
    return {
      a: Int32Array.from(length, (_, i) => even(this.rows, i)),
      b: Int32Array.from(length, (_, i) => odd(this.rows, i)),
      match: Float64Array.from(length, (_, i) => even(this.scores, i)),
      household: Float64Array.from(length, (_, i) => odd(this.scores, i)),
      guards: Uint8Array.from(this.guards),
      compared,
      considered: this.considered,
    };
  }
}

export const judgeOf = (state: ThreadState): Judge =>
  kept(state, 'judge', () =>
    makeJudge({
      model: need(state, 'model'),
      comparisons: comparisonsOf(state),
      rarity: rarityIn(state),
      guards: guardsFor(dataOf(state)),
    }),
  );

type Scanner = {
  readonly judge: Judge;
  readonly room: FactRoom;
  readonly verdicts: Verdicts;
  readonly earliest: Uint8Array;
  readonly cross: boolean;
  readonly touched: Uint8Array;
};

const scannerOf = (state: ThreadState): Scanner =>
  kept(state, 'scanner', () => {
    const fields = factFields(need(state, 'columns'), need(state, 'plan'));
    const inputs = { model: need(state, 'model'), comparisons: comparisonsOf(state), rarity: rarityIn(state) };
    const narrowed = need(state, 'narrowed');
    return {
      judge: judgeOf(state),
      room: new FactRoom(fields),
      verdicts: new Verdicts(inputs, fields),
      earliest: earliestRules(fields, need(state, 'rules'), (rule) => !narrowed.includes(rule)),
      cross: need(state, 'cross'),
      touched: need(state, 'touched'),
    };
  });

/** A block whose rows were gathered: its first row is at `position` of the room. */
type Block = {
  readonly rule: number;
  readonly rows: Int32Array;
  readonly from: number;
  readonly size: number;
  readonly leads: number;
  readonly position: number;
};

/** All pairs of one block; answers how many there were. */
const scanBlock = (scanner: Scanner, block: Block, found: Found): number => {
  const { judge, room, verdicts, earliest, touched } = scanner;
  const { rule, rows, from, size, leads, position } = block;
  const facts = 2 ** room.width - 1;
  let seen = 0;
  for (let i = 0; i < leads; i += 1) {
    const a = intAt(rows, from + i);
    for (let j = scanner.cross ? leads : i + 1; j < size; j += 1) {
      seen += 1;
      const key = room.key(position + i, position + j);
      if (verdicts.of(key) === 0 || (earliest[key & facts] ?? NO_RULE) < rule) continue;
      const b = intAt(rows, from + j);
      if (touched.length > 0 && byteAt(touched, a) + byteAt(touched, b) === 0) continue;
      found.considered += 1;
      if (judge.consider(a, b)) found.add(a, b, judge.answer);
    }
  }
  return seen;
};

const ROWS_TOGETHER = 1024;

export const scanTask = (state: ThreadState, item: ScanItem): Scanned => {
  const set = need(state, 'blocks')[item.rule];
  if (set === undefined) throw new Error('no blocks to scan');
  const scanner = scannerOf(state);
  const { rows, starts, leads } = set;
  const found = new Found();
  let compared = 0;
  for (let first = item.from; first < item.to;) {
    const begin = starts[first] ?? 0;
    let next = first + 1;
    while (next < item.to && (starts[next + 1] ?? 0) - begin <= ROWS_TOGETHER) next += 1;
    scanner.room.gather(rows, begin, starts[next] ?? 0);
    for (let block = first; block < next; block += 1) {
      const from = starts[block] ?? 0;
      const size = (starts[block + 1] ?? 0) - from;
      const own = { rule: item.rule, rows, from, size, leads: leads[block] ?? 0, position: from - begin };
      compared += scanBlock(scanner, own, found);
    }
    first = next;
  }
  return found.done(compared);
};

import { comparisonsOf, dataOf, rarityIn } from '../compare/data.ts';
import { byteAt, intAt } from '../kernels/at.ts';
import { kept, need, type ThreadState } from '../threads/state.ts';
import { earliestRules } from './earlier.ts';
import { FactReader } from './facts.ts';
import { fieldsIn } from './factsTask.ts';
import { guardsFor } from './guards.ts';
import { type Answer, type Judge, type JudgeInputs, makeJudge } from './judge.ts';
import { Glimpses } from './glimpse/glimpses.ts';
import { Sift } from './sift.ts';
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

const LEAST_ROOM = 1024;

/** Growing columns of what was found. */
class Found {
  private count = 0;
  private rows = new Int32Array(2 * LEAST_ROOM);
  private scores = new Float64Array(2 * LEAST_ROOM);
  private guards = new Uint8Array(LEAST_ROOM);

  add(a: number, b: number, { match, household, guards }: Answer): void {
    const at = this.count;
    if (at === this.guards.length) this.grow();
    this.rows[2 * at] = Math.min(a, b);
    this.rows[2 * at + 1] = Math.max(a, b);
    this.scores[2 * at] = match;
    this.scores[2 * at + 1] = household;
    this.guards[at] = guards;
    this.count = at + 1;
  }

  done(compared: number, considered: number): Scanned {
    const { count, rows, scores } = this;
    const [a, b] = [new Int32Array(count), new Int32Array(count)];
    const [match, household] = [new Float64Array(count), new Float64Array(count)];
    for (let i = 0; i < count; i += 1) {
      a[i] = rows[2 * i] ?? 0;
      b[i] = rows[2 * i + 1] ?? 0;
      match[i] = scores[2 * i] ?? 0;
      household[i] = scores[2 * i + 1] ?? 0;
    }
    return { a, b, match, household, guards: this.guards.slice(0, count), compared, considered };
  }

  private grow(): void {
    const { rows, scores, guards } = this;
    this.rows = new Int32Array(rows.length * 2);
    this.rows.set(rows);
    this.scores = new Float64Array(scores.length * 2);
    this.scores.set(scores);
    this.guards = new Uint8Array(guards.length * 2);
    this.guards.set(guards);
  }
}

const judgeInputs = (state: ThreadState): JudgeInputs => ({
  model: need(state, 'model'),
  comparisons: comparisonsOf(state),
  rarity: rarityIn(state),
  guards: guardsFor(dataOf(state)),
});

export const judgeOf = (state: ThreadState): Judge => kept(state, 'judge', () => makeJudge(judgeInputs(state)));

type Scanner = {
  readonly inputs: JudgeInputs;
  readonly facts: FactReader;
  readonly glimpses: Glimpses;
  readonly verdicts: Verdicts;
  readonly earliest: Uint8Array;
  readonly cross: boolean;
  readonly touched: Uint8Array;
  readonly sift: Sift;
};

const scannerOf = (state: ThreadState): Scanner =>
  kept(state, 'scanner', () => {
    const fields = fieldsIn(state);
    const data = dataOf(state);
    const inputs = judgeInputs(state);
    const narrowed = need(state, 'narrowed');
    const verdicts = new Verdicts(inputs, fields);
    return {
      inputs,
      facts: new FactReader(fields, data),
      glimpses: new Glimpses(data),
      verdicts,
      earliest: earliestRules(fields, need(state, 'rules'), (rule) => !narrowed.includes(rule)),
      cross: need(state, 'cross'),
      touched: need(state, 'touched'),
      sift: new Sift(inputs, verdicts),
    };
  });

type Block = {
  readonly rule: number;
  readonly rows: Int32Array;
  readonly from: number;
  readonly to: number;
  readonly leads: number;
};

/** All pairs of one block; answers how many there were. */
const scanBlock = (scanner: Scanner, { rule, rows, from, to, leads }: Block): number => {
  const { facts, glimpses, verdicts, earliest, touched, sift, cross } = scanner;
  const mask = 2 ** facts.width - 1;
  const lead = from + leads;
  let seen = 0;
  for (let i = from; i < lead; i += 1) {
    const a = intAt(rows, i);
    for (let j = cross ? lead : i + 1; j < to; j += 1) {
      const b = intAt(rows, j);
      seen += 1;
      const key = facts.key(a, b);
      const ofCase = verdicts.caseOf(key);
      if (ofCase < 0 || (earliest[key & mask] ?? NO_RULE) < rule) continue;
      if (touched.length > 0 && byteAt(touched, a) + byteAt(touched, b) === 0) continue;
      const hope = verdicts.hopeOf(ofCase, key, glimpses.of(a, b));
      if (hope >= 0) sift.add(a, b, ofCase, hope);
    }
  }
  return seen;
};

/** Records are fetched for so many rows at once: many fetches from memory then go on side by side. */
const ROWS_TOGETHER = 256;
const BLOCKS_TOGETHER = 128;

export const scanTask = (state: ThreadState, item: ScanItem): Scanned => {
  const set = need(state, 'blocks')[item.rule];
  if (set === undefined) throw new Error('no blocks to scan');
  const scanner = scannerOf(state);
  const { rows, starts, leads } = set;
  const found = new Found();
  scanner.sift.begin(found);
  let compared = 0;
  let reached = 0;
  for (let block = item.from; block < item.to; block += 1) {
    const from = starts[block] ?? 0;
    if (from >= reached) {
      const last = Math.min(item.to, block + BLOCKS_TOGETHER);
      reached = Math.min(from + ROWS_TOGETHER, starts[last] ?? 0);
      scanner.facts.touch(rows, from, reached);
    }
    compared += scanBlock(scanner, {
      rule: item.rule,
      rows,
      from,
      to: starts[block + 1] ?? 0,
      leads: leads[block] ?? 0,
    });
  }
  return found.done(compared, scanner.sift.end());
};

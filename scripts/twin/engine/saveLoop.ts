import type { RowError, RowResult } from '../contract.ts';
import type { EngineContext } from './engineContext.ts';
import { RowProblem } from './problems.ts';
import type { ParentCheck, RollUps } from './rollUps.ts';

export type Saved = { readonly id: string; readonly created: boolean };

/** Rows that share one pass of the platform's triggers and roll-ups. */
const chunkSize = 200;

/** Unwinds a request whose rows must all be saved or none. */
class NotAll extends Error {}

/** Unwinds a chunk some of whose rows failed because of what they did to their parents. */
class Again extends Error {}

const noErrors: readonly RowError[] = [];

const failed = (problem: RowProblem): RowResult => ({
  id: null,
  success: false,
  created: false,
  errors: problem.errors,
});

const rolledBack: RowResult = {
  id: null,
  success: false,
  created: false,
  errors: [
    {
      statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
      fields: [],
    },
  ],
};

type LoopParts = {
  readonly context: Pick<EngineContext, 'store' | 'journal'>;
  readonly rollUps: RollUps;
  /** Whether a row may have written something before it fails; true when not said. */
  readonly undoEach?: boolean;
  /** Before and after the rows of a chunk; a chunk that is done again begins again. */
  readonly beforeChunk?: () => void;
  readonly afterChunk?: () => void;
  /** Judges parents whose roll-ups changed; absent = none is refused. */
  readonly checkParent?: ParentCheck;
};

type Loop<T> = {
  readonly parts: LoopParts;
  readonly items: readonly T[];
  readonly work: (item: T, index: number) => Saved;
  readonly results: RowResult[];
  /** Rows that a parent refused. */
  readonly refused: Map<number, RowProblem>;
};

const one = <T>({ parts, work, refused }: Loop<T>, item: T, index: number): RowResult => {
  const known = refused.get(index);
  if (known !== undefined) return failed(known);
  try {
    parts.rollUps.begin(index);
    parts.context.journal.row(typeof item === 'string' ? item : undefined);
    const saved =
      parts.undoEach === false ? work(item, index) : parts.context.store.transaction(() => work(item, index));
    return { id: saved.id, success: true, created: saved.created, errors: noErrors };
  } catch (error) {
    if (error instanceof RowProblem) return failed(error);
    throw error;
  }
};

const chunk = <T>(loop: Loop<T>, from: number): void => {
  const { parts, items, results, refused } = loop;
  const to = Math.min(items.length, from + chunkSize);
  for (;;) {
    try {
      parts.context.store.transaction(() => {
        parts.beforeChunk?.();
        for (let index = from; index < to; index += 1) results[index] = one(loop, items[index] as T, index);
        parts.afterChunk?.();
        parts.context.journal.row();
        const problems = parts.rollUps.settle(parts.checkParent);
        if (problems.size === 0) return;
        for (const [index, problem] of problems) refused.set(index, problem);
        throw new Again();
      });
      return;
    } catch (error) {
      parts.rollUps.forget();
      if (!(error instanceof Again)) throw error;
    }
  }
};

/**
 * Runs `work` for each item in one transaction, 200 at a time; an item that fails leaves nothing behind and, with
 * `allOrNone`, undoes the others too. Only RowProblems are answers; anything else ends the request. Rows whose parents
 * refuse what they sum up to fail with the parent's problem, and the others of their 200 are done again without them.
 */
export const eachRow = <T>(
  parts: LoopParts,
  items: readonly T[],
  allOrNone: boolean,
  work: (item: T, index: number) => Saved,
): readonly RowResult[] => {
  const loop: Loop<T> = { parts, items, work, results: [], refused: new Map() };
  const { results } = loop;
  if (items.length <= chunkSize && !allOrNone) {
    // its own transaction is all there is to undo
    chunk(loop, 0);
    return results;
  }
  try {
    parts.context.store.transaction(() => {
      for (let from = 0; from < items.length; from += chunkSize) chunk(loop, from);
      if (allOrNone && results.some((result) => !result.success)) throw new NotAll();
    });
  } catch (error) {
    parts.rollUps.forget();
    if (!(error instanceof NotAll)) throw error;
    return results.map((result) => (result.success ? rolledBack : result));
  }
  return results;
};

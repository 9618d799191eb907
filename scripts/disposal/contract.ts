import type { Operation, StepPayload } from '../model/plan.ts';
import type { BeforeImage, Values } from '../plan/undo/beforeImages.ts';

/**
 * One operation of the executor's closed set as an action or an erasure plans it, before it is bound to a decision and
 * becomes a step. All operations of one person form a list; names (`nameOf`) are unique in it.
 */
export type PlannedOperation = {
  /** Operations of one person run in this order: 0 first; equal numbers may share a call. */
  readonly wave: number;
  readonly operation: Operation;
  readonly object: string;
  /**
   * A record id. `new:<word>` for a record that the list makes itself: the operation that makes it has this id, later
   * ones name it in `id`, in values, in `after` or in `payload.file.linkTo`.
   */
  readonly id: string;
  /** Rows that are known to go with it. */
  readonly goesWith: readonly string[];
  /** Tells several operations of one kind on one record apart: `2` of the history rows, a file's place. */
  readonly part?: string;
  readonly payload?: Omit<StepPayload, 'sealed'>;
  /** Values to write that only the data subject's key opens; written with those of `payload.values`. */
  readonly secret?: Values;
  /** Of an uploaded file: its text, sealed under the subject's key as it lies in the org; `holding` is then left empty. */
  readonly secretFile?: string;
  /** How the record must be afterwards, where that is not what is written. */
  readonly after?: Values;
  /** Values the org must still hold right before the call; only their salted digests are kept. */
  readonly expects?: Values;
  /** True: the record may be saved by what the plan's other steps set off, as long as it holds what is expected. */
  readonly maySave?: boolean;
  /**
   * What there was before, sealed under the subject's key: makes an update reversible. Left out = no way back, and an
   * update without one is irreversible.
   */
  readonly before?: BeforeImage;
  /** True: no way back is wanted although the operation has one (what is deleted only to be purged keeps its own). */
  readonly isFinal?: boolean;
  /** Names of earlier operations of the list; a purge waits for its deletion without being told. */
  readonly dependsOn?: readonly string[];
};

/** How `dependsOn` names an operation of the same list. */
export const nameOf = ({ operation, id, part }: Pick<PlannedOperation, 'operation' | 'id' | 'part'>): string =>
  [operation, id, ...(part === undefined ? [] : [part])].join('/');

import type { Operation, PlanStep } from '../../model/plan.ts';
import type { DescribedObject } from '../../org/port.ts';
import type { BeforeImage, Opened, Values } from './beforeImages.ts';

/** A step that took effect, with what its undoing needs. */
export type DoneStep = {
  readonly step: PlanStep;
  /** The record the step made; null when it made none. */
  readonly made: string | null;
  /** What the step wrote; every `new:<key>` is replaced by the record's id. */
  readonly wrote: Values;
  readonly before: Opened<BeforeImage>;
};

export type RowState = {
  readonly place: 'live' | 'bin' | 'gone';
  /** As the org holds them; none of a row that is gone. */
  readonly values: Values;
};

/** A file as it was before: its bytes sealed on this machine. */
export type FileBefore = { readonly holding: string; readonly title: string; readonly fileName: string };

/** The org as it was read for the undo: what a decision about one step needs, nothing more. */
export type OrgState = {
  readonly rowOf: (object: string, id: string) => RowState;
  /** Where a record of any object is; undefined when it was not read. */
  readonly placeOf: (id: string) => RowState['place'] | undefined;
  /** The object of a record, by its key prefix. */
  readonly objectOf: (id: string) => string | undefined;
  readonly described: (object: string) => DescribedObject | undefined;
  /** The record that an earlier undo of the same run made in the place of this one. */
  readonly movedTo: (id: string) => string | undefined;
  /** Rows that would go with a record, by the lookup that holds them to it. */
  readonly childrenOf: (
    id: string,
  ) => readonly { readonly object: string; readonly id: string; readonly field: string }[];
  /** The version before the newest one; undefined when there is none or it is no longer ours that is newest. */
  readonly fileBefore: (documentId: string) => FileBefore | undefined;
  /** The org's own time at the end of the run: what is changed later was changed by somebody else. */
  readonly endedAt: string;
};

/** Why something is not undone; the texts are in messages. */
export type LeftCode =
  /** Purged, merged without image, history deleted, sent: the plan said that there is no way back. */
  | 'irreversible'
  /** Not as the run left it: somebody changed it since, and that stays. */
  | 'edited-since'
  /** Rows of others hang on a record that the run made. */
  | 'in-use'
  | 'record-gone'
  /** The recycle bin no longer has it and no image was sealed. */
  | 'bin-emptied'
  | 'no-before-image'
  /** The person's key was destroyed. */
  | 'forgotten'
  /** The record a lookup pointed to is not there. */
  | 'parent-gone'
  /** The running user may not write the field, or the platform alone does. */
  | 'not-writable'
  /** The running user cannot see it. */
  | 'not-seen'
  /** Sealed on this machine, and stays until it expires. */
  | 'kept-here';

/** One thing that is not undone, by record and field; never a value. */
export type LeftItem = {
  readonly subject: string;
  readonly operation: Operation;
  readonly object: string;
  readonly recordId: string;
  readonly field: string | null;
  readonly code: LeftCode;
};

/** A step of the undo plan before its values are sealed and digested. */
export type UndoDraft = {
  readonly step: PlanStep;
  /** Values to write that only the data subject's key shall open. */
  readonly seal: Values;
  /** Values the org must still hold right before the call. */
  readonly expects: Values;
};

export type UndonePerson = { readonly drafts: readonly UndoDraft[]; readonly left: readonly LeftItem[] };

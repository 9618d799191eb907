/** What the running user cannot see is not "nothing": every place is seen, hidden or absent. */
export type Visibility = 'seen' | 'hidden' | 'absent';

/** A place personal data or a hold may be. `field` undefined = the object itself; `*files*` = file content. */
export type Place = {
  readonly object: string;
  readonly field?: string;
  readonly visibility: Visibility;
  /** How it is known: `describe`, `entity-definition`, `metadata-list`, `count-differs`, `not-countable`, `permission`. */
  readonly evidence: string;
  /** Approximate rows the user cannot see, when the platform tells. */
  readonly unseenRows?: number;
};

export type Completeness = {
  /** `complete` is said only when nothing relevant is hidden. */
  readonly state: 'complete' | 'incomplete';
  readonly hidden: readonly Place[];
  /** Named by a pack or the charter, and not in this org. */
  readonly absent: readonly Place[];
  readonly seenObjects: number;
  readonly seenFields: number;
  readonly filesVisible: Visibility;
  readonly encryptedFieldsReadable: boolean;
  /** ISO instant of the reading. */
  readonly at: string;
};

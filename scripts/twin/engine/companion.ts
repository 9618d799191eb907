/** State outside the database that a rollback must undo too. */
export type Companion<Mark> = {
  /** Where it stands now. */
  readonly mark: () => Mark;
  /** Back to where it stood. */
  readonly undo: (mark: Mark) => void;
  /** The outermost transaction is about to be kept. */
  readonly commit: () => void;
};

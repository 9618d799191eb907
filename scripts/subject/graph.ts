import type { LocalisedText } from '../model/text.ts';

/** A record: object API name and 18-character id. */
export type RecordReference = { readonly object: string; readonly id: string };

/** One step of the explanation: from a record already found, by a lookup, to the next. */
export type PathStep = {
  readonly from: RecordReference;
  readonly to: RecordReference;
  /** The lookup, as `Object.Field`. */
  readonly lookup: string;
  /** What `to` is to `from` (read: `to` is the <role> `from`). */
  readonly role: LocalisedText;
  readonly origin: 'pack' | 'charter' | 'describe';
};

/** A record of the subject graph with the path that explains why it is there. */
export type SubjectItem = RecordReference & {
  /** Tells about other people too: copied with care, never erased alone. */
  readonly shared: boolean;
  /** In the recycle bin: still held. */
  readonly deleted: boolean;
  /** From a root to this record; empty for a root. */
  readonly steps: readonly PathStep[];
};

/** All records of one data subject, roots first, then by distance, object and id. */
export type SubjectGraph = {
  readonly roots: readonly RecordReference[];
  readonly items: readonly SubjectItem[];
};

import type { SaveOptions, Session } from '../contract.ts';
import type { Access, FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import type { AutoNumbers } from './autoNumbers.ts';
import type { Blobs } from './blobs.ts';
import type { EngineContext } from './engineContext.ts';
import type { RowReader } from './readInput.ts';
import type { RollUps } from './rollUps.ts';
import type { WritePlan } from './plan.ts';

/** One request's saving of rows of one object. */
export type Saving = {
  readonly context: EngineContext;
  readonly session: Session;
  readonly plan: WritePlan;
  readonly plans: (object: ObjectDefinition) => WritePlan;
  readonly access: Access;
  readonly options: SaveOptions;
  readonly autoNumbers: AutoNumbers;
  readonly rollUps: RollUps;
  readonly blobs: Blobs;
  readonly readNew: RowReader;
  readonly readChange: RowReader;
  /** Ids this request found to be good targets, by lookup. */
  readonly targets: Map<FieldDefinition, Set<string>>;
  /** New rows whose creation is still to be put into their history. */
  readonly created: string[];
  /** Rows this request saved so far, where duplicate rules ask. */
  readonly saved: Set<string>;
  /** The instant of the request, as stored. */
  readonly now: string;
};

import { batchesOf, type DemoBatch, type Stage } from './batches.ts';
import { accountStages, organisationStages } from './rows/accounts.ts';
import { activityStages, campaignStages } from './rows/activities.ts';
import { consentStages } from './rows/consents.ts';
import { fileStages } from './rows/files.ts';
import { giftStages } from './rows/gifts.ts';
import { historyStages } from './rows/histories.ts';
import { individualStages } from './rows/individuals.ts';
import { leftoverStages } from './rows/leftovers.ts';
import { binStages, peopleStages } from './rows/people.ts';
import { relationStages } from './rows/relations.ts';
import { truthOf, type TruthLine } from './truth.ts';
import { worldOf, type DemoOptions } from './world.ts';

/**
 * Parents before children; what goes into the recycle bin last. Neighbours of the same object are one stage, so that a
 * loader may put them into one Bulk job: same columns, and no row refers to another of the same job.
 */
const STAGES: readonly Stage[] = [
  ...organisationStages,
  ...campaignStages,
  ...accountStages,
  ...individualStages,
  ...peopleStages,
  ...giftStages,
  ...relationStages,
  ...consentStages,
  ...activityStages,
  ...leftoverStages,
  ...fileStages,
  ...historyStages,
  ...binStages,
];

/**
 * The demo org, batch by batch: the same rows in the same order for the same options, whatever the batch size, with one
 * batch in memory at a time. How to load each batch is said at `DemoBatch`. RangeError when an option is out of bounds.
 */
export const generateDemo = (options: DemoOptions, rowsPerBatch?: number): Generator<DemoBatch> =>
  batchesOf(worldOf(options), STAGES, rowsPerBatch);

/** What is true of the org that `generateDemo` makes with the same options, line by line. */
export const generateTruth = (options: DemoOptions): Generator<TruthLine> => truthOf(worldOf(options));

export { keyedObjects, objectOfKey } from './keys.ts';
export { demoMetadata } from './metadata.ts';
export type { DemoBatch, DemoRow } from './batches.ts';
export type { TruthLine } from './truth.ts';
export type { DemoOptions } from './world.ts';

import type { Bench } from './bench.ts';
import { canonicalJson } from './canonicalJson.ts';
import { demo } from './demo.ts';
import { executor } from './executor.ts';
import { matching, matchingGrowth } from './matching.ts';
import { matchingLookup } from './matchingLookup.ts';
import { merkle } from './merkle.ts';
import { plan } from './plan.ts';
import { retentionPlan } from './retentionPlan.ts';
import { snapshotStore } from './snapshotStore.ts';
import { soqlEquality } from './soqlEquality.ts';
import { twinBoot } from './twinBoot.ts';
import { twinBulkIngest } from './twinBulkIngest.ts';
import { twinBulkQuery } from './twinBulkQuery.ts';
import { twinInsert } from './twinInsert.ts';
import { twinQuery } from './twinQuery.ts';
import { twinRest } from './twinRest.ts';

export const BENCHES: readonly Bench[] = [
  twinBoot,
  twinRest,
  twinBulkIngest,
  twinBulkQuery,
  twinInsert,
  twinQuery,
  soqlEquality,
  merkle,
  plan,
  retentionPlan,
  executor,
  snapshotStore,
  demo,
  canonicalJson,
  matching,
  matchingGrowth,
  matchingLookup,
];

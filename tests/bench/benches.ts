import type { Bench } from './bench.ts';
import { canonicalJson } from './canonicalJson.ts';
import { demo } from './demo.ts';
import { merkle } from './merkle.ts';
import { planWrite } from './planWrite.ts';
import { snapshotStore } from './snapshotStore.ts';
import { twinInsert } from './twinInsert.ts';
import { twinQuery } from './twinQuery.ts';

export const BENCHES: readonly Bench[] = [twinInsert, twinQuery, merkle, planWrite, snapshotStore, demo, canonicalJson];

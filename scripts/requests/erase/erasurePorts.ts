import type { LocalDate } from '../../kernel/legalPeriod.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Completeness } from '../../model/completeness.ts';
import type { ErasureTerms } from '../../model/erasure.ts';
import type { PlanHeader } from '../../model/plan.ts';
import type { ReportProgress } from '../../model/progress.ts';
import type { Org } from '../../org/port.ts';
import type { PlanUse } from '../../plan/file/openPlan.ts';
import type { RecordReference } from '../../subject/graph.ts';
import type { Needles, SpellingKnowledge } from '../../subject/needles/contract.ts';
import type { Vault } from '../../vault/port.ts';
import type { GatherInput } from '../accessPorts.ts';
import type { Gathered } from '../gatherRecords.ts';
import type { ErasureRules } from './erasureRules.ts';

export type ErasureInput = GatherInput & {
  /** RequestKey__c of the request that is carried out. */
  readonly requestKey?: string;
  readonly rules: ErasureRules;
  /** What the plan is bound to beside org and user. */
  readonly use: Pick<PlanUse, 'toolVersion' | 'charterDigest' | 'packs' | 'ruleSets'>;
  /** Folder for the plan's readable header. */
  readonly folder: string;
  /** The day to decide for, in the controller's time zone; today by default. */
  readonly asOf?: LocalDate;
};

export type ErasurePorts = {
  readonly org: Org;
  readonly vault: Vault;
  readonly clock: Clock;
  /** What identifies the person, for the scan after the run; nothing is kept without it. */
  readonly needlesOf?: (gathered: Gathered) => Promise<Needles>;
  /** API calls that the scan after the run will make at most. */
  readonly scanCalls?: (needles: Needles) => Promise<number>;
  /** Spellings by which records of others are looked through for the person; nothing is looked for without it. */
  readonly knowledge?: SpellingKnowledge;
  readonly report?: ReportProgress;
};

export type ErasureResult = {
  /** Null when nothing of the person is left that could go or be emptied: no plan is written then. */
  readonly plan: { readonly path: string; readonly header: PlanHeader } | null;
  /** The person's own records. */
  readonly subject: readonly RecordReference[];
  readonly completeness: Completeness['state'];
  /** `Object` or `Object.Field` that the running user cannot see. */
  readonly hidden: readonly string[];
  /** What was decided, in numbers. */
  readonly items: ErasureTerms['items'];
  /** What somebody must look at: records left that are about others too, copies that name others, same addresses. */
  readonly review: readonly { readonly code: string; readonly object: string; readonly ids: readonly string[] }[];
  /** API calls that planning cost. */
  readonly calls: number;
};

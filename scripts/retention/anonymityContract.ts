import type { Finding } from '../disposal/anonymity/contract.ts';
import type { PlannedOperation } from '../disposal/contract.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { PlanDecision, Reason } from '../model/plan.ts';
import type { DescribedObject } from '../org/port.ts';
import type { SnapshotReader } from '../snapshot/reader.ts';
import type { PeopleGraphs } from '../subject/peopleGraphs.ts';
import type { PeopleInScope, RetentionLaw, RetentionScope } from './retentionScope.ts';

export type Anonymised = {
  readonly operations: readonly PlannedOperation[];
  /** Which word may be said of the person, until when, and what speaks against the other. */
  readonly facts: Reason['facts'];
  readonly effects: PlanDecision['effects'];
};

/** What is told to whoever counts: the totals, the plan's header. */
export type TellAnonymised = (
  person: string,
  told: { readonly findings: readonly Finding[]; readonly operations: readonly PlannedOperation[] },
) => void;

export type Preparing = {
  readonly law: RetentionLaw;
  readonly scope: PeopleInScope;
  readonly completeness: Pick<RetentionScope['completeness'], 'hidden'>;
  readonly describes: ReadonlyMap<string, DescribedObject>;
  readonly reader: Pick<SnapshotReader, 'rows' | 'byId' | 'byLookup'>;
  readonly asOf: LocalDate;
  readonly graphs: PeopleGraphs;
  /** Whether a record of a people object is anonymised by this plan. */
  readonly isDue: (object: string, id: string) => boolean;
  /** Whether this plan takes its name away, by whichever action. */
  readonly losesName: (object: string, id: string) => boolean;
  readonly tell: TellAnonymised;
};

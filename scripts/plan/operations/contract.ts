import type { Problem } from '../../kernel/result.ts';
import type { Operation, PlanStep } from '../../model/plan.ts';
import type { StepOutcome } from '../../model/run.ts';
import type { Org, OrgRow, WriteOutcome } from '../../org/port.ts';
import type { Vault } from '../../vault/port.ts';

/** Which API carries a step. */
export type CallKind =
  /** sObject collections: 200 records a call. */
  | 'collection'
  /** Partner SOAP: 200 ids a call, or one merge. */
  | 'soap'
  /** Composite: 25 conditional writes a call. */
  | 'composite'
  /** One multipart request a file. */
  | 'multipart'
  /** No call to the org: this machine alone. */
  | 'local';

/** What operations work with. Only steps with files, archives or letters need a vault. */
export type OperationPorts = {
  readonly org: Org;
  readonly vault?: Pick<Vault, 'open' | 'seal' | 'holdings' | 'sealForSubject'>;
  /** Salt of `precondition.values`: `vault.deriveKey(orgId, VALUE_SALT)`. */
  readonly valueSalt: () => Uint8Array;
  /** Bytes of a step's file that was sealed for its data subject beside the plan's steps; undefined for other files. */
  readonly sealedFile?: (step: PlanStep) => Uint8Array | undefined;
  /** What these steps made, as the journal has it: record ids, ids of holdings. */
  readonly madeBy: (keys: readonly string[]) => ReadonlyMap<string, string>;
  /** Steps of this run that made one of these: no two steps are settled by the same record. */
  readonly makers: (ids: readonly string[]) => ReadonlyMap<string, string>;
};

/** Steps of one object, any number; every `new:<key>` in them is replaced by an id. */
export type StepsOfObject = { readonly object: string; readonly steps: readonly PlanStep[] };

/** Steps of one object that go in one call; every `new:<key>` in them is replaced by an id. */
export type StepsOfCall = {
  readonly object: string;
  readonly steps: readonly PlanStep[];
  /** What `prepare` read before the call: journaled with the intent, so that a killed run still has it. */
  readonly memory: string | null;
  /** By step key: SystemModstamp of the record as it was checked, for steps with `ifUnmodified`. */
  readonly stamps: ReadonlyMap<string, string>;
};

/** One step's answer; `id` is what it made. */
export type StepAnswer = Omit<WriteOutcome, 'id'> & { readonly id: string | null };

/** Whether a step may still be carried out, as the org answers right before the call. */
export type StepCheck =
  | { readonly state: 'ready'; readonly stamp?: string }
  /** Everything is as the step wants it; nothing is called. */
  | { readonly state: 'already-done'; readonly id?: string }
  /** Not as the plan read it: `code` is RECORD_GONE, VALUE_CHANGED, …; `fields` names which. */
  | { readonly state: 'changed'; readonly code: string; readonly fields: readonly string[] };

/** A step whose outcome was unknown and that has taken effect, as the org shows; the others have not. */
export type Settled = {
  /** What the step made. */
  readonly id?: string;
};

/** A step that the org said was done and that does not read so. */
export type ReadBackDifference = {
  readonly key: string;
  readonly object: string;
  readonly code: string;
  readonly fields: readonly string[];
};

/** API calls for a number of steps of one object, apart from each other; checks only for steps with a precondition. */
export type CallCost = { readonly mutation: number; readonly check: number; readonly readBack: number };

/** How Bulk 2.0 carries the operation: one ingest job per object, rows in any order. */
export type BulkForm = {
  readonly job: 'insert' | 'update' | 'upsert' | 'delete' | 'hardDelete';
  /** Columns must be the same in every row of a job: steps are grouped by this. */
  readonly shape: (step: PlanStep) => string;
  readonly row: (step: PlanStep) => OrgRow;
  readonly externalIdField?: (step: PlanStep) => string | undefined;
  /** Column whose value, with `rowKey`, finds the step of a result row; undefined where values repeat (insert). */
  readonly rowKey: (step: PlanStep) => { readonly column: string; readonly value: string } | undefined;
};

/**
 * One operation of the closed set: all that the executor has to know about it. Definitions hold no state; what an
 * outcome depends on is in the plan's sealed steps, in the journal and in the org.
 */
export type OperationDefinition = {
  readonly operation: Operation;
  /** The ways back a step may name; `none` alone = irreversible. */
  readonly inverses: readonly PlanStep['inverse'][];
  /** The settle probes a step may name. */
  readonly settles: readonly PlanStep['settle'][];
  /** Outcome that stands in the journal when it took effect. */
  readonly doneAs: (step: PlanStep) => Extract<StepOutcome, 'done' | 'put-back'>;
  readonly kind: (step: PlanStep) => CallKind;
  /** Everything wrong with a step, at once: payload parts that lack or do not belong, inverse, settle probe. */
  readonly problemsOf: (step: PlanStep) => readonly Problem[];
  /** Steps that may share a call have the same text; `''` = all of an object. */
  readonly groupOf: (step: PlanStep) => string;
  /** How much of a call the step takes, and how much a call of its group holds. */
  readonly units: (step: PlanStep) => number;
  readonly unitsPerCall: (step: PlanStep) => number;
  readonly cost: (steps: number) => CallCost;
  /** Asks the org whether what the step relies on still holds. No precondition, no call. */
  readonly check: (ports: OperationPorts, call: StepsOfObject) => Promise<ReadonlyMap<string, StepCheck>>;
  /** What has to be known to settle the call; left out = nothing. */
  readonly prepare?: (ports: OperationPorts, call: StepsOfObject) => Promise<string | null>;
  /** One call; answers in the order of the steps. */
  readonly send: (ports: OperationPorts, call: StepsOfCall) => Promise<readonly StepAnswer[]>;
  /** Asks the org, not the run: what of the steps has taken effect. */
  readonly settle: (
    ports: OperationPorts,
    call: Pick<StepsOfCall, 'object' | 'steps' | 'memory'>,
  ) => Promise<ReadonlyMap<string, Settled>>;
  readonly readBack: (ports: OperationPorts, call: StepsOfObject) => Promise<readonly ReadBackDifference[]>;
  readonly bulk?: BulkForm;
};

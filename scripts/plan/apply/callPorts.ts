import type { Operation, PlanHeader, PlanStep } from '../../model/plan.ts';
import type { CrashBoundary } from '../../model/run.ts';
import type { Org } from '../../org/port.ts';
import type { EncryptedStore, Vault } from '../../vault/port.ts';
import type { Journal } from './journal.ts';
import type { OperationPorts } from '../operations/contract.ts';
import { VALUE_SALT } from '../operations/values.ts';
import { sealedFileOf, withOpenValues } from '../undo/beforeImages.ts';

/** Where tests kill a run; the product passes none. */
export type CrashPoint = (boundary: CrashBoundary, operation: Operation, object: string) => void;

export type CallPorts = {
  readonly org: Org;
  readonly journal: Journal;
  /** Waits some milliseconds before a locked row is tried again. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
  readonly crashPoint?: CrashPoint;
  /** The plan's sealed steps: what a call that was left open was about. */
  readonly plan?: EncryptedStore;
  /** Files, archives, letters, and the salt of preconditions. */
  readonly vault?: NonNullable<OperationPorts['vault']> & Pick<Vault, 'deriveKey' | 'openForSubject'>;
  readonly header?: Pick<PlanHeader, 'terms'>;
};

const saltOf = ({ vault, header }: CallPorts): Uint8Array => {
  if (vault === undefined || header === undefined) {
    throw new RangeError('steps with values as precondition need the vault and the plan’s header');
  }
  return vault.deriveKey(header.terms.orgId, VALUE_SALT);
};

/** The step with the values that only its data subject's key opens; as it is when it brings none. */
export const openStep = ({ plan, vault, header }: CallPorts, step: PlanStep): PlanStep => {
  if (step.payload?.sealed === undefined || plan === undefined || vault === undefined || header === undefined)
    return step;
  return withOpenValues({ vault, orgId: header.terms.orgId, store: plan }, step);
};

/** What operations work with in this run. */
export const operationPorts = (ports: CallPorts): OperationPorts => {
  const { org, journal, vault, plan, header } = ports;
  let salt: Uint8Array | undefined;
  return {
    org,
    ...(vault === undefined ? {} : { vault }),
    ...(vault === undefined || plan === undefined || header === undefined
      ? {}
      : { sealedFile: (step) => sealedFileOf({ vault, orgId: header.terms.orgId, store: plan }, step) }),
    valueSalt: () => (salt ??= saltOf(ports)),
    madeBy: (keys) => journal.madeBy(keys),
    makers: (ids) => journal.makers(ids),
  };
};

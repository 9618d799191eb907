import type { Operation, PlanStep, Reason, StepPayload } from '../model/plan.ts';
import { valueDigest } from '../plan/operations/values.ts';
import type { Sealer, Values } from '../plan/undo/beforeImages.ts';
import { nameOf, type PlannedOperation } from './contract.ts';

/** What the operations of one person are bound to. */
export type Bound = {
  /** The person the steps belong to. */
  readonly subject: string;
  readonly rule: string;
  readonly reason: Reason;
  /** Digest of the decision that the guard takes again. */
  readonly decision: string;
  /** Needed as soon as an operation brings `secret`, `before` or `expects`; `valueSalt` is that of VALUE_SALT. */
  readonly sealing?: { readonly sealer: Sealer; readonly valueSalt: Uint8Array };
};

type Ending = { readonly settle: PlanStep['settle']; readonly inverse: PlanStep['inverse'] };

/** How an unknown outcome is settled, and the way back, unless the operation says otherwise. */
const ENDINGS: Readonly<Record<Operation, Ending>> = {
  create: { settle: 'run-mark', inverse: 'delete' },
  update: { settle: 'record-values', inverse: 'none' },
  upsert: { settle: 'external-id', inverse: 'none' },
  delete: { settle: 'record-state', inverse: 'undelete' },
  purge: { settle: 'record-state', inverse: 'none' },
  undelete: { settle: 'record-state', inverse: 'delete' },
  merge: { settle: 'merge-state', inverse: 'none' },
  deleteHistory: { settle: 'history-rows', inverse: 'none' },
  uploadFile: { settle: 'file-version', inverse: 'none' },
  sealLocal: { settle: 'local-holding', inverse: 'none' },
  send: { settle: 'channel-log', inverse: 'none' },
};

/** The way back that a before-image opens. */
const WITH_IMAGE: Readonly<Partial<Record<Operation, PlanStep['inverse']>>> = {
  update: 'restore-values',
  upsert: 'restore-values',
  delete: 'recreate',
  merge: 'recreate',
};

const endingOf = ({ operation, payload, before, isFinal }: PlannedOperation): Ending => {
  const usual = ENDINGS[operation];
  const settle = operation === 'create' && payload?.externalId !== undefined ? 'external-id' : usual.settle;
  if (isFinal === true) return { settle, inverse: 'none' };
  if (before !== undefined) return { settle, inverse: WITH_IMAGE[operation] ?? usual.inverse };
  if (operation === 'uploadFile' && payload?.file?.linkTo !== undefined) return { settle, inverse: 'delete' };
  return { settle, inverse: usual.inverse };
};

const TO_COME = 'new:';

type Keys = {
  readonly of: (operation: PlannedOperation) => string;
  readonly ofName: (name: string) => string;
  /** `new:<word>` as the plan says it: `new:<key of the step that makes it>`. */
  readonly resolve: <T>(value: T) => T | string;
};

const keysIn = (operations: readonly PlannedOperation[], subject: string): Keys => {
  const keyOf = (operation: PlannedOperation): string => `${subject}/${nameOf(operation)}`;
  const known = new Set(operations.map(nameOf));
  if (known.size !== operations.length) throw new RangeError('two operations of one person have the same name');
  const makers = new Map(
    operations
      .filter(({ operation, id }) => id.startsWith(TO_COME) && MAKES.has(operation))
      .map((operation) => [operation.id, keyOf(operation)]),
  );
  return {
    of: keyOf,
    ofName: (name) => {
      if (!known.has(name)) throw new RangeError(`no operation of the person is named ${name}`);
      return `${subject}/${name}`;
    },
    resolve: (value) => {
      if (typeof value !== 'string' || !value.startsWith(TO_COME)) return value;
      const maker = makers.get(value);
      if (maker === undefined) throw new RangeError(`no operation of the person makes ${value}`);
      return `${TO_COME}${maker}`;
    },
  };
};
const MAKES = new Set<Operation>(['create', 'upsert', 'uploadFile']);

const resolved = (values: Values, keys: Keys): Values =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, keys.resolve(value)]));

const payloadOf = ({ payload }: PlannedOperation, keys: Keys): StepPayload | undefined => {
  if (payload === undefined) return undefined;
  const { values, file } = payload;
  return {
    ...payload,
    ...(values === undefined ? {} : { values: resolved(values, keys) }),
    ...(file?.linkTo === undefined ? {} : { file: { ...file, linkTo: keys.resolve(file.linkTo) } }),
  };
};

/** Earlier steps: those it names, its own deletion for a purge, those that make what it writes about. */
const dependsOn = (one: PlannedOperation, all: readonly PlannedOperation[], keys: Keys): readonly string[] => {
  const deletion = { ...one, operation: 'delete' as const };
  const isDeleted = one.operation === 'purge' && all.some((other) => nameOf(other) === nameOf(deletion));
  const place = one.payload?.file?.linkTo;
  const madeHere = place?.startsWith(TO_COME) === true ? [keys.resolve(place).slice(TO_COME.length)] : [];
  return [
    ...new Set([...(isDeleted ? [keys.of(deletion)] : []), ...(one.dependsOn ?? []).map(keys.ofName), ...madeHere]),
  ];
};

const digestsOf = (one: PlannedOperation, { sealing }: Bound): Readonly<Record<string, string>> | undefined => {
  const fields = Object.entries(one.expects ?? {});
  if (fields.length === 0) return undefined;
  if (sealing === undefined) throw new RangeError('values the org must hold need the salt of the plan');
  const place = { object: one.object, recordId: one.id };
  return Object.fromEntries(
    fields.map(([field, value]) => [field, valueDigest(sealing.valueSalt, { ...place, field }, value)]),
  );
};

const sealed = (
  step: PlanStep,
  { secret = {}, secretFile, before }: PlannedOperation,
  { sealing }: Bound,
): PlanStep => {
  const hasSecret = Object.keys(secret).length > 0;
  if (!hasSecret && secretFile === undefined && before === undefined) return step;
  if (sealing === undefined) throw new RangeError('values for the subject’s key alone need a sealer');
  const { sealer } = sealing;
  let done = hasSecret ? sealer.sealValues(step, secret) : step;
  if (secretFile !== undefined) done = sealer.sealFile(done, secretFile);
  return before === undefined ? done : sealer.sealBefore(done, before);
};

const stepOf = (one: PlannedOperation, all: readonly PlannedOperation[], keys: Keys, bound: Bound): PlanStep => {
  const values = digestsOf(one, bound);
  const payload = payloadOf(one, keys);
  const isConditional = one.operation === 'update' && values !== undefined && one.maySave !== true;
  const step: PlanStep = {
    key: keys.of(one),
    subject: bound.subject,
    wave: one.wave,
    operation: one.operation,
    object: one.object,
    recordId: keys.resolve(one.id),
    rule: bound.rule,
    reason: bound.reason,
    ...(payload === undefined ? {} : { payload }),
    precondition: {
      decision: bound.decision,
      goesWith: [...one.goesWith].sort(),
      ...(values === undefined ? {} : { values }),
      ...(isConditional ? { ifUnmodified: true as const } : {}),
    },
    ...(one.after === undefined ? {} : { after: resolved(one.after, keys) }),
    ...endingOf(one),
    dependsOn: [...dependsOn(one, all, keys)],
  };
  return sealed(step, one, bound);
};

/**
 * Operations of one person as steps of a plan: settle probe and way back by operation, preconditions as salted digests,
 * values and before-images sealed under the person's key. Pure but for the sealer. RangeErrors name what a planner did
 * wrong: two operations of the same name, a dependency that is not there, values without a sealer.
 */
export const toSteps = (operations: readonly PlannedOperation[], bound: Bound): readonly PlanStep[] => {
  const keys = keysIn(operations, bound.subject);
  return operations.map((one) => stepOf(one, operations, keys, bound));
};

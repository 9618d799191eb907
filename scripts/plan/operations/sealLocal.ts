import { z } from 'zod';
import { HOLDING_KINDS, type HoldingKind } from '../../model/holdings.ts';
import type { PlanStep } from '../../model/plan.ts';
import type { OrgRow } from '../../org/port.ts';
import type { OperationDefinition, OperationPorts, Settled, StepCheck, StepsOfObject } from './contract.ts';
import { holdingNamed, nameFor } from './localFiles.ts';
import { IDS_PER_CALL, IDS_PER_QUERY } from './recycling.ts';
import { callsFor, shapeProblems, stepProblem } from './stepShape.ts';
import { vaultOf } from './uploadFile.ts';
import { rowsById } from './values.ts';

const KNOWN = { inverses: ['none'], settles: ['local-holding'] } as const;

const PREFIX = 'sealed-rows';

/** One line of a sealed holding: whose record, and the row sealed again under the person's own key. */
export const sealedLine = z.strictObject({
  key: z.string(),
  subject: z.string(),
  object: z.string(),
  recordId: z.string(),
  sealed: z.string(),
});
export type SealedLine = z.infer<typeof sealedLine>;

const sealOf = (step: PlanStep): { readonly kind: string; readonly expiresAt: string } => {
  const seal = step.payload?.seal;
  if (seal === undefined) throw new RangeError('a step that seals says what it makes');
  return seal;
};

/** Types whose values are files or made of other fields. */
const LEFT_OUT = new Set(['base64', 'address', 'location']);

const wholeRows = async (
  ports: OperationPorts,
  { object, steps }: StepsOfObject,
): Promise<ReadonlyMap<string, OrgRow>> => {
  const described = await ports.org.describe(object);
  const fields = described?.fields.filter((field) => !LEFT_OUT.has(field.type)).map((field) => field.name) ?? [];
  const ids = steps.map((step) => step.recordId);
  return rowsById(ports.org, { object, ids }, fields);
};

const check = async (ports: OperationPorts, call: StepsOfObject): Promise<ReadonlyMap<string, StepCheck>> => {
  const ids = call.steps.map((step) => step.recordId);
  const rows = await rowsById(ports.org, { object: call.object, ids }, []);
  return new Map(
    call.steps.map((step) => [
      step.key,
      rows.has(step.recordId) ? { state: 'ready' } : { state: 'changed', code: 'RECORD_GONE', fields: [] },
    ]),
  );
};

const keysOf = (steps: readonly PlanStep[]): readonly string[] => steps.map((step) => step.key);

const lineOf = (ports: OperationPorts, orgId: string, step: PlanStep, row: OrgRow): string => {
  const { key, subject, object, recordId } = step;
  const sealed = vaultOf(ports).sealForSubject(orgId, subject, Buffer.from(JSON.stringify(row)));
  return `${JSON.stringify({ key, subject, object, recordId, sealed } satisfies SealedLine)}\n`;
};

const send: OperationDefinition['send'] = async (ports, call) => {
  const { orgId } = await ports.org.identity();
  const [first] = call.steps;
  if (first === undefined) return [];
  const rows = await wholeRows(ports, call);
  const there = call.steps.filter((step) => rows.has(step.recordId));
  const lines = there.map((step) => lineOf(ports, orgId, step, rows.get(step.recordId) ?? {}));
  const { kind, expiresAt } = sealOf(first);
  const fileName = nameFor(PREFIX, keysOf(call.steps));
  const holding = await vaultOf(ports).seal(kind as HoldingKind, orgId, Buffer.from(lines.join('')), {
    expiresAt,
    fileName,
  });
  return call.steps.map((step) =>
    rows.has(step.recordId)
      ? { id: holding.id, success: true, created: true, errors: [] }
      : { id: null, success: false, created: false, errors: [{ code: 'RECORD_NOT_FOUND', fields: [] }] },
  );
};

const keysIn = async (ports: OperationPorts, holdingId: string): Promise<ReadonlySet<string>> => {
  const text = Buffer.from(await vaultOf(ports).open(holdingId)).toString('utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return new Set(lines.map((line) => sealedLine.parse(JSON.parse(line)).key));
};

const settle: OperationDefinition['settle'] = async (ports, { steps }) => {
  const { orgId } = await ports.org.identity();
  const holding = holdingNamed(ports, orgId, nameFor(PREFIX, keysOf(steps)));
  if (holding === undefined) return new Map();
  const sealed = await keysIn(ports, holding.id);
  return new Map(
    steps.filter((step) => sealed.has(step.key)).map((step): [string, Settled] => [step.key, { id: holding.id }]),
  );
};

const readBack: OperationDefinition['readBack'] = async (ports, { object, steps }) => {
  const { orgId } = await ports.org.identity();
  const made = ports.madeBy(keysOf(steps));
  const held = new Set(
    vaultOf(ports)
      .holdings(orgId)
      .map((one) => one.id),
  );
  const sealed = new Map<string, ReadonlySet<string>>();
  for (const id of new Set(made.values())) if (held.has(id)) sealed.set(id, await keysIn(ports, id));
  return steps
    .filter((step) => sealed.get(made.get(step.key) ?? '')?.has(step.key) !== true)
    .map((step) => ({ key: step.key, object, code: 'NOT_SEALED', fields: [] }));
};

/**
 * Seals records as they are in the org right now on this machine: 200 to a holding, each row under the key of its data
 * subject, so that forgetting a person makes the person's rows unreadable. Nothing is written to the org. Settled by
 * the list of holdings: the file named after the steps is there and opens.
 */
export const sealLocalOperation: OperationDefinition = {
  operation: 'sealLocal',
  ...KNOWN,
  doneAs: () => 'done',
  kind: () => 'local',
  groupOf: (step) => `${sealOf(step).kind} ${sealOf(step).expiresAt}`,
  units: () => 1,
  unitsPerCall: () => IDS_PER_CALL,
  problemsOf: (step) => {
    const kind = step.payload?.seal?.kind;
    const isListed = kind === undefined || (HOLDING_KINDS as readonly string[]).includes(kind);
    return [
      ...shapeProblems(step, { needs: ['seal'], record: 'existing' }, KNOWN),
      ...(isListed
        ? []
        : [stepProblem(step, 'payload.seal.kind', 'Nothing of this kind may be kept.', 'Use a listed holding kind.')]),
    ];
  },
  cost: (steps) => ({ mutation: callsFor(steps, IDS_PER_CALL), check: callsFor(steps, IDS_PER_QUERY), readBack: 0 }),
  check,
  send,
  settle,
  readBack,
};

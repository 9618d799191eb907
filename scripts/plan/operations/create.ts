import { z } from 'zod';
import { parseRecordId } from '../../kernel/recordId.ts';
import { inChunks, soqlList, soqlName, soqlString } from '../../kernel/soql.ts';
import type { PlanStep } from '../../model/plan.ts';
import type { OrgRow, OrgValue, WriteOptions } from '../../org/port.ts';
import type { OperationDefinition, OperationPorts, Settled, StepCheck, StepsOfObject } from './contract.ts';
import { IDS_PER_CALL, IDS_PER_QUERY, twoHundredACall } from './recycling.ts';
import { callsFor, shapeProblems, stepProblem } from './stepShape.ts';
import { differingFields, plainValue, rowsById, textIn } from './values.ts';

const KNOWN = { inverses: ['delete', 'none'], settles: ['external-id', 'run-mark'] } as const;

/**
 * How the executor writes: alerts of duplicate rules were answered when the plan was approved, and assignment rules
 * would give the record to somebody the plan does not name.
 */
export const PLANNED_WRITE: WriteOptions = { passDuplicateAlerts: true, autoAssign: false };

export const valuesOf = (step: PlanStep): Readonly<Record<string, OrgValue>> => step.payload?.values ?? {};

const externalIdOf = (step: PlanStep) => step.payload?.externalId;

/** Ids of records by the value of their external id; steps share the field. */
export const byExternalId = async (
  ports: Pick<OperationPorts, 'org'>,
  { object, steps }: StepsOfObject,
  fields: readonly string[] = [],
): Promise<ReadonlyMap<string, OrgRow>> => {
  const found = new Map<string, OrgRow>();
  const named = steps.flatMap((step) => externalIdOf(step) ?? []);
  for (const field of new Set(named.map((one) => one.field))) {
    const values = named.filter((one) => one.field === field).map((one) => one.value);
    const columns = [...new Set(['Id', field, ...fields])].map(soqlName).join(', ');
    for (const chunk of inChunks([...new Set(values)], IDS_PER_CALL)) {
      const soql = `SELECT ${columns} FROM ${soqlName(object)} WHERE ${soqlName(field)} IN ${soqlList(chunk)}`;
      for await (const row of ports.org.query(soql)) found.set(keyOf(field, textIn(row, field)), row);
    }
  }
  return found;
};

/** Unique text fields compare without case unless they say otherwise, so that a finding is compared so too. */
const keyOf = (field: string, value: string): string => `${field} ${value.toLowerCase()}`;

export const rowOf = (found: ReadonlyMap<string, OrgRow>, step: PlanStep): OrgRow | undefined => {
  const external = externalIdOf(step);
  return external === undefined ? undefined : found.get(keyOf(external.field, external.value));
};

const check = async (ports: OperationPorts, call: StepsOfObject): Promise<ReadonlyMap<string, StepCheck>> => {
  const found = await byExternalId(ports, call);
  return new Map(
    call.steps.map((step) => [
      step.key,
      rowOf(found, step) === undefined
        ? { state: 'ready' }
        : { state: 'changed', code: 'RECORD_EXISTS', fields: [externalIdOf(step)?.field ?? ''] },
    ]),
  );
};

const mark = z.object({ since: z.iso.datetime(), until: z.iso.datetime() });
const HOUR = 3_600_000;

/** The org's own time before the call, whole seconds as CreatedDate has them; no call of today is answered an hour later. */
const prepare = async (ports: OperationPorts, { steps }: StepsOfObject): Promise<string | null> => {
  if (steps.every((step) => step.settle === 'external-id')) return null;
  const since = Math.floor(Date.parse(await ports.org.now()) / 1000) * 1000;
  return JSON.stringify({ since: new Date(since).toISOString(), until: new Date(since + HOUR).toISOString() });
};

const queried = async (ports: OperationPorts, { object, steps }: StepsOfObject): Promise<readonly string[]> => {
  const described = await ports.org.describe(object);
  const known = new Set(described?.fields.map((field) => field.name) ?? []);
  return [...new Set(steps.flatMap((step) => Object.keys(valuesOf(step))))].filter((field) => known.has(field)).sort();
};

/** Records of the running user's own that were made in the hour after the mark and that no other step made. */
const ownNewRows = async (ports: OperationPorts, call: StepsOfObject, memory: string): Promise<readonly OrgRow[]> => {
  const { since, until } = mark.parse(JSON.parse(memory));
  const { userId } = await ports.org.identity();
  const columns = [...new Set(['Id', ...(await queried(ports, call))])].map(soqlName).join(', ');
  const soql = `SELECT ${columns} FROM ${soqlName(call.object)} WHERE CreatedById = ${soqlString(userId)}
    AND CreatedDate >= ${since} AND CreatedDate <= ${until} ORDER BY Id`;
  const rows: OrgRow[] = [];
  for await (const row of ports.org.query(soql)) rows.push(row);
  const makers = ports.makers(rows.map((row) => textIn(row, 'Id')));
  return rows.filter((row) => !makers.has(textIn(row, 'Id')));
};

const settleByMark = async (
  ports: OperationPorts,
  call: StepsOfObject,
  memory: string,
): Promise<ReadonlyMap<string, Settled>> => {
  const open = [...(await ownNewRows(ports, call, memory))];
  const settled = new Map<string, Settled>();
  for (const step of call.steps) {
    const at = open.findIndex((row) => {
      const shown = Object.entries(valuesOf(step)).filter(([field]) => plainValue(row, field) !== undefined);
      return shown.length > 0 && differingFields(Object.fromEntries(shown), row).length === 0;
    });
    const [row] = at < 0 ? [] : open.splice(at, 1);
    if (row !== undefined) settled.set(step.key, { id: textIn(row, 'Id') });
  }
  return settled;
};

const settle: OperationDefinition['settle'] = async (ports, { object, steps, memory }) => {
  const byId = steps.filter((step) => step.settle === 'external-id');
  const found = await byExternalId(ports, { object, steps: byId });
  const settled = new Map<string, Settled>();
  for (const step of byId) {
    const row = rowOf(found, step);
    if (row !== undefined) settled.set(step.key, { id: textIn(row, 'Id') });
  }
  const marked = steps.filter((step) => step.settle !== 'external-id');
  if (marked.length === 0 || memory === null) return settled;
  return new Map([...settled, ...(await settleByMark(ports, { object, steps: marked }, memory))]);
};

/** Reads back that the records the steps made are there with the values written. */
export const readMade: OperationDefinition['readBack'] = async (ports, { object, steps }) => {
  const made = ports.madeBy(steps.map((step) => step.key));
  const ids = [...made.values()].filter((id) => parseRecordId(id) !== undefined);
  const fields = await queried(ports, { object, steps });
  const rows = await rowsById(ports.org, { object, ids }, fields);
  return steps.flatMap((step) => {
    const row = rows.get(made.get(step.key) ?? '');
    const wanted = Object.entries(step.after ?? valuesOf(step)).filter(([field]) => fields.includes(field));
    const differing = row === undefined ? [] : differingFields(Object.fromEntries(wanted), row);
    if (row !== undefined && differing.length === 0) return [];
    const code = row === undefined ? 'RECORD_GONE' : 'VALUE_DIFFERS';
    return [{ key: step.key, object, code, fields: differing }];
  });
};

const problemsOf: OperationDefinition['problemsOf'] = (step) => {
  const byId = step.settle === 'external-id';
  const external = externalIdOf(step);
  const unwritten = external !== undefined && valuesOf(step)[external.field] !== external.value;
  return [
    ...shapeProblems(
      step,
      { needs: byId ? ['values', 'externalId'] : ['values'], may: ['externalId'], record: 'made' },
      KNOWN,
    ),
    ...(unwritten
      ? [stepProblem(step, 'payload.externalId', 'The record would not be found by it.', 'Write it among the values.')]
      : []),
    ...('CreatedDate' in valuesOf(step) && !byId
      ? [stepProblem(step, 'payload.values.CreatedDate', 'A record is found again by it.', 'Settle by an external id.')]
      : []),
  ];
};

/**
 * Makes a record. Settled by an external id that the step writes, where the object has one. Otherwise by the run's mark:
 * a record of the running user's own, with the values written, made within an hour after the org's time that was
 * journaled before the call, and made by no other step. Its limit: another process of the same user that makes the very
 * same record in that hour cannot be told from the run, nor can an org's automation that rewrites every value at once.
 */
export const createOperation: OperationDefinition = {
  operation: 'create',
  ...KNOWN,
  ...twoHundredACall,
  doneAs: () => 'done',
  kind: () => 'collection',
  problemsOf,
  cost: (steps) => ({
    mutation: callsFor(steps, IDS_PER_CALL),
    check: callsFor(steps, IDS_PER_CALL),
    readBack: callsFor(steps, IDS_PER_QUERY),
  }),
  check,
  prepare,
  send: (ports, { object, steps }) => ports.org.create(object, steps.map(valuesOf), PLANNED_WRITE),
  settle,
  readBack: readMade,
  bulk: {
    job: 'insert',
    shape: (step) => Object.keys(valuesOf(step)).sort().join(','),
    row: valuesOf,
    rowKey: (step) => {
      const external = externalIdOf(step);
      return external === undefined ? undefined : { column: external.field, value: external.value };
    },
  },
};

import { canonicalJson } from '../../kernel/canonicalJson.ts';
import { saltedCommitment } from '../../kernel/hash.ts';
import { parseRecordId } from '../../kernel/recordId.ts';
import { inChunks, soqlList, soqlName } from '../../kernel/soql.ts';
import type { PlanStep } from '../../model/plan.ts';
import type { Org, OrgRow, OrgValue } from '../../org/port.ts';
import type { OperationPorts, StepCheck } from './contract.ts';

/** Name of the salt of `precondition.values` for `vault.deriveKey`. */
export const VALUE_SALT = 'step-values';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;

const normalText = (text: string): OrgValue => {
  if (INSTANT.test(text)) return new Date(text).toISOString();
  const plain = text.replace(/\r\n?/g, '\n').trim();
  return plain === '' ? null : plain;
};

/**
 * A value as the org gives it back: texts without white space around them and with one kind of line end, empty texts
 * as null, instants in UTC, ids with 18 characters.
 */
export const normalValue = (value: OrgValue): OrgValue => {
  if (typeof value !== 'string') return value;
  return (value.length === 15 ? parseRecordId(value) : undefined) ?? normalText(value);
};

/** An address alone. */
const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** Whether a value that was written is the one that is read. */
export const sameValue = (written: OrgValue, read: OrgValue): boolean => {
  const [a, b] = [normalValue(written), normalValue(read)];
  if (a === b) return true;
  // Email fields keep what they are given in lower case.
  if (typeof a === 'string' && ADDRESS.test(a) && a.toLowerCase() === b) return true;
  // An unticked box reads false, however it was emptied.
  if (typeof b === 'boolean') return (a ?? false) === b || a === String(b);
  if (typeof b === 'number' && typeof a === 'string') return a !== '' && Number(a) === b;
  return false;
};

/** Salted digest of one value of one record, as `precondition.values` holds it; `salt` is that of VALUE_SALT. */
export const valueDigest = (
  salt: Uint8Array,
  place: { readonly object: string; readonly recordId: string; readonly field: string },
  value: OrgValue,
): string => saltedCommitment(salt, canonicalJson([place.object, place.recordId, place.field, normalValue(value)]));

/** A plain value of a row; undefined where the row has none, null where it is empty. */
export const plainValue = (row: OrgRow | undefined, field: string): OrgValue | undefined => {
  const value = row?.[field];
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) ? (value as OrgValue) : undefined;
};

/** A text of a row; empty where the row has none. */
export const textIn = (row: OrgRow, field: string): string => {
  const value = row[field];
  return typeof value === 'string' ? value : '';
};

/** Rows by id, with these fields; rows in the recycle bin only with `deletedToo`. */
export const rowsById = async (
  org: Org,
  records: { readonly object: string; readonly ids: readonly string[]; readonly deletedToo?: boolean },
  fields: readonly string[],
): Promise<ReadonlyMap<string, OrgRow>> => {
  const { object, ids, deletedToo = false } = records;
  const rows = new Map<string, OrgRow>();
  const columns = [...new Set(['Id', ...fields])].map(soqlName).join(', ');
  for (const chunk of inChunks([...new Set(ids)])) {
    const soql = `SELECT ${columns} FROM ${soqlName(object)} WHERE Id IN ${soqlList(chunk)}`;
    for await (const row of org.query(soql, { deletedToo })) rows.set(textIn(row, 'Id'), row);
  }
  return rows;
};

/** Fields whose value is not that which was to be; a field the row does not show counts as one. */
export const differingFields = (wanted: Readonly<Record<string, OrgValue>>, row: OrgRow): readonly string[] =>
  Object.entries(wanted)
    .filter(([field, value]) => {
      const read = plainValue(row, field);
      return read === undefined || !sameValue(value, read);
    })
    .map(([field]) => field);

const changedFields = (ports: OperationPorts, step: PlanStep, row: OrgRow): readonly string[] =>
  Object.entries(step.precondition.values ?? {})
    .filter(([field, wanted]) => {
      const { object, recordId } = step;
      return wanted !== valueDigest(ports.valueSalt(), { object, recordId, field }, plainValue(row, field) ?? null);
    })
    .map(([field]) => field);

const judged = (ports: OperationPorts, step: PlanStep, row: OrgRow | undefined): StepCheck => {
  if (row === undefined) return { state: 'changed', code: 'RECORD_GONE', fields: [] };
  const wanted = step.payload?.values;
  if (wanted !== undefined && differingFields(wanted, row).length === 0) return { state: 'already-done' };
  const fields = changedFields(ports, step, row);
  if (fields.length > 0) return { state: 'changed', code: 'VALUE_CHANGED', fields };
  const stamp = plainValue(row, 'SystemModstamp');
  return { state: 'ready', ...(typeof stamp === 'string' ? { stamp } : {}) };
};

const isChecked = ({ precondition }: PlanStep): boolean =>
  precondition.values !== undefined || precondition.ifUnmodified === true;

/**
 * Asks the org whether the values that steps replace are still those the plan read; all in one reading with the stamp
 * that `ifUnmodified` needs. Steps without such a precondition are ready without a call.
 */
export const checkValues = async (
  ports: OperationPorts,
  object: string,
  steps: readonly PlanStep[],
): Promise<ReadonlyMap<string, StepCheck>> => {
  const asked = steps.filter(isChecked);
  const fields = asked.flatMap((step) => [
    ...Object.keys(step.precondition.values ?? {}),
    ...Object.keys(step.payload?.values ?? {}),
    ...(step.precondition.ifUnmodified === true ? ['SystemModstamp'] : []),
  ]);
  const ids = asked.map((step) => step.recordId);
  const rows = await rowsById(ports.org, { object, ids }, [...new Set(fields)].sort());
  return new Map(
    steps.map((step) => [
      step.key,
      isChecked(step) ? judged(ports, step, rows.get(step.recordId)) : { state: 'ready' },
    ]),
  );
};

import type { LocalDate } from '../kernel/legalPeriod.ts';
import { isHistoryObject } from '../model/discoverPaths.ts';
import type { FieldTreatment } from '../model/treatments.ts';
import type { DescribedField, DescribedObject, OrgRow, OrgValue } from '../org/port.ts';
import { textIn } from '../plan/operations/values.ts';
import type { Finding, FindingCode } from './anonymity/contract.ts';
import type { PlannedOperation } from './contract.ts';

/** What a record becomes, field by field. */
export type RecordTreatment = {
  readonly treated: ReadonlyMap<string, FieldTreatment>;
  /** Fields that say something of the person and that nobody may write. */
  readonly fixed?: readonly string[];
  /** Written where a field must not be empty: `Anonymised person`, a pseudonym for people; `Anonymised` for other rows. */
  readonly text: string;
  /** Values made coarser: of a person those of planAnonymisation, of other rows those of the finest step allowed. */
  readonly coarse: (field: string, treatment: Extract<FieldTreatment, { do: 'coarsen' }>, value: OrgValue) => OrgValue;
  /** Values that the record takes whatever its treatment: what a person who cannot be deleted is called, say. */
  readonly set?: Readonly<Record<string, OrgValue>>;
  /** Lookups that move to another record (the one that stands for a whole cell): `new:<word>` or an id. */
  readonly moves?: Readonly<Record<string, string>>;
};

/** What changes leave behind, and until when it stays where it cannot be deleted. */
export type Traces = {
  /** Whether the running user may delete rows of the history object for good. */
  readonly isDeletable: (historyObject: string) => boolean;
  /** Rows known when planning, by history object. */
  readonly known?: ReadonlyMap<string, readonly string[]>;
  /** Rows made by changes that are not field history: the feed's tracked changes. */
  readonly feeds: readonly { readonly object: string; readonly via: string }[];
  /** Whether deleted rows of an object go to the recycle bin, which can be emptied: its describe says `undeletable`. */
  readonly hasBin: (object: string) => boolean;
  /** Last day on which deleted rows of objects without a bin can still be read by queryAll; null when no day is known. */
  readonly readableUntil: LocalDate | null;
  /** Last day on which history that cannot be deleted is kept by the platform; null when no day is known. */
  readonly keptUntil: LocalDate | null;
};

export type AnonymisedRecord = {
  readonly operations: readonly PlannedOperation[];
  /** What speaks against the word *anonymised* for this record. */
  readonly findings: readonly Finding[];
};

/** Waves of an anonymisation: rows that go, the change itself, what the change left behind, the emptying of the bin. */
export const ANONYMISING = { deletion: 0, change: 1, traces: 2, purge: 3 } as const;

const TEXTS = new Set(['string', 'textarea', 'phone', 'url', 'combobox', 'encryptedstring']);
/** An address of nobody, on a top-level domain that never exists: https://www.rfc-editor.org/rfc/rfc2606. */
const NOBODY = 'erased@erased.invalid';

type Written = { readonly value: OrgValue } | { readonly kept: FindingCode };

const written = (value: OrgValue): Written => ({ value });

/**
 * As empty as the field may be: unticked, no value, or the text that stands in every such place. What may not be empty
 * and takes no text keeps its value.
 */
export const emptied = (
  field: Pick<DescribedField, 'type' | 'nillable' | 'length'>,
  text: string,
): { readonly value: string | boolean | null } | { readonly kept: FindingCode } => {
  if (field.type === 'boolean') return { value: false };
  if (field.nillable) return { value: null };
  if (field.type === 'email') return { value: NOBODY };
  return TEXTS.has(field.type) ? { value: text.slice(0, field.length || undefined) } : { kept: 'required-field-kept' };
};

const filled = (field: DescribedField, value: OrgValue, text: string): Written => {
  if (field.type === 'boolean') return written(value === true || value === 'true');
  return value === null ? emptied(field, text) : written(value);
};

const treatedValue = (field: DescribedField, own: FieldTreatment, row: OrgRow, how: RecordTreatment): Written => {
  const now = (row[field.name] ?? null) as OrgValue;
  const move = how.moves?.[field.name];
  if (move !== undefined) return written(move);
  switch (own.do) {
    case 'keep':
      return written(now);
    case 'coarsen':
      return filled(field, how.coarse(field.name, own, now), how.text);
    default:
      return emptied(field, how.text);
  }
};

const isSame = (a: OrgValue, b: OrgValue): boolean => a === b || ((a ?? '') === '' && (b ?? '') === '');

/** What a field is to hold; undefined where it is neither treated nor set. */
const nextOf = (field: DescribedField, row: OrgRow, how: RecordTreatment): Written | undefined => {
  const given = field.updateable ? how.set?.[field.name] : undefined;
  if (given !== undefined) return written(given);
  const own = how.treated.get(field.name);
  return own === undefined ? undefined : treatedValue(field, own, row, how);
};

type Change = { readonly values: Readonly<Record<string, OrgValue>>; readonly findings: readonly Finding[] };

const changeOf = (row: OrgRow, { name, fields }: DescribedObject, how: RecordTreatment): Change => {
  const values: Record<string, OrgValue> = {};
  const findings: Finding[] = [];
  for (const field of fields) {
    const next = nextOf(field, row, how);
    if (next === undefined) continue;
    const now = (row[field.name] ?? null) as OrgValue;
    if ('value' in next) {
      if (!isSame(next.value, now)) values[field.name] = next.value;
    } else if (now !== null && field.referenceTo.length === 0) {
      findings.push({ check: 'singling-out', code: next.kept, place: `${name}.${field.name}`, until: null });
    }
  }
  return { values, findings };
};

/** Numbers that the platform gave the record and nobody can change: they find it in every copy made before. */
const lastingKeys = (row: OrgRow, { name, fields }: DescribedObject): readonly Finding[] =>
  fields
    .filter((field) => !field.updateable && !field.calculated && (field.externalId || (field.unique && field.custom)))
    .filter((field) => row[field.name] !== null)
    .map((field) => ({ check: 'linkability', code: 'key-remains', place: `${name}.${field.name}`, until: null }));

/** Texts about the person in fields that the running user may not write, or that nobody may. */
const lastingTexts = (row: OrgRow, { name }: DescribedObject, fixed: readonly string[]): readonly Finding[] =>
  fixed
    .filter((field) => textIn(row, field) !== '')
    .map((field) => ({ check: 'singling-out', code: 'text-remains', place: `${name}.${field}`, until: null }));

const historiesOf = ({ children }: DescribedObject): readonly { readonly object: string; readonly via: string }[] =>
  children
    .filter((child) => isHistoryObject(child.childObject))
    .map((child) => ({ object: child.childObject, via: child.field }));

const MOST_NAMED = 200;

const traceOperation = (
  id: string,
  trace: { readonly object: string; readonly via: string },
  known: readonly string[],
): PlannedOperation => ({
  wave: ANONYMISING.traces,
  operation: 'deleteHistory',
  object: trace.object,
  id,
  goesWith: [],
  part: trace.object,
  payload: {
    historyOf: trace.via,
    // named as far as a step may: the others are found right before the call
    ...(known.length === 0 ? {} : { historyIds: [...known].sort().slice(0, MOST_NAMED) }),
  },
});

/**
 * What goes with the old values of a record: its history, rows that are there and those that changing it makes; tracked
 * changes in its feed when it is changed. History that the running user may not delete is left out.
 */
export const traceOperations = (
  id: string,
  described: DescribedObject,
  { known = new Map<string, readonly string[]>(), feeds, isDeletable }: Pick<Traces, 'known' | 'feeds' | 'isDeletable'>,
  isChanged: boolean,
): readonly PlannedOperation[] =>
  [...historiesOf(described).filter(({ object }) => isDeletable(object)), ...feeds]
    .filter(({ object }) => isChanged || (known.get(object)?.length ?? 0) > 0)
    .map((trace) => traceOperation(id, trace, known.get(trace.object) ?? []));

/**
 * What makes one record say nothing about its person any more: one change of all fields that are not kept, then the
 * deletion of everything that keeps the old values: field history, also the rows that this very change makes, and the
 * tracked changes in its feed. Nothing is planned for a record that already looks so. There is no way back: no
 * before-image is kept. Fields that must not be empty and take no text stay, and are a finding; so are keys of the
 * platform, and history that cannot be deleted, until the day it is kept.
 */
export const anonymiseRecord = (
  row: OrgRow,
  described: DescribedObject,
  how: RecordTreatment,
  traces: Traces,
): AnonymisedRecord => {
  const id = textIn(row, 'Id');
  const { values, findings } = changeOf(row, described, how);
  const histories = historiesOf(described);
  const known = traces.known ?? new Map<string, readonly string[]>();
  const isChanged = Object.keys(values).length > 0;
  const hasRows = ({ object }: { readonly object: string }): boolean =>
    isChanged || (known.get(object)?.length ?? 0) > 0;
  const kept = histories.filter((history) => !traces.isDeletable(history.object) && hasRows(history));
  const remains: readonly Finding[] = [
    ...findings,
    ...lastingKeys(row, described),
    ...lastingTexts(row, described, how.fixed ?? []),
    ...kept.map(({ object }): Finding => ({
      check: 'linkability',
      code: 'history-remains',
      place: object,
      until: traces.keptUntil,
    })),
  ];
  const change: readonly PlannedOperation[] = isChanged
    ? [
        {
          wave: ANONYMISING.change,
          operation: 'update',
          object: described.name,
          id,
          goesWith: [],
          isFinal: true,
          payload: { values },
        },
      ]
    : [];
  const operations = [...change, ...traceOperations(id, described, traces, isChanged)];
  return { operations, findings: remains };
};

import { parseRecordId } from '../../kernel/recordId.ts';
import type { PlanStep, StepPayload } from '../../model/plan.ts';

const TO_COME = /^new:(.+)$/s;

/** The step key that a text `new:<key>` stands for. */
export const keyToCome = (value: unknown): string | undefined =>
  typeof value === 'string' ? TO_COME.exec(value)?.[1] : undefined;

/** Keys of the earlier steps whose records this step writes about; its own record to come is none. */
export const referencesOf = (step: PlanStep): readonly string[] => {
  const { values = {}, file } = step.payload ?? {};
  const named = [step.recordId, file?.linkTo, ...Object.values(values), ...Object.values(step.after ?? {})];
  const keys = named.map(keyToCome).filter((key): key is string => key !== undefined && key !== step.key);
  return [...new Set(keys)];
};

type Values = NonNullable<StepPayload['values']>;

/** The parts of a payload that name records. */
const placed = (
  { values, file }: StepPayload,
  replaced: (text: string) => string,
  all: (values: Values) => Values,
): StepPayload => ({
  ...(values === undefined ? {} : { values: all(values) }),
  ...(file?.linkTo === undefined ? {} : { file: { ...file, linkTo: replaced(file.linkTo) } }),
});

/**
 * The step with ids in place of `new:<key>`; `missing` names steps that made nothing. The record the step itself makes
 * stays as it is.
 */
export const withIds = (
  step: PlanStep,
  made: ReadonlyMap<string, string>,
): { readonly step: PlanStep; readonly missing: readonly string[] } => {
  const keys = referencesOf(step);
  if (keys.length === 0) return { step, missing: [] };
  const idOf = (key: string): string | undefined => parseRecordId(made.get(key) ?? '');
  const replaced = <T>(value: T): T | string => {
    const key = keyToCome(value);
    return key === undefined || key === step.key ? value : (idOf(key) ?? value);
  };
  const all = (values: Values): Values =>
    Object.fromEntries(Object.entries(values).map(([field, value]) => [field, replaced(value)]));
  const { payload, after } = step;
  const full: PlanStep = {
    ...step,
    recordId: replaced(step.recordId),
    ...(payload === undefined ? {} : { payload: { ...payload, ...placed(payload, replaced, all) } }),
    ...(after === undefined ? {} : { after: all(after) }),
  };
  return { step: full, missing: keys.filter((key) => idOf(key) === undefined) };
};

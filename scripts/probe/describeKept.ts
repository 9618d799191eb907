import { z } from 'zod';

/** What of an sObject describe is recorded: these keys of the object, of each field, of each child. */
export const describeKept = z.strictObject({
  keys: z.array(z.string()),
  fields: z.array(z.string()),
  children: z.array(z.string()),
});
export type DescribeKept = z.infer<typeof describeKept>;

type Rows = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Rows =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An org's own objects and fields say nothing of the platform. */
const isStandard = (name: unknown): boolean => !/__\w+$/.test(String(name));

const standardOnly = (value: unknown): unknown =>
  Array.isArray(value) ? value.filter((one) => typeof one !== 'string' || isStandard(one)) : value;

const pick = (value: Rows, keys: readonly string[]): Rows =>
  Object.fromEntries(keys.flatMap((key) => (key in value ? [[key, standardOnly(value[key])] as const] : [])));

const rowsOf = (value: unknown): readonly Rows[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** A describe answer without what is the org's own; any other answer as it is. */
export const shortenDescribe = (body: string, kept: DescribeKept): string => {
  const whole: unknown = JSON.parse(body);
  if (!isRecord(whole)) return body;
  return JSON.stringify({
    ...pick(whole, kept.keys),
    fields: rowsOf(whole['fields'])
      .filter((field) => isStandard(field['name']))
      .map((field) => pick(field, kept.fields)),
    childRelationships: rowsOf(whole['childRelationships'])
      .filter((child) => isStandard(child['childSObject']) && isStandard(child['field']))
      .map((child) => pick(child, kept.children)),
  });
};

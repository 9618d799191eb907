import type { OrgRow, OrgValue } from './port.ts';

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Page = { readonly records: readonly unknown[]; readonly nextRecordsUrl: string | undefined };

const pageOf = (value: Readonly<Record<string, unknown>>): Page => ({
  records: Array.isArray(value['records']) ? (value['records'] as readonly unknown[]) : [],
  nextRecordsUrl: typeof value['nextRecordsUrl'] === 'string' ? value['nextRecordsUrl'] : undefined,
});

/** Asks for a further page of the rows below one row. */
export type NextPage = (address: string) => Promise<unknown>;

const shapeChildren = async (first: Readonly<Record<string, unknown>>, next: NextPage): Promise<readonly OrgRow[]> => {
  const rows: OrgRow[] = [];
  let page = pageOf(first);
  for (;;) {
    for (const record of page.records) rows.push(await shapeRow(record, next));
    if (page.nextRecordsUrl === undefined) return rows;
    const answer = await next(page.nextRecordsUrl);
    page = pageOf(isRecord(answer) ? answer : {});
  }
};

const shapeValue = async (value: unknown, next: NextPage): Promise<OrgValue | OrgRow | readonly OrgRow[]> => {
  if (!isRecord(value)) return (value ?? null) as OrgValue;
  if (Array.isArray(value['records'])) return shapeChildren(value, next);
  return shapeRow(value, next);
};

/**
 * The same for a record of plain values only, without waiting; undefined when it has parents or children. A record that
 * has no `attributes` is its own row.
 */
export const flatRow = (record: unknown): OrgRow | undefined => {
  if (!isRecord(record)) return undefined;
  if (!('attributes' in record)) {
    for (const name in record) if (typeof record[name] === 'object' && record[name] !== null) return undefined;
    return record as OrgRow;
  }
  const row: Record<string, OrgValue> = {};
  for (const name in record) {
    if (name === 'attributes') continue;
    const value = record[name];
    if (typeof value === 'object' && value !== null) return undefined;
    row[name] = (value ?? null) as OrgValue;
  }
  return row;
};

/** A REST record as the port gives it: no `attributes`, parents nested, child pages as lists, fetched to their end. */
export const shapeRow = async (record: unknown, next: NextPage): Promise<OrgRow> => {
  const row: Record<string, OrgValue | OrgRow | readonly OrgRow[]> = {};
  for (const [name, value] of Object.entries(isRecord(record) ? record : {})) {
    if (name !== 'attributes') row[name] = await shapeValue(value, next);
  }
  return row;
};

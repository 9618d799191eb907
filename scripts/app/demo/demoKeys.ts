import { objectOfKey } from '../../demo/generate.ts';
import type { DemoRow } from '../../demo/generate.ts';
import { GardeError } from '../../kernel/result.ts';
import { inChunks, soqlList, soqlName } from '../../kernel/soql.ts';
import type { Org, OrgRow, OrgValue } from '../../org/port.ts';

const KEY_COLUMN = /^(.+)Key$/;

/** `WhoIdKey` stands for `WhoId`; a plain `Demo_Key__c` or `Account.Demo_Key__c` stands for itself. */
const fieldOfKeyColumn = (column: string): string | undefined => KEY_COLUMN.exec(column)?.[1];

const keysIn = (rows: readonly DemoRow[]): ReadonlyMap<string, readonly string[]> => {
  const keys = new Map<string, Set<string>>();
  for (const row of rows)
    for (const [column, value] of Object.entries(row)) {
      if (fieldOfKeyColumn(column) === undefined || typeof value !== 'string') continue;
      const object = objectOfKey(value);
      keys.set(object, (keys.get(object) ?? new Set()).add(value));
    }
  return new Map([...keys].map(([object, values]) => [object, [...values]]));
};

const textOf = (row: OrgRow, field: string): string => {
  const value = row[field];
  return typeof value === 'string' ? value : '';
};

const idsByKey = async (org: Org, rows: readonly DemoRow[]): Promise<ReadonlyMap<string, string>> => {
  const ids = new Map<string, string>();
  for (const [object, keys] of keysIn(rows))
    for (const chunk of inChunks(keys)) {
      const soql = `SELECT Id, Demo_Key__c FROM ${soqlName(object)} WHERE Demo_Key__c IN ${soqlList(chunk)}`;
      for await (const row of org.query(soql)) ids.set(textOf(row, 'Demo_Key__c'), textOf(row, 'Id'));
    }
  return ids;
};

const unknownKey = (column: string): GardeError =>
  new GardeError([
    {
      code: 'DemoKeyUnknown',
      subject: column,
      message: `A row of the demo refers by ${column} to a record that was not loaded.`,
      actions: ['Start over with a fresh twin; if it happens again, report the seed and the number of people.'],
    },
  ]);

/** A row to insert: an empty cell says nothing, where null would say `#N/A`, which no reference understands. */
export type KeyedRow = Readonly<Record<string, OrgValue | undefined>>;

/** Rows with every `<Field>Key` column replaced by `<Field>` holding the record's id; one query per 400 keys. */
export const withIds = async (org: Org, rows: readonly DemoRow[]): Promise<readonly KeyedRow[]> => {
  const ids = await idsByKey(org, rows);
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => {
        const field = fieldOfKeyColumn(column);
        if (field === undefined || typeof value !== 'string') return [field ?? column, value ?? undefined];
        const id = ids.get(value);
        if (id === undefined) throw unknownKey(column);
        return [field, id];
      }),
    ),
  );
};

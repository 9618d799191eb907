import { generateTruth, objectOfKey } from '../../demo/generate.ts';
import type { DemoOptions } from '../../demo/generate.ts';
import { inChunks, soqlList, soqlName } from '../../kernel/soql.ts';
import { LINKS } from '../../matching/contract.ts';
import { requireRun, type KeptRun } from '../../matching/keptRun.ts';
import { textIn } from '../../matching/publish/rowText.ts';
import { rowSpaceOf } from '../../matching/rowSpace.ts';
import type { Org } from '../../org/port.ts';
import type { Vault } from '../../vault/port.ts';

/** What the last run found, against what the generator knows to be true of the records that the org holds. */
export type MatchAgainstTruth = {
  /** Pairs of records of one person or organisation. */
  readonly truePairs: number;
  /** Pairs that the automatic groups hold, and how many of them are true. */
  readonly autoPairs: number;
  readonly autoRight: number;
  /** Shares of 0 to 1; null where there is nothing to divide by. */
  readonly precision: number | null;
  readonly recall: number | null;
  /** With the pairs that somebody is asked about. */
  readonly recallWithReview: number | null;
};

/** Who each record is: keys of one person or organisation under the first of them. */
const entitiesOf = (options: DemoOptions): ReadonlyMap<string, string> => {
  const entity = new Map<string, string>();
  const rootOf = (key: string): string => {
    const above = entity.get(key) ?? key;
    return above === key ? key : rootOf(above);
  };
  for (const { kind, keys } of generateTruth(options)) {
    const [first = '', second = ''] = keys;
    if (kind !== 'duplicate') continue;
    entity.set(first, rootOf(first));
    entity.set(rootOf(second), rootOf(first));
  }
  return new Map([...entity.keys()].map((key) => [key, rootOf(key)]));
};

/** Record ids of those that the org holds, by key. */
const idsOf = async (org: Org, keys: Iterable<string>): Promise<ReadonlyMap<string, string>> => {
  const byObject = new Map<string, string[]>();
  for (const key of keys) byObject.set(objectOfKey(key), [...(byObject.get(objectOfKey(key)) ?? []), key]);
  const ids = new Map<string, string>();
  for (const [object, own] of byObject)
    for (const chunk of inChunks(own)) {
      const soql = `SELECT Id, Demo_Key__c FROM ${soqlName(object)} WHERE Demo_Key__c IN ${soqlList(chunk)}`;
      for await (const row of org.query(soql)) ids.set(textIn(row, 'Demo_Key__c'), textIn(row, 'Id'));
    }
  return ids;
};

const pairsIn = (size: number): number => (size * (size - 1)) / 2;

const countBy = <T>(values: Iterable<T>): ReadonlyMap<T, number> => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

const sumOfPairs = (counts: ReadonlyMap<unknown, number>): number =>
  [...counts.values()].reduce((sum, size) => sum + pairsIn(size), 0);

/** Pairs inside groups are counted by how many records of one entity a group holds, never one by one. */
const judge = ({ result, tables }: KeptRun, entityOfId: ReadonlyMap<string, string>): MatchAgainstTruth => {
  const space = rowSpaceOf(tables);
  const entityOf = (row: number): string | undefined => entityOfId.get(space.idOf(row));
  const { clusters, pairs } = result;
  const truePairs = sumOfPairs(countBy(entityOfId.values()));
  const autoPairs = sumOfPairs(countBy(clusters));
  const known = [...clusters.keys()].flatMap((row) => {
    const entity = entityOf(row);
    return entity === undefined ? [] : [`${clusters[row] ?? row} ${entity}`];
  });
  const autoRight = sumOfPairs(countBy(known));
  const household = LINKS.indexOf('household');
  let reviewRight = 0;
  for (let i = 0; i < pairs.count; i += 1) {
    const [a, b] = [pairs.a[i] ?? 0, pairs.b[i] ?? 0];
    if (pairs.link[i] === household || clusters[a] === clusters[b]) continue;
    const entity = entityOf(a);
    if (entity !== undefined && entity === entityOf(b)) reviewRight += 1;
  }
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    ...{ truePairs, autoPairs, autoRight, precision: share(autoRight, autoPairs), recall: share(autoRight, truePairs) },
    recallWithReview: share(autoRight + reviewRight, truePairs),
  };
};

/** Judges the last run on the demo org; only records that the run compared count. GardeErrors: `MatchRunMissing`, the org's. */
export const matchAgainstTruth = async (
  options: DemoOptions,
  { org, vault }: { readonly org: Org; readonly vault: Vault },
): Promise<MatchAgainstTruth> => {
  const run = await requireRun(vault, (await org.identity()).orgId);
  const entities = entitiesOf(options);
  const ids = await idsOf(org, entities.keys());
  const space = rowSpaceOf(run.tables);
  const entityOfId = new Map<string, string>();
  for (const [key, entity] of entities) {
    const id = ids.get(key);
    if (id !== undefined && space.find(id).length > 0) entityOfId.set(id, entity);
  }
  return judge(run, entityOfId);
};

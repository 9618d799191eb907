import { addDays, type LocalDate } from '../kernel/legalPeriod.ts';
import type { Clock, Random } from '../kernel/clock.ts';
import type { Charter } from '../model/charter.ts';
import type { Pack } from '../model/pack.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org } from '../org/port.ts';
import { createSnapshotReader } from '../snapshot/reader.ts';
import { takeSnapshot, type Snapshot } from '../snapshot/takeSnapshot.ts';
import type { SnapshotWant } from '../snapshot/wants.ts';
import type { Vault } from '../vault/port.ts';
import { joinRuns, touchedRows, type JoinedRun } from './joinRuns.ts';
import { bindDecisions } from './decisions/pairDecisions.ts';
import { keepIndex, removeIndexes } from './keptIndex.ts';
import { keepRun, lastRun, requireRun, type KeptRun } from './keptRun.ts';
import { matchInputs, type FileMatch, type MatchEngine } from './matchFile.ts';
import { matchedRows, type MatchedRows } from './org/matchedRows.ts';
import { orgTable, type OrgTable } from './org/orgTables.ts';
import { restrictedIds, restrictionSources, type RestrictionSources } from './org/restrictedPeople.ts';
import { orgDecisions } from './decisions/orgDecisions.ts';
import type { MatchInput } from './read/readInput.ts';
import { reportedTables } from './results/reportOf.ts';
import { rowSpaceOf } from './rowSpace.ts';

/** Days that the copied records stay on the machine, so that pairs can be explained. */
const SNAPSHOT_DAYS = 7;

export type OrgLaw = { readonly charter: Charter; readonly packs: readonly Pack[] };

export type OrgOrder = OrgLaw & {
  /** API names; all that the packs compare by default when empty. */
  readonly objects: readonly string[];
  /** Only what is new or changed since the last run, against everything. */
  readonly sinceLast: boolean;
  /** Leaves an index in which single records are looked up. */
  readonly index?: boolean;
  readonly toolVersion: string;
  readonly signal?: AbortSignal;
};

export type OrgPorts = MatchEngine & {
  readonly org: Org;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
};

export type OrgMatch = FileMatch & {
  readonly run: KeptRun;
  readonly specs: readonly MatchedRows[];
  /** Fields of packs and charter that the org does not show. */
  readonly missing: readonly string[];
  /** Rows that were new or changed; all of them in a whole run. */
  readonly touched: number;
  /** API calls that reading cost. */
  readonly calls: number;
};

const wantsOf = (specs: readonly MatchedRows[], restrictions: RestrictionSources): readonly SnapshotWant[] => {
  const fields = new Map<string, Set<string>>();
  const add = (object: string, names: readonly string[]): void => {
    const own = fields.get(object) ?? new Set<string>();
    for (const name of names) own.add(name);
    fields.set(object, own);
  };
  for (const spec of specs) {
    const links = spec.individual === undefined ? [] : [spec.individual];
    add(spec.object, ['SystemModstamp', ...links, ...spec.columns.map(({ field }) => field)]);
    add(
      spec.object,
      spec.where.map(({ field }) => field),
    );
  }
  for (const { object, fields: names } of restrictions.wants) add(object, names === 'all' ? [] : names);
  return [...fields].map(([object, names]) => ({ object, fields: [...names].sort() }));
};

/** Rows of an org as tables, with who takes no part. */
export type OrgInputs = {
  readonly tables: readonly OrgTable[];
  readonly specs: readonly MatchedRows[];
  readonly snapshot: Snapshot;
  readonly missing: readonly string[];
};

/** Copies what is compared into a sealed snapshot and lays it out for the engine. The caller closes the snapshot's store. */
export const readOrgInputs = async (
  order: Pick<OrgOrder, 'charter' | 'packs' | 'objects'> & { readonly side: 'a' | 'b'; readonly since?: string },
  ports: OrgPorts,
  tell: ReportProgress,
): Promise<OrgInputs> => {
  const { charter, packs, objects, side, since } = order;
  const now = ports.clock.now();
  const specs = matchedRows(packs, charter, objects);
  tell({ stage: 'match.scope' });
  const restrictions = await restrictionSources(ports.org, packs, now);
  const expiresAt = `${addDays(now.slice(0, 10) as LocalDate, SNAPSHOT_DAYS)}${now.slice(10)}`;
  const snapshot = await takeSnapshot({ wants: wantsOf(specs, restrictions), expiresAt }, ports, tell);
  try {
    const reader = createSnapshotReader(snapshot.store);
    const { timeZone, country } = charter.controller;
    const restricted = restrictedIds(reader, restrictions.sources, { now, timeZone });
    const terms = { restricted, side, country, ...(since === undefined ? {} : { since }) };
    const tables = specs.map((spec) => orgTable(reader, spec, terms)).filter(({ input }) => input.rows > 0);
    const missing = snapshot.missing.map(({ object, field }) => (field === undefined ? object : `${object}.${field}`));
    return { tables, specs, snapshot, missing: [...new Set(missing)].sort() };
  } catch (error) {
    snapshot.store.close();
    ports.vault.remove(snapshot.holding.id);
    throw error;
  }
};

const numbered = (tables: readonly OrgTable[], rowsOf: (table: OrgTable) => readonly number[]): Set<number> => {
  const all = new Set<number>();
  let offset = 0;
  for (const table of tables) {
    for (const row of rowsOf(table)) all.add(row + offset);
    offset += table.input.rows;
  }
  return all;
};

export const termsOf = (charter: Pick<Charter, 'matching'>) => ({
  targetError: charter.matching?.targetError ?? 0.001,
  pairsPerRecord: charter.matching?.pairsPerRecord,
});

/** Rows of restricted people, over all tables. */
export const excludedRows = (tables: readonly OrgTable[]): ReadonlySet<number> =>
  numbered(tables, ({ restricted }) => restricted);

const runKeyOf = (random: Random): string => Buffer.from(random(8)).toString('hex');

type Matched = { readonly match: FileMatch; readonly joined: JoinedRun; readonly touched: number };

const keptOf = async (
  order: OrgOrder,
  ports: OrgPorts,
  read: OrgInputs,
  { match, joined }: Matched,
): Promise<KeptRun> => {
  const { orgId, orgName } = await ports.org.identity();
  const instants = read.snapshot.objects.map(({ at }) => at).sort();
  return {
    ...{ gardeMatchRun: 1, key: runKeyOf(ports.random), orgId, orgName, toolVersion: order.toolVersion },
    readAt: instants[0] ?? ports.clock.now(),
    tables: read.tables.map(({ input, spec }) => ({ name: spec.object, rows: spec.rows, ids: input.ids })),
    ...{ snapshot: read.snapshot.holding.id, isWhole: !order.sinceLast },
    excluded: Int32Array.from([...excludedRows(read.tables)].sort((a, b) => a - b)),
    ...{ decided: match.decided, told: reportedTables(match.inputs) },
    ...{ result: joined.result, summary: joined.summary },
  };
};

const inputsOf = (tables: readonly OrgTable[]): readonly MatchInput[] => tables.map(({ input }) => input);

const matchTables = async (
  order: OrgOrder,
  ports: OrgPorts & { readonly tell: ReportProgress },
  { tables }: OrgInputs,
  previous: KeptRun | undefined,
): Promise<Matched> => {
  const excluded = excludedRows(tables);
  const decisions = await orgDecisions(ports.org);
  const terms = {
    ...{ ...termsOf(order.charter), excluded },
    ...(order.signal === undefined ? {} : { signal: order.signal }),
  };
  const inputs = inputsOf(tables);
  if (previous === undefined) {
    const match = await matchInputs(inputs, terms, decisions, ports);
    return { match, joined: { result: match.result, summary: match.summary }, touched: match.result.rows };
  }
  const space = rowSpaceOf(tables.map(({ input, spec }) => ({ name: spec.object, ids: input.ids })));
  const decided = bindDecisions(decisions, space).decisions.flatMap(({ a, b }) => [a, b]);
  const changed = numbered(tables, (table) => table.changed);
  const touching = touchedRows(previous, space, [...changed, ...decided]);
  const match = await matchInputs(inputs, { ...terms, touching }, decisions, ports);
  return { match, joined: joinRuns(previous, match, { touching, excluded }), touched: touching.size };
};

/**
 * `garde match run`: the org's people, households and organisations, all objects in one pass, restricted people left out.
 * Writes to this machine only: the sealed copy of what was compared and the sealed result. Errors: `MatchObjectUnknown`,
 * `RestrictionSourceHidden`, `MatchRunMissing` (with `sinceLast`), the org's, the vault's.
 */
export const matchOrg = async (order: OrgOrder, ports: OrgPorts, tell: ReportProgress): Promise<OrgMatch> => {
  const before = ports.org.calls();
  const { orgId } = await ports.org.identity();
  const previous = order.sinceLast ? await requireRun(ports.vault, orgId) : undefined;
  const superseded = (await lastRun(ports.vault, orgId))?.snapshot;
  const since = previous === undefined ? {} : { since: previous.readAt };
  const read = await readOrgInputs({ ...order, side: 'a', ...since }, ports, tell);
  let isKept = false;
  try {
    const matched = await matchTables(order, { ...ports, tell }, read, previous);
    const { match, joined, touched } = matched;
    const run = await keptOf(order, ports, read, matched);
    await keepRun(ports.vault, run, ports.clock.now());
    isKept = true;
    removeIndexes(ports.vault, orgId);
    if (order.index === true) await keepIndex(read.tables, run, ports, tell);
    if (superseded !== undefined) ports.vault.remove(superseded);
    const found = { ...match, result: { ...joined.result, work: match.result.work }, summary: joined.summary };
    return {
      ...{ ...found, run, specs: read.specs, missing: read.missing, touched },
      calls: ports.org.calls() - before,
    };
  } finally {
    read.snapshot.store.close();
    if (!isKept) ports.vault.remove(read.snapshot.holding.id);
  }
};

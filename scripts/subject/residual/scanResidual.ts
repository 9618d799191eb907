import type { Clock } from '../../kernel/clock.ts';
import { inChunks } from '../../kernel/soql.ts';
import type { Place } from '../../model/completeness.ts';
import type { ReportProgress } from '../../model/progress.ts';
import type { TechnicalList } from '../../model/referenceLists.ts';
import { isHistoryObject } from '../../model/discoverPaths.ts';
import { isTechnicalObject } from '../../model/referenceLists.ts';
import type { ObjectSummary, Org } from '../../org/port.ts';
import { compileNeedles } from '../needles/compileNeedles.ts';
import type { Needles, SpellingKnowledge } from '../needles/contract.ts';
import { likeAnchors, searches } from './anchors.ts';
import type { ResidualFinding, ResidualReport, ScanBudget, UnexaminedPlace, ExaminedPlace } from './contract.ts';
import { rowJudge, type RowJudge } from './rowFindings.ts';
import { FILE_OBJECTS, scanFiles } from './scanFiles.ts';
import { isRefusal, readingCalls, scanIds, scanObject, searchCalls, type RowPlan } from './scanRows.ts';
import { textFieldsOf, type TextFields } from './textFields.ts';

export type ScanInput = {
  readonly needles: Needles;
  readonly knowledge: SpellingKnowledge;
  readonly budget: ScanBudget;
  /** API names of objects whose rows are people (the packs' `people`). */
  readonly people: readonly string[];
  readonly technical: TechnicalList;
  /** What completeness found hidden from the running user: named as not examined. */
  readonly hidden: readonly Pick<Place, 'object' | 'field' | 'unseenRows'>[];
};
export type ScanPorts = {
  readonly org: Org;
  readonly clock: Clock;
  readonly report?: ReportProgress;
  /** Told before the first row is read: what the scan will cost, and what is beyond its budget. */
  readonly foresee?: (foreseen: { readonly calls: number; readonly objects: number; readonly rows: number }) => void;
};

type Scan = ScanInput & {
  readonly ports: ScanPorts;
  readonly judge: RowJudge;
  readonly anchors: readonly string[];
  readonly before: number;
};

/** Objects whose rows hold texts of their own: history too, shadows of other objects not. */
export const candidates = (all: readonly ObjectSummary[], technical: TechnicalList): readonly string[] =>
  all
    .filter(({ name, queryable }) => queryable && !technical.needsFilter.includes(name))
    .filter(({ name }) => isHistoryObject(name) || !isTechnicalObject(technical, name))
    .map(({ name }) => name);

const DESCRIBES_AT_ONCE = 5;

/** What is read of each object, and those that the budget lets nobody describe. */
const describeAll = async (
  { ports, people, technical, budget, before }: Scan,
  names: readonly string[],
): Promise<{ readonly found: readonly TextFields[]; readonly left: readonly string[] }> => {
  const found: TextFields[] = [];
  let done = 0;
  for (const some of inChunks(names, DESCRIBES_AT_ONCE)) {
    if (ports.org.calls() - before >= budget.calls) return { found, left: names.slice(done) };
    const described = await Promise.all(some.map((name) => ports.org.describe(name)));
    for (const one of described) {
      const fields = one === undefined ? undefined : textFieldsOf(one, new Set(people), technical.fields);
      if (fields !== undefined) found.push(fields);
    }
    done += some.length;
    ports.report?.({ stage: 'scan.describe', done, total: names.length });
  }
  return { found, left: [] };
};

/** People and what an org's own administrators made come first when a budget does not suffice for all; small before large. */
const inOrder =
  (people: readonly string[], counts: ReadonlyMap<string, number>) =>
  (a: string, b: string): number => {
    const rank = (name: string): number => (people.includes(name) ? 0 : name.endsWith('__c') ? 1 : 2);
    return rank(a) - rank(b) || (counts.get(a) ?? 0) - (counts.get(b) ?? 0) || (a < b ? -1 : 1);
  };

const placeOf = (fields: TextFields, reason: UnexaminedPlace['reason'], count: number | null): UnexaminedPlace => ({
  place: fields.place,
  object: fields.object,
  fields: fields.texts.map(({ name }) => name),
  reason,
  count,
});

type Planned = {
  readonly plans: readonly RowPlan[];
  readonly left: readonly UnexaminedPlace[];
  readonly calls: number;
};

/** What each object costs, as long as the budget lasts. Objects that the platform does not count are taken for small. */
const planRows = (
  { budget, anchors, ports, before }: Scan,
  objects: readonly TextFields[],
  counts: ReadonlyMap<string, number>,
): Planned => {
  const plans: RowPlan[] = [];
  const left: UnexaminedPlace[] = [];
  const prepared = ports.org.calls() - before;
  let [calls, rows] = [prepared, 0];
  for (const fields of objects) {
    const count = counts.get(fields.object) ?? 0;
    const isRead = rows + count <= budget.rows;
    const cost = isRead ? readingCalls(count) : searchCalls(fields, anchors.length);
    if (calls + cost > budget.calls) {
      left.push(placeOf(fields, 'calls', counts.get(fields.object) ?? null));
      continue;
    }
    calls += cost;
    rows += isRead ? count : 0;
    plans.push({ way: isRead ? 'read' : 'search', fields, rows: count, calls: cost });
  }
  return { plans, left, calls: calls - prepared };
};

type Searched = {
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
  readonly examined: readonly ExaminedPlace[];
  readonly notExamined: readonly UnexaminedPlace[];
};

/** What the org's search index names, by object. */
const askIndex = async ({ needles, knowledge, ports }: Scan): Promise<Searched> => {
  const ids = new Map<string, Set<string>>();
  const place = { place: 'search-index' as const, object: 'SOSL', fields: [] };
  try {
    for (const sosl of searches(needles, knowledge)) {
      for (const { object, id } of await ports.org.search(sosl))
        ids.set(object, (ids.get(object) ?? new Set()).add(id));
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { ids, examined: [], notExamined: [{ ...place, reason: 'refused', count: null }] };
  }
  const count = [...ids.values()].reduce((sum, some) => sum + some.size, 0);
  return { ids, examined: [{ ...place, count, by: 'searched' }], notExamined: [] };
};

const scanRows = async (scan: Scan, planned: Planned, index: Searched) => {
  const { ports, judge, anchors } = scan;
  const findings: ResidualFinding[] = [];
  const examined: ExaminedPlace[] = [];
  const notExamined: UnexaminedPlace[] = [];
  let rows = 0;
  for (const [i, plan] of planned.plans.entries()) {
    ports.report?.({ stage: 'scan.rows', subject: plan.fields.object, done: i, total: planned.plans.length });
    const found = await scanObject(plan, judge, ports, anchors);
    findings.push(...found.findings);
    examined.push(...found.examined);
    notExamined.push(...found.notExamined);
    rows += found.rows;
    const named = [...(index.ids.get(plan.fields.object) ?? [])].filter((id) => !findings.some((one) => one.id === id));
    if (plan.way === 'search' && named.length > 0) findings.push(...(await scanIds(plan.fields, named, judge, ports)));
  }
  return { findings, examined, notExamined, rows };
};

const hiddenPlaces = (hidden: ScanInput['hidden']): readonly UnexaminedPlace[] =>
  hidden.map(({ object, field, unseenRows }) => ({
    place: 'rows',
    object,
    fields: field === undefined ? [] : [field],
    reason: 'hidden',
    count: unseenRows ?? null,
  }));

/** Tracked changes of posts are shown in feeds and answer to no query of their own. */
const FEED_CHANGES = 'FeedTrackedChange';

const ofFeed = (all: readonly ObjectSummary[]): readonly UnexaminedPlace[] =>
  all.some(({ name, queryable }) => name === FEED_CHANGES && !queryable)
    ? [{ place: 'feed', object: FEED_CHANGES, fields: ['OldValue', 'NewValue'], reason: 'refused', count: null }]
    : [];

const UNDESCRIBED = { place: 'rows', fields: [], reason: 'calls' } as const;

const sorted = <T extends { readonly object: string }>(places: readonly T[]): readonly T[] =>
  places.toSorted((a, b) => (a.object < b.object ? -1 : a.object > b.object ? 1 : 0));

const scanContent = async (
  scan: Scan,
  global: readonly ObjectSummary[],
  index: Searched,
  known: readonly ResidualFinding[],
) => {
  const visible = new Set(global.map(({ name }) => name));
  const objects = FILE_OBJECTS.filter((name) => visible.has(name));
  const first = new Set(
    objects.flatMap((name) => [
      ...(index.ids.get(name) ?? []),
      ...known.filter(({ object }) => object === name).map(({ id }) => id),
    ]),
  );
  const calls = Math.max(0, scan.budget.calls - (scan.ports.org.calls() - scan.before));
  return scanFiles({ objects, first, judge: scan.judge, budget: scan.budget, calls }, scan.ports);
};

/** Names of files are texts of their rows; a finding in them is a finding in a name. */
const withFileNames = (findings: readonly ResidualFinding[]): readonly ResidualFinding[] =>
  findings.map((finding) =>
    finding.place === 'rows' &&
    ['Title', 'PathOnClient', 'Name'].includes(finding.field) &&
    [...FILE_OBJECTS, 'ContentDocument'].some((object) => object === finding.object)
      ? { ...finding, place: 'file-name' }
      : finding,
  );

/**
 * Looks for one person in every place an org can hold them: rows and recycle bin of all objects the user sees, history,
 * feed, what the search index says, names and text of files. Each place is examined, or not and why; findings hold object,
 * field, record id and kind of needle, never the text. Namesakes and what is a household's are `possible` or `shared`, not
 * `sure`. Foretells what it costs before it reads (`foresee`), stays within the budget of calls, rows and bytes, and tells
 * what was spent. Writes nothing. GardeErrors of the org: a lost session, a spent quota.
 */
export const scanResidual = async (input: ScanInput, ports: ScanPorts): Promise<ResidualReport> => {
  const { needles, knowledge, budget, people, technical, hidden } = input;
  const from = ports.clock.now();
  const before = ports.org.calls();
  const judge = rowJudge(compileNeedles(needles, knowledge), needles, new Set(people));
  const scan: Scan = { ...input, ports, judge, anchors: likeAnchors(needles, knowledge), before };
  const global = await ports.org.describeGlobal();
  const names = candidates(global, technical);
  const counts = await ports.org.approximateCounts(names);
  const described = await describeAll(scan, names.toSorted(inOrder(people, counts)));
  const planned = planRows(scan, described.found, counts);
  const prepared = ports.org.calls() - before;
  const foreseenCalls = prepared + searches(needles, knowledge).length + planned.calls;
  const rowsForeseen = planned.plans.reduce((sum, { rows, way }) => sum + (way === 'read' ? rows : 0), 0);
  ports.foresee?.({ calls: foreseenCalls, objects: planned.plans.length, rows: rowsForeseen });
  const index = await askIndex(scan);
  const rows = await scanRows(scan, planned, index);
  const files = await scanContent(scan, global, index, rows.findings);
  return {
    from,
    to: ports.clock.now(),
    findings: sorted(withFileNames([...rows.findings, ...files.findings])),
    examined: sorted([...index.examined, ...rows.examined, ...files.examined]),
    notExamined: sorted([
      ...[...hiddenPlaces(hidden), ...planned.left, ...ofFeed(global)],
      ...described.left.map((object): UnexaminedPlace => ({
        ...UNDESCRIBED,
        object,
        count: counts.get(object) ?? null,
      })),
      ...[...index.notExamined, ...rows.notExamined, ...files.notExamined],
    ]),
    budget,
    spent: {
      ...{ foreseenCalls, calls: ports.org.calls() - before },
      ...{ rows: rows.rows, files: files.files, fileBytes: files.bytes },
    },
  };
};

import { parseRecordId } from '../../kernel/recordId.ts';
import { GardeError } from '../../kernel/result.ts';
import { inChunks } from '../../kernel/soql.ts';
import type { DuplicateGroup } from '../../model/duplicateGroup.ts';
import type { ReportProgress } from '../../model/progress.ts';
import type { Org, OrgRow, WriteOutcome } from '../../org/port.ts';
import type { Publication, PublishedRun } from './contract.ts';
import { GROUP, groupRow, MEMBER, memberKey, memberRow, memberSays } from './groupRows.ts';
import { readGap } from './readPublished.ts';
import type { Gap, PublicationScope } from './readPublished.ts';

const KB_A_ROW = 2;
const ROWS_A_CALL = 200;
const ROWS_A_PAGE = 2000;
const ROUNDS = 4;
/** An answer that was lost says nothing about the change: what came of it is read, not guessed. */
const UNCERTAIN: readonly string[] = ['AnswerLost', 'AnswerUnreadable'];

export type PublishInput = {
  readonly groups: readonly DuplicateGroup[];
  readonly run: PublishedRun;
  readonly scope: PublicationScope;
};
export type PublishPorts = {
  readonly org: Org;
  readonly tell?: ReportProgress;
  readonly signal?: AbortSignal;
};

const sizesOf = (gap: Gap) => ({
  made: gap.newGroups.length + gap.newMembers.size,
  changed: gap.changedGroups.length + gap.changedMembers.size,
  staleRows: gap.staleIds.length + gap.staleMembers,
});

const needed = async (org: Org): Promise<void> => {
  const [group, member] = [await org.describe(GROUP), await org.describe(MEMBER)];
  if (group?.createable === true && member?.createable === true) return;
  throw new GardeError([
    {
      code: 'GroupsNotPublished',
      subject: group === undefined ? GROUP : MEMBER,
      message: 'The running user cannot write duplicate groups in this org.',
      actions: ['Deploy the package and assign the permission set GardeAdmin: `garde deploy --assign GardeAdmin`.'],
    },
  ]);
};

const callsFor = (rows: number, each: number): number => Math.ceil(rows / each);

const publicationOf = (
  { groups }: PublishInput,
  gap: Gap,
  more: { readonly calls: number; readonly refused: Readonly<Record<string, number>>; readonly staleLeft: number },
): Publication => {
  const { made, changed, staleRows } = sizesOf(gap);
  return {
    groups: groups.length,
    members: groups.reduce((sum, { members }) => sum + members.length, 0),
    ...{ made, changed, unchanged: gap.unchanged, stale: gap.staleIds.length - more.staleLeft, kept: gap.kept },
    storageKb: (made - (more.staleLeft > 0 ? 0 : staleRows)) * KB_A_ROW,
    ...{ calls: more.calls, refused: more.refused },
  };
};

/**
 * What publishing would do: rows made, changed, removed, their storage at 2 KB a row, and the calls it takes, the reading
 * back included. Writes nothing. Error: GroupsNotPublished.
 */
export const lookAtPublication = async (input: PublishInput, { org }: PublishPorts): Promise<Publication> => {
  await needed(org);
  const before = org.calls();
  const gap = await readGap(org, input.groups, input.scope);
  const reading = Math.max(1, org.calls() - before);
  const { made, changed } = sizesOf(gap);
  const calls =
    callsFor(gap.newGroups.length + gap.changedGroups.length, ROWS_A_CALL) +
    callsFor(gap.newMembers.size, ROWS_A_CALL) +
    callsFor(gap.changedMembers.size, ROWS_A_CALL) +
    callsFor(gap.staleIds.length, ROWS_A_CALL) +
    reading * (made + changed + gap.staleIds.length > 0 ? 2 : 1) +
    callsFor(made, ROWS_A_PAGE);
  return publicationOf(input, gap, { calls, refused: {}, staleLeft: 0 });
};

/** Row keys the org refused, by Salesforce's code. */
type Refusals = Map<string, string>;

type Writing = PublishInput & { readonly ports: PublishPorts; readonly refusals: Refusals; written: number };

type Call = {
  readonly keys: readonly string[];
  readonly send: () => Promise<readonly WriteOutcome[]>;
};

const isUncertain = (error: unknown): boolean =>
  error instanceof GardeError && UNCERTAIN.includes(error.problems[0]?.code ?? '');

const keepRefusals = ({ refusals }: Writing, keys: readonly string[], outcomes: readonly WriteOutcome[]): void => {
  for (const [at, { success, errors }] of outcomes.entries())
    if (!success) refusals.set(keys[at] ?? '', errors[0]?.code ?? 'UNKNOWN');
};

/** One call of at most 200 rows; a lost answer leaves its outcome to the reading back. */
const send = async (writing: Writing, { keys, send: write }: Call): Promise<readonly WriteOutcome[]> => {
  const { signal, tell } = writing.ports;
  signal?.throwIfAborted();
  try {
    const outcomes = await write();
    keepRefusals(writing, keys, outcomes);
    writing.written += keys.length;
    tell?.({ stage: 'match.publish', done: writing.written });
    return outcomes;
  } catch (error) {
    if (isUncertain(error)) return [];
    throw error;
  }
};

const writeGroups = async (writing: Writing, gap: Gap, detectedAt: string): Promise<ReadonlyMap<string, string>> => {
  const ids = new Map(gap.groupIds);
  const isNew = new Set(gap.newGroups);
  const wanted = [...gap.newGroups, ...gap.changedGroups].filter(({ key }) => !writing.refusals.has(key));
  for (const chunk of inChunks(wanted, ROWS_A_CALL)) {
    const keys = chunk.map(({ key }) => key);
    const rows = chunk.map((group) => groupRow(group, writing.run, isNew.has(group) ? detectedAt : null));
    const outcomes = await send(writing, {
      keys,
      send: () => writing.ports.org.upsert(GROUP, 'GroupKey__c', rows),
    });
    for (const [at, { id, success }] of outcomes.entries()) if (success && id !== null) ids.set(keys[at] ?? '', id);
  }
  return ids;
};

type KeyedRow = { readonly key: string; readonly row: OrgRow };

/** Rows of members that are not there, and of those that say something else. */
const memberRows = (
  { groups, refusals }: Writing,
  gap: Gap,
  groupIds: ReadonlyMap<string, string>,
): { readonly made: readonly KeyedRow[]; readonly changed: readonly KeyedRow[] } => {
  const made: KeyedRow[] = [];
  const changed: KeyedRow[] = [];
  for (const group of groups)
    for (const member of group.members) {
      const key = memberKey(group, member);
      const [groupId, id] = [groupIds.get(group.key), gap.changedMembers.get(key)];
      if (refusals.has(key)) continue;
      if (id !== undefined) changed.push({ key, row: { Id: id, ...memberSays(member) } });
      else if (gap.newMembers.has(key) && groupId !== undefined)
        made.push({ key, row: memberRow(group, member, groupId) });
    }
  return { made, changed };
};

const writeMembers = async (writing: Writing, gap: Gap, groupIds: ReadonlyMap<string, string>): Promise<void> => {
  const { org } = writing.ports;
  const { made, changed } = memberRows(writing, gap, groupIds);
  const callOf = (chunk: readonly KeyedRow[], write: (rows: readonly OrgRow[]) => ReturnType<Call['send']>): Call => ({
    keys: chunk.map(({ key }) => key),
    send: () => write(chunk.map(({ row }) => row)),
  });
  for (const chunk of inChunks(made, ROWS_A_CALL))
    await send(
      writing,
      callOf(chunk, (rows) => org.upsert(MEMBER, 'MemberKey__c', rows)),
    );
  for (const chunk of inChunks(changed, ROWS_A_CALL))
    await send(
      writing,
      callOf(chunk, (rows) => org.update(MEMBER, rows)),
    );
};

const removeStale = async (writing: Writing, gap: Gap): Promise<void> => {
  const ids = gap.staleIds.map(parseRecordId).filter((id) => id !== undefined && !writing.refusals.has(id));
  for (const chunk of inChunks(ids, ROWS_A_CALL)) {
    const own = chunk.filter((id) => id !== undefined);
    await send(writing, { keys: own, send: () => writing.ports.org.delete(own) });
  }
};

const isOpen = (gap: Gap, { refusals, groups }: Writing): boolean => {
  const refusedGroup = new Set(
    groups.filter(({ key }) => refusals.has(key)).flatMap((group) => group.members.map((m) => memberKey(group, m))),
  );
  return (
    [...gap.newGroups, ...gap.changedGroups].some(({ key }) => !refusals.has(key)) ||
    [...gap.newMembers, ...gap.changedMembers.keys()].some((key) => !refusals.has(key) && !refusedGroup.has(key)) ||
    gap.staleIds.some((id) => !refusals.has(id))
  );
};

const countCodes = (refusals: Refusals): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const code of [...refusals.values()].sort()) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
};

const unsettled = (): GardeError =>
  new GardeError([
    {
      code: 'GroupsNotPublished',
      subject: GROUP,
      message: 'What the org holds of the duplicate groups does not become what was written.',
      actions: [
        'Look which automation of the org changes these records, then publish again: it writes what is missing.',
      ],
    },
  ]);

/**
 * Makes the org hold these groups: written by external id, read back, and what is missing or differs is written again, so
 * that a lost answer or a second run does no harm. Only rows that differ are written. Groups that somebody touched are left
 * alone; undecided ones within the scope that are found no longer go. Rows the org refuses are counted by code.
 * Errors: GroupsNotPublished; OrgErrors of the port.
 */
export const publishGroups = async (input: PublishInput, ports: PublishPorts): Promise<Publication> => {
  await needed(ports.org);
  const before = ports.org.calls();
  const detectedAt = await ports.org.now();
  const writing: Writing = { ...input, ports, refusals: new Map(), written: 0 };
  const first = await readGap(ports.org, input.groups, input.scope);
  let gap = first;
  for (let round = 0; isOpen(gap, writing); round += 1) {
    if (round === ROUNDS) throw unsettled();
    const groupIds = await writeGroups(writing, gap, detectedAt);
    await writeMembers(writing, gap, groupIds);
    await removeStale(writing, gap);
    gap = await readGap(ports.org, input.groups, input.scope);
  }
  return publicationOf(input, first, {
    calls: ports.org.calls() - before,
    refused: countCodes(writing.refusals),
    staleLeft: gap.staleIds.length,
  });
};

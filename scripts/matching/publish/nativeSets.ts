import { GardeError } from '../../kernel/result.ts';
import { inChunks, soqlList, soqlString } from '../../kernel/soql.ts';
import type { DuplicateGroup } from '../../model/duplicateGroup.ts';
import type { DescribedField, Org, OrgRow, WriteOutcome } from '../../org/port.ts';
import type { PublishPorts } from './publishGroups.ts';
import { textIn } from './rowText.ts';

const SET = 'DuplicateRecordSet';
const ITEM = 'DuplicateRecordItem';
const ROWS_A_CALL = 200;
const KB_A_ROW = 2;
const ROUNDS = 4;
const UNCERTAIN: readonly string[] = ['AnswerLost', 'AnswerUnreadable'];

/** What came of native duplicate record sets. */
export type NativeSets = {
  /** Sets that hold exactly what a group holds, made now or there before. */
  readonly made: number;
  readonly present: number;
  /** Groups of several objects: a set is of one. */
  readonly mixed: number;
  /** Groups of objects the platform keeps no duplicates of, by object. */
  readonly unsupported: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
  readonly storageKb: number;
  readonly calls: number;
};

const unavailable = (subject: string, message: string): GardeError =>
  new GardeError([
    {
      code: 'NativeSetsUnavailable',
      subject,
      message,
      actions: [
        'Switch on Duplicate Management (Setup → Duplicate Rules, one active rule) and give the user read, create and edit on Duplicate Record Sets.',
        'Or work with Garde’s own groups, which need neither.',
      ],
    },
  ]);

type Platform = {
  readonly takes: (object: string) => boolean;
  readonly ruleFor: (object: string) => string | undefined;
};

/** The active rule of each object that a set is said to be of: ours, else the first by name. */
const rulesByObject = async (org: Org): Promise<ReadonlyMap<string, string>> => {
  const rules = new Map<string, string>();
  const soql =
    'SELECT Id, SobjectType, DeveloperName FROM DuplicateRule WHERE IsActive = true ORDER BY DeveloperName, Id';
  for await (const row of org.query(soql)) {
    const object = textIn(row, 'SobjectType');
    if (!rules.has(object) || textIn(row, 'DeveloperName').startsWith('Garde_')) rules.set(object, textIn(row, 'Id'));
  }
  return rules;
};

const needed = async (org: Org, object: string, cannot: string): Promise<readonly DescribedField[]> => {
  const described = await org.describe(object);
  if (described?.createable !== true) throw unavailable(object, `The running user cannot ${cannot} in this org.`);
  return described.fields;
};

/** What the org lets the user do. https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-duplicaterecordset.html */
const platformOf = async (org: Org): Promise<Platform> => {
  const set = await needed(org, SET, 'make duplicate record sets');
  const item = await needed(org, ITEM, 'fill duplicate record sets');
  const targets = item.find(({ name }) => name === 'RecordId')?.referenceTo ?? [];
  const needsRule = set.find(({ name }) => name === 'DuplicateRuleId')?.nillable === false;
  const rules = await rulesByObject(org);
  return {
    takes: (object) => (targets.length === 0 || targets.includes(object)) && (!needsRule || rules.has(object)),
    ruleFor: (object) => rules.get(object),
  };
};

const objectOf = ({ members }: DuplicateGroup): string => members[0]?.record.object ?? '';
const idsOf = ({ members }: DuplicateGroup): readonly string[] => members.map(({ record }) => record.id);

/** Groups that no set holds yet. */
const withoutSet = async (org: Org, groups: readonly DuplicateGroup[]): Promise<readonly DuplicateGroup[]> => {
  const setsOf = new Map<string, Set<string>>();
  for (const chunk of inChunks([...new Set(groups.flatMap(idsOf))])) {
    const soql = `SELECT RecordId, DuplicateRecordSetId FROM ${ITEM} WHERE RecordId IN ${soqlList(chunk)}`;
    for await (const row of org.query(soql)) {
      const [record, set] = [textIn(row, 'RecordId'), textIn(row, 'DuplicateRecordSetId')];
      setsOf.set(record, (setsOf.get(record) ?? new Set()).add(set));
    }
  }
  return groups.filter((group) => {
    const [first = new Set<string>(), ...others] = idsOf(group).map((id) => setsOf.get(id) ?? new Set<string>());
    return ![...first].some((set) => others.every((sets) => sets.has(set)));
  });
};

/** Sets of ours without items: left by a lost answer, and as good as new ones. The items tell, not the count on the set. */
const emptySets = async (org: Org, since: string): Promise<readonly string[]> => {
  const { userId } = await org.identity();
  const soql = `SELECT Id FROM ${SET} WHERE CreatedById = ${soqlString(userId)} AND CreatedDate >= ${since} ORDER BY Id`;
  const ids: string[] = [];
  for await (const row of org.query(soql)) ids.push(textIn(row, 'Id'));
  const filled = new Set<string>();
  for (const chunk of inChunks(ids)) {
    const items = `SELECT DuplicateRecordSetId FROM ${ITEM} WHERE DuplicateRecordSetId IN ${soqlList(chunk)}`;
    for await (const row of org.query(items)) filled.add(textIn(row, 'DuplicateRecordSetId'));
  }
  return ids.filter((id) => !filled.has(id));
};

type Writing = { readonly ports: PublishPorts; readonly refusals: Map<string, string>; made: number };

const settled = async (write: () => Promise<readonly WriteOutcome[]>): Promise<readonly WriteOutcome[]> => {
  try {
    return await write();
  } catch (error) {
    if (error instanceof GardeError && UNCERTAIN.includes(error.problems[0]?.code ?? '')) return [];
    throw error;
  }
};

const fillSets = async (
  writing: Writing,
  groups: readonly DuplicateGroup[],
  setIds: readonly string[],
): Promise<void> => {
  const rows = groups.flatMap((group, at) => {
    const set = setIds[at];
    return set === undefined
      ? []
      : idsOf(group).map((id) => ({ key: group.key, row: { DuplicateRecordSetId: set, RecordId: id } }));
  });
  for (const chunk of inChunks(rows, ROWS_A_CALL)) {
    const outcomes = await settled(() =>
      writing.ports.org.create(
        ITEM,
        chunk.map(({ row }) => row),
      ),
    );
    for (const [at, { success, errors }] of outcomes.entries())
      if (!success) writing.refusals.set(chunk[at]?.key ?? '', errors[0]?.code ?? 'UNKNOWN');
  }
};

const writeRound = async (
  writing: Writing,
  groups: readonly DuplicateGroup[],
  { platform, since }: { readonly platform: Platform; readonly since: string },
): Promise<void> => {
  const { org, signal } = writing.ports;
  for (const chunk of inChunks(groups, ROWS_A_CALL)) {
    signal?.throwIfAborted();
    const left = await emptySets(org, since);
    const rows: readonly OrgRow[] = chunk.slice(left.length).map((group) => {
      const rule = platform.ruleFor(objectOf(group));
      return rule === undefined ? {} : { DuplicateRuleId: rule };
    });
    const outcomes = rows.length === 0 ? [] : await settled(() => org.create(SET, rows));
    const refused = outcomes.find(({ success }) => !success);
    if (refused !== undefined)
      throw unavailable(SET, `The org refused a duplicate record set: ${refused.errors[0]?.code ?? ''}.`);
    await fillSets(writing, chunk, [...left, ...outcomes.map(({ id }) => id ?? '')]);
  }
};

const counted = (values: Iterable<string>): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const value of [...values].sort()) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

/**
 * Keeps groups of one object as native duplicate record sets too, for those who merge with the platform's own pages: what a
 * set holds already is left alone, so that a second run writes nothing. On request only. GardeErrors: NativeSetsUnavailable
 * where the org or the user's rights lack them; the org's.
 */
export const publishNativeSets = async (
  groups: readonly DuplicateGroup[],
  ports: PublishPorts,
): Promise<NativeSets> => {
  const { org } = ports;
  const before = org.calls();
  const platform = await platformOf(org);
  const since = `${(await org.now()).slice(0, 19)}Z`;
  const single = groups.filter((group) => new Set(group.members.map(({ record }) => record.object)).size === 1);
  const wanted = single.filter((group) => platform.takes(objectOf(group)));
  const writing: Writing = { ports, refusals: new Map(), made: 0 };
  const first = await withoutSet(org, wanted);
  let open = first;
  for (let round = 0; open.length > 0; round += 1) {
    if (round === ROUNDS) throw unavailable(SET, 'What the org holds does not become what was written.');
    await writeRound(writing, open, { platform, since });
    open = (await withoutSet(org, open)).filter(({ key }) => !writing.refusals.has(key));
  }
  const made = first.filter(({ key }) => !writing.refusals.has(key));
  return {
    ...{ made: made.length, present: wanted.length - first.length, mixed: groups.length - single.length },
    unsupported: counted(single.filter((group) => !platform.takes(objectOf(group))).map(objectOf)),
    refused: counted(writing.refusals.values()),
    storageKb: made.reduce((sum, { members }) => sum + (1 + members.length) * KB_A_ROW, 0),
    calls: org.calls() - before,
  };
};

import { GardeError, valueOf, type Problem } from '../../kernel/result.ts';
import { localDateOf, type LocalDate } from '../../kernel/legalPeriod.ts';
import { soqlName, soqlString } from '../../kernel/soql.ts';
import { ARCHIVE } from '../../model/archive.ts';
import { isHistoryObject } from '../../model/discoverPaths.ts';
import type { DescribedObject, Org, OrgRow } from '../../org/port.ts';
import { boundRows } from '../../plan/rehearse/boundRows.ts';
import type { RecordReference } from '../../subject/graph.ts';
import { rowText } from '../../subject/rowText.ts';
import { gatherRecords, type Gathered } from '../gatherRecords.ts';
import type { Duty, ErasureFacts, HangingRow } from './contract.ts';
import type { ErasureInput, ErasurePorts } from './erasurePorts.ts';
import { holdProblems, standingOfPerson } from './standingOfPerson.ts';

export type GatheredErasure = {
  readonly gathered: Gathered;
  readonly facts: ErasureFacts;
  readonly asOf: LocalDate;
  /** API calls that the reading cost: the guard reads most of it again. */
  readonly calls: number;
};

const REQUEST = 'GardeRequest__c';

const requestNotFound = (key: string, isOthers: boolean): GardeError =>
  new GardeError([
    {
      code: isOthers ? 'RequestNotThePersons' : 'RequestNotFound',
      subject: '--request',
      message: isOthers
        ? `The request ${key} is not about this person, as far as the org ties it to anybody.`
        : `There is no open request ${key} in the org.`,
      actions: [
        'Look the request up, then give its RequestKey__c; without --request no open request may stand in the way.',
      ],
    },
  ]);

/** The id of the request to carry out, which must be open and the person's. */
const ownRequest = async (
  key: string | undefined,
  records: Gathered['records'],
  org: Pick<Org, 'query'>,
): Promise<string | undefined> => {
  if (key === undefined) return undefined;
  const found: string[] = [];
  const soql = `SELECT Id FROM ${soqlName(REQUEST)} WHERE RequestKey__c = ${soqlString(key)} AND ClosedAt__c = null`;
  for await (const row of org.query(soql)) if (typeof row['Id'] === 'string') found.push(row['Id']);
  const [id] = found;
  if (id === undefined) throw requestNotFound(key, false);
  if (!records.some(({ item }) => item.id === id)) throw requestNotFound(key, true);
  return id;
};

/** The lookup of a row that was read with its id and one lookup alone. */
const hangingOf = (object: string, row: OrgRow): readonly HangingRow[] =>
  Object.entries(row).flatMap(([field, to]) =>
    field === 'Id' || typeof to !== 'string' ? [] : [{ object, id: rowText(row, 'Id'), field, to }],
  );

const describeAll = async (
  org: Pick<Org, 'describe'>,
  objects: Iterable<string>,
): Promise<Map<string, DescribedObject>> => {
  const described = new Map<string, DescribedObject>();
  for (const object of new Set(objects)) {
    const found = await org.describe(object);
    if (found !== undefined) described.set(object, found);
  }
  return described;
};

/** What hangs on everything found, by the delete flags of the org's own describes. */
const readHanging = async (gathered: Gathered, { rules }: Pick<ErasureInput, 'rules'>, org: Org) => {
  const feeds = rules.feeds.map(({ object }) => object);
  const describes = await describeAll(org, [...gathered.records.map(({ item }) => item.object), ...feeds]);
  const ids = new Map<string, string[]>();
  for (const { item } of gathered.records) {
    if (item.deleted || isHistoryObject(item.object) || describes.get(item.object)?.deletable !== true) continue;
    ids.set(item.object, [...(ids.get(item.object) ?? []), item.id]);
  }
  const bound = await boundRows({ org, records: ids, isCopied: () => false });
  for (const one of bound.describes) describes.set(one.name, one);
  const known = new Set(gathered.records.map(({ item }) => item.id));
  const hanging = bound.rows.flatMap(({ object, rows }) => rows.flatMap((row) => hangingOf(object, row)));
  return { describes, hanging: hanging.filter(({ id }) => !known.has(id)) };
};

const heldBackOf = ({ strays, unread }: Gathered): readonly RecordReference[] => [
  ...strays.heldBack.flatMap(({ object, ids }) => ids.map((id) => ({ object, id }))),
  ...unread.map(({ object, id }) => ({ object, id })),
];

/** The person's own records, with those that a merge or a conversion tied to them. */
const rootsOf = ({ subject, own }: Gathered): readonly RecordReference[] => [
  ...new Map([...subject, ...own].map(({ object, id }) => [id, { object, id }])).values(),
];

/** Keys that must be able to open what lasts long, before it is kept. */
const RECIPIENTS_OF_ARCHIVES = 2;

/** Where duties are archived: in the org, under a key that more than one recipient can restore. */
const archiveFor = async (
  { charter, packs }: ErasureInput,
  { org, vault }: ErasurePorts,
  duties: readonly Duty[],
): Promise<ErasureFacts['archive']> => {
  const described = duties.length === 0 ? undefined : await org.describe(ARCHIVE);
  if (described?.createable !== true) return null;
  const { orgId } = await org.identity();
  try {
    vault.requireRecipients(orgId, RECIPIENTS_OF_ARCHIVES);
  } catch (error) {
    if (error instanceof GardeError && error.name === 'RecipientsMissing') return null;
    throw error;
  }
  const purpose = charter.purposes.find(({ legalBasis }) => legalBasis === 'legal-obligation')?.key;
  const keys = new Set(duties.map(({ key }) => key));
  const laws = packs.flatMap((pack) => pack.fiscalRecords).filter(({ key }) => keys.has(key));
  const legalGround = [...new Set(laws.map(({ law }) => law[charter.controller.language]))].join('; ');
  return { purpose: purpose ?? 'legal-obligation', legalGround };
};

/**
 * Finds the person, reads everything that is held about them with what hangs on it, and what keeps them. GardeErrors:
 * those of `gatherRecords`; `RequestNotFound`, `RequestNotThePersons`; `HoldSourceHidden`, `RequiredSourceAbsent`;
 * `ErasureHeld`, `RequestUnanswered`, all at once.
 */
export const gatherErasure = async (input: ErasureInput, ports: ErasurePorts): Promise<GatheredErasure> => {
  const { org, clock } = ports;
  const before = org.calls();
  const { timeZone } = input.charter.controller;
  const asOf = input.asOf ?? localDateOf(clock.now(), timeZone);
  const gathered = await gatherRecords(input, ports);
  const roots = rootsOf(gathered);
  const request = await ownRequest(input.requestKey, gathered.records, org);
  const { packs, charter } = input;
  const question = { roots, packs, charter, completeness: gathered.completeness, asOf };
  const standing = valueOf(
    await standingOfPerson({ ...question, ...(request === undefined ? {} : { ownRequest: request }) }, org),
  );
  const problems: readonly Problem[] = await holdProblems(standing.holds, org);
  if (problems.length > 0) throw new GardeError(problems);
  ports.report?.({ stage: 'request.hanging' });
  const { describes, hanging } = await readHanging(gathered, input, org);
  const { userId } = await org.identity();
  const facts: ErasureFacts = {
    ...{ roots, records: gathered.records, heldBack: heldBackOf(gathered), own: gathered.own, model: gathered.model },
    ...{
      describes,
      hanging,
      linked: gathered.linked,
      duties: standing.duties,
      rules: input.rules,
      asOf,
      timeZone,
      userId,
    },
    archive: await archiveFor(input, ports, standing.duties),
    organisations: packs.flatMap((pack) => pack.matching).filter(({ rows }) => rows === 'organisation'),
  };
  return { gathered, facts, asOf, calls: org.calls() - before };
};

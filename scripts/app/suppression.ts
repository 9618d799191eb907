import { addDays, localDateOf } from '../kernel/legalPeriod.ts';
import { GardeError } from '../kernel/result.ts';
import { makeKnowledge } from '../matching/knowledge/makeKnowledge.ts';
import type { ReadColumn } from '../matching/read/columns.ts';
import type { ReportProgress } from '../model/progress.ts';
import { readOrgModel } from '../subject/readOrgModel.ts';
import { checkCandidates, type CheckResult } from '../suppression/check.ts';
import { exportErasures, openErasures } from '../suppression/exportErasures.ts';
import { findErased, type FoundErased } from '../suppression/findErased.ts';
import { openList, type OpenList } from '../suppression/list.ts';
import { changedPeople, type SweptRecord } from '../suppression/sweep.ts';
import type { SuppressionTerms } from '../suppression/terms.ts';
import type { Holding, Vault } from '../vault/port.ts';
import { loadDetectors } from './detectors.ts';
import { loadSuppressionTerms } from './erasureMemory.ts';
import { runErasurePlan } from './eraseRequest.ts';
import { readMatchKnowledge } from './matchKnowledge.ts';
import { readMap } from './matching.ts';
import { lawOf, type CharterOrder } from './planning.ts';
import { reservePassphraseFile } from './passphraseFile.ts';
import type { Ports } from './ports.ts';
import { readSpellingKnowledge, spellingKnowledgeOf } from './spellingKnowledge.ts';
import { readCandidates } from './suppressedFile.ts';

const emptyList = (orgId: string): GardeError =>
  new GardeError([
    {
      code: 'SuppressionListEmpty',
      subject: orgId,
      message: 'Nobody of this org is on the suppression list of this machine, so there is nothing to compare with.',
      actions: ['The list is kept where erasures are applied: run this there, or bring the keyring and its holdings.'],
    },
  ]);

/** An empty list is told, not taken for "no match". */
const withList = async <T>(vault: Vault, orgId: string, use: (list: OpenList) => Promise<T>): Promise<T> => {
  const list = openList(vault, orgId);
  try {
    if (list.size === 0) throw emptyList(orgId);
    return await use(list);
  } finally {
    list.close();
  }
};

export type CheckOrder = CharterOrder & { readonly input: string; /** Path of map.yml. */ readonly columns?: string };
export type CheckedFile = CheckResult<number> & {
  readonly file: string;
  readonly columns: readonly ReadColumn[];
  readonly listed: number;
};

/** `garde suppress check`: rows of a file that the list knows, by number. */
export const runSuppressCheck = async (
  order: CheckOrder,
  { org, vault }: Pick<Ports, 'org' | 'vault'>,
): Promise<CheckedFile> => {
  const { charter } = await lawOf(order);
  const data = await readMatchKnowledge();
  const file = await readCandidates(order.input, await readMap(order.columns), makeKnowledge(data));
  const { orgId } = await org.identity();
  const context = { knowledge: spellingKnowledgeOf(data), country: charter.controller.country };
  return withList(vault, orgId, async (list) => ({
    ...(await checkCandidates(file.candidates, list, context)),
    ...{ file: file.name, columns: file.columns, listed: list.size },
  }));
};

export type SweepOrder = CharterOrder & {
  /** From the beginning, not from the last sweep. */
  readonly all: boolean;
  /** Plans the erasure of everybody caught. */
  readonly plan: boolean;
  readonly outputDir: string;
};
export type SweptOrg = CheckResult<SweptRecord> & {
  readonly since: string | null;
  readonly until: string;
  readonly plans: readonly string[];
};

/** Everybody who was caught, once; their erasure is planned like any other. */
const planAgain = async (
  ids: readonly string[],
  order: CharterOrder & { readonly outputDir: string },
  ports: Ports,
  tell: ReportProgress,
): Promise<readonly string[]> => {
  const plans: string[] = [];
  for (const person of ids) {
    const { charterPath, outputDir } = order;
    const of = { person, includeMatchingEmail: false, outputDir, publish: false };
    const { plan } = await runErasurePlan(
      { ...of, ...(charterPath === undefined ? {} : { charterPath }) },
      ports,
      tell,
    );
    if (plan !== null) plans.push(plan.path);
  }
  return plans;
};

/** `garde suppress sweep`: people of the org made or changed since the last sweep, compared with the list. */
export const runSuppressSweep = async (order: SweepOrder, ports: Ports, tell: ReportProgress): Promise<SweptOrg> => {
  const law = await lawOf(order);
  const { org, vault } = ports;
  const { orgId } = await org.identity();
  const { fieldNames, technical } = await loadDetectors();
  const model = await readOrgModel(org, { ...law, fieldNames, technical }, tell);
  const until = await org.now();
  const context = { knowledge: await readSpellingKnowledge(), country: law.charter.controller.country };
  const swept = await withList(vault, orgId, async (list) => {
    const since = order.all ? undefined : list.sweptUntil();
    const result = await checkCandidates(changedPeople(org, model, since), list, context);
    list.setSwept(until);
    return { ...result, since: since ?? null, until };
  });
  // who objected is not erased: they are kept, and left alone
  const caught = swept.found
    .filter(({ verdict, cause }) => verdict === 'caught' && cause === 'erasure')
    .map(({ place }) => place.id);
  return { ...swept, plans: order.plan ? await planAgain(caught, order, ports, tell) : [] };
};

export type ListedCounts = { readonly cause: string; readonly count: number; readonly expiresAt: string };

/** `garde suppress list`: how many, why, until when. */
export const runSuppressList = async ({
  org,
  vault,
}: Pick<Ports, 'org' | 'vault'>): Promise<{
  readonly terms: SuppressionTerms;
  readonly counts: readonly ListedCounts[];
}> => {
  const { orgId } = await org.identity();
  const list = openList(vault, orgId);
  try {
    return { terms: await loadSuppressionTerms(), counts: list.counts() };
  } finally {
    list.close();
  }
};

const EXPORT_DAYS = 30;

export type ExportOrder = {
  readonly path: string;
  /** Undefined: the passphrase is in the answer. */
  readonly passphraseFile?: string;
};
export type ExportedLedger = { readonly holding: Holding; readonly erasures: number; readonly passphrase?: string };

/** `garde erase export`: the erasure ledger for whoever restores a backup. */
export const runEraseExport = async (
  { path, passphraseFile }: ExportOrder,
  { org, vault, clock }: Ports,
): Promise<ExportedLedger> => {
  const { orgId } = await org.identity();
  const at = clock.now();
  const expiresAt = `${addDays(localDateOf(at, 'UTC'), EXPORT_DAYS)}T00:00:00.000Z`;
  const seal = () => exportErasures(vault, orgId, { path, at, expiresAt });
  if (passphraseFile === undefined) return seal();
  const file = await reservePassphraseFile(passphraseFile);
  let holdingId: string | undefined;
  try {
    const { holding, erasures, passphrase } = await seal();
    holdingId = holding.id;
    await file.write(passphrase);
    return { holding, erasures };
  } catch (error) {
    // what nobody can open any more is not left lying
    if (holdingId !== undefined) vault.remove(holdingId);
    await file.discard();
    throw error;
  }
};

export type ReplayOrder = CharterOrder & {
  readonly input: string;
  readonly passphrase: string;
  readonly plan: boolean;
  readonly outputDir: string;
};
export type Replayed = FoundErased & { readonly sourceOrg: string; readonly plans: readonly string[] };

/** `garde erase replay`: whoever was erased and is there again, each with a plan to erase again. */
export const runEraseReplay = async (order: ReplayOrder, ports: Ports, tell: ReportProgress): Promise<Replayed> => {
  const { orgId, erasures } = await openErasures(ports.vault, order.input, order.passphrase);
  const found = await findErased(erasures, ports.org, tell);
  const people = found.people
    .filter(({ roots }) => roots.length > 0)
    .map(({ roots }) => roots.map(({ id }) => id).join(','));
  return { ...found, sourceOrg: orgId, plans: order.plan ? await planAgain(people, order, ports, tell) : [] };
};

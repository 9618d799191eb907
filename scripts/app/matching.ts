import { availableParallelism, userInfo } from 'node:os';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { GardeError, valueOf } from '../kernel/result.ts';
import { decideInOrg, type DecidedGroup } from '../matching/decisions/decideInOrg.ts';
import { decideOnFiles } from '../matching/decisions/decideOnFiles.ts';
import type { Decision } from '../matching/decisions/contract.ts';
import { memoryOf } from '../matching/decisions/fileDecisions.ts';
import { explainPair } from '../matching/engine/explain.ts';
import { runMatch } from '../matching/engine/match.ts';
import { explainOrg } from '../matching/explainOrg.ts';
import { explainRecords } from '../matching/explainRecords.ts';
import { requireRun } from '../matching/keptRun.ts';
import { makeKnowledge } from '../matching/knowledge/makeKnowledge.ts';
import { matchAgainstOrg } from '../matching/matchAgainstOrg.ts';
import { matchFile, writeMatch, type FileMatch, type MatchEngine } from '../matching/matchFile.ts';
import { matchOrg, termsOf, type OrgMatch } from '../matching/matchOrg.ts';
import { publishRun, type PublishedMatch } from '../matching/publishRun.ts';
import { readInputs, type InputFile } from '../matching/read/readInput.ts';
import { reportedTables, reportOf } from '../matching/results/reportOf.ts';
import { rowSpaceOf } from '../matching/rowSpace.ts';
import { columnMap, type ColumnMap } from '../model/columnMap.ts';
import type { MatchExplanation, MatchReport } from '../model/matchReport.ts';
import { parseYaml } from '../model/parseYaml.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Language } from '../model/text.ts';
import { matchExplainHtml } from '../reports/matchExplainHtml.ts';
import { matchHtml } from '../reports/matchHtml.ts';
import { matchWords } from '../reports/matchWords.ts';
import { textsFor } from '../reports/texts.ts';
import type { Vault } from '../vault/port.ts';
import { productVersion } from './demo/runCommand.ts';
import { loadLaw } from './loadLaw.ts';
import { readMatchKnowledge } from './matchKnowledge.ts';
import type { Ports } from './ports.ts';

/** Share of false merges and candidate pairs where no charter says otherwise. */
const DEFAULT_TERMS = termsOf({});

export type FilesOrder = {
  readonly input: string;
  readonly against?: string;
  /** Path of map.yml. */
  readonly columns?: string;
  /** Name of the memory of decisions. */
  readonly memory?: string;
};

const engine = async (): Promise<MatchEngine> => ({
  ...{ runMatch, explainPair, knowledge: await readMatchKnowledge() },
  threads: Math.min(8, availableParallelism()),
});

export const readMap = async (path: string | undefined): Promise<ColumnMap> => {
  if (path === undefined) return {};
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new GardeError([
      {
        code: 'MapNotValid',
        subject: path,
        message: 'There is no map of columns at this path.',
        actions: ['Check the path given with --columns.'],
      },
    ]);
  }
  return valueOf(parseYaml(columnMap, text, { code: 'MapNotValid', file: path }));
};

const filesOf = ({ input, against }: FilesOrder): readonly InputFile[] => [
  { path: input, side: 'a' },
  ...(against === undefined ? [] : [{ path: against, side: 'b' as const }]),
];

const fileOrder = async (order: FilesOrder) => ({
  ...DEFAULT_TERMS,
  ...{ files: filesOf(order), map: await readMap(order.columns) },
  ...(order.memory === undefined ? {} : { memory: order.memory }),
});

/** Folders of paths that will be written to are there before the work begins. */
const makeFolders = async (paths: readonly (string | undefined)[]): Promise<void> => {
  for (const path of paths) if (path !== undefined) await mkdir(dirname(resolve(path)), { recursive: true });
};

export type MatchFileOrder = FilesOrder & {
  readonly pairs?: string;
  readonly clusters?: string;
  readonly charterPath?: string;
  readonly objects: readonly string[];
};

export type MatchedFile = FileMatch & {
  /** Fields that the org does not show; empty without an org. */
  readonly missing: readonly string[];
};

/** `garde match file`: one file, two files, or a file against an org; pairs and clusters written where they are wanted. */
export const runMatchFile = async (
  order: MatchFileOrder,
  ports: Pick<Ports, 'vault'> & Partial<Ports>,
  tell: ReportProgress,
): Promise<MatchedFile> => {
  await makeFolders([order.pairs, order.clusters]);
  const { vault, org, clock, random } = ports;
  const reading = await fileOrder(order);
  let match: MatchedFile;
  if (org === undefined || clock === undefined || random === undefined) {
    match = { ...(await matchFile(reading, { ...(await engine()), vault }, tell)), missing: [] };
  } else {
    const law = await lawOf(order);
    const against = { ...reading, ...law, ...termsOf(law.charter), objects: order.objects };
    match = await matchAgainstOrg(against, { ...(await engine()), vault, org, clock, random }, tell);
  }
  const { pairs, clusters } = order;
  const paths = { ...(pairs === undefined ? {} : { pairs }), ...(clusters === undefined ? {} : { clusters }) };
  await writeMatch(match, paths, tell);
  return match;
};

type CharterOrder = { readonly charterPath?: string };

const lawOf = async ({ charterPath }: CharterOrder) =>
  loadLaw({ starterAllowed: true, ...(charterPath === undefined ? {} : { charterPath }) });

export type MatchRunOrder = CharterOrder & {
  readonly objects: readonly string[];
  readonly sinceLast: boolean;
  /** False only tells what publishing would make and cost. */
  readonly publish: boolean;
  /** Native duplicate record sets too. */
  readonly nativeSets?: boolean;
  /** Leaves an index in which single records are looked up. */
  readonly index?: boolean;
};

export type MatchedOrg = OrgMatch & {
  /** Undefined when the package is not there, or the user may not write it. */
  readonly published: PublishedMatch | undefined;
};

/** What levels and roles are called in both languages. */
const wordsInBoth = () => {
  const [en, fr] = [matchWords(textsFor('en')), matchWords(textsFor('fr'))];
  return {
    words: (comparison: string, level: string) => ({ en: en.both(comparison, level), fr: fr.both(comparison, level) }),
    roleWords: (role: string) => ({ en: en.role(role), fr: fr.role(role) }),
  };
};

const isNotDeployed = (error: unknown): boolean =>
  error instanceof GardeError && error.problems.every(({ code }) => code === 'GroupsNotPublished');

/** `garde match run`: matches the org, keeps the run, and proposes the review zone to its people. */
export const runMatchOrg = async (order: MatchRunOrder, ports: Ports, tell: ReportProgress): Promise<MatchedOrg> => {
  const law = await lawOf(order);
  const own = { ...ports, ...(await engine()) };
  const { objects, sinceLast } = order;
  const terms = { objects, sinceLast, index: order.index ?? false, toolVersion: productVersion() };
  const match = await matchOrg({ ...law, ...terms }, own, tell);
  try {
    const publishing = { write: order.publish, nativeSets: order.nativeSets ?? false, ...wordsInBoth() };
    return { ...match, published: await publishRun(match, publishing, own, tell) };
  } catch (error) {
    // what was found is kept; the org just has no place for it
    if (isNotDeployed(error)) return { ...match, published: undefined };
    throw error;
  }
};

export type ExplainOrder = {
  readonly ids: readonly [string, string];
  readonly language: Language;
  /** Writes the waterfall as a page. */
  readonly html?: string;
} & (({ readonly from: 'files' } & FilesOrder) | ({ readonly from: 'org' } & CharterOrder));

/** `garde match explain`: of files by matching them again, which takes no longer than reading them; of an org by its last run. */
export const runExplain = async (
  order: ExplainOrder,
  ports: Pick<Ports, 'vault'> & Partial<Ports>,
  tell: ReportProgress,
): Promise<MatchExplanation> => {
  const own = await engine();
  const explanation =
    order.from === 'files'
      ? explainRecords(
          await matchFile(await fileOrder(order), { ...own, vault: ports.vault }, tell),
          order.ids,
          explainPair,
        )
      : await explainOrg(await lawOf(order), order.ids, { ...own, ...needOrg(ports) });
  if (order.html !== undefined) {
    await makeFolders([order.html]);
    await writeFile(order.html, matchExplainHtml(explanation, textsFor(order.language)), { mode: 0o600 });
  }
  return explanation;
};

const needOrg = ({ org, vault }: Pick<Ports, 'vault'> & Partial<Ports>): Pick<Ports, 'org' | 'vault'> => {
  if (org !== undefined) return { org, vault };
  throw new GardeError([
    {
      code: 'MatchSourceMissing',
      subject: '--target-org, --input',
      message: 'Neither an org nor a file is given.',
      actions: ['Give the org with --target-org, or the file with --input.'],
    },
  ]);
};

export type ReportOrder = { readonly language: Language; readonly outputDir: string } & (
  ({ readonly from: 'files' } & FilesOrder) | ({ readonly from: 'org' } & CharterOrder)
);

const orgReport = async (ports: Pick<Ports, 'org' | 'vault'>, order: CharterOrder): Promise<MatchReport> => {
  const { orgId } = await ports.org.identity();
  const run = await requireRun(ports.vault, orgId);
  const { charter } = await lawOf(order);
  return reportOf(run.summary, run.result, {
    ...{ subject: run.orgName, at: run.readAt, targetError: termsOf(charter).targetError },
    ...{ decided: run.decided, tables: run.told },
  });
};

const filesReport = async (
  order: FilesOrder,
  vault: Vault,
  now: string,
  tell: ReportProgress,
): Promise<MatchReport> => {
  const match = await matchFile(await fileOrder(order), { ...(await engine()), vault }, tell);
  return reportOf(match.summary, match.result, {
    subject: match.inputs.map(({ table }) => table.name).join(', '),
    ...{ at: now, targetError: DEFAULT_TERMS.targetError, decided: match.decided },
    tables: reportedTables(match.inputs),
  });
};

/** `garde match report`: a page of numbers and ids, written to `match-report.html`. */
export const runReport = async (
  order: ReportOrder,
  ports: Pick<Ports, 'vault' | 'clock'> & Partial<Ports>,
  tell: ReportProgress,
): Promise<{ readonly path: string; readonly report: MatchReport }> => {
  const report =
    order.from === 'files'
      ? await filesReport(order, ports.vault, ports.clock.now(), tell)
      : await orgReport(needOrg(ports), order);
  const folder = resolve(order.outputDir);
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'match-report.html');
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  await writeFile(path, matchHtml({ report, texts: textsFor(order.language) }, zone));
  return { path, report };
};

export type DecideOrder = {
  readonly ids: readonly [string, string];
  readonly decision: Decision;
  readonly why: string;
} & (({ readonly from: 'files' } & FilesOrder) | { readonly from: 'org' });

export type Decided = {
  readonly where: 'files' | 'org';
  readonly kept: number;
  readonly group: DecidedGroup | undefined;
};

/** `garde match decide`: in the org for its records, in the sealed memory for those of files. */
export const runDecide = async (
  order: DecideOrder,
  ports: Pick<Ports, 'vault' | 'clock'> & Partial<Ports>,
): Promise<Decided> => {
  const { ids, decision, why } = order;
  if (order.from === 'org') {
    const group = await decideInOrg(needOrg(ports).org, { ids, decision, why });
    return { where: 'org', kept: 1, group };
  }
  const files = filesOf(order);
  const inputs = await readInputs(files, await readMap(order.columns), makeKnowledge(await readMatchKnowledge()));
  const space = rowSpaceOf(inputs.map(({ table, ids: own }) => ({ name: table.name, ids: own })));
  const memory = memoryOf(
    order.memory,
    files.map(({ path }) => path),
  );
  const kept = { a: ids[0], b: ids[1], decision, why, by: userInfo().username, at: ports.clock.now() };
  return { where: 'files', ...decideOnFiles(ports.vault, memory, kept, space), group: undefined };
};

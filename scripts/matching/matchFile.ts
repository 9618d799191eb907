import type { ColumnMap } from '../model/columnMap.ts';
import type { Progress, ReportProgress } from '../model/progress.ts';
import type { Vault } from '../vault/port.ts';
import type { ExplainPair, MatchProgress, MatchRequest, MatchResult, RunMatch } from './contract.ts';
import { memoryOf, readFileDecisions } from './decisions/fileDecisions.ts';
import { bindDecisions, type NamedDecision } from './decisions/pairDecisions.ts';
import type { KnowledgeData } from './knowledge/knowledgeData.ts';
import { makeKnowledge } from './knowledge/makeKnowledge.ts';
import { readInputs, type InputFile, type MatchInput } from './read/readInput.ts';
import { summaryOf, type MatchSummary } from './results/summary.ts';
import { namingRows, writeClusters } from './results/writeClusters.ts';
import { writePairs } from './results/writePairs.ts';
import { rowSpaceOf, type RowSpace } from './rowSpace.ts';

/** What the engine is, and what it is given beside the records. */
export type MatchEngine = {
  readonly runMatch: RunMatch;
  readonly explainPair: ExplainPair;
  readonly knowledge: KnowledgeData;
  readonly threads: number;
};

export type MatchTerms = {
  /** Share of false merges the automatic zone may hold. */
  readonly targetError: number;
  readonly pairsPerRecord: number | undefined;
};

export type FileOrder = MatchTerms & {
  readonly files: readonly InputFile[];
  /** What columns hold, where somebody said so. */
  readonly map: ColumnMap;
  /** Name of the memory of decisions; the paths of the files without one. */
  readonly memory?: string;
  readonly signal?: AbortSignal;
};

export type FileMatch = {
  readonly inputs: readonly MatchInput[];
  readonly space: RowSpace;
  readonly request: MatchRequest;
  readonly result: MatchResult;
  readonly summary: MatchSummary;
  /** Decisions that bound this run, and those about records it has not got. */
  readonly decided: number;
  readonly decidedElsewhere: number;
};

/** What the engine's stages are called; each has a text. */
const STAGES: Readonly<Record<MatchProgress['stage'], Progress>> = {
  read: { stage: 'match.normalise' },
  block: { stage: 'match.block' },
  learn: { stage: 'match.learn' },
  compare: { stage: 'match.compare' },
  cluster: { stage: 'match.cluster' },
};

/** The engine's progress as a use case tells it. */
export const tellMatch =
  (tell: ReportProgress) =>
  ({ stage, done, total }: MatchProgress): void => {
    tell({ ...STAGES[stage], done, total });
  };

/** What is remembered about these files; of two files the first id is the first one's. */
const named = (vault: Vault, memory: string, inputs: readonly MatchInput[]): readonly NamedDecision[] => {
  const [first, second] = inputs.map(({ table }) => ({ table: table.name }));
  const places = second === undefined ? [{}, {}] : [first ?? {}, second];
  return readFileDecisions(vault, memory).map(({ a, b, decision, at }) => ({
    a: { ...places[0], id: a },
    b: { ...places[1], id: b },
    ...{ decision, at },
  }));
};

/** Tables, whatever they were read from, with what binds the run: matched and counted. */
export const matchInputs = async (
  inputs: readonly MatchInput[],
  terms: MatchTerms & Pick<MatchRequest, 'excluded' | 'touching' | 'signal'>,
  decisions: Iterable<NamedDecision>,
  ports: MatchEngine & { readonly tell: ReportProgress },
): Promise<FileMatch> => {
  const space = rowSpaceOf(inputs.map(({ table, ids }) => ({ name: table.name, ids })));
  const bound = bindDecisions(decisions, space);
  const { runMatch, knowledge, threads, tell } = ports;
  const request: MatchRequest = {
    tables: inputs.map(({ table }) => table),
    ...{ knowledge, threads, decisions: bound.decisions, ...terms },
    tell: tellMatch(tell),
  };
  const result = await runMatch(request);
  const summary = summaryOf(result, space, namingRows(result.clusters, space));
  return {
    ...{ inputs, space, request, result, summary },
    ...{ decided: bound.decisions.length, decidedElsewhere: bound.elsewhere },
  };
};

/**
 * Matches one file with itself, or two with each other. Reads whole files into memory; writes nothing. GardeErrors of
 * `readInputs`; those of the engine.
 */
export const matchFile = async (
  order: FileOrder,
  ports: MatchEngine & { readonly vault: Vault },
  tell: ReportProgress = () => undefined,
): Promise<FileMatch> => {
  const { files, map, memory, targetError, pairsPerRecord, signal } = order;
  tell({ stage: 'match.read' });
  const inputs = await readInputs(files, map, makeKnowledge(ports.knowledge));
  const decisions = named(
    ports.vault,
    memoryOf(
      memory,
      files.map(({ path }) => path),
    ),
    inputs,
  );
  const terms = { targetError, pairsPerRecord, excluded: new Set<number>() };
  return matchInputs(inputs, { ...terms, ...(signal === undefined ? {} : { signal }) }, decisions, { ...ports, tell });
};

/** Writes pairs and clusters where they are wanted; each file is there when it is whole. */
export const writeMatch = async (
  { result, space }: Pick<FileMatch, 'result' | 'space'>,
  paths: { readonly pairs?: string; readonly clusters?: string },
  tell: ReportProgress = () => undefined,
): Promise<void> => {
  tell({ stage: 'match.write' });
  if (paths.pairs !== undefined) await writePairs(paths.pairs, result.pairs, space);
  if (paths.clusters !== undefined) await writeClusters(paths.clusters, result.groups, space);
};

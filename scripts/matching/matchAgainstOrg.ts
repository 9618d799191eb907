import type { ReportProgress } from '../model/progress.ts';
import { memoryOf, readFileDecisions } from './decisions/fileDecisions.ts';
import { orgDecisions } from './decisions/orgDecisions.ts';
import { makeKnowledge } from './knowledge/makeKnowledge.ts';
import { matchInputs, type FileMatch, type FileOrder } from './matchFile.ts';
import { excludedRows, readOrgInputs, type OrgLaw, type OrgPorts } from './matchOrg.ts';
import { readInputs } from './read/readInput.ts';

export type AgainstOrgOrder = FileOrder & OrgLaw & { readonly objects: readonly string[] };

export type AgainstOrg = FileMatch & {
  /** Fields of packs and charter that the org does not show. */
  readonly missing: readonly string[];
  /** API calls that reading cost. */
  readonly calls: number;
};

/**
 * The gate before an import: a file against the people and organisations of an org, pairs across only, restricted people of
 * the org left out. What was read of the org is removed at the end. Writes nothing to the org. Errors: those of readInputs,
 * `MatchObjectUnknown`, `RestrictionSourceHidden`, the org's, the vault's.
 */
export const matchAgainstOrg = async (
  order: AgainstOrgOrder,
  ports: OrgPorts,
  tell: ReportProgress,
): Promise<AgainstOrg> => {
  const before = ports.org.calls();
  const { files, map, memory, targetError, pairsPerRecord, signal } = order;
  tell({ stage: 'match.read' });
  const inputs = await readInputs(files, map, makeKnowledge(ports.knowledge));
  const read = await readOrgInputs({ ...order, side: 'b' }, ports, tell);
  try {
    const own = inputs.reduce((sum, { rows }) => sum + rows, 0);
    const excluded = new Set([...excludedRows(read.tables)].map((row) => row + own));
    const kept = readFileDecisions(
      ports.vault,
      memoryOf(
        memory,
        files.map(({ path }) => path),
      ),
    );
    const decisions = [
      ...kept.map(({ a, b, decision, at }) => ({ a: { id: a }, b: { id: b }, decision, at })),
      ...(await orgDecisions(ports.org)),
    ];
    const all = [...inputs, ...read.tables.map(({ input }) => input)];
    const terms = { targetError, pairsPerRecord, excluded, ...(signal === undefined ? {} : { signal }) };
    const match = await matchInputs(all, terms, decisions, { ...ports, tell });
    return { ...match, missing: read.missing, calls: ports.org.calls() - before };
  } finally {
    read.snapshot.store.close();
    ports.vault.remove(read.snapshot.holding.id);
  }
};

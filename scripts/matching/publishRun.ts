import { canonicalJson } from '../kernel/canonicalJson.ts';
import { sha256Hex } from '../kernel/hash.ts';
import type { MemberEvidence } from '../model/duplicateGroup.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org } from '../org/port.ts';
import { LINKS, type ExplainPair } from './contract.ts';
import type { OrgMatch } from './matchOrg.ts';
import { comparedFieldsOf } from './publish/compared.ts';
import type { EvidenceWords, Publication } from './publish/contract.ts';
import { toEvidence } from './publish/evidence.ts';
import { groupsOf, type ProposedGroups } from './publish/groups.ts';
import { publishNativeSets, type NativeSets } from './publish/nativeSets.ts';
import { lookAtPublication, publishGroups } from './publish/publishGroups.ts';

export type PublishOrder = {
  /** False only says what publishing would do and cost. */
  readonly write: boolean;
  readonly words: EvidenceWords;
  /** What a role is called: `email`. */
  readonly roleWords: (role: string) => MemberEvidence['words'];
  /** Keeps groups as native duplicate record sets too; needs `write`. */
  readonly nativeSets?: boolean;
  readonly signal?: AbortSignal;
};

export type PublishedMatch = Publication &
  Pick<ProposedGroups, 'overLimit' | 'tooLarge'> & { readonly nativeSets?: NativeSets };

/** Plain data as text, whatever arrays it is held in. */
const digestOf = (model: OrgMatch['result']['model']): string =>
  sha256Hex(canonicalJson(JSON.parse(JSON.stringify(model)) as Parameters<typeof canonicalJson>[0]));

/**
 * Proposes the review zone of a run to the people of the org as duplicate groups; groups somebody decided about stay as they
 * are. GardeError `GroupsNotPublished`; the org's.
 */
export const publishRun = async (
  match: OrgMatch,
  order: PublishOrder,
  ports: { readonly org: Org; readonly explainPair: ExplainPair },
  tell: ReportProgress,
): Promise<PublishedMatch> => {
  const { space, request, result, run, specs } = match;
  const recordOf = (row: number) => ({ object: space.tables[space.tableOf(row)]?.name ?? '', id: space.idOf(row) });
  const { groups, overLimit, tooLarge } = groupsOf({ result, recordOf }, (a, b) =>
    toEvidence(ports.explainPair(request, result, { a, b }), order.words),
  );
  const input = {
    groups,
    run: { runKey: run.key, modelDigest: digestOf(result.model), compared: comparedFieldsOf(specs, order.roleWords) },
    scope: {
      objects: [...new Set(specs.map(({ object }) => object))],
      links: LINKS.filter((link) => link !== 'household'),
      ...{ zones: ['review'], isWhole: true },
    },
  };
  const own = { org: ports.org, tell, ...(order.signal === undefined ? {} : { signal: order.signal }) };
  const published = order.write ? await publishGroups(input, own) : await lookAtPublication(input, own);
  const native = order.write && order.nativeSets === true ? { nativeSets: await publishNativeSets(groups, own) } : {};
  return { ...published, overLimit, tooLarge, ...native };
};

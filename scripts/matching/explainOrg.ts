import { GardeError } from '../kernel/result.ts';
import type { MatchExplanation } from '../model/matchReport.ts';
import { createSnapshotReader } from '../snapshot/reader.ts';
import type { EncryptedStore, Vault } from '../vault/port.ts';
import { bindDecisions } from './decisions/pairDecisions.ts';
import { orgDecisions } from './decisions/orgDecisions.ts';
import { explainRecords, type Explaining } from './explainRecords.ts';
import { requireRun, type KeptRun } from './keptRun.ts';
import type { OrgLaw, OrgPorts } from './matchOrg.ts';
import { matchedRows } from './org/matchedRows.ts';
import { orgTable } from './org/orgTables.ts';
import { rowSpaceOf } from './rowSpace.ts';

const snapshotOf = (vault: Vault, { snapshot }: KeptRun): EncryptedStore => {
  if (vault.holdings().some(({ id }) => id === snapshot)) return vault.openStore(snapshot);
  throw new GardeError([
    {
      code: 'MatchSnapshotGone',
      subject: snapshot,
      message: 'The records that the last run compared are no longer kept on this machine (7 days).',
      actions: ['Run `sf garde match run` again, then explain.'],
    },
  ]);
};

/** The tables of a kept run from its snapshot, with its model: what explaining and looking up need. */
export const openRun = async (
  law: OrgLaw,
  ports: Pick<OrgPorts, 'org' | 'vault' | 'knowledge'>,
): Promise<Explaining> => {
  const { orgId } = await ports.org.identity();
  const run = await requireRun(ports.vault, orgId);
  const store = snapshotOf(ports.vault, run);
  try {
    const reader = createSnapshotReader(store);
    const specs = matchedRows(law.packs, law.charter, [...new Set(run.tables.map(({ name }) => name))]);
    const terms = { restricted: new Set<string>(), side: 'a' as const, country: law.charter.controller.country };
    const kept = run.tables.flatMap(({ name, rows }) =>
      specs.filter((one) => one.object === name && one.rows === rows),
    );
    const inputs = kept.map((spec) => orgTable(reader, spec, terms).input);
    const space = rowSpaceOf(inputs.map(({ table, ids }) => ({ name: table.name, ids })));
    const { decisions } = bindDecisions(await orgDecisions(ports.org), space);
    const request = {
      ...{ tables: inputs.map(({ table }) => table), knowledge: ports.knowledge, decisions },
      excluded: new Set(run.excluded),
    };
    return { request, result: run.result, space };
  } finally {
    store.close();
  }
};

/** `garde match explain` on an org: two records of its last run. GardeErrors `MatchRunMissing`, `MatchSnapshotGone`, those of explainRecords. */
export const explainOrg = async (
  law: OrgLaw,
  ids: readonly [string, string],
  ports: Pick<OrgPorts, 'org' | 'vault' | 'knowledge' | 'explainPair'>,
): Promise<MatchExplanation> => explainRecords(await openRun(law, ports), ids, ports.explainPair);

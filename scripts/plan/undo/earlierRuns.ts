import { GardeError } from '../../kernel/result.ts';
import { planHeader, type PlanHeader } from '../../model/plan.ts';
import type { Vault } from '../../vault/port.ts';
import { findJournal } from '../apply/journal.ts';
import { readSteps } from '../file/planStore.ts';

/** A run that was begun on this machine, as its journal remembers it. */
export type KnownRun = {
  readonly runKey: string;
  readonly planDigest: string;
  /** ISO instant; undefined while the run can be resumed. */
  readonly finished: string | undefined;
  readonly header: PlanHeader | undefined;
};

type JournalVault = Pick<Vault, 'holdings' | 'openStore' | 'lock'>;

const headerIn = (text: string | undefined): PlanHeader | undefined =>
  text === undefined ? undefined : planHeader.safeParse(JSON.parse(text)).data;

const metaOf = (vault: JournalVault, holdingId: string): ReadonlyMap<string, string> => {
  const store = vault.openStore(holdingId);
  try {
    return new Map(
      [...store.read('SELECT name, value FROM meta')].map((row) => [String(row['name']), String(row['value'])]),
    );
  } finally {
    store.close();
  }
};

/** Every run of an org that this machine still has a journal of; rehearsals are none. */
export const knownRuns = (vault: JournalVault, orgId: string): readonly KnownRun[] =>
  vault
    .holdings(orgId)
    .filter((holding) => holding.kind === 'run-journal')
    .flatMap((holding) => {
      const meta = metaOf(vault, holding.id);
      const [planDigest, runKey] = [meta.get('plan'), meta.get('run')];
      if (planDigest === undefined || runKey === undefined) return [];
      return [{ runKey, planDigest, finished: meta.get('finished'), header: headerIn(meta.get('header')) }];
    });

const unfinished = ({ runKey, planDigest }: KnownRun): GardeError =>
  new GardeError([
    {
      code: 'UndoUnfinished',
      subject: runKey,
      message: 'An undo of this run was begun and did not end.',
      actions: [`Run \`garde plan resume\` with the undo plan ${planDigest.slice(0, 8)}, then undo again if need be.`],
    },
  ]);

/** Old id to new id of each record that one undo run made again. */
function* remade(vault: JournalVault, orgId: string, run: KnownRun): Iterable<readonly [string, string]> {
  const { header } = run;
  const journal = header === undefined ? undefined : findJournal(vault, orgId, run.planDigest);
  if (header === undefined || journal === undefined) return;
  const store = vault.openStore(header.holding);
  try {
    for (const { step } of readSteps(store)) {
      const { was } = step.reason.facts;
      const made = typeof was === 'string' ? journal.madeBy([step.key]).get(step.key) : undefined;
      if (typeof was === 'string' && made !== undefined) yield [was, made];
    }
  } finally {
    store.close();
    journal.close();
  }
}

/**
 * The id map: which record stands in the place of one that was deleted, by all undos of one run so far. Kept by the
 * journals of those undos, for as long as they are. Error: UndoUnfinished.
 */
export const idsRemade = (
  vault: JournalVault,
  orgId: string,
  runs: readonly KnownRun[],
  runKey: string,
): ReadonlyMap<string, string> => {
  const undos = runs.filter((run) => run.header?.terms.undoes?.run === runKey);
  for (const run of undos) if (run.finished === undefined) throw unfinished(run);
  return new Map(undos.flatMap((run) => [...remade(vault, orgId, run)]));
};

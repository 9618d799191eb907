import { GardeError } from '../kernel/result.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org } from '../org/port.ts';
import { factsByPerson } from '../standing/factsByPerson.ts';
import { gatherFacts, type FactsFrom } from '../standing/gatherFacts.ts';
import { withScratch } from '../standing/rooms.ts';
import type { RecordReference } from '../subject/graph.ts';
import { readPeopleGraphs, type PeopleGraphs } from '../subject/peopleGraphs.ts';
import { readOrgModel } from '../subject/readOrgModel.ts';
import type { EncryptedStore, Vault } from '../vault/port.ts';
import { decidePerson } from './decidePerson.ts';
import { isAnonymising } from './planRetention.ts';
import type { PeopleInScope, RetentionLaw, RetentionScope } from './retentionScope.ts';

/** Whom a plan anonymises, by object, and all that hangs on them. */
export type Anonymising = {
  readonly due: ReadonlyMap<string, ReadonlySet<string>>;
  readonly graphs: PeopleGraphs;
};

type Reading = {
  readonly law: RetentionLaw;
  readonly scope: RetentionScope;
  readonly reader: FactsFrom['reader'];
  /** Where graphs are kept. */
  readonly store: EncryptedStore;
  /** Whose scratch tables facts are sorted in. */
  readonly scratch: { readonly orgId: string; readonly now: string };
  readonly asOf: LocalDate;
};

const anonymises = ({ rules }: PeopleInScope): boolean => rules.some(({ rule }) => isAnonymising(rule.action));

const dueOf = ({ law, scope, reader, asOf }: Omit<Reading, 'store'>, store: EncryptedStore): Anonymising['due'] => {
  const due = new Map<string, Set<string>>();
  const { timeZone } = law.charter.controller;
  for (const group of scope.groups) {
    if (!anonymises(group)) continue;
    const gathered = gatherFacts(store, group.spec, group.sources, { reader, timeZone });
    const own = new Set<string>();
    for (const known of factsByPerson(gathered)) {
      const [first] = decidePerson(known, group, asOf).actions;
      if (first !== undefined && isAnonymising(first.action)) own.add(known.person.id);
    }
    due.set(group.spec.object, own);
  }
  return due;
};

function* references(due: Anonymising['due']): Iterable<RecordReference> {
  for (const [object, ids] of due) for (const id of ids) yield { object, id };
}

const notPrepared = (): GardeError =>
  new GardeError([
    {
      code: 'AnonymityNotPrepared',
      message: 'How an org’s own objects and fields are recognised is not known.',
      actions: ['Run the command from a complete installation.'],
    },
  ]);

/**
 * Decides whom rules anonymise and reads their whole graphs from the org: nobody is called anonymised by what was not
 * looked at. Undefined when no rule anonymises. Errors: AnonymityNotPrepared, CharterNamesUnknownPlace, the org's.
 */
export const readAnonymising = async (
  reading: Reading,
  ports: { readonly org: Org; readonly vault: Pick<Vault, 'createStore' | 'remove'> },
  tell: ReportProgress,
): Promise<Anonymising | undefined> => {
  const { law, scope, store } = reading;
  if (!scope.groups.some(anonymises)) return undefined;
  const due = withScratch(ports.vault, reading.scratch, (scratch) => dueOf(reading, scratch));
  if (law.lists === undefined) throw notPrepared();
  const { packs, charter, lists } = law;
  const sources = { packs, charter, ...lists, hidden: scope.completeness.hidden };
  const model = await readOrgModel(ports.org, sources, tell);
  return { due, graphs: await readPeopleGraphs(references(due), model, { ...ports, store, report: tell }) };
};

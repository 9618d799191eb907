import { GardeError } from '../kernel/result.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { Action } from '../model/charter.ts';
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
import type { PeopleInScope, RetentionLaw, RetentionScope } from './retentionScope.ts';

/** By object: whom one action is about. */
type People = ReadonlyMap<string, ReadonlySet<string>>;

/** Whom a plan anonymises and to whom it gives pseudonyms, by object, and all that hangs on them. */
export type Anonymising = {
  readonly due: People;
  readonly pseudonyms: People;
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

/** Whether an action takes people's names away and lets their records stay. */
const takesNames = (action: Action): action is 'anonymise' | 'pseudonymise' =>
  action === 'anonymise' || action === 'pseudonymise';

const anonymises = ({ rules }: PeopleInScope): boolean => rules.some(({ rule }) => takesNames(rule.action));

const dueOf = (
  { law, scope, reader, asOf }: Omit<Reading, 'store'>,
  store: EncryptedStore,
): Pick<Anonymising, 'due' | 'pseudonyms'> => {
  const found = { anonymise: new Map<string, Set<string>>(), pseudonymise: new Map<string, Set<string>>() };
  const { timeZone } = law.charter.controller;
  for (const group of scope.groups) {
    if (!anonymises(group)) continue;
    const gathered = gatherFacts(store, group.spec, group.sources, { reader, timeZone });
    const { object } = group.spec;
    const own = { anonymise: new Set<string>(), pseudonymise: new Set<string>() };
    for (const known of factsByPerson(gathered)) {
      const [first] = decidePerson(known, group, asOf).actions;
      if (first !== undefined && takesNames(first.action)) own[first.action].add(known.person.id);
    }
    found.anonymise.set(object, own.anonymise);
    found.pseudonymise.set(object, own.pseudonymise);
  }
  return { due: found.anonymise, pseudonyms: found.pseudonymise };
};

function* references(...people: readonly People[]): Iterable<RecordReference> {
  for (const due of people) for (const [object, ids] of due) for (const id of ids) yield { object, id };
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
 * Decides whom rules anonymise or give a pseudonym, and reads their whole graphs from the org: nobody is called anonymised by what was not
 * looked at. Undefined when no rule does so. Errors: AnonymityNotPrepared, CharterNamesUnknownPlace, the org's.
 */
export const readAnonymising = async (
  reading: Reading,
  ports: { readonly org: Org; readonly vault: Pick<Vault, 'createStore' | 'remove' | 'prepareSubjects'> },
  tell: ReportProgress,
): Promise<Anonymising | undefined> => {
  const { law, scope, store } = reading;
  if (!scope.groups.some(anonymises)) return undefined;
  const { due, pseudonyms } = withScratch(ports.vault, reading.scratch, (scratch) => dueOf(reading, scratch));
  if (law.lists === undefined) throw notPrepared();
  const { packs, charter, lists } = law;
  const sources = { packs, charter, ...lists, hidden: scope.completeness.hidden };
  const model = await readOrgModel(ports.org, sources, tell);
  // keys of many people are made at once: their pseudonyms come from them
  ports.vault.prepareSubjects(
    reading.scratch.orgId,
    [...pseudonyms.values()].flatMap((ids) => [...ids]),
  );
  const graphs = await readPeopleGraphs(references(due, pseudonyms), model, { ...ports, store, report: tell });
  return { due, pseudonyms, graphs };
};

import { endArchive } from '../disposal/archivePerson.ts';
import { toSteps } from '../disposal/steps.ts';
import { canonicalJson } from '../kernel/canonicalJson.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { parseLocalDate, type LocalDate } from '../kernel/legalPeriod.ts';
import { ARCHIVE } from '../model/archive.ts';
import type { PlanTerms } from '../model/plan.ts';
import type { Org, OrgRow } from '../org/port.ts';
import type { StepsOfPerson, Verdict } from '../plan/apply/guard.ts';
import type { PlannedPerson } from '../plan/file/planStore.ts';
import { plainValue, rowsById, textIn } from '../plan/operations/values.ts';

/** Key of the rule that no charter has to state: an archive goes when its own last day is over. */
export const END_OF_ARCHIVE = 'end-of-archive';

/** The rule as a plan tells it. */
export const endOfArchiveTerms: PlanTerms['rules'][number] = {
  key: END_OF_ARCHIVE,
  from: `garde/${END_OF_ARCHIVE}`,
  title: { en: 'Archives whose time is over', fr: 'Archives dont le terme est échu' },
  legalGround: {
    en: 'What was archived for a duty is kept no longer than the duty lasts (GDPR Art. 5(1)(e)).',
    fr: 'Ce qui est archivé pour une obligation n’est pas conservé au-delà de celle-ci (RGPD, art. 5(1)(e)).',
  },
  source: 'GDPR, Art. 5(1)(e)',
  ...{ clock: END_OF_ARCHIVE, duration: 'P0D', people: ARCHIVE },
};

type ArchiveState = {
  readonly id: string;
  readonly documentId: string | null;
  readonly until: LocalDate;
  readonly held: boolean;
};

const stateOf = (row: OrgRow): ArchiveState | undefined => {
  const until = parseLocalDate(textIn(row, 'UntilDate__c'));
  if (until === undefined) return undefined;
  const documentId = textIn(row, 'DocumentKey__c');
  return {
    ...{ id: textIn(row, 'Id'), until, held: plainValue(row, 'IsHeld__c') === true },
    documentId: documentId === '' ? null : documentId,
  };
};

const digestOf = (id: string): string =>
  sha256Hex(canonicalJson({ rule: END_OF_ARCHIVE, subject: id, verdict: 'due' }));

const planned = ({ id, documentId, until, held }: ArchiveState): PlannedPerson => {
  const base = { subject: id, object: ARCHIVE, rule: END_OF_ARCHIVE, until: null, effects: [] };
  if (held)
    return {
      decision: { ...base, verdict: 'kept', reason: { code: 'hold', facts: { by: 'held-archive' } } },
      steps: [],
    };
  const reason = { code: 'archive-over', facts: { since: until } };
  const bound = { subject: id, rule: END_OF_ARCHIVE, reason, decision: digestOf(id) };
  return {
    decision: { ...base, verdict: 'due', reason },
    steps: toSteps(endArchive({ id, documentId }), bound),
  };
};

/** Archives whose last day is over on the day, as the copy of the org has them; those still running are not told. */
export function* archivesDue(rows: Iterable<OrgRow>, asOf: LocalDate): Iterable<PlannedPerson> {
  for (const row of rows) {
    const state = stateOf(row);
    if (state !== undefined && state.until < asOf) yield planned(state);
  }
}

/** Whether archives still end as planned, as the org shows them now, our own deletions included. */
export const judgeArchives = async (
  org: Org,
  people: readonly StepsOfPerson[],
  asOf: LocalDate,
): Promise<ReadonlyMap<string, Verdict>> => {
  const ids = people.map(({ subject }) => subject);
  const rows = await rowsById(org, { object: ARCHIVE, ids, deletedToo: true }, [
    'UntilDate__c',
    'DocumentKey__c',
    'IsHeld__c',
  ]);
  return new Map(
    people.map(({ subject }): [string, Verdict] => {
      const row = rows.get(subject);
      const state = row === undefined ? undefined : stateOf(row);
      if (state === undefined) return [subject, { stands: false, code: 'record-gone' }];
      if (state.held) return [subject, { stands: false, code: 'hold' }];
      return [subject, state.until < asOf ? { stands: true } : { stands: false, code: 'period-running' }];
    }),
  );
};

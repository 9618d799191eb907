import { soqlString } from '../../kernel/soql.ts';
import type { PlanHeader } from '../../model/plan.ts';
import type { Org } from '../../org/port.ts';
import type { RehearsalState } from './rehearsalRecord.ts';

const NOTES_LENGTH = 32_000;

const notesOf = ({ records, open, accepted }: RehearsalState): string =>
  [
    ...records.flatMap(({ tier, notCovered }) =>
      notCovered.map(({ what, count, names }) =>
        [`${tier}: - ${what}`, ...(count === null ? [] : [String(count)]), names.join(', ')].join(' ').trim(),
      ),
    ),
    ...open.map(({ key, count }) => `! ${key} ${String(count)}`),
    ...accepted.map(({ key, count, by, at }) => `= ${key} ${String(count)} ${by} ${at}`),
  ]
    .join('\n')
    .slice(0, NOTES_LENGTH);

/**
 * Shows a plan's rehearsals on its record, where it has one: nothing is made, since a rehearsal writes nothing by itself.
 * Returns whether it did.
 */
export const publishRehearsal = async (org: Org, header: PlanHeader, state: RehearsalState): Promise<boolean> => {
  const last = [...state.records].sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
  if (last === undefined) return false;
  const soql = `SELECT Id, Status__c FROM GardePlan__c WHERE PlanDigest__c = ${soqlString(header.digest)}`;
  for await (const row of org.query(soql)) {
    const isWaiting = row['Status__c'] === 'planned';
    const [outcome] = await org.update('GardePlan__c', [
      {
        Id: row['Id'],
        RehearsedAt__c: last.at,
        RehearsalTier__c: last.tier,
        RehearsalHash__c: state.hash,
        OpenDifferenceCount__c: state.open.length,
        AcceptedDifferenceCount__c: state.accepted.length,
        RehearsalNotes__c: notesOf(state),
        ...(isWaiting && state.open.length === 0 ? { Status__c: 'rehearsed' } : {}),
      },
    ]);
    return outcome?.success === true;
  }
  return false;
};

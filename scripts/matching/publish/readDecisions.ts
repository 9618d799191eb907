import { soqlString } from '../../kernel/soql.ts';
import type { MatchedRecord, RememberedDecision } from '../../model/duplicateGroup.ts';
import type { Org, OrgRow } from '../../org/port.ts';
import { GROUP, MEMBER } from './groupRows.ts';

type Verdict = RememberedDecision['decision'];

/** One group's word on its members. */
type Word = {
  readonly verdict: Verdict;
  readonly key: string;
  readonly by: string | null;
  readonly at: string | null;
  readonly why: string | null;
};

const textOrNull = (row: OrgRow, field: string): string | null => {
  const value = row[field];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** What a status means where nobody chose a decision: an undone merge is not made again before somebody says so. */
const BY_STATUS: Readonly<Record<string, Verdict>> = {
  confirmed: 'duplicate',
  merged: 'duplicate',
  dismissed: 'not-duplicate',
  undone: 'not-duplicate',
};

const verdictOf = (row: OrgRow): Verdict | undefined => {
  const status = textOrNull(row, 'Status__c') ?? '';
  if (status === 'undone') return 'not-duplicate';
  const decision = textOrNull(row, 'Decision__c');
  if (decision === 'duplicate' || decision === 'not-duplicate' || decision === 'related') return decision;
  const verdict = BY_STATUS[status];
  // a household that is confirmed is one household, not one person
  return verdict === 'duplicate' && row['LinkKind__c'] === 'household' ? 'related' : verdict;
};

const decidedGroups = async (org: Org): Promise<ReadonlyMap<string, Word>> => {
  const fields = ['Id', 'GroupKey__c', 'Status__c', 'Decision__c', 'LinkKind__c', 'DecidedBy__c', 'DecidedAt__c'];
  const soql = `SELECT ${[...fields, 'DecisionComment__c'].join(', ')} FROM ${GROUP} WHERE Status__c != ${soqlString('proposed')}`;
  const words = new Map<string, Word>();
  for await (const row of org.query(soql)) {
    const verdict = verdictOf(row);
    if (verdict === undefined) continue;
    const at = textOrNull(row, 'DecidedAt__c');
    words.set(textOrNull(row, 'Id') ?? '', {
      verdict,
      key: textOrNull(row, 'GroupKey__c') ?? '',
      by: textOrNull(row, 'DecidedBy__c'),
      at: at === null ? null : new Date(at).toISOString(),
      why: textOrNull(row, 'DecisionComment__c'),
    });
  }
  return words;
};

type Member = { readonly record: MatchedRecord; readonly isOther: boolean; readonly isSilent: boolean };

const memberOf = (row: OrgRow): Member | undefined => {
  const [object, id] = [textOrNull(row, 'SubjectType__c'), textOrNull(row, 'SubjectKey__c')];
  // after an erasure only a fingerprint is left, which names no record
  if (object === null || id === null || object === 'Fingerprint') return undefined;
  const isExcluded = row['Role__c'] === 'excluded';
  const isOther = isExcluded && row['ExclusionReason__c'] === 'different-person';
  return { record: { object, id }, isOther, isSilent: isExcluded && !isOther };
};

/** Every two members; one who was said to be another person is apart from the rest, one excluded otherwise says nothing. */
function* pairsOf(members: readonly Member[], word: Word): Generator<RememberedDecision> {
  const { verdict, key: groupKey, by, at, why } = word;
  const heard = members.filter(({ isSilent }) => !isSilent);
  for (const [i, a] of heard.entries())
    for (const b of heard.slice(i + 1)) {
      const apart = verdict === 'duplicate' && (a.isOther || b.isOther);
      yield { a: a.record, b: b.record, decision: apart ? 'not-duplicate' : verdict, by, at, why, groupKey };
    }
}

/**
 * What people decided in the org, as pairs of records, group by group: later runs are bound by it. Groups put off (`later`)
 * and proposals say nothing. Memory holds a line for each decided group and the members of one.
 */
export async function* readDecisions(org: Org): AsyncGenerator<RememberedDecision> {
  const words = await decidedGroups(org);
  if (words.size === 0) return;
  const soql = `SELECT Group__c, SubjectKey__c, SubjectType__c, Role__c, ExclusionReason__c FROM ${MEMBER}
    WHERE Group__r.Status__c != ${soqlString('proposed')} ORDER BY Group__c, SubjectType__c, SubjectKey__c`;
  let current = '';
  let members: Member[] = [];
  const close = (): Iterable<RememberedDecision> => {
    const word = words.get(current);
    return word === undefined ? [] : pairsOf(members, word);
  };
  for await (const row of org.query(soql)) {
    const group = textOrNull(row, 'Group__c') ?? '';
    if (group !== current) {
      yield* close();
      current = group;
      members = [];
    }
    const member = memberOf(row);
    if (member !== undefined) members.push(member);
  }
  yield* close();
}

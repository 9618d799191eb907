import type { MemberNode } from './reviewQuery';
import { labels } from './labels';
import { fill, inReadersLanguage, percentText, recordName, weightText } from './reviewTexts';
import type { Words } from './reviewTexts';

type StoredEvidence = { readonly comparison: string; readonly weight: number; readonly words: Words };

export type EvidenceLine = {
  readonly key: string;
  readonly words: string;
  readonly weight: string;
  /** Width and side of the bar. */
  readonly barStyle: string;
  readonly barClass: string;
};

/** One link of the group: two records, how probable, and what speaks for and against. */
export type LinkView = {
  readonly key: string;
  readonly title: string;
  readonly lines: readonly EvidenceLine[];
  readonly hasLines: boolean;
};

const isEvidence = (value: unknown): value is StoredEvidence =>
  typeof value === 'object' && value !== null && 'weight' in value && 'words' in value;

/** The list in a JSON text field; a field that was cut or written by something else says nothing. */
export const jsonList = (text: string | null): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};

const lineOf = (evidence: StoredEvidence, most: number): EvidenceLine => {
  const share = most === 0 ? 0 : Math.abs(evidence.weight) / most;
  return {
    key: evidence.comparison,
    words: inReadersLanguage(evidence.words),
    weight: weightText(evidence.weight),
    barStyle: `width: ${Math.round(share * 50)}%`,
    barClass: evidence.weight < 0 ? 'bar against' : 'bar for',
  };
};

const pairKey = (a: string, b: string): string => [a, b].sort().join(' ');

/** The links of a group, each once although both its ends tell of it. */
export const linkViews = (members: readonly MemberNode[]): readonly LinkView[] => {
  const places = new Map(members.map((member, at) => [member.SubjectKey__c.value ?? '', at + 1]));
  const objects = new Map(
    members.map((member) => [member.SubjectKey__c.value ?? '', member.SubjectType__c.value ?? '']),
  );
  const nameOf = (id: string): string => recordName(objects.get(id) ?? '', places.get(id) ?? 0);
  const seen = new Set<string>();
  return members.flatMap((member): readonly LinkView[] => {
    const [own, other] = [member.SubjectKey__c.value ?? '', member.LinkedToKey__c.value ?? ''];
    const key = pairKey(own, other);
    if (!places.has(other) || own === other || seen.has(key)) return [];
    seen.add(key);
    const evidence = jsonList(member.Evidence__c.value).filter(isEvidence);
    const most = Math.max(0, ...evidence.map(({ weight }) => Math.abs(weight)));
    const [first = '', second = ''] = [own, other].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
    const title = fill(labels.pairLine, nameOf(first), nameOf(second), percentText(member.Score__c.value));
    return [{ key, title, lines: evidence.map((one) => lineOf(one, most)), hasLines: evidence.length > 0 }];
  });
};

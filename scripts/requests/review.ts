import type { Charter } from '../model/charter.ts';
import type { DossierFile, Redaction, ReviewItem } from './dossier.ts';
import type { Gathered } from './gatherRecords.ts';

export type ReviewInput = {
  readonly gathered: Gathered;
  readonly files: readonly DossierFile[];
  readonly redactions: readonly Redaction[];
  readonly charter: Charter;
};

const idsBy = (
  items: readonly { readonly object: string; readonly id: string }[],
): readonly { object: string; ids: string[] }[] => {
  const groups = new Map<string, string[]>();
  for (const { object, id } of items) groups.set(object, [...(groups.get(object) ?? []), id]);
  return [...groups].map(([object, ids]) => ({ object, ids: [...new Set(ids)] }));
};

const counted = (
  kind: ReviewItem['kind'],
  groups: readonly { object: string; ids: readonly string[] }[],
): readonly ReviewItem[] => groups.map(({ object, ids }) => ({ kind, object, ids, count: ids.length }));

const STATEMENTS = ['sources', 'transfers', 'automatedDecisions', 'otherSystems'] as const;

/** What a person must look at before the dossier goes out, by kind and place; ids, never values. */
export const reviewOf = ({ gathered, files, redactions, charter }: ReviewInput): readonly ReviewItem[] => {
  const heldBack = files.filter((file) => file.state !== 'included');
  const included = files.filter((file) => file.state === 'included');
  const doubtful = redactions.filter((one) => one.reason === 'not-the-persons' || one.reason === 'beside-third-person');
  const silent = STATEMENTS.filter((key) => charter.access?.[key] === undefined);
  return [
    ...gathered.completeness.hidden.map(({ object, field }): ReviewItem => ({
      kind: 'hidden-place',
      object,
      ...(field === undefined ? {} : { field }),
      count: 1,
    })),
    ...counted('record-unread', idsBy(gathered.unread)),
    ...gathered.unreadFields.map((place): ReviewItem => ({ kind: 'field-unread', ...place, count: 1 })),
    ...counted('file-held-back', idsBy(heldBack)),
    ...counted('file-not-redacted', idsBy(included)),
    ...counted('redaction-in-doubt', idsBy(doubtful)),
    ...counted('import-row-held-back', gathered.strays.heldBack),
    ...counted('possible-mention', gathered.strays.namesakes),
    ...counted('same-email', idsBy(gathered.sameEmail)),
    ...silent.map((key): ReviewItem => ({ kind: 'charter-silent', field: `access.${key}`, count: 1 })),
  ];
};

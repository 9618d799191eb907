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

type FieldPlace = { readonly object: string; readonly field?: string };

/** One item per object, with the fields concerned when it is not the whole object. */
const byPlace = (kind: ReviewItem['kind'], places: readonly FieldPlace[]): readonly ReviewItem[] => {
  const groups = new Map<string, FieldPlace[]>();
  for (const place of places) groups.set(place.object, [...(groups.get(place.object) ?? []), place]);
  return [...groups].map(([object, own]) => {
    const fields = own.flatMap(({ field }) => (field === undefined ? [] : [field]));
    return { kind, object, ...(fields.length === 0 ? {} : { fields }), count: own.length };
  });
};

const STATEMENTS = ['sources', 'transfers', 'automatedDecisions', 'otherSystems'] as const;

/** What a person must look at before the dossier goes out, by kind and place; ids, never values. */
export const reviewOf = ({ gathered, files, redactions, charter }: ReviewInput): readonly ReviewItem[] => {
  const heldBack = files.filter((file) => file.state !== 'included');
  const included = files.filter((file) => file.state === 'included');
  const doubtful = redactions.filter((one) => one.reason === 'not-the-persons' || one.reason === 'beside-third-person');
  const silent = STATEMENTS.filter((key) => charter.access?.[key] === undefined);
  return [
    ...byPlace('hidden-place', gathered.completeness.hidden),
    ...counted('record-unread', idsBy(gathered.unread)),
    ...byPlace('field-unread', gathered.unreadFields),
    ...counted('file-held-back', idsBy(heldBack)),
    ...counted('file-not-redacted', idsBy(included)),
    ...counted('redaction-in-doubt', idsBy(doubtful)),
    ...counted('import-row-held-back', gathered.strays.heldBack),
    ...counted('possible-mention', gathered.strays.namesakes),
    ...counted('same-email', idsBy(gathered.sameEmail)),
    ...(silent.length === 0
      ? []
      : [{ kind: 'charter-silent' as const, fields: silent.map((key) => `access.${key}`), count: silent.length }]),
  ];
};

import type { FieldKnowledge } from '../disposal/changeFields.ts';
import { ARCHIVE } from '../model/archive.ts';
import type { DescribedObject } from '../org/port.ts';
import type { Values } from '../plan/undo/beforeImages.ts';
import type { SnapshotReader } from '../snapshot/reader.ts';
import { peopleObjectOf } from '../standing/people.ts';
import type { ActionKnowledge } from './planActions.ts';
import type { RetentionLaw } from './retentionScope.ts';

/** The object that keeps an object's field history, as describe names it: `ContactHistory`, `Gift__History`. */
const historyOf = (
  described: DescribedObject | undefined,
): { readonly object: string; readonly via: string } | undefined => {
  if (described === undefined) return undefined;
  const names = [`${described.name}History`, described.name.replace(/__c$/, '__History')];
  const child = described.children.find(({ childObject }) => names.includes(childObject));
  return child === undefined ? undefined : { object: child.childObject, via: child.field };
};

/** What actions know of the org: the copied rows, the describes, and what packs and charter say of fields. */
export const actionKnowledge = (
  reader: Pick<SnapshotReader, 'byId'>,
  describes: ReadonlyMap<string, DescribedObject>,
  { packs, charter, archiveMarks }: Pick<RetentionLaw, 'packs' | 'charter' | 'archiveMarks'>,
): ActionKnowledge => {
  const hasPlace = describes.get(ARCHIVE)?.fields.some(({ name }) => name === 'Fingerprints__c') === true;
  const fields = (object: string): FieldKnowledge =>
    Object.fromEntries([...packs, charter].flatMap((from) => Object.entries(from.fields[object] ?? {})));
  const restriction = (object: string): Values =>
    Object.fromEntries(
      packs.flatMap((pack) =>
        pack.restrictionFields.filter((one) => one.object === object).map(({ field, value }) => [field, value]),
      ),
    );
  return {
    rowOf: (object, id) => reader.byId(object, id),
    described: (object) => describes.get(object),
    fields,
    restriction,
    ties: (object) =>
      packs.flatMap((pack) => pack.ties.filter((one) => one.object === object).map(({ field }) => field)),
    fingerprints: (object, row) => {
      const people = peopleObjectOf(packs, object);
      return hasPlace && people !== undefined ? (archiveMarks?.(people, row) ?? []) : [];
    },
    history: (object) => historyOf(describes.get(object)),
  };
};

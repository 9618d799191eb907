import type { RecordLink } from '../../plan/operations/orderEdges.ts';
import { referencesOf } from '../readRecords.ts';
import type { ErasureFacts } from './contract.ts';

/** Every lookup among the records that were read and the rows that hang on them. */
export const rowLinks = ({ records, hanging, model }: ErasureFacts): readonly RecordLink[] => {
  const objectOf = new Map(records.map(({ item }) => [item.id, item.object]));
  const among = records.flatMap((record) => {
    const { object, id } = record.item;
    const known = model.objects.get(object);
    if (known === undefined) return [];
    return referencesOf(record, known).flatMap(({ field, id: to }): readonly RecordLink[] => {
      const toObject = objectOf.get(to);
      return toObject === undefined || to === id ? [] : [{ object, id, field: field.name, to, toObject }];
    });
  });
  const beside = hanging.flatMap(({ object, id, field, to }): readonly RecordLink[] => {
    const toObject = objectOf.get(to);
    return toObject === undefined ? [] : [{ object, id, field, to, toObject }];
  });
  return [...new Map([...among, ...beside].map((link) => [`${link.id} ${link.field} ${link.to}`, link])).values()];
};

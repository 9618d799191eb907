import type { OrgRow } from '../../org/port.ts';
import { judgeHits, type NeedleFinder } from '../../subject/needles/compileNeedles.ts';
import { rowText } from '../../subject/rowText.ts';
import type { Decided, ErasureFacts } from './contract.ts';

const STAYS = new Set<Decided['decision']>(['leave', 'unlink']);
const TEXTS = new Set(['string', 'textarea', 'email', 'phone', 'url', 'combobox']);

/** Fields of a record of others in which the person is named beyond doubt; lookups let go of them by themselves. */
const fieldsNaming = (row: OrgRow, item: Decided, facts: ErasureFacts, finder: NeedleFinder): readonly string[] => {
  const fields = facts.describes.get(item.object)?.fields ?? [];
  const texts = fields
    .filter(({ type, calculated }) => TEXTS.has(type) && !calculated)
    .map(({ name }) => [name, rowText(row, name)] as const);
  const hits = finder.findInRow(texts);
  return judgeHits([...hits.values()].flat()) === 'sure' ? [...hits.keys()].sort() : [];
};

/**
 * Notes in which fields records that stay with others name the person. Nothing of them is changed: what a third person's
 * record says is looked at by somebody, the scan after the run names the rest of the org.
 */
export const withMentions = (
  items: readonly Decided[],
  facts: ErasureFacts,
  finder: NeedleFinder,
): readonly Decided[] => {
  const rows = new Map(facts.records.map(({ item, row }) => [item.id, row]));
  return items.map((item) => {
    const row = STAYS.has(item.decision) ? rows.get(item.id) : undefined;
    if (row === undefined) return item;
    const fields = fieldsNaming(row, item, facts, finder);
    return fields.length === 0 ? item : { ...item, fields: [...fields] };
  });
};

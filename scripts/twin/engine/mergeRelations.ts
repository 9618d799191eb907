import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import type { PlatformRules } from './platformRules.ts';
import { childIds, moveRows, type Merging, type Move } from './mergeMove.ts';
import { RowProblem } from './problems.ts';
import { displayName } from './recordNames.ts';
import type { StoredRow } from './rowStore.ts';
import { systemWrite } from './systemWrite.ts';

type Rule = PlatformRules['merge']['relations'][number];

/** A junction between what is merged (`own`) and something else (`other`). */
type Relation = {
  readonly rule: Rule;
  readonly object: ObjectDefinition;
  readonly own: FieldDefinition;
  readonly other: FieldDefinition;
};

const relationsOf = (merging: Merging, merged: ObjectDefinition): readonly Relation[] => {
  const { registry, rules } = merging.parts.context;
  return rules.merge.relations.flatMap((rule) => {
    const object = registry.object(rule.object);
    const fields = rule.fields.map((name) => registry.field(rule.object, name));
    const own = fields.find((field) => field?.referenceTo.includes(merged.name));
    const other = fields.find((field) => field !== own);
    return object === undefined || own === undefined || other === undefined ? [] : [{ rule, object, own, other }];
  });
};

const rowsOf = (merging: Merging, { object, own }: Relation, id: string): readonly StoredRow[] =>
  childIds(merging, object.name, own.name, id)
    .map((each) => merging.parts.context.store.readRow(object.name, each))
    .filter((row) => row !== undefined);

/** A name with a link, as the platform writes it into this refusal; names cannot break out of it. */
const linked = (merging: Merging, field: FieldDefinition, id: string): string => {
  const object = merging.parts.context.registry.object(field.referenceTo[0] ?? '');
  const row = object === undefined ? undefined : merging.parts.context.store.readRow(object.name, id);
  const name = object === undefined || row === undefined ? id : displayName(object, row);
  const text = name.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return `<a target='_blank' href='/${id.slice(0, 15)}'> ${text}</a>`;
};

const labelOf = (merging: Merging, field: FieldDefinition): string =>
  merging.parts.context.registry.object(field.referenceTo[0] ?? '')?.label ?? field.name;

/** The recorded refusal of contacts that are related to the same account, with the words of the objects at hand. */
const redundant = (merging: Merging, relation: Relation, move: Move, others: readonly string[]): RowProblem => {
  const { object } = move;
  const otherLabel = labelOf(merging, relation.other);
  const rows = others.map((id) => {
    const pair = [move.to, move.from].map((each) => linked(merging, relation.own, each)).join(', ');
    return `<tr><td>${linked(merging, relation.other, id)}</td><td>${pair}</td></tr>`;
  });
  return new RowProblem(
    'MERGE_FAILED',
    `Before you can merge ${object.labelPlural.toLowerCase()}, you must ensure that the merge won't result in duplicate ${otherLabel.toLowerCase()} relationships by removing these existing relationships:<br/><p><table><th>${otherLabel} Name</th><th>${object.label} Names</th>${rows.join('')}</table>`,
  );
};

/** The loser's own lookup becomes an ordinary relation of the master, unless the master has the same lookup. */
const keepDirect = (merging: Merging, relation: Relation, move: Move): void => {
  const { context } = merging.parts;
  const { rule, object, own, other } = relation;
  if (move.object.name !== rule.direct.of) return;
  const [from, to] = [move.from, move.to].map((id) => context.store.readRow(move.object.name, id));
  const target = from?.[rule.direct.lookup];
  if (typeof target !== 'string' || target === to?.[rule.direct.lookup]) return;
  const known = rowsOf(merging, relation, move.to).some((row) => row[other.name] === target);
  if (known || rowsOf(merging, relation, move.from).some((row) => row[other.name] === target)) return;
  const audit = { CreatedById: merging.userId, LastModifiedById: merging.userId };
  const values = systemWrite(context, object, {
    ...audit,
    [own.name]: move.to,
    [other.name]: target,
    [rule.direct.field]: false,
    IsActive: true,
  });
  const id = context.store.insertRaw(object.name, values);
  context.journal.write({ object: object.name, id, change: 'insert', cause: 'merge', fields: [own.name, other.name] });
  merging.moved.add(id);
};

const moveRelation = (merging: Merging, relation: Relation, move: Move): void => {
  const { rule, object, own, other } = relation;
  const { context } = merging.parts;
  const isDirect = (row: StoredRow): boolean => row[rule.direct.field] === true;
  const masters = new Map(rowsOf(merging, relation, move.to).map((row) => [row[other.name], row]));
  const shared: string[] = [];
  const going: string[] = [];
  for (const row of rowsOf(merging, relation, move.from)) {
    const same = masters.get(row[other.name]);
    if (same === undefined) going.push(String(row['Id']));
    else if (!isDirect(same) || !isDirect(row)) shared.push(String(row[other.name]));
  }
  if (shared.length > 0) throw redundant(merging, relation, move, shared);
  keepDirect(merging, relation, move);
  const isOwn = move.object.name === rule.direct.of;
  for (const id of going) {
    moveRows(merging, { object, field: own }, move, [id]);
    // A contact has one account of its own: what was the loser's becomes an indirect one.
    if (isOwn) context.store.updateRaw(object.name, id, systemWrite(context, object, { [rule.direct.field]: false }));
  }
};

/**
 * Moves relations such as AccountContactRelation. The same one on both sides refuses the merge, as on the platform, except
 * where both follow from the records' own lookups.
 */
export const moveRelations = (merging: Merging, move: Move): void => {
  for (const relation of relationsOf(merging, move.object)) moveRelation(merging, relation, move);
};

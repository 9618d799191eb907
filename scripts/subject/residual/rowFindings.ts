import type { OrgRow } from '../../org/port.ts';
import { judgeHits, type NeedleFinder } from '../needles/compileNeedles.ts';
import type { NeedleHit, Needles } from '../needles/contract.ts';
import { rowText } from '../rowText.ts';
import type { ResidualFinding, Verdict } from './contract.ts';
import type { TextFields } from './textFields.ts';

export type RowJudge = {
  readonly finder: NeedleFinder;
  /** 18-character ids of what is the person's own. */
  readonly own: ReadonlySet<string>;
  /** Objects whose rows are people. */
  readonly people: ReadonlySet<string>;
};

export const rowJudge = (finder: NeedleFinder, needles: Needles, people: ReadonlySet<string>): RowJudge => ({
  finder,
  own: new Set([...needles.recordIds, ...needles.roots.map(({ id }) => id)]),
  people,
});

/** Marks of a household need more in a row that is somebody else's: a father and a son of one name share all of them. */
const agreesAlone = (hits: readonly NeedleHit[]): boolean =>
  hits.some(({ strength }) => strength === 'alone') ||
  (hits.some(({ kind }) => kind === 'birth-date') && hits.some(({ kind }) => kind === 'name'));

/** Undefined: nothing that concerns the person. */
export const verdictOf = (hits: readonly NeedleHit[], isSomebodyElses: boolean): Verdict | undefined => {
  const judged = judgeHits(hits);
  if (judged === 'none') return undefined;
  if (judged === 'sure' && (!isSomebodyElses || agreesAlone(hits))) return 'sure';
  return hits.some(({ kind }) => kind === 'name') ? 'possible' : 'shared';
};

const isSomebodyElses = (row: OrgRow, fields: TextFields, { own, people }: RowJudge): boolean => {
  const linked = fields.people.map((field) => rowText(row, field)).filter((id) => id !== '');
  if (linked.length > 0) return !linked.some((id) => own.has(id));
  return people.has(fields.object);
};

const kindsOf = (hits: readonly NeedleHit[]): ResidualFinding['kinds'] =>
  [...new Set(hits.map(({ kind }) => kind))].sort();

/** What one row holds of the person, field by field. */
export const findingsIn = (row: OrgRow, fields: TextFields, judge: RowJudge): readonly ResidualFinding[] => {
  const id = rowText(row, 'Id');
  const names = [...fields.texts.map(({ name }) => name), ...fields.evidence];
  const hits = judge.finder.findInRow(names.map((name) => [name, rowText(row, name)] as const));
  if (hits.size === 0) return [];
  const isOwn = judge.own.has(id);
  const verdict = isOwn ? 'sure' : verdictOf([...hits.values()].flat(), isSomebodyElses(row, fields, judge));
  if (verdict === undefined) return [];
  const deleted = row['IsDeleted'] === true;
  const parent = fields.parent === undefined ? '' : rowText(row, fields.parent);
  return [...hits].map(([field, found]) => ({
    place: deleted && fields.place === 'rows' ? 'recycle-bin' : fields.place,
    ...{ object: fields.object, id, field, kinds: kindsOf(found), verdict, deleted, own: isOwn },
    ...(parent === '' ? {} : { parent }),
  }));
};

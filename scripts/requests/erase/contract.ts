import type { LocalDate } from '../../kernel/legalPeriod.ts';
import type { ErasureItem } from '../../model/erasure.ts';
import type { OrgModel } from '../../model/orgModel.ts';
import type { MatchedObject } from '../../model/pack.ts';
import type { Describes } from '../../plan/operations/orderEdges.ts';
import type { RecordReference } from '../../subject/graph.ts';
import type { PersonRow } from '../../subject/peopleRows.ts';
import type { ReadRecord } from '../readRecords.ts';
import type { ErasureRules } from './erasureRules.ts';

/** A row beside the person's graph that the org deletes along with a record, or that forbids its deletion. */
export type HangingRow = RecordReference & {
  /** Its lookup to the record, and the record. */
  readonly field: string;
  readonly to: string;
};

/** A legal duty to keep one row, in force on the day of the plan. */
export type Duty = {
  /** The row, and the record (person, household) it is about. */
  readonly record: string;
  readonly target: string;
  /** Key of the pack's fiscal record. */
  readonly key: string;
  readonly until: LocalDate | null;
};

/** All that the decisions about one person are made of; read before, so that deciding is pure. */
export type ErasureFacts = {
  readonly roots: readonly RecordReference[];
  /** The whole graph with values, copies without a link among them. */
  readonly records: readonly ReadRecord[];
  /** Named by the org and not given, or copies that name somebody else as well. */
  readonly heldBack: readonly RecordReference[];
  readonly own: readonly PersonRow[];
  readonly model: OrgModel;
  readonly describes: Describes;
  /** Which rows of an object are organisations, as the packs say. */
  readonly organisations: readonly MatchedObject[];
  /** By file, message or activity: all records it is linked to. */
  readonly linked: ReadonlyMap<string, ReadonlySet<string>>;
  readonly hanging: readonly HangingRow[];
  readonly duties: readonly Duty[];
  /** Where what duties keep is sealed; null where this org or machine has no place for it. */
  readonly archive: { readonly purpose: string; readonly legalGround: string } | null;
  readonly rules: ErasureRules;
  readonly asOf: LocalDate;
  readonly timeZone: string;
  /** Who asks the org: nobody erases the account they work with. */
  readonly userId: string;
};

/** Whether the record leaves the active base: for good, or into the archive. */
export const isTaken = ({ decision }: Pick<ErasureItem, 'decision'>): boolean =>
  decision === 'delete' || decision === 'archive';

/** A decision on one found record while decisions are still being made. */
export type Decided = ErasureItem & {
  /** In the recycle bin already. */
  readonly binned: boolean;
};

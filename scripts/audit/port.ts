import type { Completeness } from '../model/completeness.ts';
import type { OrgModel } from '../model/orgModel.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { CategoryList } from '../model/referenceLists.ts';
import type { Org } from '../org/port.ts';
import type { Lexicon } from './lexicon.ts';

export type AuditInput = {
  readonly model: OrgModel;
  readonly completeness: Completeness;
  readonly categories: CategoryList;
  readonly lexicon: Lexicon;
  /** Objects that cannot be counted or scanned without a filter. */
  readonly needsFilter: readonly string[];
  readonly controller: { readonly name: string; readonly country: string; readonly timeZone: string };
  /** Read texts fully (`full`), at most `sampleRows` rows an object (`sample`), or not at all (`none`). */
  readonly scan: 'full' | 'sample' | 'none';
  readonly sampleRows?: number;
  /** Collects names and record ids too; the caller seals them. */
  readonly withNames: boolean;
};

export type AuditPorts = {
  readonly org: Org;
  /** ISO instant. */
  readonly now: () => string;
  readonly report?: ReportProgress;
};

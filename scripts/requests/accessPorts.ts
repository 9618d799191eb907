import type { Clock, Random } from '../kernel/clock.ts';
import type { LetterTemplate } from '../letters/renderLetter.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Charter } from '../model/charter.ts';
import type { Pack } from '../model/pack.ts';
import type { CategoryList, FieldNameList, TechnicalList } from '../model/referenceLists.ts';
import type { RuleSet } from '../model/ruleSet.ts';
import type { Place } from '../model/completeness.ts';
import type { Language } from '../model/text.ts';
import type { Org } from '../org/port.ts';
import type { RecordReference } from '../subject/graph.ts';
import type { Vault } from '../vault/port.ts';
import type { FileLimits } from './dossierFiles.ts';
import type { Redaction, ReviewItem } from './dossier.ts';
import type { FindIdentifiers } from './redactText.ts';
import type { RightsByBasis } from './rights.ts';

export type AccessInput = {
  /** A record id (several joined by commas), an e-mail address or a full name. */
  readonly person: string;
  /** Take unlinked records with the same e-mail address and name for the same person. */
  readonly includeMatchingEmail: boolean;
  readonly language: Language;
  readonly charter: Charter;
  readonly packs: readonly Pack[];
  readonly ruleSets: readonly RuleSet[];
  readonly fieldNames: FieldNameList;
  readonly technical: TechnicalList;
  readonly categories: CategoryList;
  readonly rights: RightsByBasis;
  readonly template: LetterTemplate;
  /** Path of the sealed dossier for a request key; the folder exists. */
  readonly pathFor: (requestKey: string) => string;
  readonly limits: FileLimits;
};

export type AccessPorts = {
  readonly org: Org;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly findIdentifiers: FindIdentifiers;
  readonly report?: ReportProgress;
};

/** What was compiled; holds ids and names of places, never personal data, except the passphrase, which is told once. */
export type AccessOutcome = {
  readonly requestKey: string;
  readonly holdingId: string;
  readonly path: string;
  /** ISO instant after which the file is swept. */
  readonly expiresAt: string;
  readonly passphrase: string;
  /** The person's own records. */
  readonly subject: readonly RecordReference[];
  readonly completeness: 'complete' | 'incomplete';
  readonly hidden: readonly Place[];
  readonly records: number;
  readonly files: { readonly included: number; readonly heldBack: number };
  readonly redactions: readonly Pick<Redaction, 'kind' | 'reason' | 'count'>[];
  /** What a person must look at before the dossier goes out. */
  readonly review: readonly ReviewItem[];
};

/** What finding and reading a person needs of a request, whichever right it is about. */
export type GatherInput = Pick<
  AccessInput,
  'person' | 'includeMatchingEmail' | 'charter' | 'packs' | 'fieldNames' | 'technical'
>;
export type GatherPorts = Pick<AccessPorts, 'org' | 'clock' | 'report'>;

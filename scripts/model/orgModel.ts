import type { Charter } from './charter.ts';
import type { Place } from './completeness.ts';
import type {
  AnywherePath,
  FieldCategory,
  FiscalRecord,
  GenuineContact,
  GraphPath,
  HoldSource,
  Pack,
  PeopleObject,
  Stray,
} from './pack.ts';
import type { FieldNameList, TechnicalList } from './referenceLists.ts';

/** What a describe tells of a field, as far as the model needs it. */
export type SeenField = {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly length: number;
  readonly custom: boolean;
  readonly calculated: boolean;
  readonly filterable: boolean;
  /** Whether COUNT() and the like take it. */
  readonly aggregatable?: boolean;
  readonly htmlFormatted: boolean;
  readonly compoundFieldName: string | null;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  readonly inlineHelpText: string | null;
  readonly picklistValues: readonly { readonly value: string; readonly label: string }[];
};

export type SeenObject = {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string | null;
  readonly custom: boolean;
  readonly queryable: boolean;
  readonly fields: readonly SeenField[];
};

/** How a field came to be in the model. */
export type FieldOrigin = 'pack' | 'charter' | 'platform' | 'undeclared' | 'none';

/** A field of this org with what it holds; `category` undefined = not personal as far as anybody declared. */
export type ModelField = SeenField & {
  readonly origin: FieldOrigin;
  readonly category?: FieldCategory;
  readonly freeText: boolean;
};

export type ModelObject = Omit<SeenObject, 'fields'> & {
  /** `person`: its rows are people; `related`: hangs off people; `stray`: copies without a lookup; `other`: neither. */
  readonly kind: 'person' | 'related' | 'stray' | 'other';
  readonly fields: readonly ModelField[];
};

export type PathOrigin = 'pack' | 'charter' | 'describe';

/** An edge of the subject graph that exists in this org. */
export type ModelPath = GraphPath & {
  readonly origin: PathOrigin;
  /** Lookups of `object` to people: a row that names somebody else there is not this person's. Discovered edges only. */
  readonly others: readonly string[];
};

/** A field that looks personal (or that the org added to people) and that no pack or charter names. */
export type UndeclaredField = {
  readonly object: string;
  readonly field: string;
  readonly label: string;
  readonly type: string;
  readonly because: 'name' | 'type' | 'free-text' | 'custom-field';
  readonly suggestion?: FieldCategory;
};

/** Something a pack or the charter names that this org does not show. */
export type AbsentItem = {
  readonly what: 'people' | 'path' | 'field' | 'genuine-contact' | 'fiscal-record' | 'hold' | 'stray';
  readonly object: string;
  readonly field?: string;
  readonly namedBy: string;
};

/** One org seen with a privacy officer's eyes: packs and charter merged with what the org's describes show. */
export type OrgModel = {
  readonly packs: readonly { readonly pack: string; readonly version: string }[];
  readonly people: readonly PeopleObject[];
  readonly objects: ReadonlyMap<string, ModelObject>;
  readonly paths: readonly ModelPath[];
  readonly upward: readonly ModelPath[];
  readonly anywhere: readonly AnywherePath[];
  readonly strays: readonly Stray[];
  readonly genuineContacts: readonly GenuineContact[];
  readonly fiscalRecords: readonly FiscalRecord[];
  readonly holds: readonly HoldSource[];
  readonly undeclared: readonly UndeclaredField[];
  readonly absent: readonly AbsentItem[];
};

export type ModelInput = {
  readonly packs: readonly Pack[];
  readonly charter: Charter;
  readonly describes: ReadonlyMap<string, SeenObject>;
  readonly fieldNames: FieldNameList;
  readonly technical: TechnicalList;
  /** Places known to be hidden from the running user: named by the charter, they are no mistakes. */
  readonly hidden?: readonly Pick<Place, 'object' | 'field'>[];
};

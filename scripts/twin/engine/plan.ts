import type { FieldValue } from '../contract.ts';
import type { CompiledFormula } from '../formula/compile.ts';
import type { FormulaTarget } from '../formula/fieldNames.ts';
import type { FieldDefinition, LookupFilter, ObjectDefinition, ValidationRule } from '../schema/definitions.ts';
import type { PlatformRules } from './platformRules.ts';

type Pair = { readonly account: string; readonly contact: string };

/** How rows of an object take part in person accounts: as the account, or as its person contact. */
export type PersonPlan = {
  readonly half: 'account' | 'contact';
  /** The other half. */
  readonly other: ObjectDefinition;
  readonly pairs: readonly Pair[];
  readonly nameParts: readonly string[];
};

/** Where the changes of an object's rows are written. */
export type HistoryTable = { readonly object: string; readonly link: string };

/** An active rule, ready to run. */
export type CompiledRule = {
  readonly rule: ValidationRule;
  readonly condition: CompiledFormula<FormulaTarget>;
};

/** A default that is a formula; without one, a row must bring a value of its own. */
export type FormulaDefault = {
  readonly field: FieldDefinition;
  readonly formula: CompiledFormula<FormulaTarget> | undefined;
};

/** A field the platform works out of others on save. */
export type ComputedField = {
  readonly rule: PlatformRules['computedFields']['fields'][number];
  readonly field: FieldDefinition;
  readonly formula: CompiledFormula<FormulaTarget>;
};

/** What a row may not be once its fields are worked out. */
export type RefusedState = {
  readonly rule: PlatformRules['computedFields']['refused'][number];
  readonly condition: CompiledFormula<FormulaTarget>;
};

/** A lookup whose filter binds. */
export type FilteredLookup = { readonly field: FieldDefinition; readonly filter: LookupFilter };

/** Which of the fields that the platform stamps an object has. */
export type StampFields = {
  readonly createdById: boolean;
  readonly createdDate: boolean;
  readonly lastModifiedById: boolean;
  readonly lastModifiedDate: boolean;
  readonly systemModstamp: boolean;
};

/** What saving a row of one object involves, worked out once per schema version. */
export type WritePlan = {
  readonly object: ObjectDefinition;
  readonly defaults: readonly (readonly [string, FieldValue])[];
  readonly formulaDefaults: readonly FormulaDefault[];
  /** Validation rules that run. */
  readonly rules: readonly CompiledRule[];
  readonly required: readonly FieldDefinition[];
  readonly references: readonly FieldDefinition[];
  readonly unique: readonly FieldDefinition[];
  readonly autoNumbers: readonly FieldDefinition[];
  readonly nameParts: readonly string[];
  /** A text Name that becomes the record id when left out (custom objects). */
  readonly nameFallsBackToId: boolean;
  readonly derived: PlatformRules['derivedFields'];
  /** What the platform works out of other fields. */
  readonly computed: readonly ComputedField[];
  readonly refused: readonly RefusedState[];
  readonly uniqueTogether: PlatformRules['uniqueTogether'];
  readonly firstChildren: PlatformRules['firstChildren'];
  readonly chosenRows: PlatformRules['chosenRows'];
  readonly onlyOnes: PlatformRules['onlyOnes'];
  /** Fields whose changes leave history rows; none where the object has no history. */
  readonly tracked: readonly FieldDefinition[];
  readonly history: HistoryTable | undefined;
  /** Rows are versions of files. */
  readonly isVersion: boolean;
  readonly filtered: readonly FilteredLookup[];
  /** Some record type offers only some values of a picklist. */
  readonly offersDiffer: boolean;
  /** For rows that name none; as describe says. */
  readonly defaultRecordType: string | undefined;
  readonly stamps: StampFields;
  /** Duplicate rules run on rows of the object. */
  readonly findsDuplicates: boolean;
  /** How the object takes part in person accounts. */
  readonly person: PersonPlan | undefined;
  readonly hasOwner: boolean;
  /** Saving a row writes more than the row before everything is checked: a failure must be undone. */
  readonly needsUndo: boolean;
  readonly has: (field: string) => boolean;
};

import type { ColumnRole } from '../../model/columnMap.ts';
import type { MatchModel } from '../contract.ts';
import type { FittedModel } from '../model/contract.ts';

/** As much of a fitted model as rules are made from: weights by level, and the odds before any evidence where they are known. */
export type RuleModel = Pick<MatchModel, 'comparisons' | 'prior'> & Partial<Pick<FittedModel, 'odds'>>;

/** A column of an object as the org describes it. */
export type RuleColumn = {
  readonly field: string;
  readonly role: ColumnRole;
  /** Type of the describe: `string`, `email`, `phone`, `date`, `textarea`. */
  readonly type: string;
  readonly custom: boolean;
  readonly encrypted: boolean;
};

export type RuleObject = { readonly object: string; readonly columns: readonly RuleColumn[] };

/**
 * `exact`: one matching rule an object, whatever the alphabet. `fuzzy`: the platform's own fuzzy methods, Latin letters only.
 * The platform finds nothing when one rule mixes the two
 * (https://help.salesforce.com/s/articleView?id=sales.matching_rules_considerations.htm).
 */
export type RuleMethod = 'exact' | 'fuzzy';

export type PreventionOrder = {
  readonly model: RuleModel;
  /** Objects by kind of rows, each once: those of a kind are compared with each other at entry too. */
  readonly kinds: readonly (readonly RuleObject[])[];
  readonly method: RuleMethod;
  /** Alert lets the user save after all; block does not. */
  readonly action: 'alert' | 'block';
  /** Probability from which two records that agree on the fields are told: 0.95. */
  readonly probability: number;
  readonly texts: { readonly label: string; readonly alert: string; readonly description: string };
};

export type RuleFile = { readonly path: string; readonly content: string };

/** Fields that agree and what that says. */
export type Combination = {
  readonly comparisons: readonly string[];
  readonly fields: readonly { readonly field: string; readonly method: string }[];
  readonly probability: number;
};

export type Prevention = {
  /** Metadata in source format, with a manifest of its own. */
  readonly files: readonly RuleFile[];
  readonly rules: readonly {
    readonly object: string;
    readonly name: string;
    readonly combinations: readonly Combination[];
    /** Objects whose records are compared with new ones of this object. */
    readonly against: readonly string[];
  }[];
  /** What no native rule can hold, and why: `Contact.Birthdate`, `type-date`. */
  readonly left: readonly { readonly what: string; readonly why: string }[];
};

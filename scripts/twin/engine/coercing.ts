import type { FieldValue } from '../contract.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import { RowProblem } from './problems.ts';

/** A value as a client writes it: typed JSON, or the text of CSV and XML. */
export type Raw = string | number | boolean;

/** Turns a client's value into the value stored; RowProblem in the platform's words. */
export type Coercer = (value: Raw) => FieldValue;

export type Coercing = {
  readonly field: FieldDefinition;
  /** AllowFieldTruncationHeader: texts are cut to their length instead of refused. */
  readonly truncate: boolean;
};

export const wrongType = (field: FieldDefinition, value: Raw): RowProblem =>
  new RowProblem('INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: ${String(value)}`, [
    field.name,
  ]);

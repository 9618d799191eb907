import type { DuplicateResult, RowError } from '../contract.ts';

/** What is wrong with one row; ends that row's save and no other's. */
export class RowProblem extends Error {
  /** The first problem, or the only one. */
  readonly error: RowError;
  /** All of them: several validation rules may fail at once. */
  readonly errors: readonly RowError[];
  constructor(statusCode: string, message: string, fields: readonly string[] = [], more: readonly RowError[] = []) {
    super(message);
    this.name = 'RowProblem';
    this.error = { statusCode, message, fields };
    this.errors = [this.error, ...more];
  }
}

/** Duplicate rules found the row's like. */
export class DuplicatesProblem extends RowProblem {
  override readonly error: RowError;
  override readonly errors: readonly RowError[];
  constructor(message: string, duplicateResult: DuplicateResult) {
    super('DUPLICATES_DETECTED', message);
    this.error = { statusCode: 'DUPLICATES_DETECTED', message, fields: [], duplicateResult };
    this.errors = [this.error];
  }
}

/** A row that would need what the twin does not do. */
export const notEmulatedRow = (what: string): RowProblem => new RowProblem('NOT_EMULATED', `NOT_EMULATED: ${what}`);

export const entityIsDeleted = (): RowProblem => new RowProblem('ENTITY_IS_DELETED', 'entity is deleted');

export const crossReference = (fields: readonly string[] = []): RowProblem =>
  new RowProblem('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', fields);

export const noSuchColumn = (object: string, field: string): RowProblem =>
  new RowProblem('INVALID_FIELD', `No such column '${field}' on sobject of type ${object}`, [field]);

export const notWritable = (fields: readonly string[]): RowProblem =>
  new RowProblem(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${fields.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    fields,
  );

export const requiredMissing = (fields: readonly string[]): RowProblem =>
  new RowProblem('REQUIRED_FIELD_MISSING', `Required fields are missing: [${fields.join(', ')}]`, fields);

export const noAccess = (): RowProblem =>
  new RowProblem('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');

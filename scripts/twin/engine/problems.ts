import type { RowError } from '../contract.ts';

/** What is wrong with one row; ends that row's save and no other's. */
export class RowProblem extends Error {
  readonly error: RowError;
  constructor(statusCode: string, message: string, fields: readonly string[] = []) {
    super(message);
    this.name = 'RowProblem';
    this.error = { statusCode, message, fields };
  }
}

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

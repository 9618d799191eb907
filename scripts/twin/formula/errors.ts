/** A formula that does not compile, in the platform's words; `line` and `column` count from 1 within its text. */
export class FormulaError extends Error {
  readonly line: number;
  readonly column: number;
  constructor(message: string, at: { readonly line: number; readonly column: number } = { line: 1, column: 1 }) {
    super(message);
    this.name = 'FormulaError';
    this.line = at.line;
    this.column = at.column;
  }
}

/** A formula that the platform would take and this engine does not; the message begins `NOT_EMULATED:`. */
export class FormulaRefused extends FormulaError {
  constructor(what: string, at?: { readonly line: number; readonly column: number }) {
    super(`NOT_EMULATED: ${what}`, at);
    this.name = 'FormulaRefused';
  }
}

/** What the platform shows as `#Error!` (null through the API): a formula without a value for this record. */
export class EvaluationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EvaluationError';
  }
}

/** One component that cannot be deployed, in the platform's words where they are known. */
export class ComponentProblem extends Error {
  /** 1-based; 0 when the problem has no place in the file. */
  readonly line: number;
  readonly column: number;
  constructor(message: string, place: { readonly line: number; readonly column: number } = { line: 0, column: 0 }) {
    super(message);
    this.name = 'ComponentProblem';
    this.line = place.line;
    this.column = place.column;
  }
}

/** What the twin does not do with metadata, refused by name. */
export const notEmulatedComponent = (what: string, place?: { line: number; column: number }): ComponentProblem =>
  new ComponentProblem(`NOT_EMULATED: ${what}`, place);

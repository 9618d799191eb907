/** One entry of the answer's `errors`. */
export class GraphQLProblem extends Error {
  readonly location: { readonly line: number; readonly column: number } | undefined;
  readonly path: readonly string[];
  readonly errorType: string;
  constructor(
    message: string,
    options: {
      location?: { readonly line: number; readonly column: number };
      path?: readonly string[];
      errorType?: string;
    } = {},
  ) {
    super(message);
    this.location = options.location;
    this.path = options.path ?? [];
    this.errorType = options.errorType ?? 'ValidationError';
  }
}

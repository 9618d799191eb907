/** An expected failure: what happened, to what, and what to do. Never holds personal data. */
export type Problem = {
  /** PascalCase noun phrase; the SfError name and the message key `error.<code>`; listed in docs/ERRORS.md. */
  readonly code: string;
  /** A path, an object or field name, an option: where the problem is. */
  readonly subject?: string;
  /** One sentence, without values of records. */
  readonly message: string;
  /** What the user can do about it, one sentence each. */
  readonly actions: readonly string[];
};

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const failed = (...problems: Problem[]): Result<never> => ({ ok: false, problems });

/** Carries problems through layers that cannot go on; front doors turn it into an SfError with name and actions. */
export class GardeError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[], options?: { readonly cause?: unknown }) {
    super(problems.map((problem) => problem.message).join('\n'), options);
    this.name = problems[0]?.code ?? 'GardeError';
    this.problems = problems;
  }
}

/** The value, or a GardeError with every problem. */
export const valueOf = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new GardeError(result.problems);
};

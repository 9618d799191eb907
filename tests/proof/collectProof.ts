/** One test as jest's `--json` tells it. */
export type Assertion = { readonly fullName: string; readonly status: string };

export type Proof = {
  readonly id: string;
  readonly statement: string;
  readonly passed: readonly string[];
  /** Tests that failed or did not run: with one of them nothing is shown. */
  readonly others: readonly string[];
  readonly isShown: boolean;
};

/** Statements that a test names: `RET-01: counts from …`, or the description around it. */
const idsIn = (name: string): readonly string[] => name.match(/\b[A-Z]{3}-\d{2}(?=[:,\s])/g) ?? [];

/** What each statement rests on. A statement without a test, or with one that did not pass, is not shown. */
export const collectProof = (
  statements: Readonly<Record<string, string>>,
  assertions: readonly Assertion[],
): readonly Proof[] =>
  Object.entries(statements).map(([id, statement]) => {
    const own = assertions.filter(({ fullName }) => idsIn(fullName).includes(id));
    const named = (isPassed: boolean): readonly string[] =>
      own.filter(({ status }) => (status === 'passed') === isPassed).map(({ fullName }) => fullName);
    const [passed, others] = [named(true), named(false)];
    return { id, statement, passed, others, isShown: passed.length > 0 && others.length === 0 };
  });

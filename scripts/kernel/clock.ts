/** Now, as an ISO instant in UTC (`2026-11-22T10:00:00.000Z`). Passed in, so that tests and plans own time. */
export type Clock = { readonly now: () => string };

/** Random bytes; passed in, so that plans are reproducible where they must be. */
export type Random = (bytes: number) => Uint8Array;

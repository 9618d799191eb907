/**
 * How a twin's process runs: its rows lie in SQLite's memory, so that short-lived objects need little room; V8's own
 * default would let half a gigabyte pile up beside a million rows, for no speed that could be measured.
 */
export const TWIN_NODE = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'] as const;

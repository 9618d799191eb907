import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';

/** One run with a fault, as it ended. */
export type SoakResult = {
  readonly seed: number;
  readonly fault: string;
  readonly type: string;
  readonly hits: number;
  readonly ended: string;
  readonly problems: readonly string[];
};

export type SoakRecord = {
  /** What was run before, by this very code. */
  readonly known: readonly SoakResult[];
  add(result: SoakResult): void;
};

/** Of all code that a run of a plan goes through: results of other code say nothing about this one. */
const codeDigest = (): string => {
  const digest = createHash('sha256');
  for (const path of globSync(['scripts/**/*.ts', 'tests/soak/*.ts', 'tests/plan/*.ts']).sort()) {
    digest.update(path.replaceAll('\\', '/')).update(readFileSync(path));
  }
  return digest.digest('hex');
};

/**
 * Results kept in a file, one a line, so that a soak that was cut off goes on where it was. A file written by other code
 * is begun anew, with a word about it.
 */
export const openSoakRecord = (path: string | undefined, say: (line: string) => void): SoakRecord => {
  if (path === undefined) return { known: [], add: () => undefined };
  const head = JSON.stringify({ soak: 1, code: codeDigest() });
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const isSame = lines[0] === head;
  if (!isSame) {
    if (lines.length > 0) say(`${path} was written by other code: begun anew`);
    writeFileSync(path, `${head}\n`);
  }
  // a line without its end was cut off by whatever ended the soak
  const whole = isSame ? lines.slice(1, -1) : [];
  return {
    known: whole.map((line) => JSON.parse(line) as SoakResult),
    add: (result) => {
      appendFileSync(path, `${JSON.stringify(result)}\n`);
    },
  };
};

const cellOf = (results: readonly SoakResult[]): string => {
  if (results.length === 0) return '';
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  const hits = results.reduce((sum, one) => sum + one.hits, 0);
  return failed > 0 ? `${String(failed)} FAILED` : `ok ${String(hits)}`;
};

/** A line per fault, a column per run type: `ok` with how often the fault happened, or how many runs failed. */
export const soakTable = (
  results: readonly SoakResult[],
  faults: readonly string[],
  types: readonly string[],
): string => {
  const rows = faults.map((fault) => [
    fault,
    ...types.map((type) => cellOf(results.filter((one) => one.fault === fault && one.type === type))),
  ]);
  const lines = [['', ...types], ...rows];
  const widths = types.map((_, i) => Math.max(...lines.map((line) => line[i + 1]?.length ?? 0)) + 2);
  const first = Math.max(...faults.map((one) => one.length)) + 2;
  return lines
    .map(([name = '', ...cells]) => name.padEnd(first) + cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join(''))
    .join('\n');
};

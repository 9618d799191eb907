import {
  generateDemo,
  generateTruth,
  type DemoOptions,
  type DemoRow,
  type TruthLine,
} from '../../scripts/demo/generate.ts';

export const OPTIONS: DemoOptions = { people: 1_500, seed: 11, today: '2026-11-22' };

export type DemoOrg = {
  readonly rows: ReadonlyMap<string, readonly DemoRow[]>;
  readonly truth: readonly TruthLine[];
  of(object: string): readonly DemoRow[];
  truthOf(kind: TruthLine['kind']): readonly TruthLine[];
};

/** A whole small demo org in memory, rows to insert by object, with its truth. */
export const demoOrg = (options: DemoOptions = OPTIONS): DemoOrg => {
  const rows = new Map<string, DemoRow[]>();
  for (const batch of generateDemo(options)) {
    if (batch.operation === 'delete') continue;
    rows.set(batch.object, [...(rows.get(batch.object) ?? []), ...batch.rows]);
  }
  const truth = [...generateTruth(options)];
  return {
    rows,
    truth,
    of: (object) => rows.get(object) ?? [],
    truthOf: (kind) => truth.filter((line) => line.kind === kind),
  };
};

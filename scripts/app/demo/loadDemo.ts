import { generateDemo } from '../../demo/generate.ts';
import type { DemoBatch, DemoOptions } from '../../demo/generate.ts';
import { GardeError } from '../../kernel/result.ts';
import { parseRecordId } from '../../kernel/recordId.ts';
import type { ReportProgress } from '../../model/progress.ts';
import type { Org } from '../../org/port.ts';
import { withIds } from './demoKeys.ts';
import type { KeyedRow } from './demoKeys.ts';
import type { TwinState } from '../twinState.ts';

export type LoadedDemo = {
  readonly rows: number;
  readonly objects: Readonly<Record<string, number>>;
  readonly calls: number;
};

type Target = { readonly org: Org; readonly twin: TwinState };

/** A run of batches that go the same way: one Bulk job takes them all. */
type Stage = Omit<DemoBatch, 'rows'> & { readonly batches: Iterable<DemoBatch> };

const sameWay = (a: DemoBatch, b: DemoBatch): boolean =>
  a.object === b.object && a.via === b.via && a.operation === b.operation;

/** Groups neighbouring batches without holding more than one; each stage is consumed before the next is asked for. */
function* stagesOf(batches: Iterator<DemoBatch>): Generator<Stage> {
  let next = batches.next();
  while (next.done !== true) {
    const first = next.value;
    yield {
      object: first.object,
      via: first.via,
      operation: first.operation,
      batches: (function* () {
        while (next.done !== true && sameWay(next.value, first)) {
          yield next.value;
          next = batches.next();
        }
      })(),
    };
  }
}

const refused = (object: string, codes: ReadonlyMap<string, number>): GardeError =>
  new GardeError([
    {
      code: 'DemoRowsRefused',
      subject: object,
      message: `The org refused rows of ${object}: ${[...codes].map(([code, rows]) => `${code} × ${rows}`).join(', ')}.`,
      actions: ['Start over with a fresh twin.', 'If it happens again, report the seed and the number of people.'],
    },
  ]);

async function* rowsWithIds(org: Org, batches: Iterable<DemoBatch>): AsyncGenerator<KeyedRow> {
  for (const { rows } of batches) yield* await withIds(org, rows);
}

const loadBulk = async (
  { org }: Target,
  { object, operation, batches }: Stage,
  count: (rows: number) => void,
): Promise<void> => {
  const codes = new Map<string, number>();
  for await (const outcome of org.bulkLoad(object, operation, rowsWithIds(org, batches))) {
    count(1);
    for (const { code, fields } of outcome.errors) {
      const named = fields.length === 0 ? code : `${code} (${fields.join(', ')})`;
      codes.set(named, (codes.get(named) ?? 0) + 1);
    }
  }
  if (codes.size > 0) throw refused(object, codes);
};

const loadFiles = async ({ org }: Target, { batches }: Stage, count: (rows: number) => void): Promise<void> => {
  for await (const row of rowsWithIds(org, batches)) {
    const linkTo = parseRecordId(String(row['FirstPublishLocationId']));
    await org.uploadFile({
      title: String(row['Title']),
      fileName: String(row['PathOnClient']),
      bytes: Buffer.from(String(row['VersionData']), 'base64'),
      ...(linkTo === undefined ? {} : { linkTo }),
    });
    count(1);
  }
};

const loadByAdmin = async (
  { org, twin }: Target,
  { object, batches }: Stage,
  count: (rows: number) => void,
): Promise<void> => {
  for (const { rows } of batches) {
    const lines = (await withIds(org, rows)).map((row) => JSON.stringify(row)).join('\n');
    const response = await fetch(`${twin.instanceUrl}/garde/admin/load?object=${encodeURIComponent(object)}`, {
      method: 'POST',
      headers: { 'x-garde-admin': twin.adminToken, 'content-type': 'application/x-ndjson' },
      body: `${lines}\n`,
    });
    if (!response.ok) throw refused(object, new Map([[`HTTP ${response.status}`, rows.length]]));
    count(rows.length);
  }
};

const WAYS = { bulk: loadBulk, files: loadFiles, admin: loadByAdmin } as const;

/**
 * Loads the demo org into a twin: Bulk API 2.0 and the file endpoints for what an API can write, the twin's admin load for
 * history rows (docs/decisions/0002). Streams; memory holds one batch.
 */
export const loadDemo = async (target: Target, options: DemoOptions, tell: ReportProgress): Promise<LoadedDemo> => {
  const objects: Record<string, number> = {};
  let rows = 0;
  for (const stage of stagesOf(generateDemo(options)))
    await WAYS[stage.via](target, stage, (more) => {
      rows += more;
      if (stage.operation === 'insert') objects[stage.object] = (objects[stage.object] ?? 0) + more;
      if (rows % 500 < more) tell({ stage: 'demo.load', subject: stage.object, done: rows });
    });
  return { rows, objects, calls: target.org.calls() };
};

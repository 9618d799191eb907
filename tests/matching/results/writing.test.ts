import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MatchPairs } from '../../../scripts/matching/contract.ts';
import { rowIdsOf } from '../../../scripts/matching/read/rowIds.ts';
import { writeLines } from '../../../scripts/matching/results/lineWriter.ts';
import { writeClusters } from '../../../scripts/matching/results/writeClusters.ts';
import { writePairs } from '../../../scripts/matching/results/writePairs.ts';
import { rowSpaceOf } from '../../../scripts/matching/rowSpace.ts';
import { fileFolder } from '../read/files.ts';

let at: ReturnType<typeof fileFolder>;
beforeAll(() => {
  at = fileFolder();
});
afterAll(() => {
  at.remove();
});

type Pair = readonly [a: number, b: number, probability: number, link: number, zone: number];
const pairsOf = (rows: readonly Pair[]): MatchPairs => ({
  count: rows.length,
  a: Int32Array.from(rows, ([a]) => a),
  b: Int32Array.from(rows, ([, b]) => b),
  probability: Float64Array.from(rows, ([, , probability]) => probability),
  link: Uint8Array.from(rows, ([, , , link]) => link),
  zone: Uint8Array.from(rows, ([, , , , zone]) => zone),
  rule: new Uint8Array(rows.length),
});
const written = async (write: (path: string) => Promise<void>): Promise<readonly string[]> => {
  const path = join(at.folder, 'out.csv');
  await write(path);
  return readFileSync(path, 'utf8').trimEnd().split('\n');
};
const oneTable = (...ids: readonly string[]) => rowSpaceOf([{ name: 'A.csv', ids: rowIdsOf(ids) }]);

describe('pairs.csv', () => {
  it('has five columns, probabilities with six decimals that never say more than they know', async () => {
    const pairs = pairsOf([
      [0, 1, 0.98765432, 0, 0],
      [0, 2, 0.99999996, 1, 1],
      [1, 2, 1, 2, 0],
      [2, 3, 0.0000004, 0, 1],
    ]);
    const lines = await written((path) => writePairs(path, pairs, oneTable('a', 'b', 'c', 'd')));
    expect(lines).toEqual([
      'id_a,id_b,probability,link,zone',
      'a,b,0.987654,person,auto',
      'a,c,0.999999,household,review',
      'b,c,1.000000,organisation,auto',
      'c,d,0.000000,person,review',
    ]);
  });

  it('puts the lower id first, whatever the order of the rows', async () => {
    const pair = pairsOf([[0, 1, 0.9, 0, 0]]);
    expect(await written((path) => writePairs(path, pair, oneTable('z', 'y')))).toEqual(
      await written((path) => writePairs(path, pair, oneTable('y', 'z'))),
    );
  });

  it('puts the first file first when there are two', async () => {
    const space = rowSpaceOf([
      { name: 'A.csv', ids: rowIdsOf(['z']) },
      { name: 'B.csv', ids: rowIdsOf(['a']) },
    ]);
    expect((await written((path) => writePairs(path, pairsOf([[0, 1, 0.9, 0, 0]]), space)))[1]).toMatch(/^z,a,/);
  });

  it('quotes ids that a reader or a spreadsheet would misread, and changes none', async () => {
    const pair = pairsOf([[0, 1, 0.5, 0, 1]]);
    const line = async (...ids: readonly [string, string]): Promise<string> =>
      (await written((path) => writePairs(path, pair, oneTable(...ids))))[1] ?? '';
    expect(await line('=HYPERLINK("x")', '@a')).toBe('"=HYPERLINK(""x"")","@a",0.500000,person,review');
    expect(await line('+1', '-2')).toBe('"+1","-2",0.500000,person,review');
    expect(await line('a,b', 'c\nd').then((text) => text.startsWith('"a,b","c'))).toBe(true);
    expect(await line(' a', 'b ')).toBe('" a","b ",0.500000,person,review');
  });
});

describe('clusters.csv', () => {
  it('has every row, with the lowest id of its group', async () => {
    const clusters = Int32Array.from([0, 1, 0, 0]);
    expect(await written((path) => writeClusters(path, clusters, oneTable('m', 'n', 'c', 'z')))).toEqual([
      ...['id,cluster', 'm,c', 'n,n', 'c,c', 'z,c'],
    ]);
  });

  it('tells the file of each id when there are two, and never gives one name to two groups', async () => {
    const space = rowSpaceOf([
      { name: 'A.csv', ids: rowIdsOf(['1', '2']) },
      { name: 'B.csv', ids: rowIdsOf(['1', '2', '3']) },
    ]);
    const clusters = Int32Array.from([0, 1, 2, 0, 2]);
    expect(await written((path) => writeClusters(path, clusters, space))).toEqual([
      ...['id,cluster,file', '1,1,A.csv', '2,2,A.csv', '1,B.csv:1,B.csv', '2,1,B.csv', '3,B.csv:1,B.csv'],
    ]);
  });
});

describe('a file that is written', () => {
  it('is there only when it is whole, for its owner alone', async () => {
    const path = join(at.folder, 'half.csv');
    await expect(
      writeLines(path, (lines) => {
        lines.end();
        throw new Error('cut');
      }),
    ).rejects.toThrow('cut');
    expect([existsSync(path), existsSync(`${path}.part`)]).toEqual([false, false]);
    await writeLines(path, (lines) => Promise.resolve(void lines.end()));
    expect(process.platform === 'win32' ? 0o600 : statSync(path).mode & 0o777).toBe(0o600);
  });

  it('may be larger than what is held in memory at once', async () => {
    const ids = Array.from({ length: 300_000 }, (_, i) => `record-with-a-long-id-${i}`);
    const lines = await written((path) =>
      writeClusters(
        path,
        Int32Array.from(ids, (_, i) => i),
        rowSpaceOf([{ name: 'A.csv', ids: rowIdsOf(ids) }]),
      ),
    );
    expect(lines).toHaveLength(300_001);
    expect(lines.at(-1)).toBe('record-with-a-long-id-299999,record-with-a-long-id-299999');
  });
});

import { describe, expect, it } from '@jest/globals';
import { Outcomes } from '../../../scripts/twin/bulk/outcomes.ts';
import { packed, readText, storeText, unpacked } from '../../../scripts/twin/bulk/storedText.ts';
import { shapeOrg } from './shapeOrg.ts';

const idOf = (row: number): string => `003Gd0${String(row).padStart(9, '0')}AAA`;

describe('what is held packed', () => {
  it('gives outcomes of a long load back in any order', () => {
    const outcomes = new Outcomes();
    const rows = 20_000;
    for (let row = 0; row < rows; row += 1) {
      if (row % 1_000 === 7) outcomes.refused(`E:${row}`);
      else outcomes.saved(idOf(row), row % 2 === 0);
    }
    expect([outcomes.count, outcomes.failed, outcomes.at(rows)]).toEqual([rows, 20, undefined]);
    for (const row of [0, 8_191, 8_192, 16_383, 16_384, 19_999, 12_345, 1]) {
      expect(outcomes.at(row)).toEqual({ kind: row % 2 === 0 ? 'created' : 'written', id: idOf(row) });
    }
    expect(outcomes.at(9_007)).toEqual({ kind: 'failed', error: 'E:9007' });
  });

  it('gives texts back as they came, small and large', async () => {
    for (const text of ['', 'é', 'né\n'.repeat(700_000)]) {
      const stored = await storeText([Buffer.from(text)]);
      const parts: Buffer[] = [];
      for await (const part of readText(stored)) parts.push(part);
      expect(Buffer.concat(parts).toString() === text).toBe(true);
      expect(stored.size).toBe(Buffer.byteLength(text));
      for (const size of [text.length, 1_000]) {
        expect((await unpacked(await packed(text), size)).toString() === text).toBe(true);
      }
    }
  });

  it('gives journal entries of a large request back, in order and from the middle', () => {
    const org = shapeOrg('bare');
    const before = org.engine.journal(0).length;
    const ids = org.insert('Contact', ...Array.from({ length: 200 }, (_, n) => ({ LastName: `Member ${n}` })));
    const entries = org.engine.journal(before);
    expect(entries.map(({ id }) => id)).toEqual(ids);
    expect(
      entries.every(({ change, cause, object }) => `${object} ${change} ${cause}` === 'Contact insert direct'),
    ).toBe(true);
    expect(org.engine.journal(before + 150).map(({ id }) => id)).toEqual(ids.slice(150));
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readZip, writeZip } from '../../../scripts/twin/zip.ts';

const file = fc.record({
  path: fc.stringMatching(/^[a-zA-Z0-9_é-]{1,12}(\/[a-zA-Z0-9_-]{1,12}){0,3}\.xml$/),
  content: fc.uint8Array({ maxLength: 2_000 }),
});

describe('zip', () => {
  it('reads back every file it wrote, in order', () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 20 }), (files) => {
        const read = readZip(writeZip(files));
        expect(read.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
        expect(read.map(({ content }) => [...content])).toEqual(files.map(({ content }) => [...content]));
      }),
    );
  });

  it('writes the same bytes for the same files', () => {
    const files = [{ path: 'package.xml', content: Buffer.from('<Package/>') }];
    expect(writeZip(files).equals(writeZip(files))).toBe(true);
  });

  it('refuses an entry that unpacks to more than it declares', () => {
    const zip = writeZip([{ path: 'a.xml', content: Buffer.alloc(100_000) }]);
    const central = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    zip.writeUInt32LE(10, central + 24);
    expect(() => readZip(zip)).toThrow(/does not unpack to its declared size/);
  });

  it('refuses a damaged entry by its checksum', () => {
    const zip = writeZip([{ path: 'a.txt', content: Buffer.from('xy') }]);
    zip.writeUInt8(0x41, 30 + 'a.txt'.length);
    expect(() => readZip(zip)).toThrow(/fails its checksum/);
  });

  it.each(['../evil.xml', '/etc/evil.xml', 'a/../../b.xml'])('refuses the path %s', (path) => {
    expect(() => readZip(writeZip([{ path, content: Buffer.from('x') }]))).toThrow(/outside itself/);
  });

  it('refuses more files than a deployment may have', () => {
    const files = Array.from({ length: 10_001 }, (_, i) => ({ path: `f${i}`, content: Buffer.alloc(0) }));
    expect(() => readZip(writeZip(files))).toThrow(/at most 10000 files/);
  });

  it('refuses what is no zip', () => {
    expect(() => readZip(Buffer.from('PK but no more than that, really not'))).toThrow(/its end is missing/);
  });
});
